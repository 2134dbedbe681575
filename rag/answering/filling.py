"""How a sentence fills the slot of a question, in numbers: is there a filler, and does it stand by the right words?

A question and a comparison of its premise with a sentence and its neighbours come in, rows of numbers go out.
"""

from __future__ import annotations

from rag.answering.fillers import fillers
from rag.finding.question import Query
from rag.language.glossary import Glossary
from rag.language.words import fold, tokens
from rag.types import Span
from rag.verifying.likeness import SAID, Comparison, unit_rarity
from rag.verifying.names import is_person

FILLED = ("inside", "around", "near", "near_focus", "beside_all", "counted")
"""Columns of `filled`."""
ASKED_FOR = ("inside", "around", "named", "indefinite", "person")
"""Columns of `asked_for`."""
_INDEFINITE = frozenset({"seorang", "sebuah", "seekor", "suatu", "salah", "para", "a", "an"})
_NAMES = frozenset({"person", "name"})


def filled(query: Query, compared: Comparison, sentence: Span) -> list[float]:
    """Of the slot, each 0..1, columns as in ``FILLED``.

    Is it filled in the sentence, or beside it; how near the filler is to a word of the question, to the one that is
    asked for, and to all of them; and whether it counts what is asked for.
    """
    spans = fillers(query.slot, compared.source.said, query)
    inside = any(sentence.start <= span.start < sentence.end for span in spans)
    asked = _asked(query, compared)
    every = [found.at for _, found in compared.pairs if found.at is not None and found.score >= SAID]
    values = [float(inside), float(bool(spans)), 0.0, 0.0, 0.0, 0.0]
    for span in spans:
        gaps = _Gaps(compared, span)
        nearest = max((1 / (1 + gaps.to(at)) for at in every), default=0.0)
        focus = max((1 / (1 + gaps.to(at)) for at in asked), default=0.0)
        counted = float(any(0 <= at - gaps.last <= _COUNTED for at in asked))
        values[2:] = [max(pair) for pair in zip(values[2:], (nearest, focus, gaps.to_all(), counted), strict=True)]
    return values


_COUNTED = 3
"""Words after a number within which it counts something: ``lima unit mobil damkar``."""
_FAR = 50.0
_HALFWAY = 6.0
"""Words between a filler and a word of the question at which it counts half."""


def _asked(query: Query, compared: Comparison) -> list[int]:
    """Numbers of the source's words that say the word asked for."""
    focus = query.groups[query.focus].text.casefold().split() if query.focus >= 0 else []
    return [
        found.at
        for unit, found in compared.pairs
        if found.at is not None
        and found.score >= SAID
        and any(compared.claim.words[n].folded in focus for n in unit.words)
    ]


def asked_for(query: Query, compared: Comparison, sentence: Span, glossary: Glossary) -> list[float]:
    """Of the word that is asked for, each 0 or 1, columns as in ``ASKED_FOR``.

    Is it in the sentence, or beside it (1 when nothing in particular is asked for); does a person's name stand by it
    where a name is asked for; is it one of many (*seorang gubernur*); and is there a person where one is asked for.
    """
    said = compared.source.said
    places = _asked(query, compared)
    inside = [at for at in places if sentence.start <= said.words[at].start < sentence.end]
    persons = [m for m in said.mentions if is_person(m, glossary)]
    named = query.slot in _NAMES and any(m.first - 1 <= at <= m.last + 1 for at in places for m in persons)
    indefinite = any(at > 0 and said.words[at - 1].folded in _INDEFINITE for at in places)
    own = {fold(token.text) for token in tokens(query.text)}
    new = [m for m in persons if not set(m.names) <= own]
    there = any(sentence.start <= said.words[m.first].start < sentence.end for m in new)
    nothing = query.focus < 0
    return [
        float(nothing or bool(inside)), float(nothing or bool(places)), float(named), float(indefinite),
        float(query.slot == "person" and there),
    ]  # fmt: skip


class _Gaps:
    """Distances in words from a filler to words of the same sentence."""

    def __init__(self, compared: Comparison, span: Span) -> None:
        words = compared.source.said.words
        inside = [n for n, word in enumerate(words) if span.start <= word.start < span.end]
        self.first, self.last = (inside[0], inside[-1]) if inside else (0, 0)
        self._compared = compared

    def to(self, at: int) -> float:
        """To word ``at``; far when it is in another sentence."""
        said = self._compared.source.said
        if self.first <= at <= self.last:
            return 0.0
        low, high = min(at, self.last), max(at, self.first)
        between = said.text[said.words[low].end : said.words[high].start]
        if any(mark in between for mark in (". ", "? ", "! ", "\n")):
            return _FAR
        return float(min(abs(at - self.first), abs(at - self.last)))

    def to_all(self) -> float:
        """Share of the premise that stands near, weighed by rarity, 0..1."""
        total = near = 0.0
        for unit, found in self._compared.pairs:
            weight = unit_rarity(unit, self._compared.claim)
            total += weight
            if found.at is not None and found.score >= SAID:
                near += weight * found.score * _HALFWAY / (_HALFWAY + self.to(found.at))
        return near / total if total else 1.0
