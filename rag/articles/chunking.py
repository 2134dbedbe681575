"""Cuts an article into chunks: an Article and a token counter come in, runs of whole quotable sentences go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from rag.types import Article, Chunk, Span

CHUNKER_VERSION = "1"
"""Part of an index's fingerprint: raised whenever the same article would be cut differently, boilerplate included."""

BUDGET = 200
"""Tokens a chunk aims to stay within."""


def chunk(
    article: Article, *, count_tokens: Callable[[str], int], budget: int = BUDGET, overlap: int = 1
) -> tuple[Chunk, ...]:
    """Cut an article into chunks of whole sentences, in reading order; together they hold every quotable sentence.

    A chunk breaks where something not quotable lies between two sentences, and before the sentence that would take it
    over the budget. A sentence over the budget makes a chunk of its own.

    Args:
        article: what to cut.
        count_tokens: the embedder's own counter; called once per sentence.
        budget: tokens per chunk, > 0.
        overlap: sentences that a chunk repeats from the one before it, >= 0, as far as they fit in the budget.
    """
    if budget <= 0 or overlap < 0:
        raise ValueError(f"expected budget > 0 and overlap >= 0, saw {budget!r} and {overlap!r}")
    sizes = [count_tokens(article.text[s.start : s.end]) for s in article.sentences]
    return tuple(
        _make(article, article.sentences[first:last])
        for run_start, run_end in _runs(article)
        for first, last in _windows(sizes, run_start, run_end, budget=budget, overlap=overlap)
    )


def _runs(article: Article) -> Iterator[tuple[int, int]]:
    """Half-open ranges of sentence numbers with nothing but white space between the sentences."""
    first = 0
    for number in range(1, len(article.sentences) + 1):
        if number == len(article.sentences) or _separated(article, number):
            yield first, number
            first = number


def _separated(article: Article, number: int) -> bool:
    between = article.text[article.sentences[number - 1].end : article.sentences[number].start]
    return between.strip() != ""


def _windows(sizes: list[int], first: int, end: int, *, budget: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Greedy windows over ``sizes[first:end]``; each ends at least one sentence after the one before it."""
    begin, total = first, 0
    for number in range(first, end):
        if number > begin and total + sizes[number] > budget:
            yield begin, number
            begin, total = _overlapping_start(sizes, begin, number, budget=budget, overlap=overlap)
        total += sizes[number]
    if begin < end:
        yield begin, end


def _overlapping_start(sizes: list[int], begin: int, number: int, *, budget: int, overlap: int) -> tuple[int, int]:
    """Where the window that first shows sentence ``number`` starts, and how many tokens precede that sentence."""
    start, total = number, 0
    while number - start < overlap and start - 1 > begin and total + sizes[start - 1] + sizes[number] <= budget:
        start -= 1
        total += sizes[start]
    return start, total


def _make(article: Article, sentences: tuple[Span, ...]) -> Chunk:
    start, end = sentences[0].start, sentences[-1].end
    key = f"{article.id}\0{article.sha256}\0{start}\0{end}"
    return Chunk(
        id=sha256(key.encode()).hexdigest()[:32],
        article_id=article.id,
        article_sha256=article.sha256,
        source=article.source,
        start=start,
        end=end,
        text=article.text[start:end],
        sentences=sentences,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
    )
