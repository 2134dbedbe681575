"""Draft → Answer. Every quote is located in its article, or the claim that needs it is not shown.

This is the only place that makes an Answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.types import Answer, Article, Citation, Claim, Draft, DraftClaim, Hit, Language, Quote, Span

NEAREST = 3
"""Passages shown with an abstention."""

_NOTHING_VERIFIED: dict[Language, str] = {
    "id": "Tidak ada pernyataan yang dapat dicocokkan dengan isi artikel.",
    "en": "No statement could be matched to the text of the articles.",
}


def locate(quote: Quote, text: str) -> Span | None:
    """Where the quote stands in an article's text, or None when it does not stand there."""
    if quote.start is not None and quote.end is not None and text[quote.start : quote.end] == quote.text:
        return Span(quote.start, quote.end)
    start = text.find(quote.text) if quote.text else -1
    return None if start < 0 else Span(start, start + len(quote.text))


@dataclass(slots=True)
class _Citations:
    """Citations numbered in order of first use; one place in an article has one number."""

    numbers: dict[tuple[str, Span], int] = field(default_factory=dict)
    made: list[Citation] = field(default_factory=list)

    def number(self, article: Article, span: Span) -> int:
        key = (article.id, span)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.made.append(
                Citation(
                    id=self.numbers[key],
                    article_id=article.id,
                    source=article.source,
                    title=article.title,
                    publisher=article.publisher,
                    published=article.published,
                    quote=article.text[span.start : span.end],
                    start=span.start,
                    end=span.end,
                )
            )
        return self.numbers[key]


def verify(
    draft: Draft,
    *,
    question: str,
    language: Language,
    embedder: str,
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
) -> Answer:
    """Check a draft against the articles that it quotes.

    Args:
        draft: What an answerer proposes.
        question: As asked.
        language: Of the question; the language of any reason given.
        embedder: Name shown in ``engine``.
        hits: What was retrieved, best first; the nearest are shown when abstaining.
        articles: Every article the draft quotes, by id, with its text.
    """
    citations = _Citations()
    claims = tuple(claim for claim in (_check(c, articles, citations) for c in draft.claims) if claim is not None)
    abstained = not claims
    return Answer(
        question=question,
        language=language,
        abstained=abstained,
        reason=(draft.reason or _NOTHING_VERIFIED[language]) if abstained else None,
        claims=claims,
        citations=tuple(citations.made),
        nearest=tuple(hits[:NEAREST]) if abstained else (),
        confidence=draft.confidence,
        answerer=draft.answerer,
        embedder=embedder,
        degraded=draft.degraded,
        usage=draft.usage,
    )


def _check(claim: DraftClaim, articles: Mapping[str, Article], citations: _Citations) -> Claim | None:
    located = [
        (article, span)
        for quote in claim.quotes
        if (article := articles.get(quote.article_id)) is not None and (span := locate(quote, article.text)) is not None
    ]
    if not located:
        return None
    numbers = tuple(dict.fromkeys(citations.number(article, span) for article, span in located))
    return Claim(text=claim.text, citations=numbers, verdict="supported")
