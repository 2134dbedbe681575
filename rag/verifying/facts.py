"""Numbers, units and dates that a claim has otherwise than its evidence.

A claim and a source, both read, go in; problems come out. Each check speaks only when it has something to point at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rag.language.numerals import any_of, tables
from rag.language.quantities import Date, Number, compare_dates, compare_numbers
from rag.types import Language, Span
from rag.verifying.evidence import Source
from rag.verifying.problems import Problem
from rag.verifying.statements import Statement


def number_problems(claim: Statement, source: Source) -> Iterator[Problem]:
    """Numbers that the source tells otherwise, or not at all."""
    said = source.said
    years = {str(d.year) for d in said.dates if d.year}
    digits = {w.folded for w in said.words if w.folded[0].isdigit()}
    written = said.text.casefold()
    for code in _CODE.findall(claim.text):
        if code.casefold() not in written:
            yield Problem("number", f"'{code}' is not in the cited passage", False)
    for number in claim.numbers:
        raw = claim.text[number.span.start : number.span.end]
        answers = [compare_numbers(number, other) for other in said.numbers]
        if "agree" in answers or raw in years or (raw in digits and not number.unit):
            continue
        if any(other.value == number.value for other in said.numbers if other.ordinal != number.ordinal):
            continue  # kedua pemimpin, the two leaders
        if number.value in _clitic_ordinals(said) or _otherwise(claim, number, said):
            continue
        if number.value == 1 and not number.ordinal and not raw[0].isdigit():
            continue  # an article: satu, one
        problem = _number_problem(claim, source, number)
        if problem is not None:
            yield problem


_ROMAN = dict(enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1))
_OVER = re.compile(
    r"(?i)(?:lebih dari|di atas|setidaknya|sedikitnya|minimal|more than|over|at least|above)\s+(?:rp\s*)?$"
)
_UNDER = re.compile(r"(?i)(?:kurang dari|di bawah|less than|fewer than|under|below)\s+(?:rp\s*)?$")
_LOOSE = Decimal("1.35")
"""How far a rounded bound may be from the number that it bounds."""


def _otherwise(claim: Statement, number: Number, said: Statement) -> bool:
    """Whether the source says a number in another way: as a Roman numeral, within a bound, with a half."""
    if number.ordinal and _roman(number, said):
        return True
    return _bounded(claim, number, said) or (number.value == _HALF and _and_a_half(claim, number, said))


def _roman(number: Number, said: Statement) -> bool:
    """``first``, where the source says ``Perang Dunia I``."""
    numeral = _ROMAN.get(int(number.value))
    return numeral is not None and any(w.text == numeral for w in said.words)


def _bounded(claim: Statement, number: Number, said: Statement) -> bool:
    """``more than 80 kota``, where the source says 82."""
    before = claim.text[max(0, number.span.start - 14) : number.span.start]
    over, under = _OVER.search(before) is not None, _UNDER.search(before) is not None
    others = [o for o in said.numbers if o.unit == number.unit and not o.ordinal and o.value > 0 and number.value > 0]
    return any(
        (over and number.value < o.value <= number.value * _LOOSE)
        or (under and number.value / _LOOSE <= o.value < number.value)
        for o in others
    )


def _and_a_half(claim: Statement, half: Number, said: Statement) -> bool:
    """``a month and a half``, where the source says ``satu setengah bulan``."""
    before = re.search(r"(\w+) and a? ?$", claim.text[: half.span.start])
    unit = tables()["units"].get(before[1].lower()) if before else None
    return any(other.value % 1 == _HALF and other.unit in {None, unit} for other in said.numbers)


def _clitic_ordinals(said: Statement) -> set[int]:
    """Values of ordinals with a clitic: ``pertamanya``, ``keduanya``."""
    ordinals = tables()["id_ordinals"]
    bases = {w.folded.removesuffix("nya") for w in said.words if w.folded.endswith("nya")}
    return {ordinals[base] for base in bases if base in ordinals}


_CODE = re.compile(r"\b[A-Za-z]{1,3}\d+\b|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])(?=\s+(?:dari|of|the|jumlah|penduduk))")
"""Names with digits (``M13``, ``km2``) and fractions."""

_HALF = Decimal("0.5")
_ANYONE = frozenset({"orang", "unit", "ekor", "korban"})
"""Counted by these, things may be named more closely elsewhere."""


def _number_problem(claim: Statement, source: Source, number: Number) -> Problem | None:
    """The source's number that comes closest, and what differs."""
    others = [o for o in source.said.numbers if o.ordinal == number.ordinal]
    conflicting = next((o for o in others if compare_numbers(number, o) == "conflict"), None)
    same_value = next((o for o in others if o.value == number.value and o.unit and number.unit), None)
    if same_value and conflicting is None and {same_value.unit, number.unit} & _ANYONE:
        return None  # 12 warga, 12 orang
    loose = next((o for o in others if o.unit is None or number.unit is None), None)
    kind, other = next(
        ((kind, o) for kind, o in (("number", conflicting), ("unit", same_value), ("number", loose)) if o), ("", None)
    )
    told = f"claim says {_shown(claim, number)}"
    if other is None:
        return Problem("number", f"{told}, source does not", False, 0.4 if number.ordinal else 1.0)
    return Problem("unit" if kind == "unit" else "number", f"{told}, source says {_shown(source.said, other)}", True)


def _shown(statement: Statement, number: Number) -> str:
    raw = statement.text[number.span.start : number.span.end]
    tail = statement.text[number.span.end :].split()
    return f"{raw} {tail[0].strip('.,;:)”')}" if number.unit and tail and raw[-1].isalnum() else raw


def date_problems(claim: Statement, source: Source) -> Iterator[Problem]:
    """Dates that the source, or the passage around it, tells otherwise or not at all."""
    near, far = source.said.dates, source.around.dates
    years = source.years | {d.year for d in (*near, *far) if d.year}
    for date in claim.dates:
        raw = claim.text[date.span.start : date.span.end]
        agreeing = [d for d in near if compare_dates(date, d) == "agree"]
        if agreeing:
            if date.year and years and date.year not in years and not any(d.year for d in agreeing):
                yield Problem("date", f"claim says {raw}, source says {min(years)}", True)
            continue
        if _written(date, source.said):
            continue
        other = next((d for d in near if compare_dates(date, d) == "conflict"), None)
        if other is not None:
            said = source.said.text[other.span.start : other.span.end]
            yield Problem("date", f"claim says {raw}, source says {said}", True)
        elif not any(compare_dates(date, d) == "agree" for d in far) and not (_only_year(date) and date.year in years):
            partial = date.weekday is not None and date.day is None
            yield Problem("date", f"{raw} is not in the cited passage", False, 0.45 if partial else 0.6)


def _written(date: Date, said: Statement) -> bool:
    """Whether every part of a date stands somewhere in the source, as in ``Agustus-Oktober``."""
    months = {tables()["months"].get(w.folded) for w in said.words}
    digits = {w.folded for w in said.words}
    if date.weekday is not None and date.month is None and date.year is None:
        return date.weekday in {tables()["weekdays"].get(w.folded) for w in said.words}
    parts = [date.month in months] if date.month else []
    return all([*parts, *(str(n) in digits for n in (date.day, date.year) if n)])


def _only_year(date: Date) -> bool:
    return date.year is not None and date.month is None


class Duration(NamedTuple):
    """A span of time without a number: ``beberapa bulan``, ``next week``."""

    sort: str
    """``some``, ``next``, ``last`` or ``this``."""
    unit: str
    """Indonesian name of the unit."""
    text: str
    span: Span


_SORTS = {
    "beberapa": "some", "sejumlah": "some", "several": "some", "few": "some", "some": "some",
    "depan": "next", "mendatang": "next", "next": "next", "coming": "next",
    "lalu": "last", "lewat": "last", "kemarin": "last", "silam": "last", "last": "last", "ago": "last", "past": "last",
    "ini": "this", "this": "this",
}  # fmt: skip
TIME_UNITS = frozenset({"detik", "menit", "jam", "hari", "minggu", "bulan", "tahun", "dekade", "abad"})
"""Indonesian names of the units in which a length of time is told."""


@cache
def _durations_pattern(language: Language) -> re.Pattern[str]:
    names = [word for word, unit in tables()["units"].items() if unit in TIME_UNITS]
    unit = rf"(?P<unit>{any_of(names)})"
    if language == "id":
        before, after = "beberapa|sejumlah", "depan|mendatang|lalu|lewat|silam|ini"
    else:
        before, after = "several|few|some|next|coming|last|past|this", "ago"
    return re.compile(
        rf"\b(?:(?P<before>{before})\s+{unit}|{unit.replace('unit>', 'unit2>')}\s+(?P<after>{after}))\b", re.I
    )


def durations(statement: Statement) -> list[Duration]:
    """Spans of time that are told without a number."""
    found = []
    for match in _durations_pattern(statement.language).finditer(statement.text):
        sort = _SORTS[(match["before"] or match["after"]).lower()]
        unit = tables()["units"][(match["unit"] or match["unit2"]).lower()]
        found.append(Duration(sort, unit, match.group(), Span(*match.span())))
    return found


def duration_problems(claim: Statement, source: Source) -> Iterator[Problem]:
    """``beberapa minggu`` where the source says ``beberapa bulan``; ``last month`` where it says ``bulan depan``."""
    known = durations(source.said)
    for told in durations(claim):
        if any(told[:2] == other[:2] for other in known):
            continue
        other = next((o for o in known if o.sort == told.sort), None)
        if other is not None:
            yield Problem("unit", f"claim says {told.text}, source says {other.text}", True)
        elif other := next((o for o in known if o.unit == told.unit and {o.sort, told.sort} == {"next", "last"}), None):
            yield Problem("date", f"claim says {told.text}, source says {other.text}", True)
