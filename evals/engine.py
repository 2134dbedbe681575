"""The systems that are measured: the pipeline itself, and baselines that show what its numbers are worth.

A case comes in, a `Trace` goes out: what was retrieved, the answer object, times. Every system answers from the same
archive, which is indexed anew for the run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from evals.dataset import SEEDS, Case
from evals.plan import BASELINES
from rag.archive.access import index_paths
from rag.pipeline import Kutip, open_pipeline
from rag.schema import answer_object, hit_object
from rag.settings import Settings
from rag.types import Answer, Article, Citation, Claim, Hit, Request, Span, Turn

DEPTH = 10
"""Passages that retrieval metrics look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a system did with one case."""

    hits: tuple[dict[str, Any], ...]
    """Passages found, best first: the hit objects of the command line, with both raw scores."""
    answer: dict[str, Any]
    """The answer object, without its times."""
    times_ms: dict[str, float]


class Answerer(Protocol):
    """A system under measurement; called from several threads at once."""

    name: str

    def __call__(self, case: Case) -> Trace:
        """Answer one case; whatever it raises becomes a failure row."""
        ...


@dataclass(frozen=True, slots=True)
class Archive:
    """The indexed articles that every system of a run answers from."""

    pipeline: Kutip
    articles: Mapping[str, Article]

    @classmethod
    def build(cls, settings: Settings, paths: Sequence[Path] = (SEEDS,)) -> Archive:
        """Index the articles into ``settings.home`` and open the pipeline on them.

        Raises:
            KutipError: when a path does not exist or the index cannot be made.
        """
        index_paths(settings, paths)
        pipeline = open_pipeline(settings)
        return cls(pipeline, {article.id: article for article in pipeline.articles()})

    def search(self, question: str) -> tuple[Hit, ...]:
        """The passages found for a question that stands by itself, best first."""
        return self.pipeline.search(question, k=DEPTH)


def make(name: str, archive: Archive) -> Answerer:
    """The system called ``name``, one of `evals.plan.ANSWERERS`."""
    if name in BASELINES:
        return Baseline(name, archive)
    return Engine(name, archive)


class Engine:
    """The pipeline, keyless (``extractive``) or with the configured model (``model``)."""

    def __init__(self, name: str, archive: Archive) -> None:
        self.name = name
        self._answerer: Literal["extractive", "model"] = "model" if name == "model" else "extractive"
        self._archive = archive

    def __call__(self, case: Case) -> Trace:
        """Answer one case; in a conversation the earlier questions are asked first."""
        turns: tuple[Turn, ...] = ()
        for earlier in case.history:
            answer = self._ask(earlier, turns)
            turns = (*turns, Turn(question=answer.understood or earlier, answer=answer.text))
        answer = self._ask(case.question, turns)
        return trace(self._archive.search(answer.understood or case.question), answer)

    def _ask(self, question: str, turns: tuple[Turn, ...]) -> Answer:
        return self._archive.pipeline.invoke(Request(text=question, history=turns, answerer=self._answerer))


class Baseline:
    """What costs nothing: ``nothing`` always abstains, ``lead`` and ``passage`` quote whatever was found first."""

    def __init__(self, name: str, archive: Archive) -> None:
        self.name = name
        self._archive = archive

    def __call__(self, case: Case) -> Trace:
        """Answer one case: ``lead`` with the first article's first sentence, ``passage`` with the first passage."""
        started = time.perf_counter()
        hits = () if self.name == "nothing" else self._archive.search(case.question)
        answer = _blank(case, self.name)
        if hits:
            answer = self._quote(answer, hits[0])
        return trace(hits, replace(answer, timings_ms={"total": (time.perf_counter() - started) * 1000}))

    def _quote(self, answer: Answer, hit: Hit) -> Answer:
        article = self._archive.articles[hit.chunk.article_id]
        span = article.sentences[0] if self.name == "lead" else Span(hit.chunk.start, hit.chunk.end)
        quote = article.text[span.start : span.end]
        citation = Citation(
            id=1,
            article_id=article.id,
            source=article.source,
            title=article.title,
            publisher=article.publisher,
            published=article.published,
            quote=quote,
            start=span.start,
            end=span.end,
        )
        claim = Claim(text=quote, citations=(1,), verdict="supported")
        return replace(
            answer, abstained=False, reason=None, claims=(claim,), citations=(citation,), confidence=hit.score
        )


def _blank(case: Case, name: str) -> Answer:
    return Answer(
        question=case.question,
        language=case.language,
        abstained=True,
        reason=None,
        claims=(),
        citations=(),
        confidence=0.0,
        answerer=name,
        embedder="-",
    )


def trace(hits: Sequence[Hit], answer: Answer) -> Trace:
    """A trace as plain JSON types, times apart from all that is the same in every run."""
    shown = answer_object(answer)
    times = shown.pop("timings_ms")
    found = tuple({**hit_object(hit), "lexical": round(hit.lexical, 4), "dense": round(hit.dense, 4)} for hit in hits)
    return Trace(hits=found, answer=shown, times_ms=times)
