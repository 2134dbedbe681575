"""Hits in, a draft out, without a language model: the sentences that answer, verbatim, or a reason why none does.

The best sentence comes first. Others follow while they are nearly as likely; for a question that asks for several
things, while they add something. Sentences of several articles that say the same become one claim with several quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.abstaining import reason
from rag.answering.reading import readable
from rag.answering.second_look import LOOKED_AT, look_again, place, second_look, spread
from rag.finding.question import Query
from rag.finding.views import content
from rag.language.glossary import Glossary
from rag.types import Chunk, Draft, DraftClaim, Hit, Quote, Span

MAX_CLAIMS = 8
_RELATIVE, _RELATIVE_SEVERAL = 0.25, 0.15
"""A further claim must score at least this share of the best one; for a question that asks for several, the other.

Chosen, with the number of claims, on the evaluation set's dev half and by totals of the held-out practice archives."""
_ELSEWHERE = 0.05
"""Share of the best score that a sentence of another article needs to stand in a list that is all of one article."""
_OF_EACH = 3
"""Claims for each part of a question, at most."""
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
    chunk: Chunk
    number: int
    """Of the sentence in its chunk."""

    def alone(self) -> _Candidate:
        """Without what is around the sentence."""
        return replace(self, quote=_quote(self.chunk, self.chunk.sentences[self.number]))


def answer(query: Query, hits: Sequence[Hit], glossary: Glossary, *, threshold: float | None = None) -> Draft:
    """Quote the sentences that answer.

    Args:
        query: the question.
        hits: ranked passages with sentence scores.
        glossary: for questions in another language than the articles.
        threshold: confidence from which an answer is given, 0..1; the fitted one by default.
    """
    candidates = _candidates(hits)
    first = candidates[0].score if candidates else 0.0
    places = [place(one.chunk, one.number) for one in candidates[:LOOKED_AT]]
    wide = spread([hit.chunk.article_id for hit in hits]) if hits else 0.0
    sure, unfilled = look_again(query, places, first, wide, glossary)
    if not candidates or sure < (second_look().threshold if threshold is None else threshold):
        why = reason(query, hits, unfilled=unfilled)
        return Draft(claims=(), reason=why, confidence=sure, answerer="extractive")
    claims = tuple(
        DraftClaim(text=group[0].quote.text, quotes=tuple(candidate.quote for candidate in group))
        for group in _with_another_article(_chosen(candidates, several=query.several), candidates, query)
    )
    return Draft(claims=claims, confidence=sure, answerer="extractive")


def joined(drafts: Sequence[Draft]) -> Draft:
    """One answer to a question of several parts: the first statements of each, by turns.

    Args:
        drafts: answers to the parts, not empty; those that abstain have nothing to add, unless all do.
    """
    answered = [draft for draft in drafts if draft.claims]
    if not answered:
        return drafts[0]
    each = [draft.claims[:_OF_EACH] for draft in answered]
    found = [claims[n] for n in range(_OF_EACH) for claims in each if n < len(claims)]
    claims = tuple(c for n, c in enumerate(found) if all(c.text not in other.text for other in found[:n]))
    return replace(answered[0], claims=claims, confidence=max(draft.confidence or 0.0 for draft in answered))


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
    """A sentence with what it cannot be read without."""
    chunk = hit.chunk
    stems = content(chunk.sentence_text(chunk.sentences[number]))
    quote = _quote(chunk, readable(chunk, number))
    return _Candidate(score=score, quote=quote, stems=stems, chunk=chunk, number=number)


def _quote(chunk: Chunk, span: Span) -> Quote:
    words = chunk.text[span.start - chunk.start : span.end - chunk.start]
    return Quote(text=words, article_id=chunk.article_id, start=span.start, end=span.end)


def _chosen(candidates: Sequence[_Candidate], *, several: bool) -> list[list[_Candidate]]:
    """Groups of sentences that say the same, the best group first."""
    least = candidates[0].score * (_RELATIVE_SEVERAL if several else _RELATIVE)
    groups: list[list[_Candidate]] = []
    left = list(candidates)
    while left and left[0].score >= least and len(groups) < MAX_CLAIMS:
        candidate = left.pop(0)
        if _inside(candidate, groups):
            candidate = candidate.alone()
        if not _inside(candidate, groups) and (not several or _adds(candidate, groups)):
            same = [other for other in left if _alike(candidate, other)]
            left = [other for other in left if other not in same]
            groups.append(_one_each(candidate, same))
    return groups


def _with_another_article(
    groups: list[list[_Candidate]], candidates: Sequence[_Candidate], query: Query
) -> list[list[_Candidate]]:
    """The groups; of a list all of one article, the last place goes to another one that tells of what is asked for."""
    quoted = {one.quote.article_id for group in groups for one in group}
    if not query.several or query.focus < 0 or len(quoted) > 1:
        return groups
    asked = set(query.groups[query.focus].alternatives[0].stems)
    for one in candidates:
        if one.quote.article_id not in quoted and asked <= one.stems:
            enough = one.score >= _ELSEWHERE * candidates[0].score
            return [*groups[: MAX_CLAIMS - 1], [one]] if enough else groups
    return groups


def _adds(candidate: _Candidate, groups: Sequence[Sequence[_Candidate]]) -> bool:
    """Whether enough of its content is not quoted yet."""
    quoted = frozenset[str]().union(*(other.stems for group in groups for other in group))
    return not groups or len(candidate.stems - quoted) >= _NEW * len(candidate.stems)


def _one_each(candidate: _Candidate, same: Sequence[_Candidate]) -> list[_Candidate]:
    """The candidate and, of each other article, the best sentence that says the same."""
    best = {candidate.quote.article_id: candidate}
    for other in same:
        best.setdefault(other.quote.article_id, other)
    return list(best.values())


def _alike(left: _Candidate, right: _Candidate) -> bool:
    union = left.stems | right.stems
    return bool(union) and len(left.stems & right.stems) / len(union) >= _SAME


def _inside(candidate: _Candidate, groups: Sequence[Sequence[_Candidate]]) -> bool:
    """Whether its words are quoted already, or it would quote such words again."""
    text = candidate.quote.text
    return any(text in group[0].quote.text or group[0].quote.text in text for group in groups)
