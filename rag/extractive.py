"""Hits in, a draft out, without a language model: the sentences that answer, verbatim, or a reason why none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.language import terms
from rag.question import Query
from rag.types import Draft, DraftClaim, Hit, Language, Quote

MAX_CLAIMS = 5
THRESHOLD = 0.25
"""Confidence below which the archive is taken not to answer."""
_RELATIVE = 0.6
"""A further claim must score at least this share of the best one."""
_SAME = 0.6
"""Share of content stems in common (Jaccard) from which two sentences say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    score: float
    quote: Quote
    stems: frozenset[str]


def answer(query: Query, hits: Sequence[Hit]) -> Draft:
    """Quote the sentences that answer.

    Args:
        query: the question.
        hits: ranked passages with sentence scores.
    """
    candidates = _candidates(hits)
    best = candidates[0].score if candidates else 0.0
    if best < THRESHOLD:
        return Draft(claims=(), reason=_reason(query, hits), confidence=best, answerer="extractive")
    chosen: list[list[_Candidate]] = []
    for candidate in candidates:
        same = next((group for group in chosen if _alike(group[0], candidate)), None)
        if same is not None:
            if all(candidate.quote.article_id != other.quote.article_id for other in same):
                same.append(candidate)
        elif len(chosen) < MAX_CLAIMS and candidate.score >= best * _RELATIVE:
            chosen.append([candidate])
    claims = tuple(DraftClaim(text=group[0].quote.text, quotes=tuple(c.quote for c in group)) for group in chosen)
    return Draft(claims=claims, confidence=best, answerer="extractive")


def _candidates(hits: Sequence[Hit]) -> list[_Candidate]:
    """Every sentence once (chunks overlap), best first."""
    found: dict[tuple[str, int], _Candidate] = {}
    for hit in hits:
        for span, score in zip(hit.chunk.sentences, hit.sentence_scores, strict=False):
            key = (hit.chunk.article_id, span.start)
            if key in found:
                if found[key].score < score:
                    found[key] = replace(found[key], score=score)
                continue
            text = hit.chunk.sentence_text(span)
            quote = Quote(text=text, article_id=hit.chunk.article_id, start=span.start, end=span.end)
            found[key] = _Candidate(score=score, quote=quote, stems=frozenset(terms(text)))
    return sorted(found.values(), key=lambda c: (-c.score, c.quote.article_id, c.quote.start or 0))


def _alike(left: _Candidate, right: _Candidate) -> bool:
    union = left.stems | right.stems
    return bool(union) and len(left.stems & right.stems) / len(union) >= _SAME


_REASONS: dict[Language, tuple[str, str]] = {
    "id": ("Arsip tidak menyebut {}.", "Bagian yang ditemukan memuat kata-kata itu, tetapi tidak menjawab pertanyaan ini."),
    "en": ("The archive does not mention {}.", "The passages found mention these words but do not answer the question."),
}


def _reason(query: Query, hits: Sequence[Hit]) -> str:
    known = {s for hit in hits for s in terms(hit.chunk.text)}
    missing = [g.text for g in query.groups if not any(set(a.stems) <= known for a in g.alternatives)]
    absent, unanswered = _REASONS[query.language]
    joiner = " atau " if query.language == "id" else " or "
    return absent.format(joiner.join(f"“{word}”" for word in missing[:3])) if missing else unanswered
