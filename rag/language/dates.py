"""Dates and clock times of Indonesian and English text: a text comes in, records with spans go out.

``17 September 2023``, ``September 17, 2023``, ``(17/9/2023)``, ``Rabu (13/9)``, ``Juli 2000``, ``sejak 2019`` and
``hari Rabu`` all become a `Date`; what a text leaves out stays None. ``pukul 10.30 WIB`` and ``10:30 am`` become a
`Clock`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Literal, NamedTuple

from rag.language.numerals import any_of, small_words, tables
from rag.types import Span

Agreement = Literal["agree", "conflict", "silent"]
"""What two values say about each other: the same, something else, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A day, month, year or weekday as far as the text tells it."""

    year: int | None = None
    month: int | None = None
    """1..12"""
    day: int | None = None
    """1..31"""
    weekday: int | None = None
    """0 (Monday) .. 6, as named by the text."""
    decade: bool = False
    """True for ``1980-an`` and ``1980s``: the ten years from ``year`` on."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day."""

    hour: int
    """0..23"""
    minute: int | None = None
    """0..59; None when only the hour is told."""
    zone: str | None = None
    """``WIB``, ``GMT`` and the like, as written."""
    span: Span


def compare_dates(one: Date, other: Date) -> Agreement:
    """Whether two dates can be the same day: what both tell must match; a full date tells its weekday too.

    ``17 September`` agrees with ``17/9/2023``, ``2019`` with ``25 April 2019``; ``Juli`` is silent about ``2019``.
    """
    pairs = [(one.month, other.month), (one.day, other.day), (_weekday(one), _weekday(other))]
    shared = [a == b for a, b in pairs if a is not None and b is not None]
    if one.year is not None and other.year is not None:
        shared.append(_years(one)[0] <= _years(other)[1] and _years(other)[0] <= _years(one)[1])
    if not shared:
        return "silent"
    return "agree" if all(shared) else "conflict"


def compare_clocks(one: Clock, other: Clock) -> Agreement:
    """Whether two times of day are the same; times of different zones are silent about each other."""
    if one.zone and other.zone and one.zone != other.zone:
        return "silent"
    minutes = one.minute is None or other.minute is None or one.minute == other.minute
    return "agree" if one.hour == other.hour and minutes else "conflict"


def dates(text: str) -> tuple[Date, ...]:
    """Dates in reading order, without overlaps; day before month where digits leave both open (``9/10/2023``)."""
    figures = re.search(r"\d", text) is not None
    named = not calendar_words().isdisjoint(small_words(text))
    found: list[Date] = []
    rest = text
    for form in _forms():
        if (figures or not form.figures) and (named or not form.named):
            rest = form.pattern.sub(partial(_take_dates, found), rest)
    return tuple(sorted(found, key=lambda d: d.span))


@cache
def calendar_words() -> frozenset[str]:
    """Names of months and weekdays, in small letters."""
    return frozenset({*tables()["months"], *tables()["weekdays"], "jum"})


def clocks(text: str) -> tuple[Clock, ...]:
    """Clock times in reading order, without overlaps."""
    found: list[Clock] = []
    rest = text
    if not re.search(r"\d", text):
        return ()
    for pattern in _CLOCKS:
        rest = pattern.sub(partial(_take_clock, found), rest)
    return tuple(sorted(found, key=lambda c: c.span))


def _weekday(value: Date) -> int | None:
    if value.weekday is None and value.year and value.month and value.day:
        return date(value.year, value.month, value.day).weekday()
    return value.weekday


def _years(value: Date) -> tuple[int, int]:
    year = value.year or 0
    return year, year + 9 if value.decade else year


class _Form(NamedTuple):
    """A way of writing dates, and what a text must have for it to be worth looking."""

    pattern: re.Pattern[str]
    figures: bool = True
    named: bool = False


@cache
def _forms() -> tuple[_Form, ...]:
    """Most specific first; each sees only what the ones before it left."""
    months, weekdays = set(tables()["months"]), set(tables()["weekdays"]) - {"minggu"}
    sure = {m for m in months if len(m) > 3} - {"march", "sept", "agus"}
    month = rf"\b(?P<month>{any_of(months)})\b\.?"
    day = r"(?<![\w.,/:])(?<!-)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    to = r"(?:\s*(?:[-–—]|\b(?:sampai|hingga|dan|to|and)\b)\s*(?P<day2>\d{1,2})(?:st|nd|rd|th)?)?"
    cue = r"\b(?:in|since|until|by|during|early|late|sejak|pada|hingga|sampai|selama|bulan|awal|akhir)\s+"
    counted = rf"(?!\s*(?:{any_of({*tables()['units'], *tables()['id_scales'], *tables()['en_scales']})})\b)"
    free = r"(?<![\w.,/:$€£-])(?<!\brp )(?<!\bno )(?<!\bno\. )(?<!nomor )"
    end = r"(?![\w/:%]|[.,]\d|-\w)"
    year = r"(?P<year>\d{4})(?!\d)"
    figures = (
        r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)",
        rf"{day}(?:[-–](?P<day2>\d{{1,2}}))?/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d{{2}}))?(?![\d/])",
        rf"{day}(?P<s>[.-])(?P<month>\d{{1,2}})(?P=s){year}",
    )
    both = (
        rf"{day}{to}\s+(?:of\s+)?{month}(?:,?\s+(?:tahun\s+)?{year})?",
        rf"{month}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{to}(?:,?\s+{year}|(?![\d.,]*\d))",
        rf"{month},?\s+(?:tahun\s+|of\s+)?{year}",
    )
    years = (
        r"(?<![\w.,/-])(?P<year>(?:1\d|20)\d0)(?:(?P<decade>-?an|s))\b",
        rf"{free}(?P<year>(?:1[5-9]|20)\d\d)\s?[-–—/]\s?(?P<year2>(?:1[5-9]|20)\d\d){end}",
        rf"(?:\b(?:tahun|year)|{cue[:-3]})\s+(?P<year>1\d{{3}}|20\d\d){end}{counted}",
        r"\b(?:tahun|year)\s+(?P<year>\d{3,4})\b(?![.,]\d)",
        rf"{free}(?P<year>(?:1[89]|20)\d\d){end}{counted}",
    )
    names = (
        rf"\b(?P<month>{any_of(sure)})\b(?!-)",
        rf"{cue}(?P<month>(?-i:Mei|May|March|Maret))\b",
        rf"\b(?:hari\s+(?P<minggu>minggu)|(?P<weekday>{any_of(weekdays)}|(?-i:Minggu)))\b(?![\s,(]*\0)",
    )
    return (
        *(_Form(re.compile(pattern, re.IGNORECASE)) for pattern in figures),
        *(_Form(re.compile(pattern, re.IGNORECASE), named=True) for pattern in both),
        *(_Form(re.compile(pattern, re.IGNORECASE)) for pattern in years),
        *(_Form(re.compile(pattern, re.IGNORECASE), figures=False, named=True) for pattern in names),
    )


@cache
def _weekday_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<weekday>{any_of(set(tables()['weekdays']) - {'minggu'})}|(?-i:Minggu))\b[\s,(]*$", re.I)


def _take_dates(found: list[Date], match: re.Match[str]) -> str:
    """Put the dates of a match into ``found`` and blank it, or leave it as it is if it is none."""
    group = match.groupdict()
    before = match.string[max(0, match.start() - 14) : match.start()]
    opened = _weekday_before().search(before) if group.get("day") else None
    month, day, day2 = _month(group), _number(group.get("day")), _number(group.get("day2"))
    if month is not None and day is not None and month > 12 >= day:
        month, day = day, month
    years: list[int | None] = [_year(group[name]) for name in ("year", "year2") if group.get(name)]
    years, days = years or [None], [day] if day2 is None else [day, day2]
    if _bare_fraction(group, before, opened) or not all(_exists(y, month, d) for y in years for d in days):
        return match.group()
    start = match.start() - len(opened.group()) if opened else match.start()
    bounds = [match.span(name) for name, value in group.items() if value]
    span = Span(start if opened else min(bounds)[0], max(end for _, end in bounds))
    named = opened["weekday"] if opened else group.get("weekday") or group.get("minggu") or ""
    weekday = tables()["weekdays"].get(named.lower())
    for year in years:
        for number, one in enumerate(days):
            told, decade = weekday if number == 0 else None, bool(group.get("decade"))
            found.append(Date(year=year, month=month, day=one, weekday=told, decade=decade, span=span))
    return "\0" * (match.end() - match.start())


def _bare_fraction(group: dict[str, str | None], before: str, opened: re.Match[str] | None) -> bool:
    """``3/4`` is a date only after a weekday, a bracket or ``tanggal``; ``may 5`` only with a capital or a year."""
    if group.get("year"):
        return False
    if (group.get("month") or "").isdigit():
        return opened is None and not re.search(r"(?:\(|\btanggal)\s*$", before, re.IGNORECASE)
    return group.get("month") in ("may", "march")


def _month(group: dict[str, Any]) -> int | None:
    word = group.get("month")
    if not word:
        return None
    return int(word) if word.isdigit() else int(tables()["months"][word.lower()])


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _year(digits: str) -> int:
    """Two digits mean the hundred years that end in 2069 (POSIX ``%y`` draws the line in 1969/2068 alike)."""
    value = int(digits)
    return value if len(digits) > 2 else value + (2000 if value < 70 else 1900)


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    if month is not None and not 1 <= month <= 12:
        return False
    return day is None or 1 <= day <= (calendar.monthrange(year or 2000, month)[1] if month else 31)


_PART = r"(?:\s*(?P<part>pagi|siang|sore|malam|dini hari|[ap]\.?m\b\.?))"
_ZONE = r"(?:\s*(?P<zone>WIB|WITA|WIT|GMT|UTC)\b)"
_HOUR = r"(?<![\w.,/:-])(?P<hour>\d{1,2})"
_CLOCKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d )\b(?:pukul|jam)\s+{_HOUR}(?:[.:](?P<minute>\d\d))?(?!\d|\s*(?:menit|detik)){_PART}?{_ZONE}?",
        rf"{_HOUR}[.:](?P<minute>\d\d){_PART}?{_ZONE}",
        rf"{_HOUR}(?:[.:](?P<minute>\d\d))?\s*(?P<part>[ap]\.?m\b\.?)",
        rf"{_HOUR}:(?P<minute>\d\d)(?![\d:])",
    )
)
_AFTERNOON = {"siang": 5, "sore": 11, "malam": 11, "pm": 11}
"""Last hour that a word for a later part of the day moves by twelve hours: ``pukul 3 sore``, but ``11 siang``."""


def _take_clock(found: list[Clock], match: re.Match[str]) -> str:
    group = match.groupdict()
    hour, minute = int(group["hour"]), _number(group.get("minute"))
    part = (group.get("part") or "").lower().replace(".", "")
    if hour > 24 or (minute or 0) > 59:
        return match.group()
    if 0 < hour <= _AFTERNOON.get(part, 0):
        hour += 12
    elif hour == 24 or (hour == 12 and part in ("am", "malam", "dini hari")):
        hour = 0
    found.append(Clock(hour=hour, minute=minute, zone=group.get("zone"), span=Span(*match.span())))
    return "\0" * len(match.group())
