"""What judges have in common: a claim and the words it rests on come in, a judgement comes out.

`Lexical` is the project's own support check, `Coverage` the word overlap that any judge must beat; the judge that asks
a chat model is in `evals.judge_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from rag.language.glossary import Glossary
from rag.language.words import detect, fold, stem, stop_words, tokens
from rag.types import Usage
from rag.verifying.evidence import Evidence
from rag.verifying.support import check

OFFLINE = ("lexical", "coverage")
"""Judges that need no model."""
JUDGES = (*OFFLINE, "model")

COVERAGE_THRESHOLD = 0.8
"""Share of content words from which `Coverage` says "supported"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge says about one statement."""

    supported: bool | None
    """None: unscored, for example because a model's reply could not be read."""
    score: float | None = None
    """How well supported, 0..1, higher is better; for ROC curves."""
    statement: str = ""
    """The statement judged."""
    evidence: str | None = None
    """The sentence that supports it best, as far as the judge tells."""
    problems: tuple[str, ...] = ()
    """Reasons against."""
    usage: Usage | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types for a row."""
        return {
            "statement": self.statement,
            "supported": self.supported,
            "score": None if self.score is None else round(self.score, 6),
            "evidence": self.evidence,
            "problems": list(self.problems),
            "usage": None if self.usage is None else asdict(self.usage),
        }


class Judge(Protocol):
    """A judge of support; called from several threads at once."""

    name: str
    version: str
    """Changes whenever the same input may be judged differently."""

    def verdict(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """Whether ``evidence``, read together, entails ``claim``; empty evidence entails nothing."""
        ...

    def faithfulness(self, question: str, claims: Sequence[str], contexts: Sequence[str]) -> tuple[Judgement, ...]:
        """One judgement per statement of an answer, against all contexts together."""
        ...


class Lexical:
    """The project's own check of numbers, names, dates, negation, roles and words. Not called faithfulness alone."""

    name = "lexical"

    def __init__(self, glossary: Glossary, version: str) -> None:
        self._glossary = glossary
        self.version = version

    def verdict(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """See `Judge`."""
        if not evidence:
            return Judgement(supported=False, score=0.0, statement=claim, problems=("evidence: none",))
        found = check(claim, [Evidence(text) for text in evidence], self._glossary)
        return Judgement(
            supported=found.verdict == "supported", score=found.score, statement=claim, problems=found.problems
        )

    def faithfulness(self, question: str, claims: Sequence[str], contexts: Sequence[str]) -> tuple[Judgement, ...]:
        """See `Judge`; the statements are the answer's own claims, and the best context counts (SummaC's max)."""
        return tuple(_best(self, claim, contexts) for claim in claims)


class Coverage:
    """Share of a claim's content words that stand in the evidence: what a judge must beat."""

    name = "coverage"

    def __init__(self, glossary: Glossary, version: str) -> None:
        self._glossary = glossary
        self.version = version

    def verdict(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """See `Judge`."""
        score = self.score(claim, evidence)
        return Judgement(supported=score >= COVERAGE_THRESHOLD, score=score, statement=claim)

    def score(self, claim: str, evidence: Sequence[str]) -> float:
        """The share, 0..1; English words count when a translation of theirs stands in the evidence."""
        language = detect(claim)
        stops = stop_words("id") | stop_words("en")
        held = {stem(t.text) for text in evidence for t in tokens(text)}
        words = [fold(t.text) for t in tokens(claim) if fold(t.text) not in stops]
        if not words:
            return 0.0
        return sum(self._held(word, held, language) for word in words) / len(words)

    def _held(self, word: str, held: set[str], language: str) -> bool:
        if stem(word) in held:
            return True
        if language == "id":
            return False
        return any({stem(t.text) for t in tokens(found)} <= held for found in self._glossary.to_indonesian(word))

    def faithfulness(self, question: str, claims: Sequence[str], contexts: Sequence[str]) -> tuple[Judgement, ...]:
        """See `Judge`."""
        return tuple(_best(self, claim, contexts) for claim in claims)


def _best(judge: Judge, claim: str, contexts: Sequence[str]) -> Judgement:
    """The judgement of the context that supports a claim best, with that context as its evidence."""
    found: list[tuple[Judgement, str]] = []
    for context in contexts:
        found.append((judge.verdict(claim, [context]), context))
        if found[-1][0].supported and found[-1][0].score == 1:
            break  # no other context can do better
    if not found:
        return judge.verdict(claim, ())
    best, context = max(found, key=lambda pair: (pair[0].supported is True, pair[0].score or 0.0))
    return Judgement(
        supported=best.supported, score=best.score, statement=claim, evidence=context, problems=best.problems
    )
