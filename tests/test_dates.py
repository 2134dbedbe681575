from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.dates import Agreement, Clock, Date, clocks, compare_clocks, compare_dates, dates

Parts = tuple[int | None, int | None, int | None, int | None]


def _parts(text: str) -> list[Parts]:
    return [(d.year, d.month, d.day, d.weekday) for d in dates(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17/9/2023", (2023, 9, 17, None)), ("(13/9)", (None, 9, 13, None)), ("Rabu (13/9)", (None, 9, 13, 2)),
        ("Jumat (15/9/2023)", (2023, 9, 15, 4)), ("Jumat, 15 September 2023", (2023, 9, 15, 4)),
        ("17 September 2023", (2023, 9, 17, None)), ("September 17, 2023", (2023, 9, 17, None)),
        ("Friday, September 15, 2023", (2023, 9, 15, 4)), ("the 17th of September 2023", (2023, 9, 17, None)),
        ("17 Sept", (None, 9, 17, None)), ("Sept. 17", (None, 9, 17, None)), ("17 september", (None, 9, 17, None)),
        ("2023-09-17", (2023, 9, 17, None)), ("17-9-2023", (2023, 9, 17, None)), ("17.09.2023", (2023, 9, 17, None)),
        ("9/17/2023", (2023, 9, 17, None)), ("17/9/23", (2023, 9, 17, None)), ("17/9/98", (1998, 9, 17, None)),
        ("Juli 2000", (2000, 7, None, None)), ("July 2000", (2000, 7, None, None)),
        ("bulan Mei", (None, 5, None, None)),
        ("in May", (None, 5, None, None)), ("bulan Oktober", (None, 10, None, None)),
        ("tahun 2019", (2019, None, None, None)),
        ("in 2019", (2019, None, None, None)), ("sejak 2019.", (2019, None, None, None)),
        ("tahun 476", (476, None, None, None)),
        ("tahun 1602", (1602, None, None, None)), ("hari Rabu", (None, None, None, 2)),
        ("on Sunday", (None, None, None, 6)),
        ("hari minggu", (None, None, None, 6)), ("tanggal 13/9", (None, 9, 13, None)),
        ("mei 2023", (2023, 5, None, None)),
        ("25 April 2019, di kota", (2019, 4, 25, None)), ("Pemilu 2024", (2024, None, None, None)),
    ],
)  # fmt: skip
def test_one_date(text: str, expected: Parts) -> None:
    assert _parts(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13-17 September 2023", [(2023, 9, 13, None), (2023, 9, 17, None)]),
        ("(13-15/9/2023)", [(2023, 9, 13, None), (2023, 9, 15, None)]),
        ("25 dan 26 April", [(None, 4, 25, None), (None, 4, 26, None)]),
        ("2019-2021", [(2019, None, None, None), (2021, None, None, None)]),
        ("Rabu (13/9) dan Kamis (14/9)", [(None, 9, 13, 2), (None, 9, 14, 3)]),
        ("28 Agustus - 3 September 2023", [(None, 8, 28, None), (2023, 9, 3, None)]),
    ],
)
def test_several_dates(text: str, expected: list[Parts]) -> None:
    assert _parts(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Kim pulang", "dua minggu", "3/4 bagian", "31/2/2023", "32/13/2023", "you may 5 times", "May said so",
    "march on",
     "2019 orang", "Rp 2000", "No. 2000", "1.500", "tahun 5", "Su-2019", "2019,5"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert dates(text) == ()


def test_a_day_that_does_not_exist_leaves_the_month() -> None:
    assert _parts("32 September") == [(None, 9, None, None)]


def test_decades() -> None:
    for text in ("tahun 1980-an", "the 1980s"):
        (decade,) = dates(text)
        assert (decade.year, decade.decade) == (1980, True)


def test_spans_are_in_the_text() -> None:
    text = "Pada Rabu (13/9) dan 17 September 2023 serta Juli 2000."
    assert [text[d.span.start : d.span.end] for d in dates(text)] == ["Rabu (13/9", "17 September 2023", "Juli 2000"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("17 September", "17/9/2023", "agree"), ("17 September 2023", "September 17, 2023", "agree"),
        ("17 September", "18/9/2023", "conflict"), ("2019", "25 April 2019", "agree"), ("2019", "2020", "conflict"),
        ("Juli", "tahun 2019", "silent"), ("Rabu", "13/9/2023", "agree"), ("Kamis", "13/9/2023", "conflict"),
        ("Wednesday", "hari Rabu", "agree"), ("Rabu (13/9)", "Wednesday", "agree"), ("the 1980s", "1985", "agree"),
        ("1980-an", "1990", "conflict"), ("hari Rabu", "17 September", "silent"),
        ("September 2023", "17/9/2023", "agree"),
        ("Oktober", "17/9/2023", "conflict"),
    ],
)  # fmt: skip
def test_compare_dates(one: str, other: str, expected: Agreement) -> None:
    (a,), (b,) = dates(one), dates(other)
    assert compare_dates(a, b) == compare_dates(b, a) == expected


MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
"November",
          "Desember"]  # fmt: skip


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_way(day: date) -> None:
    written = [
        f"({day.day}/{day.month}/{day.year})", f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%B} {day.day}, {day.year}", day.isoformat(),
    ]  # fmt: skip
    for text in written:
        assert _parts(f"Pada {text} itu") == [(day.year, day.month, day.day, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pukul 10.30 WIB", (10, 30, "WIB")), ("10:30 am", (10, 30, None)), ("at 5 p.m.", (17, None, None)),
        ("jam 3 sore", (15, None, None)), ("pukul 12 malam", (0, None, None)), ("pukul 12 siang", (12, None, None)),
        ("pukul 11 siang", (11, None, None)), ("12 pm", (12, None, None)), ("12 am", (0, None, None)),
        ("19.00 WIB", (19, 0, "WIB")), ("pukul 9 malam", (21, None, None)), ("23:59", (23, 59, None)),
        ("pukul 24.00", (0, 0, None)),
    ],
)  # fmt: skip
def test_clocks(text: str, expected: tuple[int, int | None, str | None]) -> None:
    assert [(c.hour, c.minute, c.zone) for c in clocks(text)] == [expected]


@pytest.mark.parametrize("text", ["", "2 jam 10 menit", "selama jam kerja", "pukul 61", "10.30", "10:75", "skor 3:2"])
def test_no_clock(text: str) -> None:
    assert clocks(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("pukul 10.30 WIB", "10:30 am", "agree"), ("pukul 3 sore", "15:00", "agree"), ("jam 3", "15:00", "conflict"),
        ("10.30 WIB", "10.30 WITA", "silent"), ("10:30", "10:45", "conflict"),
    ],
)  # fmt: skip
def test_compare_clocks(one: str, other: str, expected: Agreement) -> None:
    (a,), (b,) = clocks(one), clocks(other)
    assert compare_clocks(a, b) == compare_clocks(b, a) == expected


@given(st.text(alphabet="0123456789/.-:() ,ApMmeirlJutahnSnRbW", max_size=60))
def test_any_text_gives_dates_inside_it(text: str) -> None:
    found: list[Date | Clock] = [*dates(text), *clocks(text)]
    for one in found:
        assert 0 <= one.span.start < one.span.end <= len(text)
    for one_date in dates(text):
        if one_date.year and one_date.month and one_date.day:
            date(one_date.year, one_date.month, one_date.day)
