from __future__ import annotations

from tests.test_features import column


def test_any_part_of_a_name_stands_for_the_whole() -> None:
    chunks = (("Kim tiba.",), ("Kim Jong Un tiba.",), ("Putin tiba.",))
    units, share = (column(name, "Kapan Kim Jong Un tiba?", *chunks) for name in ("units", "share"))
    assert units[:2] == [1, 1]
    assert 0 < units[2] < 1
    assert 0 < share[2] < share[0] < share[1] == 1


def test_names_side_by_side_are_not_one() -> None:
    assert 0.5 < column("units", "Kapan Kim dan Putin tiba?", ("Kim tiba.",))[0] < 1


def test_what_every_candidate_has_tells_nothing() -> None:
    chunks = (("Kim Jong Un pulang.",), ("Kim Jong Un makan.",), ("Ayah Kim bernama Jong.",))
    values = column("rare_here", "Siapa ayah Kim Jong Un?", *chunks)
    assert values[2] == 1 > 0.25 > values[0] == values[1]


def test_neighbours_count_within_the_chunk() -> None:
    chunks = (("Hadiah diberikan.", "Ada lima drone.", "Hujan."), ("Hujan.",))
    assert column("units_around", "Berapa drone?", *chunks) == [1, 1, 1, 0]
    assert column("units", "Berapa drone?", *chunks) == [0, 1, 0, 0]


def test_a_number_in_the_question_that_the_sentence_lacks() -> None:
    assert column("digits_missing", "Siapa juara 2019?", ("Juara 2019 Andi.",), ("Juara 2020 Budi.",)) == [0, 1]


def test_the_word_that_is_asked_for_and_a_fitting_word_near_it() -> None:
    chunks = (("Ada lima drone di Rusia.",), ("Ada lima rompi dan drone.",), ("Ada lima rompi.",))
    assert column("focus", "Berapa drone di Rusia?", *chunks) == [1, 1, 0]
    assert column("focus_fit", "Berapa drone di Rusia?", *chunks) == [1, 0.3333, 0.02]
    assert column("plain_missing", "Berapa drone di Rusia?", *chunks)[:2] == [0, 0]
    assert column("plain_missing", "Berapa drone di Rusia?", *chunks)[2] > 0


def test_a_thing_that_is_not_named() -> None:
    asked = "Universitas apa yang dikunjungi Kim?"
    assert column("focus_indefinite", asked, ("Kim ke sebuah universitas.",), ("Kim ke Universitas Putih.",)) == [1, 0]


def test_what_is_not_so() -> None:
    chunks = (("Perjanjian belum diteken.",), ("Perjanjian diteken.",))
    assert column("negation_said", "Di mana perjanjian diteken?", *chunks) == [1, 0]
    assert column("negation_asked", "Siapa yang tidak meneken perjanjian?", *chunks) == [0, 1]


def test_the_opposite_of_what_is_asked() -> None:
    chunks = (("Putin menerima undangan.",), ("Putin menolak undangan.",), ("Undangan Putin hilang.",))
    values = column("opposed", "Mengapa Putin menolak undangan?", *chunks)
    assert values[0] > 0 == values[1] == values[2]
