from __future__ import annotations

import pytest

from tests.test_features import column


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("Mengapa Rusia diperingatkan?", "Rusia diperingatkan karena senjata.", "Rusia diperingatkan lagi kemarin."),
        ("Di mana Kim mendarat?", "Kim mendarat di Vladivostok.", "Kim mendarat dengan selamat."),
        ("Apa itu pelmeni?", "Pelmeni adalah pangsit.", "Pelmeni dimakan panas."),
        ("Berapa lama Kim tinggal?", "Kim tinggal enam hari.", "Kim tinggal sebentar."),
        ("Bagaimana Kim pergi?", "Kim pergi dengan kereta.", "Kim pergi lagi."),
    ],
)
def test_words_that_fit_the_kind_of_question(question: str, better: str, worse: str) -> None:
    fit, other = column("fit_near", question, (better,), (worse,))
    assert fit > other


def test_the_subject_stands_early() -> None:
    early, late = column(
        "subject",
        "Siapa Peskov?",
        ("Peskov berbicara kepada wartawan kemarin sore.",),
        ("Kemarin sore kepada wartawan berbicara Peskov.",),
    )
    assert early > late > 0


def test_without_any_match_distances_are_long() -> None:
    assert column("fit_near", "Kapan Kim tiba?", ("Hujan 13 September 2023.",)) == [
        0.04
    ]  # month and year at distance 50
