from __future__ import annotations

import pytest

from rag.finding.expecting import MEASURES, measure_of
from rag.finding.views import CLASSES
from rag.types import Language
from tests.test_features import column


@pytest.mark.parametrize(
    ("plain", "language", "measure"),
    [
        ("harga limusin itu berapa?", "id", "money"),
        ("berapa beratnya?", "id", "mass"),
        ("berapa lama perjalanannya?", "id", "time"),
        ("tahun berapa ia lahir?", "id", None),
        ("berapa umur wali kota?", "id", "age"),
        ("berapa jarak ke kota?", "id", "length"),
        ("berapa tank?", "id", None),
        ("siapa yang membayar?", "id", None),
        ("how much did the car cost?", "en", "money"),
        ("what was the price of the car?", "en", "money"),
        ("price of the car?", "en", "money"),
        ("how old is she?", "en", "age"),
        ("how many days did it last?", "en", "time"),
        ("how many tanks?", "en", None),
        ("who paid?", "en", None),
    ],
)
def test_the_measure_that_is_asked_for(plain: str, language: Language, measure: str | None) -> None:
    assert measure_of(plain, language) == measure


def test_every_measure_is_a_class_of_words() -> None:
    assert set(MEASURES) <= set(CLASSES)


def test_an_amount_in_the_right_unit() -> None:
    chunks = (("Bantuan itu Rp15 juta.",), ("Bantuan itu 15 ton.",), ("Rupiah melemah terhadap bantuan.",))
    assert column("measured", "Berapa nilai uang bantuan itu?", *chunks) == [1, 0, 0]
    assert column("measure_asked", "Berapa nilai uang bantuan itu?", *chunks) == [1, 1, 1]
    assert column("measured", "Siapa pemberi bantuan?", *chunks) == [1, 1, 1]
    assert column("measure_asked", "Siapa pemberi bantuan?", *chunks) == [0, 0, 0]


def test_an_amount_beside_the_sentence() -> None:
    chunk = ("Bantuan datang.", "Nilainya Rp15 juta.", "Hujan.", "Banjir.")
    assert column("measured_around", "Berapa uang bantuan?", chunk) == [1, 1, 1, 0]


def test_an_age_stands_behind_the_name() -> None:
    chunks = (("Nurlela (46) berlari.",), ("Nurlela berlari 46 kali.",), ("Rabu (9/3) Nurlela berlari.",))
    assert column("measured", "Berapa umur Nurlela?", *chunks) == [1, 0, 0]
