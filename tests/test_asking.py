from __future__ import annotations

import pytest

from rag.finding.asking import asks_for_several, focus, is_negated
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from rag.types import Language

GLOSSARY = Glossary([("gubernur", ("governor",)), ("senjata", ("weapons",)), ("tank", ("tank",))])


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Berapa tank yang dihadiahkan gubernur kepada Kim?", "tank"),
        ("Universitas apa?", "Universitas"),
        ("Rompi untuk Kim beratnya berapa?", "beratnya"),
        ("Siapa nama gubernur yang bertemu Kim?", "gubernur"),
        ("What is the name of the governor who met Kim?", "governor"),
        ("How many tanks did the governor present?", "tanks"),
        ("Kapan Kim lahir?", "lahir"),
        ("Kapan Lavrov ke Moskow?", None),
    ],
)
def test_the_word_that_is_asked_for(question: str, word: str | None) -> None:
    query = analyse(question, GLOSSARY)
    assert (query.groups[query.focus].text if query.focus >= 0 else None) == word


def test_words_that_are_said_in_another_way_have_no_place() -> None:
    words = ["how", "much", "does", "the", "limo", "cost"]
    assert focus(words, [("harga", False), ("limo", False), ("cost", False)]) == 1


@pytest.mark.parametrize(
    ("plain", "language", "several"),
    [
        ("which islands are there?", "en", True),
        ("which russian officials are going?", "en", True),
        ("what does russia want?", "en", False),
        ("do the articles agree on the date?", "en", True),
        ("apa semua berita sepakat soal tanggalnya?", "id", True),
        ("hadiah apa saja?", "id", True),
        ("siapa yang datang?", "id", False),
    ],
)
def test_lists_and_disagreements_ask_for_several(plain: str, language: Language, several: bool) -> None:
    assert asks_for_several(plain, language) is several


def test_questions_about_what_is_not_so() -> None:
    assert is_negated("siapa yang tidak datang?", "id")
    assert is_negated("who didn't come?", "en")
    assert not is_negated("siapa yang tiba di nottingham?", "id")
    assert not is_negated("who came to nottingham?", "en")


def test_words_in_brackets_count_less() -> None:
    query = analyse("Apa hadiahnya (Kim Jong Un, gubernur)?", GLOSSARY)
    assert {group.text: group.weight for group in query.groups}["hadiahnya"] == 1.0
    assert all(group.weight < 0.5 for group in query.groups if group.text != "hadiahnya")


def test_a_word_that_is_also_outside_the_brackets_counts_in_full() -> None:
    query = analyse("Apa kata gubernur (gubernur Kim)?", GLOSSARY)
    assert [group.weight for group in query.groups if group.text == "gubernur"] == [1.0, 1.0]
