"""Numbers of Indonesian and English text with their units: a text comes in, records with spans go out.

``1,5 juta`` and ``1.5 million``, ``dua puluh lima`` and ``twenty-five``, ``puluhan ribu`` and ``tens of thousands``,
``ke-3``, ``ketiga`` and ``third``, ``3,05 persen`` and ``3.05%`` become equal values with equal units. Dates and clock
times are no numbers here; they come from `rag.language.dates` and are offered again under this module's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rag.language import numerals
from rag.language.dates import Agreement, Clock, Date, clocks, compare_clocks, compare_dates, dates
from rag.language.numerals import any_of, small_words, tables
from rag.types import Language, Span

__all__ = [
    "Agreement", "Clock", "Date", "Number", "clocks", "compare_clocks", "compare_dates", "compare_numbers", "dates",
    "numbers",
]  # fmt: skip

TOLERANCE = Decimal("0.02")
"""Relative difference that two values may have when one is hedged (``sekitar 650``) or converted from another unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as a text tells it."""

    value: Decimal
    """Of a range, or of ``puluhan``, the lower end."""
    high: Decimal | None = None
    """Upper end of a range; None for a single value."""
    unit: str | None = None
    """Indonesian name of the unit or counted thing (``persen``, ``rupiah``, ``drone``); None when not a known one."""
    ordinal: bool = False
    """A place in an order (``ke-3``), not an amount."""
    approximate: bool = False
    """Hedged by the text: ``sekitar``, ``lebih dari``, ``puluhan``."""
    span: Span
    """The number with its currency sign, without its unit."""


def compare_numbers(one: Number, other: Number) -> Agreement:
    """Whether two numbers can be the same amount.

    Numbers with the same unit, or units that convert into each other (``2 jam``, ``120 menit``), agree or conflict.
    Where a unit is not known, equal values agree and different ones say nothing about each other; so do different
    units, and ordinals beside amounts.
    """
    if one.ordinal != other.ordinal:
        return "silent"
    (base, factor), (other_base, other_factor) = _base(one.unit), _base(other.unit)
    if one.unit and other.unit and base != other_base:
        return "silent"
    if not (one.unit and other.unit):
        factor = other_factor = Decimal(1)
    vague = one.high is not None and other.high is not None  # puluhan ribu is not ratusan ribu
    loose = (one.approximate or other.approximate or factor != other_factor) and not vague
    slack = TOLERANCE * max(abs(one.value * factor), abs(other.value * other_factor)) if loose else Decimal(0)
    low, high = one.value * factor, (one.high if one.high is not None else one.value) * factor
    other_low = other.value * other_factor
    other_high = (other.high if other.high is not None else other.value) * other_factor
    if low <= other_high + slack and other_low <= high + slack:
        return "agree"
    return "conflict" if one.unit and other.unit else "silent"


def _base(unit: str | None) -> tuple[str | None, Decimal]:
    name, factor = tables()["conversions"].get(unit or "", (unit, "1"))
    return name, Decimal(factor)


def numbers(text: str, language: Language) -> tuple[Number, ...]:
    """Numbers in reading order, without overlaps and without those that belong to dates and clock times.

    Args:
        text: any text.
        language: which notation and number words to read: ``1.500`` is 1500 in Indonesian and 1.5 in English.
    """
    if not re.search(r"\d", text) and _number_words(language).isdisjoint(small_words(text)):
        return ()
    rest = _blanked(text, sorted({*(d.span for d in dates(text)), *(c.span for c in clocks(text))}))
    found: list[_Found] = []
    position = 0
    for match in _pattern(language).finditer(rest):
        if match.start() < position:
            continue
        after = _after(language).match(rest, match.end())
        one = _read(rest, match, after, language)
        if one is not None:
            position = after.end() if after else match.end()
            _append(rest, found, one)
    return tuple(one.number for one in found)


@cache
def _number_words(language: Language) -> frozenset[str]:
    """Words without which a text without figures has no number."""
    kinds = ("words", "vague", "ordinals", "halves", "parts", "scales")
    words = {word for kind in kinds for word in tables()[f"{language}_{kind}"]}
    return frozenset(words | {f"{start}per{word}" for word in words for start in ("se", "")})


def _blanked(text: str, spans: list[Span]) -> str:
    """``text`` with every span overwritten, so that offsets stay."""
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], "\0" * (end - max(start, position))]
        position = max(position, end)
    return "".join([*parts, text[position:]])


class _Found(NamedTuple):
    number: Number
    scale: Decimal
    """What a scale word after digits multiplied it by; a range may share it (``1,5-2 juta``)."""


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    """Everything that may be a number; groups tell which kind, `_read` decides."""
    t = tables()
    ones, scales = any_of(t[f"{language}_words"]), any_of(t[f"{language}_scales"])
    half, parts = any_of(t[f"{language}_halves"]), any_of(t[f"{language}_parts"])
    vague, ordinals = any_of(t[f"{language}_vague"]), any_of(t[f"{language}_ordinals"])
    digits = rf"""(?P<currency>(?<!\w)(?:{any_of(t["currencies"])})\.?\s?)?(?P<sign>(?<!\S)[-−]|\bminus\s)?
        (?P<digits>(?<![.,/:\d])(?<![^\W\d_]-)(?:(?<=rp)|(?<!\w))\d+(?:[.,]\d+)*)(?P<scale>(?:[\s-]?(?:{scales})(?:nya)?\b)*)"""
    if language == "id":
        more = rf"""(?P<fraction>\b(?:(?:{ones})\s+|se)per(?:{parts})\b)
            |(?P<ordinal>\bke-(?:\d+|{ones})\b|(?:(?<=yang\ )|(?<=abad\ ))ke\ \d+\b|\b(?:{ordinals})\b(?!-))
            |(?P<vague>\b(?:{vague})(?:\s+(?:{scales}))*\b)
            |(?P<words>\b(?<!salah\ )(?<!kaki\ )(?:{ones}|{half})(?:[\s-](?:{ones}|{scales}|{half}))*\b
               (?!-?nya|-?satu|\ (?:sama\ lain|per\ satu|pun|mata)\b))"""
    else:
        joint = r"(?:[\s-]|(?<=hundred|housand|million|billion)\sand\s|\sand\sa\s(?=half))"
        more = rf"""(?P<fraction>\b(?:(?:{ones})[\s-](?:{parts})|an?\s(?:{parts})(?=\sof\b))\b)
            |(?P<ordinal>\b\d+(?:st|nd|rd|th)\b|\b(?:(?:{ones})-)?(?:{ordinals})\b)
            |(?P<vague>\b(?:{vague})(?:\sof\s(?:{vague}))*\b)
            |(?P<words>\b(?:(?:half\s)?a\s(?:{scales})\b|one(?=[\s-](?:and\sa\shalf|{scales}|{_units()})\b)
               |(?!one\b)(?:{ones})|(?<!first\ )(?<!second\ )half)(?:{joint}(?:{ones}|{scales}|{half}))*\b)"""
    return re.compile(f"{more}|{digits}", re.IGNORECASE | re.VERBOSE)


@cache
def _units() -> str:
    return any_of(tables()["units"])


@cache
def _after(language: Language) -> re.Pattern[str]:
    """What follows a number up to its unit: ``-an``, a counting word, up to three English modifiers."""
    no_modifier = "of|and|or|in|to|the|an?|for|with|on|at|by|from|as|than|that|which|who|when|said|more|is|are|was|were"
    modifier = rf"(?:[\s-]+[\"“]?(?!(?:{no_modifier}|{_units()})\b)[a-z]+[\"”]?){{1,3}}?|\san?|(?<=s)\sof"
    counting = rf"(?:[\s-]+(?:{any_of(tables()['classifiers'])})(?=\s))"
    hedge = r"(?P<hedge>-an\b|\s+lebih\b|\s+or\s+so\b)?"
    between = f"{hedge}{counting}?" if language == "id" else f"{hedge}(?:{modifier})??"
    return re.compile(rf"{between}[\s-]*(?P<unit>{_units()})(?!\w)", re.IGNORECASE)


_TOGETHER = re.compile(r"ke(?!pertama)[^\W\d_]+", re.IGNORECASE)
"""``kedua`` and its like before a counted thing mean all of them together: ``ketiga tersangka``."""
_ATTACHED = re.compile(r"\w|[/:]\d")
_HEDGE = re.compile(
    r"\b(?:sekitar|kira-kira|kurang lebih|hampir|lebih dari|kurang dari|setidaknya|sedikitnya|paling \w+|about|around"
    r"|roughly|approximately|nearly|almost|more than|less than|over|under|at least|up to|some)\s+$",
    re.IGNORECASE,
)


def _read(text: str, match: re.Match[str], after: re.Match[str] | None, language: Language) -> _Found | None:
    """The number of a match with its unit and hedges; None for parts of names, fractions like 3/4 and odd shapes."""
    group = match.groupdict()
    low, high, scale = _value(group, language)
    if low is None or _in_name(text, match, group):
        return None
    attached = _ATTACHED.match(text, match.end())
    if text[match.start() - 1 : match.start()] == "[" and text[match.end() : match.end() + 1] == "]":
        return None  # a footnote
    if attached and (after is None or after.start("unit") != match.end()):
        return None
    unit = _unit(after) if after else None
    if group.get("currency"):
        unit = tables()["currencies"][group["currency"].strip(" .").lower()]
    ordinal = bool(group.get("ordinal")) and not (after and _TOGETHER.fullmatch(match.group()))
    hedge = _HEDGE.search(text, max(0, match.start() - 25), match.start()) or (after and after["hedge"])
    number = Number(
        value=-low if group.get("sign") else low,
        high=high,
        unit=None if ordinal else unit,
        ordinal=ordinal,
        approximate=bool(hedge or group.get("vague")),
        span=Span(*match.span()),
    )
    return _Found(number, scale)


def _unit(after: re.Match[str]) -> str | None:
    word = after["unit"]
    unit = str(tables()["units"][word.lower()])
    law = unit == "tahun" and re.compile(r"\s*\0").match(after.string, after.end())  # UU Nomor 19 Tahun 2002
    return None if law or (len(word) == 1 and word.isupper()) else unit


def _in_name(text: str, match: re.Match[str], group: dict[str, str | None]) -> bool:
    """Number words with a capital inside a sentence are part of a name: ``kota Lima``, ``Kepulauan Seribu``."""
    if group.get("digits") or not match.group()[0].isupper():
        return False
    return not re.search(r"(?:^|[.!?:;\n\"“„«(\[]|[-–—]\s)\s*$", text[max(0, match.start() - 5) : match.start()])


def _value(group: dict[str, str | None], language: Language) -> tuple[Decimal | None, Decimal | None, Decimal]:
    """Value, upper end if it is a vague amount, and the scale that digits were multiplied by."""
    one = Decimal(1)
    if group.get("digits"):
        scale = numerals.product(group["scale"] or "", tables()[f"{language}_scales"])
        plain = numerals.digits(group["digits"] or "", language)
        return None if plain is None else plain * scale, None, scale
    if group.get("vague"):
        return *numerals.vague(group["vague"] or "", language), one
    if group.get("ordinal"):
        return numerals.ordinal((group["ordinal"] or "").lower(), language), None, one
    if group.get("fraction"):
        return numerals.fraction((group["fraction"] or "").lower(), language), None, one
    return numerals.in_words((group.get("words") or "").lower(), language), None, one


_BETWEEN = re.compile(r"\s*(?:[-–—]|\b(?:to|sampai|hingga|s\.d\.|sampai dengan|dan|and)\b)\s*")


def _append(text: str, found: list[_Found], one: _Found) -> None:
    """Put ``one`` at the end of ``found``, joined with the last one if the two are the ends of a range."""
    if found and (value := _range_start(text, found[-1], one)) is not None:
        low = found.pop().number
        span = Span(low.span.start, one.number.span.end)
        one = one._replace(number=replace(one.number, value=value, high=one.number.value, span=span))
    found.append(one)


def _range_start(text: str, first: _Found, second: _Found) -> Decimal | None:
    """The lower end if two numbers are one range (``5-10``, ``antara 5 dan 10``), else None."""
    low, high = first.number, second.number
    joint = _BETWEEN.fullmatch(text, low.span.end, high.span.start)
    before = text[max(0, low.span.start - 12) : low.span.start].lower().split()
    if joint is None or low.ordinal or high.ordinal or low.high or high.high or low.unit not in (None, high.unit):
        return None
    word, lead = joint.group().strip().lower(), before[-1] if before else ""
    if word in ("dan", "and") and lead not in ("antara", "between"):
        return None
    if word in ("to", "sampai", "hingga") and lead in ("from", "dari"):
        return None
    value = low.value * second.scale if first.scale == 1 else low.value
    return value if value < high.value else None
