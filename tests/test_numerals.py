from __future__ import annotations

from decimal import Decimal

import pytest

from rag.language.numerals import any_of, digits, fraction, in_words, ordinal, product, small_words, tables, vague
from rag.types import Language


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.500", "id", "1500"), ("1.500", "en", "1.500"), ("1,500", "en", "1500"), ("1,500", "id", "1.500"),
        ("1.500.000", "en", "1500000"), ("1,500,000", "id", "1500000"), ("1.500,75", "id", "1500.75"),
        ("1,500.75", "id", "1500.75"), ("3.5", "id", "3.5"), ("0.500", "id", "0.500"), ("007", "id", "7"),
        ("2023", "en", "2023"),
    ],
)  # fmt: skip
def test_digits(text: str, language: Language, value: str) -> None:
    assert digits(text, language) == Decimal(value)


@pytest.mark.parametrize("text", ["1.2.3", "1.2,3.4", "10.20.30", "1" * 41])
def test_odd_shapes_are_no_number(text: str) -> None:
    assert digits(text, "id") is None


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("lima", "id", 5), ("sebelas", "id", 11), ("dua belas", "id", 12), ("dua puluh lima", "id", 25),
        ("seratus dua puluh", "id", 120), ("seribu dua ratus", "id", 1200), ("dua ratus ribu", "id", 200_000),
        ("tiga juta lima ratus ribu", "id", 3_500_000), ("satu setengah juta", "id", 1_500_000),
        ("twenty-five", "en", 25), ("two hundred and five", "en", 205), ("a dozen", "en", 12),
        ("half a million", "en", 500_000),
        ("one and a half million", "en", 1_500_000), ("three thousand two hundred", "en", 3200),
    ],
)  # fmt: skip
def test_number_words(text: str, language: Language, value: int) -> None:
    assert in_words(text, language) == value


def test_words_that_make_no_number() -> None:
    assert in_words("tiga empat", "id") is None
    assert in_words("nineteen eighty", "en") is None


def test_ordinals_fractions_and_vague_amounts() -> None:
    assert [ordinal(t, "id") for t in ("ke-3", "ke-lima", "keempat", "pertama")] == [3, 5, 4, 1]
    assert [ordinal(t, "en") for t in ("21st", "twenty-first", "third")] == [21, 21, 3]
    assert [fraction(t, "id") for t in ("seperempat", "tiga perempat")] == [Decimal("0.25"), Decimal("0.75")]
    assert [fraction(t, "en") for t in ("a quarter", "two-fifths")] == [Decimal("0.25"), Decimal("0.4")]
    assert vague("puluhan ribu", "id") == vague("tens of thousands", "en") == (10_000, 99_999)
    assert product("ratus ribu", {"ratus": 100, "ribu": 1000}) == 100_000


def test_tables_are_consistent() -> None:
    assert set(tables()["months"].values()) == set(range(1, 13))
    assert set(tables()["weekdays"].values()) == set(range(7))
    units = set(tables()["units"].values())
    assert set(tables()["conversions"]) <= units
    assert {base for base, _ in tables()["conversions"].values()} <= units
    assert set(tables()["currencies"].values()) <= units | {"pound", "yen"}


def test_any_of_prefers_the_longest() -> None:
    assert any_of(["km", "km persegi", "a.b"]) == r"km\ persegi|a\.b|km"
    assert small_words("Dua 3 Tiga") == ["dua", "tiga"]
