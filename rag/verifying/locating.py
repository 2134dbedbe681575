"""Where a quote stands in an article: words in, a span of the source out, or None when the source does not say them.

A quote is found when it is the source's text but for the way characters are written (Unicode forms, case, quotation
marks, dashes, white space), or but for a few characters while every number, name and negation is the same. The span
covers whole words and quotable sentences only, so what a reader sees is always the source's own text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from rag.language import cues
from rag.language.words import fold, tokens
from rag.types import Article, Quote, Span

MAX_QUOTE = 4_000
"""Characters; what is longer is a pasted document, not a quote."""

MAX_EDITS, EDIT_SHARE = 2, 0.03
"""A near match differs by at most the larger of these: characters, and share of the quote's length."""

_QUOTE_MARKS = frozenset("\"'`´‘’‚‛“”„‟«»‹›〝〞「」『』＂＇")


class Normalised(NamedTuple):
    """Text in the form in which quotes are compared."""

    text: str
    offsets: tuple[int, ...]
    """For each character of ``text``, the index in the source of the character it came from."""


@cache
def _written(char: str) -> str:
    """How a character is compared: folded, quotation marks and dashes alike, invisible characters gone."""
    if char in _QUOTE_MARKS:
        return '"'
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category in {"Cf", "Cc", "Mn"}:
        return ""
    if category == "Pd" or char == "−":
        return "-"
    plain = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=256)
def normalise(text: str) -> Normalised:
    """``text`` as it is compared, with a map back: runs of white space are one space, none at the ends."""
    out: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        for c in _written(char):
            if c == " " and (not out or out[-1] == " "):
                continue
            out.append(c)
            offsets.append(index)
    while out and out[-1] == " ":
        out.pop()
        offsets.pop()
    return Normalised("".join(out), tuple(offsets))


def locate(quote: Quote, article: Article) -> Span | None:
    """The span of ``article.text`` that says what ``quote`` says, or None.

    Args:
        quote: the words, where they are said to stand (``within``), and their place if the answerer knows it.
        article: the article named by the quote.
    """
    if not any(c.isalnum() for c in quote.text[:MAX_QUOTE]) or len(quote.text) > MAX_QUOTE:
        return None
    within = quote.within or Span(0, len(article.text))
    if quote.start is not None and quote.end is not None:
        known = Span(quote.start, quote.end)
        inside = within.start <= known.start < known.end <= within.end
        if inside and article.text[known.start : known.end] == quote.text and _quotable(known, article):
            return known
    passage = article.text[max(0, within.start) : within.end]
    spans = (Span(within.start + s.start, within.start + s.end) for s in _places(quote.text, passage))
    return next((span for span in spans if _quotable(span, article)), None)


def _places(quote: str, passage: str) -> Iterator[Span]:
    """Spans of the passage that say the quote: exact ones in reading order, then the nearest one."""
    wanted, source = normalise(quote), normalise(passage)
    if not wanted.text or not source.text:
        return
    at = source.text.find(wanted.text)
    while at >= 0:
        end = at + len(wanted.text)
        if _whole(source.text, at, end):
            yield _back(source, at, end)
        at = source.text.find(wanted.text, at + 1)
    near = _nearest(wanted.text, source.text)
    if near is not None:
        span = _back(source, *near)
        if _same_facts(quote, passage[span.start : span.end]):
            yield span


def _back(source: Normalised, start: int, end: int) -> Span:
    return Span(source.offsets[start], source.offsets[end - 1] + 1)


def _whole(text: str, start: int, end: int) -> bool:
    return not _inside_word(text, start) and not _inside_word(text, end)


def _inside_word(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return True
    inner = after in ".," and at + 1 < len(text) and before.isdigit() and text[at + 1].isdigit()
    return inner or (before in ".," and after.isdigit() and at > 1 and text[at - 2].isdigit())


def _nearest(wanted: str, source: str) -> Span | None:
    """The run of whole words of ``source`` within the allowed number of edits of ``wanted``, the closest one."""
    allowed = max(MAX_EDITS, int(EDIT_SHARE * len(wanted)))
    if len(wanted) < 12 or len(wanted) > len(source) + allowed:
        return None
    if len(wanted) > len(source):
        start, end = 0, len(source)
    else:
        found = fuzz.partial_ratio_alignment(wanted, source, score_cutoff=80)
        if found is None:
            return None
        start, end = found.dest_start, found.dest_end
    reach = allowed + 12
    starts = [i for i in range(max(0, start - reach), min(len(source), start + reach)) if _edge(source, i)]
    ends = [i for i in range(max(1, end - reach), min(len(source), end + reach) + 1) if _edge(source, i)]
    best = min(
        (
            (Levenshtein.distance(wanted, source[i:j], score_cutoff=allowed), i, j)
            for i in starts
            for j in ends
            if i < j and abs(j - i - len(wanted)) <= allowed
        ),
        default=(allowed + 1, 0, 0),
    )
    return Span(best[1], best[2]) if best[0] <= allowed else None


def _edge(text: str, at: int) -> bool:
    """Whether a quote may start or end here: not within a word, not beside a space that belongs to neither side."""
    return not _inside_word(text, at)


def _same_facts(quote: str, found: str) -> bool:
    """Whether both say the same numbers, names and negations, and differ in how words are spelt only."""
    said, source = [fold(t.text) for t in tokens(quote)], [fold(t.text) for t in tokens(found)]
    if [w for w in said if _telling(w)] != [w for w in source if _telling(w)]:
        return False
    if not (set(_capitalised(found)) <= set(said) and set(_capitalised(quote)[1:]) <= set(source)):
        return False
    edits = Levenshtein.opcodes(said, source)
    return all(
        _misspelt("".join(said[e.src_start : e.src_end]), "".join(source[e.dest_start : e.dest_end]))
        for e in edits
        if e.tag != "equal"
    )


@cache
def _negations() -> frozenset[str]:
    return cues.words("negation", "id") | cues.words("negation", "en")


def _telling(word: str) -> bool:
    return word[0].isdigit() or word in _negations()


def _misspelt(left: str, right: str) -> bool:
    """Whether two words, or a joined and a split one (``kerjasama``), differ by a slip of the pen."""
    return Levenshtein.distance(left, right) <= max(1, min(MAX_EDITS, max(len(left), len(right)) // 4))


def _capitalised(text: str) -> list[str]:
    return [fold(t.text) for t in tokens(text) if t.text[0].isupper()]


def _quotable(span: Span, article: Article) -> bool:
    """Whether every word of the span lies in a quotable sentence."""
    position = span.start
    for sentence in article.sentences:
        if sentence.end <= position:
            continue
        if sentence.start >= span.end:
            break
        if _has_words(article.text, position, sentence.start):
            return False
        position = sentence.end
        if position >= span.end:
            return True
    return not _has_words(article.text, position, span.end)


def _has_words(text: str, start: int, end: int) -> bool:
    return start < end and re.search(r"\w", text[start:end]) is not None
