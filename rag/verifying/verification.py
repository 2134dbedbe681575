"""Draft → Answer: every quote is located in its article, every claim is checked against what it quotes.

This is the only place that makes an Answer. A claim without a located quote is never shown as an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.language.glossary import Glossary
from rag.types import Answer, Article, Citation, Claim, Draft, DraftClaim, Hit, Language, Span, Verdict
from rag.verifying.evidence import Evidence
from rag.verifying.locating import locate
from rag.verifying.support import Support, check

NEAREST = 3
"""Passages shown with an abstention."""

MAX_QUOTES = 8
"""Quotes of one claim that are looked at; more are noise."""

Articles = Callable[[Sequence[str]], Mapping[str, Article]]
"""Ids → the articles of the archive that have one of them."""

Judge = Callable[[str, Sequence[str]], Verdict | None]
"""A second opinion on a claim and the words it quotes; None when it failed."""

_STRICTNESS: tuple[Verdict, ...] = ("supported", "partly", "unsupported")
_NOTHING_VERIFIED: dict[Language, str] = {
    "id": "Tidak ada pernyataan yang dapat dicocokkan dengan isi artikel.",
    "en": "No statement could be matched to the text of the articles.",
}
_JUDGE_FAILED = "the second check by a model failed, so claims were checked by rules only"


@dataclass(frozen=True, slots=True)
class _Checked:
    """A draft claim after verification, before its citations have numbers."""

    text: str
    places: tuple[tuple[Article, Span], ...]
    support: Support
    judge_failed: bool = False


class Verifier:
    """Verifies the drafts of one question; a growing draft costs nothing twice."""

    def __init__(
        self,
        *,
        question: str,
        language: Language,
        embedder: str,
        hits: Sequence[Hit],
        articles: Articles,
        glossary: Glossary,
        judge: Judge | None = None,
    ) -> None:
        """Keep what all drafts of the question share.

        Args:
            question: as asked.
            language: of the question; the language of any reason given.
            embedder: name shown in ``engine``.
            hits: what was retrieved, best first; the nearest are shown when abstaining.
            articles: looks articles up by id; asked once for each article.
            glossary: for claims in another language than their quotes.
            judge: a second pass; the stricter verdict wins.
        """
        self._question = question
        self._language: Language = language
        self._embedder = embedder
        self._hits = tuple(hits)
        self._articles = articles
        self._glossary = glossary
        self._judge = judge
        self._known: dict[str, Article | None] = {}
        self._checked: dict[DraftClaim, _Checked] = {}

    def answer(self, draft: Draft) -> Answer:
        """Check a draft: claims that are not supported are withheld, and if none is left the answer abstains."""
        self._fetch(draft)
        checked = [self._check(claim) for claim in draft.claims]
        citations = _Citations()
        claims = tuple(_claim(c, citations) for c in checked if c.support.verdict != "unsupported")
        withheld = tuple(
            Claim(text=c.text, citations=(), verdict="unsupported", problems=c.support.problems)
            for c in checked
            if c.support.verdict == "unsupported"
        )
        abstained = not claims
        noted = draft.degraded or (_JUDGE_FAILED if any(c.judge_failed for c in checked) else None)
        return Answer(
            question=self._question,
            language=self._language,
            abstained=abstained,
            reason=(draft.reason or _NOTHING_VERIFIED[self._language]) if abstained else None,
            claims=claims,
            citations=tuple(citations.made),
            nearest=self._hits[:NEAREST] if abstained else (),
            withheld=withheld,
            confidence=draft.confidence,
            answerer=draft.answerer,
            embedder=self._embedder,
            degraded=noted,
            usage=draft.usage,
        )

    def _fetch(self, draft: Draft) -> None:
        wanted = {quote.article_id for claim in draft.claims for quote in claim.quotes[:MAX_QUOTES]} - set(self._known)
        if wanted:
            found = self._articles(sorted(wanted))
            self._known |= {id: found.get(id) for id in wanted}

    def _check(self, claim: DraftClaim) -> _Checked:
        if claim not in self._checked:
            self._checked[claim] = self._check_once(claim)
        return self._checked[claim]

    def _check_once(self, claim: DraftClaim) -> _Checked:
        places: dict[tuple[str, Span], tuple[Article, Span]] = {}
        for quote in claim.quotes[:MAX_QUOTES]:
            article = self._known.get(quote.article_id)
            span = locate(quote, article) if article is not None else None
            if article is not None and span is not None:
                places[(article.id, span)] = (article, span)
        located = tuple(places.values())
        if not located:
            missing = Support(verdict="unsupported", score=0.0, problems=(_not_found(len(claim.quotes)),))
            return _Checked(claim.text, (), missing)
        found = check(claim.text, [Evidence.of(article, span) for article, span in located], self._glossary)
        if self._judge is None or found.verdict == "unsupported":
            return _Checked(claim.text, located, found)
        opinion = self._judge(claim.text, [article.text[span.start : span.end] for article, span in located])
        if opinion is None:
            return _Checked(claim.text, located, found, judge_failed=True)
        if _STRICTNESS.index(opinion) <= _STRICTNESS.index(found.verdict):
            return _Checked(claim.text, located, found)
        judged = Support(verdict=opinion, score=found.score, problems=(*found.problems, f"model: judged {opinion}"))
        return _Checked(claim.text, located, judged)


def _not_found(quotes: int) -> str:
    if quotes == 0:
        return "quote: the claim quotes nothing"
    return (
        "quote: not found in the passage it names" if quotes == 1 else f"quote: none of {quotes} found in its passage"
    )


@dataclass(slots=True)
class _Citations:
    """Citations numbered in order of first use; one place in an article has one number."""

    numbers: dict[tuple[str, Span], int] = field(default_factory=dict)
    made: list[Citation] = field(default_factory=list)

    def number(self, article: Article, span: Span) -> int:
        key = (article.id, span)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.made.append(make_citation(article, span, id=self.numbers[key]))
        return self.numbers[key]


def make_citation(article: Article, span: Span, *, id: int) -> Citation:
    """The citation of a place in an article.

    Args:
        article: where the words stand.
        span: the words.
        id: the number that markers use, from 1.
    """
    return Citation(
        id=id,
        article_id=article.id,
        source=article.source,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        quote=article.text[span.start : span.end],
        start=span.start,
        end=span.end,
    )


def _claim(checked: _Checked, citations: _Citations) -> Claim:
    numbers = tuple(dict.fromkeys(citations.number(article, span) for article, span in checked.places))
    return Claim(
        text=checked.text, citations=numbers, verdict=checked.support.verdict, problems=checked.support.problems
    )
