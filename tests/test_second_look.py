from __future__ import annotations

import pytest

from rag.answering.second_look import FEATURES, Place, look_again, place, second_features, second_look, spread
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from tests.test_views import chunk_of

GLOSSARY = Glossary.load()


def places(*sentences: str) -> list[Place]:
    """The first sentence with what stands beside it."""
    return [place(chunk_of(*sentences), 0)]


def features(question: str, *sentences: str) -> dict[str, float]:
    query = analyse(question, GLOSSARY)
    values = second_features(query, places(*sentences), 0.5, 0.4, GLOSSARY)
    return dict(zip(FEATURES, values.tolist(), strict=True))


def sure(question: str, *sentences: str, first: float = 0.5) -> float:
    return look_again(analyse(question, GLOSSARY), places(*sentences), first, 0.4, GLOSSARY).confidence


def test_a_place_is_a_sentence_with_its_neighbours() -> None:
    chunk = chunk_of("Kapal berlayar.", "Kapal karam.", "Awak selamat.", "Hujan turun.")
    around = place(chunk, 1)
    assert around.evidence.quote == "Kapal berlayar. Kapal karam. Awak selamat."
    assert around.evidence.quote[around.sentence.start : around.sentence.end] == "Kapal karam."
    assert place(chunk, 0).evidence.quote == "Kapal berlayar. Kapal karam."


def test_what_the_slot_lacks() -> None:
    row = features("Berapa harga filternya?", "Filter diganti tiap 18 bulan.", "Harganya Rp2 juta.")
    assert (row["first_measure_inside"], row["first_measure_around"]) == (1, 0)  # the price is in the next sentence
    row = features("Berapa harga filternya?", "Harga filter Rp2 juta.")
    assert row["first_measure_inside"] == row["first_measure_around"] == 0
    far = features("Berapa harga filternya?", "Harga beras Rp2 juta sejak Senin, kata warga yang membeli filter.")
    assert row["first_measure_beside_all"] < far["first_measure_beside_all"]
    assert all(row[name] == 0 for name in FEATURES if "_date_" in name or "_cause_" in name)


def test_counting_what_is_asked_for() -> None:
    asked = "Berapa kapal yang karam?"
    assert features(asked, "Tiga kapal karam.")["first_count_counted"] == 0
    assert features(asked, "Tiga awak kapal yang karam selamat, kata nakhoda kapal.")["first_count_near"] < 1


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("Berapa ongkos busnya?", "Ongkos bus itu Rp20.000.", "Ongkos bus itu naik pada Senin."),
        ("How old is the captain?", "Kapten Sutanta (41) mundur.", "Kapten Sutanta mundur setelah 41 hari."),
        ("Mengapa Sutanta mundur?", "Sutanta mundur karena sakit.", "Sutanta mundur pada Senin."),
        ("Why did Sutanta refuse the offer?", "Sutanta menolak tawaran itu karena sakit.", "Sutanta menerimanya."),
        ("Apa tanggapan Sutanta?", "Sutanta mengatakan ia kecewa.", "Warga mencari Sutanta di pelabuhan."),
    ],
)  # fmt: skip
def test_a_sentence_that_tells_makes_it_surer(question: str, told: str, not_told: str) -> None:
    assert sure(question, told) > sure(question, not_told)


def test_the_first_look_counts() -> None:
    chances = [sure("Siapa nakhoda kapal?", "Nakhoda Sutanta selamat.", first=first) for first in (0.0, 0.3, 0.9, 1.0)]
    assert chances == sorted(chances)
    assert all(0 < chance < 1 for chance in chances)


def test_without_a_sentence_the_first_look_stands() -> None:
    assert look_again(analyse("Siapa nakhoda?", GLOSSARY), [], 0.2, 0.4, GLOSSARY) == (0.2, False)
    assert look_again(analyse("What is it?", GLOSSARY), places("Kapal karam."), 0.0, 0.4, GLOSSARY).confidence == 0


def test_the_spread_is_that_of_the_best_passages() -> None:
    assert spread(["a", "b", "a", "a"]) == 0.5
    assert spread([*"aaaaaaaaaaaa", "b", "c"]) == 1 / 12


def test_a_slot_that_nothing_fills_is_told() -> None:
    query = analyse("Berapa ongkos busnya?", GLOSSARY)
    assert look_again(query, places("Ongkos bus naik pada Senin."), 0.5, 0.4, GLOSSARY).unfilled
    assert not look_again(query, places("Ongkos bus Rp20.000."), 0.5, 0.4, GLOSSARY).unfilled
    assert not look_again(analyse("Apakah bus datang?", GLOSSARY), places("Bus datang."), 0.5, 0.4, GLOSSARY).unfilled


def test_a_question_of_question_words_only() -> None:
    assert 0 < sure("Siapa?", "Nakhoda Sutanta selamat.") < 1


def test_the_threshold_is_a_probability() -> None:
    assert 0 < second_look().threshold < 1
    assert set(second_look().trees.features) <= set(FEATURES)
