"""Is an accepted wording in an answer? Words are folded, numbers and dates compared by value, across both languages.

A form such as ``40 seconds`` or ``senapan … sarung tangan`` and a text come in; whether the form stands in the text
comes out. ``lima`` meets ``five`` and ``5``, ``1,5 juta`` meets ``1.5 million``, ``17/9/2023`` meets ``17 September``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.language.quantities import Date, Number, dates, numbers
from rag.language.words import fold, tokens
from rag.types import Language, Span

_GAP = re.compile(r"\s+(?:…|\.\.\.)\s+")
_BOTH: tuple[Language, Language] = ("id", "en")

Units = tuple[str, ...]
"""Normalised units of a text in reading order: folded words, ``#5`` for the number 5, ``@d17 @m9`` for a date."""


@lru_cache(maxsize=20_000)
def units(text: str, language: Language) -> Units:
    """The units of ``text``, its numbers read as ``language`` writes them (``1.500`` is 1500 in Indonesian)."""
    placed: list[tuple[Span, Units]] = [(d.span, _date_units(d)) for d in dates(text)]
    placed += [(n.span, (_number_unit(n),)) for n in numbers(text, language)]
    placed = [(span, found) for span, found in placed if found]
    taken = [span for span, _ in placed]
    for token in tokens(text):
        if not any(span.start <= token.start < span.end for span in taken):
            word = f"#{int(token.text)}" if token.text.isdecimal() else fold(token.text)
            placed.append((Span(token.start, token.end), (word,)))
    return tuple(unit for _, found in sorted(placed) for unit in found)


def _date_units(date: Date) -> Units:
    parts = (("w", date.weekday), ("d", date.day), ("m", date.month), ("y", date.year))
    return tuple(f"@{letter}{value}" for letter, value in parts if value is not None)


def _number_unit(number: Number) -> str:
    value = f"#{number.value.normalize():f}"
    return value if number.high is None else f"{value}-{number.high.normalize():f}"


def contains(text: str, form: str) -> bool:
    """Whether ``form`` stands in ``text`` as whole units one after the other; `` … `` allows any units between."""
    parts = _GAP.split(form.strip())
    for reading in _BOTH:
        whole = units(text, reading)
        for other in _BOTH:
            if _in_order(whole, [units(part, other) for part in parts]):
                return True
    return False


def any_form(texts: Iterable[str], forms: Sequence[str]) -> str | None:
    """The first of ``forms`` that stands in one of ``texts``; None when none does."""
    texts = list(texts)
    return next((form for form in forms if any(contains(text, form) for text in texts)), None)


def _in_order(whole: Units, parts: Sequence[Units]) -> bool:
    position = 0
    for part in parts:
        if not part:
            return False
        last = len(whole) - len(part)
        found = next((at for at in range(position, last + 1) if whole[at : at + len(part)] == part), None)
        if found is None:
            return False
        position = found + len(part)
    return True
