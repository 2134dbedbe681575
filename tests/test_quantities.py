from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.dates import Agreement
from rag.language.quantities import compare_numbers, numbers
from rag.types import Language


def _values(text: str, language: Language) -> list[tuple[Decimal, str | None]]:
    return [(n.value, n.unit) for n in numbers(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("1.500.000", "id", 1_500_000, None), ("1,5 juta", "id", 1_500_000, None),
        ("1.5 million", "en", 1_500_000, None),
        ("Rp1,5 triliun", "id", 1.5e12, "rupiah"), ("Rp 1.500.000", "id", 1_500_000, "rupiah"),
        ("$5", "en", 5, "dolar"),
        ("US$ 5 juta", "id", 5_000_000, "dolar"), ("3 juta dolar AS", "id", 3_000_000, "dolar"),
        ("€3.2 billion", "en", 3.2e9, "euro"), ("3,05 persen", "id", "3.05", "persen"),
        ("3.05%", "en", "3.05", "persen"),
        ("1.500", "id", 1500, None), ("1.500", "en", "1.5", None), ("1,500", "en", 1500, None),
        ("dua puluh lima", "id", 25, None), ("lima drone", "id", 5, "drone"),
        ("twenty-five drones", "en", 25, "drone"),
        ("setengah jam", "id", "0.5", "jam"), ("half an hour", "en", "0.5", "jam"),
        ("satu setengah bulan terakhir", "id", "1.5", "bulan"), ("one and a half months", "en", "1.5", "bulan"),
        ("40 detik", "id", 40, "detik"), ("40-second handshake", "en", 40, "detik"), ("enam hari", "id", 6, "hari"),
        ("a six-day trip", "en", 6, "hari"), ("empat tahun", "id", 4, "tahun"),
        ("650 kilometres", "en", 650, "kilometer"),
        ("40km", "id", 40, "kilometer"), ("-5 derajat", "id", -5, "derajat"),
        ("minus 5 degrees", "en", -5, "derajat"),
        ("lima buah rudal", "id", 5, "rudal"), ("lima unit rumah", "id", 5, "rumah"),
        ("lima orang", "id", 5, "orang"),
        ("lima orang tentara", "id", 5, "tentara"), ("five short-range ballistic missiles", "en", 5, "rudal"),
        ("five “kamikaze” drones", "en", 5, "drone"), ("lima peluncur rudal", "id", 5, None),
        ("dua kali", "id", 2, "kali"),
        ("Tiga orang tewas", "id", 3, "orang"), ("sepertiga warga", "id", Decimal(1) / 3, "warga"),
        ("UU Nomor 19 Tahun 2002", "id", 19, None),
        ("15,5 jutanya", "id", 15_500_000, None),
        ("4,2 tahun cahaya", "id", "4.2", "tahun cahaya"),
        ("kedua pemimpin", "id", 2, "pemimpin"), ("the two leaders", "en", 2, "pemimpin"),
        ("one drone", "en", 1, "drone"),
        ("a dozen people", "en", 12, "orang"), ("Boeing 747", "en", 747, None),
        ("5 percentage points", "en", 5, "poin persentase"),
    ],
)  # fmt: skip
def test_one_amount(text: str, language: Language, value: object, unit: str | None) -> None:
    (number,) = numbers(text, language)
    assert (number.value, number.unit) == (Decimal(str(value)), unit)
    assert not number.ordinal


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "id"), ("Su-35 dan Su-57", "id"), ("COVID-19", "id"), ("G20", "en"), ("jaringan 5G", "id"),
        ("3/4", "id"),
        ("1.2.3", "id"), ("17 September 2023", "id"), ("pukul 10.30 WIB", "id"), ("Rabu (13/9)", "id"),
        ("sejak 2019", "id"),
        ("salah satu pabrik", "id"), ("secara empat mata", "id"), ("satu-satunya", "id"), ("kota Lima", "id"),
        ("Kepulauan Seribu", "id"), ("one of the plants", "en"), ("no one", "en"), ("Formula One", "en"),
        ("tiga empat", "id"), ("nineteen eighty-four", "en"), ("pertama-tama", "id"), ("katanya [12].", "id"),
        ("pedagang kaki lima", "id"),
    ],
)  # fmt: skip
def test_no_number(text: str, language: Language) -> None:
    assert numbers(text, language) == ()


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("abad ke 19", "id", 19),
        ("yang ke 21", "id", 21),
        ("ke-3", "id", 3), ("ketiga", "id", 3), ("kunjungan kedua Putin", "id", 2),
        ("untuk pertama kalinya", "id", 1),
        ("the third visit", "en", 3), ("3rd", "en", 3), ("abad ke-19", "id", 19),
        ("the twenty-first century", "en", 21),
    ],
)  # fmt: skip
def test_ordinals(text: str, language: Language, place: int) -> None:
    (number,) = numbers(text, language)
    assert (number.value, number.ordinal, number.unit) == (place, True, None)


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "unit"),
    [
        ("puluhan ribu tentara", "id", 10_000, 99_999, "tentara"),
        ("tens of thousands of soldiers", "en", 10_000, 99_999, "tentara"),
        ("belasan orang", "id", 11, 19, "orang"), ("dozens of people", "en", 24, 99, "orang"),
        ("ratusan juta rupiah", "id", 100_000_000, 999_999_999, "rupiah"), ("40-50 orang", "id", 40, 50, "orang"),
        ("lima hingga enam jam", "id", 5, 6, "jam"), ("5 to 10 days", "en", 5, 10, "hari"),
        ("between 5 and 10 people", "en", 5, 10, "orang"), ("antara 5 dan 10 orang", "id", 5, 10, "orang"),
        ("1,5-2 juta", "id", 1_500_000, 2_000_000, None),
    ],
)  # fmt: skip
def test_ranges(text: str, language: Language, low: int, high: int, unit: str | None) -> None:
    (number,) = numbers(text, language)
    assert (number.value, number.high, number.unit) == (low, high, unit)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("dari 40 menjadi 50 persen", "id"),
        ("from 40 to 50", "en"),
        ("skor 2-1", "id"),
        ("40 dan 50", "id"),
        ("40 5-6", "id"),
    ],
)
def test_two_numbers_are_not_always_a_range(text: str, language: Language) -> None:
    found = numbers(text, language)
    assert len(found) == 2
    assert text == "40 5-6" or all(n.high is None for n in found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("sekitar 650 kilometer", "id"), ("lebih dari 40 orang", "id"), ("40 lebih orang", "id"),
        ("40-an orang", "id"),
        ("about 650 km", "en"), ("at least 40 people", "en"), ("ribuan orang", "id"), ("40 or so people", "en"),
    ],
)  # fmt: skip
def test_hedged_numbers(text: str, language: Language) -> None:
    (number,) = numbers(text, language)
    assert number.approximate


def test_spans_hold_the_number_without_its_unit() -> None:
    text = "Ia memberi lima drone dan Rp1,5 triliun, naik 3,05 persen pada 17/9/2023."
    assert [text[n.span.start : n.span.end] for n in numbers(text, "id")] == ["lima", "Rp1,5 triliun", "3,05"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("lima drone", "id"), ("five drones", "en"), "agree"), (("lima drone", "id"),
        ("six drones", "en"), "conflict"),
        (("lima drone", "id"), ("6 hari", "id"), "silent"), (("lima", "id"), ("five drones", "en"), "agree"),
        (("lima", "id"), ("six drones", "en"), "silent"), (("lima", "id"), ("enam", "id"), "silent"),
        (("2 jam", "id"), ("120 minutes", "en"), "agree"), (("2 jam", "id"), ("2 minutes", "en"), "conflict"),
        (("1,5 juta", "id"), ("1.5 million", "en"), "agree"), (("400 mil", "id"), ("644 km", "en"), "agree"),
        (("puluhan ribu tentara", "id"), ("50,000 soldiers", "en"), "agree"),
        (("puluhan ribu tentara", "id"), ("500,000 soldiers", "en"), "conflict"),
        (("sekitar 650 km", "id"), ("655 km", "en"), "agree"), (("sekitar 650 km", "id"),
        ("700 km", "en"), "conflict"),
        (("650 km", "id"), ("655 km", "en"), "conflict"), (("ketiga", "id"), ("third", "en"), "agree"),
        (("ketiga", "id"), ("three", "en"), "silent"), (("40-50 orang", "id"), ("45 people", "en"), "agree"),
        (("3,05 persen", "id"), ("3.05%", "en"), "agree"), (("Rp5", "id"), ("$5", "en"), "silent"),
        (("nol drone", "id"), ("zero drones", "en"), "agree"), (("satu tahun", "id"), ("12 months", "en"), "agree"),
    ],
)  # fmt: skip
def test_compare_numbers(one: tuple[str, Language], other: tuple[str, Language], expected: Agreement) -> None:
    (a,), (b,) = numbers(*one), numbers(*other)
    assert compare_numbers(a, b) == compare_numbers(b, a) == expected


UNITS = [
    "dua",
    "lima",
    "puluh",
    "ratus",
    "ribu",
    "juta",
    "setengah",
    "twenty",
    "hundred",
    "half",
    "a",
    "and",
    "of",
    "third",
]
PARTS = st.sampled_from(
    [*UNITS, "ke-", "1.500", "3,5", "%", "Rp", "$", "-", " ", " ", "sekitar ", "km", "orang", ".", "("]
)


@given(st.lists(PARTS, max_size=20).map("".join), st.sampled_from(["id", "en"]))
def test_any_text_gives_ordered_numbers_inside_it(text: str, language: Language) -> None:
    end = 0
    for number in numbers(text, language):
        assert end <= number.span.start < number.span.end <= len(text)
        assert number.high is None or number.value <= number.high
        assert compare_numbers(number, number) == "agree"
        end = number.span.end


@given(st.integers(min_value=0, max_value=10**12))
def test_both_notations_mean_the_same(value: int) -> None:
    english = f"{value:,}"
    indonesian = english.replace(",", ".")
    expected = [(Decimal(value), "orang")]
    assert _values(f"ada {indonesian} orang", "id") == _values(f"some {english} people", "en") == expected
