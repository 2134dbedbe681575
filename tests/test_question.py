from __future__ import annotations

import pytest

from rag.finding.question import Query, analyse
from rag.language.glossary import Glossary

GLOSSARY = Glossary.load()


def ask(text: str) -> Query:
    return analyse(text, GLOSSARY)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Siapa juru bicara Kremlin?", "id", "who"),
        ("Kapan Kim tiba di Rusia?", "id", "when"),
        ("Tahun berapa perjanjian itu ditandatangani?", "id", "when"),
        ("Di mana pertemuan itu diadakan?", "id", "where"),
        ("Dimanakah letak pabrik itu?", "id", "where"),
        ("Berapa drone yang diterima Kim?", "id", "how_many"),
        ("Berapa lama kunjungan itu berlangsung?", "id", "how_long"),
        ("Mengapa Amerika Serikat memperingatkan Rusia?", "id", "why"),
        ("Bagaimana Kim pergi ke Rusia?", "id", "how"),
        ("Apa itu pelmeni?", "id", "definition"),
        ("Apakah Putin menerima undangan Kim?", "id", "yes_no"),
        ("Apa isi pidatonya?", "id", "what"),
        ("Who is the Kremlin's spokesman?", "en", "who"),
        ("In what year was the treaty signed?", "en", "when"),
        ("Which country did they visit?", "en", "where"),
        ("How many drones did Kim receive?", "en", "how_many"),
        ("How long did the visit last?", "en", "how_long"),
        ("Why did the United States warn Russia?", "en", "why"),
        ("How did Kim travel?", "en", "how"),
        ("What does pelmeni mean?", "en", "definition"),
        ("Did Putin accept the invitation?", "en", "yes_no"),
        ("What did they eat?", "en", "what"),
    ],
)
def test_language_and_kind(text: str, language: str, kind: str) -> None:
    query = ask(text)
    assert (query.language, query.kind) == (language, kind)


@pytest.mark.parametrize(
    "text", ["Hadiah apa saja yang ditukar?", "What gifts were exchanged?", "Which countries were visited?"]
)
def test_questions_for_several_things(text: str) -> None:
    assert ask(text).several


def test_one_thing_is_not_several() -> None:
    assert not ask("Siapa presiden Rusia?").several
    assert not ask("What is the capital of Russia?").several


def test_stop_and_question_words_are_no_terms() -> None:
    assert ask("Kapan Kim tiba di Rusia?").stems == ("kim", "tiba", "rusia")
    assert [group.text for group in ask("What is meant by a village?").groups] == ["village"]
    assert [group.text for group in ask("Apa definisi dari dimensi?").groups] == ["dimensi"]


def test_names_are_runs_of_capitals() -> None:
    query = ask("Kapan Kim Jong Un bertemu dengan Vladimir Putin?")
    assert query.names == ("Kim Jong Un", "Vladimir Putin")
    assert [group.text for group in query.groups if group.name] == ["Kim", "Jong", "Un", "Vladimir", "Putin"]


def test_a_short_word_after_a_hyphen_belongs_to_the_name() -> None:
    assert ask("Kapan Kim Jong-il meninggal?").names == ("Kim Jong-il",)
    assert ask("Is it a Moscow-based agency?").names == ("Moscow",)


def test_english_words_are_translated_and_names_pass_through() -> None:
    query = ask("Where did Kim meet Zelensky?")
    by_text = {group.text: group for group in query.groups}
    assert ("temu",) in [way.stems for way in by_text["meet"].alternatives]
    assert by_text["Zelensky"].alternatives[0].stems == ("zelensky",)
    assert not by_text["Zelensky"].known
    assert "Zelensky" in query.embedding_text


def test_the_longest_phrase_is_translated_as_one() -> None:
    groups = ask("Did the United States warn Russia?").groups
    united = next(group for group in groups if group.text == "United States")
    assert ("amerika", "serikat") in [way.stems for way in united.alternatives]


def test_weights_fall_with_rank_and_numbers_are_kept() -> None:
    query = ask("How many missiles were fired on 13 September 2023?")
    assert query.numbers == ("13", "2023")
    for group in query.groups:
        weights = [way.weight for way in group.alternatives]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)


def test_a_question_of_stop_words_has_no_groups() -> None:
    assert ask("Apa itu?").groups == ()
