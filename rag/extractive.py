"""Hits in, a draft out, without a language model: the sentences that answer, verbatim, or a reason why none does.

The best sentence comes first. Others follow while they are nearly as likely; for a question that asks for several
things, while they add something. Sentences of several articles that say the same become one claim with several quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.abstaining import reason
from rag.confidence import confidence_model
from rag.question import Query
from rag.types import Draft, DraftClaim, Hit, Quote
from rag.views import content, opens_with_pronoun

MAX_CLAIMS = 5
_RELATIVE = 0.3
"""A further claim must score at least this share of the best one."""
_RELATIVE_SEVERAL = 0.2
"""The same for a question that asks for several things."""
_SAME = 0.6
"""Share of content stems in common (Jaccard) from which two sentences say the same."""
_NEW = 0.12
"""Share of content stems not quoted yet from which a sentence adds something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A sentence that may be quoted."""

    score: float
    quote: Quote
    stems: frozenset[str]


def answer(query: Query, hits: Sequence[Hit], *, threshold: float | None = None) -> Draft:
    """Quote the sentences that answer.

    Args:
        query: the question.
        hits: ranked passages with sentence scores.
        threshold: confidence from which an answer is given, 0..1; the fitted one by default.
    """
    candidates = _candidates(hits)
    best = candidates[0].score if candidates else 0.0
    if not candidates or best < (confidence_model().threshold if threshold is None else threshold):
        return Draft(claims=(), reason=reason(query, hits), confidence=best, answerer="extractive")
    claims = tuple(
        DraftClaim(text=group[0].quote.text, quotes=tuple(candidate.quote for candidate in group))
        for group in _chosen(candidates, several=query.several)
    )
    return Draft(claims=claims, confidence=best, answerer="extractive")


def _candidates(hits: Sequence[Hit]) -> list[_Candidate]:
    """Every sentence once (chunks overlap), best first."""
    found: dict[tuple[str, int], tuple[float, Hit, int]] = {}
    for hit in hits:
        for number, (span, score) in enumerate(zip(hit.chunk.sentences, hit.sentence_scores, strict=False)):
            key = (hit.chunk.article_id, span.start)
            if key not in found or found[key][0] < score:
                found[key] = (score, hit, number)
    order = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    return [_candidate(hit, number, score) for _, (score, hit, number) in order]


def _candidate(hit: Hit, number: int, score: float) -> _Candidate:
    """A sentence; with the one before it when it only says ``he`` or ``in return`` of what that one is about."""
    chunk = hit.chunk
    span = chunk.sentences[number]
    text = chunk.sentence_text(span)
    start = span.start
    if number and opens_with_pronoun(text):
        start = chunk.sentences[number - 1].start
    words = chunk.text[start - chunk.start : span.end - chunk.start]
    quote = Quote(text=words, article_id=chunk.article_id, start=start, end=span.end)
    return _Candidate(score=score, quote=quote, stems=content(text))


def _chosen(candidates: Sequence[_Candidate], *, several: bool) -> list[list[_Candidate]]:
    """Groups of sentences that say the same, the best group first."""
    least = candidates[0].score * (_RELATIVE_SEVERAL if several else _RELATIVE)
    groups: list[list[_Candidate]] = []
    quoted: frozenset[str] = frozenset()
    for candidate in candidates:
        same = next((group for group in groups if _alike(group[0], candidate)), None)
        if same is not None:
            if all(candidate.quote.article_id != other.quote.article_id for other in same):
                same.append(candidate)
        elif len(groups) < MAX_CLAIMS and candidate.score >= least and not _inside(candidate, groups):
            new = len(candidate.stems - quoted) / max(len(candidate.stems), 1)
            if not groups or not several or new >= _NEW:
                groups.append([candidate])
                quoted |= candidate.stems
    return groups


def _alike(left: _Candidate, right: _Candidate) -> bool:
    union = left.stems | right.stems
    return bool(union) and len(left.stems & right.stems) / len(union) >= _SAME


def _inside(candidate: _Candidate, groups: Sequence[Sequence[_Candidate]]) -> bool:
    """Whether its words are quoted already, or it would quote such words again."""
    text = candidate.quote.text
    return any(text in group[0].quote.text or group[0].quote.text in text for group in groups)
