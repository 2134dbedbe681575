from __future__ import annotations

from typing import get_args

import pytest

from rag.answering.abstaining import SLOT_NAMES, reason
from rag.finding.question import analyse
from rag.finding.slots import Slot
from rag.language.glossary import Glossary
from rag.types import Hit
from tests.test_views import chunk_of

GLOSSARY = Glossary.load()
HITS = (Hit(chunk=chunk_of("Presiden Rusia bertemu Kim.", "Mereka makan siang."), score=0.1),)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Zelensky say to Kim?", "The archive does not mention “Zelensky”."),
        ("Siapa presiden Prancis?", "Arsip tidak menyebut “Prancis”."),
        ("Apakah Nelson Mandela bertemu Kim?", "Arsip tidak menyebut “Nelson Mandela”."),
        ("Siapa yang memasak makan siang?", "Arsip tidak menyebut “memasak”."),
        ("Apakah Kim presiden?", "Bagian yang ditemukan memuat kata-kata pertanyaan, tetapi tidak menjawabnya."),
        ("Who is the president?", "The passages found have the words of the question but do not answer it."),
    ],
)
def test_reasons_are_specific_and_in_the_question_s_language(question: str, expected: str) -> None:
    assert reason(analyse(question, GLOSSARY), HITS, unfilled=False) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Kapan Kim makan siang?", "tetapi tidak waktu yang ditanyakan."),
        ("How old is the president?", "but not the age it asks for."),
        ("Siapa presiden Prancis?", "Arsip tidak menyebut “Prancis”."),
    ],
)
def test_what_nothing_tells_is_named(question: str, expected: str) -> None:
    assert reason(analyse(question, GLOSSARY), HITS, unfilled=True).endswith(expected)


def test_every_slot_has_a_word_for_it() -> None:
    assert set(SLOT_NAMES) == set(get_args(Slot)) - {"open"}


def test_nothing_found_at_all() -> None:
    nothing = reason(analyse("Siapa presiden Prancis?", GLOSSARY), (), unfilled=False)
    assert nothing == "Arsip tidak memuat apa pun tentang ini."
    assert reason(analyse("What is it?", GLOSSARY), HITS, unfilled=False) == "The archive has nothing about this."


def test_not_more_than_three_names() -> None:
    said = reason(analyse("Did Zelensky, Macron, Scholz and Sunak meet Kim?", GLOSSARY), HITS, unfilled=True)
    assert said == "The archive does not mention “Zelensky” or “Macron” or “Scholz”."
