"""Numerals of Indonesian and English: digits and number words come in, decimal values go out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from rag.types import Language


@cache
def tables() -> dict[str, dict[str, Any]]:
    """The word tables of ``rag/data/quantities.json``: months, weekdays, number words, units."""
    found: dict[str, dict[str, Any]] = json.loads(files("rag").joinpath("data/quantities.json").read_text("utf-8"))
    return found


def any_of(words: Iterable[str]) -> str:
    """A regular expression that matches one of ``words``, the longest that fits."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def small_words(text: str) -> list[str]:
    """The words of a text in small letters, without figures."""
    return re.findall(r"[^\W\d_]+", text.lower())


def digits(text: str, language: Language) -> Decimal | None:
    """Digits with separators; the language's own notation goes first, the other one is taken when only it fits."""
    if len(text) > 40:
        return None
    order = (".", ","), (",", ".")
    for thousand, point in order if language == "id" else order[::-1]:
        if re.fullmatch(rf"\d+|(?:[1-9]\d{{0,2}}(?:\{thousand}\d{{3}})+|\d+(?={point}))(?:\{point}\d+)?", text):
            return Decimal(text.replace(thousand, "").replace(point, "."))
    return None


def product(text: str, factors: dict[str, int]) -> Decimal:
    """The factors of all words of ``text``, multiplied."""
    product = Decimal(1)
    for word in small_words(text):
        product *= factors[word.removesuffix("nya")]
    return product


def vague(text: str, language: Language) -> tuple[Decimal, Decimal]:
    """``puluhan ribu``: 10,000 to 99,999; ``hundreds of thousands`` likewise."""
    first, *rest = small_words(text)
    low, high = tables()[f"{language}_vague"][first]
    plain = tables()["id_scales"] if language == "id" else {w: ends[0] for w, ends in tables()["en_vague"].items()}
    scale = product(" ".join(word for word in rest if word != "of"), plain)
    return low * scale, (high + 1) * scale - 1


def ordinal(text: str, language: Language) -> Decimal | None:
    """``ke-3``, ``keempat``, ``21st``, ``twenty-first``; the text in lower case."""
    if digits := re.search(r"\d+", text):
        return Decimal(digits.group())
    known = tables()[f"{language}_ordinals"]
    if text in known:
        return Decimal(known[text])
    first, last = text.split("-", 1)
    words = tables()[f"{language}_words"]
    return Decimal(words[last] if language == "id" else words[first] + known[last])


def fraction(text: str, language: Language) -> Decimal:
    """``sepertiga``, ``dua pertiga``, ``two-thirds``; the text in lower case."""
    parts, words = tables()[f"{language}_parts"], tables()[f"{language}_words"]
    if language == "id":
        above, below = text.rsplit("per", 1) if not text.startswith("se") else ("", text.removeprefix("seper"))
    else:
        above, below = re.split(r"[\s-]", text, maxsplit=1)
    return Decimal(words.get(above.strip(), 1)) / Decimal(parts[below])


def in_words(text: str, language: Language) -> Decimal | None:
    """``dua puluh lima``, ``two hundred and five``, ``satu setengah juta``; None for words that make no number."""
    ones, scales = tables()[f"{language}_words"], tables()[f"{language}_scales"]
    halves = tables()[f"{language}_halves"]
    total, group, pending = Decimal(0), Decimal(0), Decimal(0)
    for word in re.findall(r"[^\W\d_]+", text):
        if word in halves:
            group, pending = group + pending, Decimal("0.5")
        elif word in ones:
            if pending and pending < 100 and not (pending >= 20 and ones[word] < 10):
                return None
            group, pending = group + pending, Decimal(ones[word])
        elif scales.get(word, 0) >= 1000:
            total, group, pending = total + (group + pending or 1) * scales[word], Decimal(0), Decimal(0)
        elif word == "belas":
            pending += 10
        elif word in scales:
            pending = (pending or 1) * scales[word]
    return total + group + pending
