"""Question → Answer: the one place that wires the parts together, as a LangChain Runnable.

``question -> analyse -> retrieve -> draft -> verify -> Answer``. The command line, HTTP, the chat page and evaluation
all call this.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from rag.embeddings import BuiltinEmbeddings, Embedder
from rag.errors import QuestionError
from rag.extractive import answer as extractive_answer
from rag.glossary import Glossary
from rag.index import Index
from rag.indexing import IndexReport, Progress, run
from rag.lexical import TermIndex
from rag.question import Query, analyse
from rag.retrieval import KutipRetriever
from rag.settings import Settings
from rag.types import Answer, Article, Hit
from rag.verification import verify

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


class Kutip(Runnable[str, Answer]):
    """Answers questions from one archive; thread-safe for reading."""

    def __init__(self, *, index: Index, retriever: KutipRetriever, glossary: Glossary, embedder: Embedder) -> None:
        self._index = index
        self._retriever = retriever
        self._glossary = glossary
        self._embedder = embedder

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question.

        Raises:
            QuestionError: for a question that is empty or too long.
        """
        return self._call_with_config(self._answer, input, config, run_type="chain")

    def stream(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Yield the answer as it grows; each one yielded is verified, the last one is complete."""
        yield self.invoke(input, config)

    def search(self, question: str, *, k: int = DEFAULT_K) -> tuple[Hit, ...]:
        """The ``k`` best passages for a question, best first, without answering it."""
        return self._retriever.hits(self._analyse(question), k)

    def articles(self) -> list[Article]:
        """Every article of the archive, by id."""
        return self._index.articles()

    def _analyse(self, question: str) -> Query:
        return analyse(check_question(question), self._glossary)

    def _answer(self, question: str) -> Answer:
        started = time.perf_counter()
        query = self._analyse(question)
        hits = self._retriever.hits(query, DEFAULT_K)
        retrieved = time.perf_counter()
        draft = extractive_answer(query, hits)
        drafted = time.perf_counter()
        quoted = sorted({quote.article_id for claim in draft.claims for quote in claim.quotes})
        verified = verify(
            draft,
            question=question,
            language=query.language,
            embedder=self._embedder.name,
            hits=hits,
            articles=self._index.articles_by_id(quoted),
        )
        ended = time.perf_counter()
        times = {
            "retrieval": retrieved - started,
            "draft": drafted - retrieved,
            "verification": ended - drafted,
            "total": ended - started,
        }
        return replace(verified, timings_ms={name: seconds * 1000 for name, seconds in times.items()})


def open_pipeline(settings: Settings) -> Kutip:
    """Open the archive in ``settings.home`` for questions.

    Raises:
        ArchiveError: when there is no index, or it was made by another engine, or it is damaged.
    """
    embedder = BuiltinEmbeddings()
    glossary = Glossary.load(settings.glossary)
    index = Index.open(settings.home, embedder)
    terms = TermIndex.open(settings.home, index)
    retriever = KutipRetriever(index=index, terms=terms, embedder=embedder, glossary=glossary)
    return Kutip(index=index, retriever=retriever, glossary=glossary, embedder=embedder)


def index_paths(
    settings: Settings,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Add files and folders to the archive in ``settings.home``; see :func:`rag.indexing.run`."""
    return run(paths, home=settings.home, embedder=BuiltinEmbeddings(), prune=prune, rebuild=rebuild, progress=progress)
