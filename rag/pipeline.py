"""Question → Answer: the one place that wires the parts together, as a LangChain Runnable.

``question -> understand -> retrieve -> draft -> verify -> Answer``. The command line, HTTP, the chat page and
evaluation all call this. What belongs to a language model is imported when one is set, never before.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForChainRun
from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import get_callback_manager_for_config

from rag.answering.followup import full_question
from rag.answering.judging import model_judge
from rag.answering.quoting import quoted
from rag.answering.writing import Writing, open_writing
from rag.archive.access import open_index, open_terms
from rag.archive.embedders import embedder_for
from rag.archive.embeddings import Embedder
from rag.archive.index import Index
from rag.errors import QuestionError, SettingsError
from rag.finding.question import Query, analyse
from rag.finding.retrieval import KutipRetriever
from rag.language.glossary import Glossary
from rag.schema import hit_object
from rag.settings import Answerer, Settings
from rag.stopping import with_stop
from rag.types import Answer, Article, Draft, Hit, Request
from rag.verifying.verification import Verifier

if TYPE_CHECKING:
    from rag.models.chat import Meter

SEEDS = Path(__file__).parent.parent / "seeds"
"""The bundled articles of a checkout; not there in an installed wheel."""

MAX_QUESTION = 2_000
"""Characters; a question longer than this is a pasted document."""

DEFAULT_K = 12
"""Passages handed to the answerer."""


def check_question(text: str) -> str:
    """The question without surrounding white space.

    Raises:
        QuestionError: when it is empty, has no word or is longer than ``MAX_QUESTION`` characters.
    """
    stripped = text.strip()
    if not any(c.isalnum() for c in stripped):
        raise QuestionError("Expected a question, saw no words in it: ask something about the articles.")
    if len(stripped) > MAX_QUESTION:
        raise QuestionError(
            f"Expected a question of at most {MAX_QUESTION:,} characters, saw {len(stripped):,}: shorten it."
        )
    return stripped


@dataclass(slots=True)
class _Clock:
    """Milliseconds by stage; a stage may run several times."""

    started: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = self.stages.get(name, 0.0) + (time.perf_counter() - began) * 1000

    def read(self) -> dict[str, float]:
        return {**self.stages, "total": (time.perf_counter() - self.started) * 1000}


class Kutip(Runnable[str | Request, Answer]):
    """Answers questions from one archive; thread-safe for reading."""

    def __init__(
        self,
        *,
        index: Index,
        retriever: KutipRetriever,
        glossary: Glossary,
        embedder: Embedder,
        writing: Writing | None = None,
        answerer: Answerer = "auto",
        notes: tuple[str, ...] = (),
    ) -> None:
        """Wire the parts.

        Args:
            index: the archive.
            retriever: finds passages in it.
            glossary: for questions and claims in English.
            embedder: named in each answer.
            writing: the language model's part; None when there is no model.
            answerer: for requests that do not say.
            notes: sentences for the user about how the archive was opened.
        """
        self.index = index
        self._retriever = retriever
        self.glossary = glossary
        self.embedder = embedder
        self._writing = writing
        self._answerer: Answerer = answerer
        self.notes = notes

    def invoke(self, input: str | Request, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question.

        Raises:
            QuestionError: for a question that is empty or too long.
            ModelError: for a key or model name that the service refuses.
        """
        return self._call_with_config(self._last, input, config, run_type="chain")

    def stream(self, input: str | Request, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Yield the answer as it grows; each one yielded is verified, the last one is complete.

        Closing the iterator stops the work, and with it the request to the model.
        """
        answers = self._transform_stream_with_config(iter([input]), self._each, config, run_type="chain")
        with closing(answers):  # type: ignore[type-var]  # a generator
            yield from answers

    async def astream(
        self, input: str | Request, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Answer]:
        """Like `stream`; the work is done in a thread of its own."""
        stopped = threading.Event()
        answers = self.stream(input, with_stop(config, stopped))
        loop = asyncio.get_running_loop()
        worker = ThreadPoolExecutor(1, thread_name_prefix="kutip")
        try:
            while (answer := await loop.run_in_executor(worker, next, answers, None)) is not None:
                yield answer
        finally:
            stopped.set()
            worker.submit(answers.close)  # type: ignore[attr-defined]  # after the step under way, if there is one
            worker.shutdown(wait=False)

    def search(self, question: str, *, k: int = DEFAULT_K, without: Collection[str] = ()) -> tuple[Hit, ...]:
        """The ``k`` best passages for a question, best first, without answering it; none of articles ``without``."""
        return self._retriever.hits(analyse(check_question(question), self.glossary), k, without=without)

    def articles(self) -> list[Article]:
        """Every article of the archive, by id."""
        return self.index.articles()

    def _last(self, input: str | Request, run_manager: CallbackManagerForChainRun, config: RunnableConfig) -> Answer:
        return next(iter(deque(self._answers(input, config), maxlen=1)))

    def _each(
        self, inputs: Iterator[str | Request], run_manager: CallbackManagerForChainRun, config: RunnableConfig
    ) -> Iterator[Answer]:
        for input in inputs:
            yield from self._answers(input, config)

    def _answers(self, input: str | Request, config: RunnableConfig) -> Iterator[Answer]:
        request = input if isinstance(input, Request) else Request(text=input)
        asked = check_question(request.text)
        writing = self._writer(request.answerer or self._answerer)
        meter = writing.chat.meter() if writing else None
        clock = _Clock()
        with clock.stage("question"):
            chat = writing.chat if writing else None
            full = full_question(asked, request.history, self.glossary, chat=chat, meter=meter, config=config)
            query = analyse(full, self.glossary)
        with clock.stage("retrieval"):
            hits = self._retrieve(query, request.k or DEFAULT_K, config)
        verifier = Verifier(
            question=asked,
            language=query.language,
            embedder=self.embedder.name,
            hits=hits,
            articles=self.index.articles_by_id,
            glossary=self.glossary,
            judge=model_judge(writing.chat, meter=meter, config=config)
            if writing and meter and writing.judge
            else None,
        )
        shown, answer = 0, None
        drafts = self._drafts(writing, query, hits, request, meter, config)
        with closing(drafts):  # type: ignore[type-var]  # a generator
            while (draft := _next(drafts, clock)) is not None:
                with clock.stage("verification"):
                    answer = verifier.answer(draft)
                answer = replace(answer, understood=full if full != asked else None)
                if len(answer.claims) > shown:
                    shown = len(answer.claims)
                    yield replace(answer, timings_ms=clock.read())
        if answer is not None:
            used = meter.usage if meter else None
            yield replace(answer, usage=used, timings_ms=clock.read())

    def _writer(self, answerer: Answerer) -> Writing | None:
        """What writes the answer; None for quoting.

        Raises:
            SettingsError: a model is asked for and there is none.
        """
        if answerer == "model" and self._writing is None:
            raise SettingsError(
                "Expected a model to write answers, saw none: set OPENAI_API_KEY, or OPENAI_BASE_URL and KUTIP_MODEL."
            )
        return None if answerer == "extractive" else self._writing

    def _retrieve(self, query: Query, k: int, config: RunnableConfig) -> tuple[Hit, ...]:
        """The passages, with LangChain's retriever events."""
        run = get_callback_manager_for_config(config).on_retriever_start({}, query.text, name="KutipRetriever")
        try:
            hits = self._retriever.hits(query, k)
        except BaseException as error:
            run.on_retriever_error(error)
            raise
        run.on_retriever_end([Document(page_content=hit.chunk.text, metadata=hit_object(hit)) for hit in hits])
        return hits

    def _drafts(
        self, writing: Writing | None, query: Query, hits: tuple[Hit, ...], request: Request, meter: Meter | None,
        config: RunnableConfig,
    ) -> Iterator[Draft]:  # fmt: skip
        quotes = partial(quoted, query, hits, partial(self._retriever.hits, k=request.k or DEFAULT_K), self.glossary)
        if writing is None:
            yield quotes()
            return
        yield from writing.generative.drafts(query, hits, request.history, instead=quotes, meter=meter, config=config)


def _next(drafts: Iterator[Draft], clock: _Clock) -> Draft | None:
    with clock.stage("draft"):
        return next(drafts, None)


def open_pipeline(settings: Settings) -> Kutip:
    """Open the archive in ``settings.home`` for questions, with the embedder that made it.

    Raises:
        ArchiveError: when there is no index, or it was made by another engine, or it is damaged.
        SettingsError: when the model that is set cannot be used.
    """
    index = open_index(settings)
    embedder, notes = embedder_for(settings, index.embedder)
    index.check(embedder)
    glossary = Glossary.load(settings.glossary)
    retriever = KutipRetriever(index=index, terms=open_terms(settings, index), embedder=embedder, glossary=glossary)
    writing = None if settings.answerer == "extractive" or not settings.has_model else open_writing(settings)
    return Kutip(
        index=index, retriever=retriever, glossary=glossary, embedder=embedder, writing=writing,
        answerer=settings.answerer, notes=notes,
    )  # fmt: skip
