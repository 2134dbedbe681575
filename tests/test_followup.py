from __future__ import annotations

import pytest

from rag.answering.followup import by_rules, full_question
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from rag.types import Turn

GLOSSARY = Glossary.load(None)
EN = Turn(question="What did Putin give Kim Jong Un?", answer="Putin gave Kim Jong Un a rifle and a glove. [1]")
ID = Turn(
    question="Hadiah apa yang diberikan Putin kepada Kim Jong Un?",
    answer="Putin memberi Kim Jong Un senapan dan sarung tangan. [1]",
)
WHO = Turn(question="Siapa juru bicara Kremlin?", answer="Juru bicara Kremlin adalah Dmitry Peskov. [1]")


@pytest.mark.parametrize(
    ("turn", "question", "carried"),
    [
        (EN, "and what did he get in return?", ["Putin", "Kim Jong Un"]),
        (EN, "when?", ["Putin", "Kim Jong Un"]),
        (EN, "Why did he do that?", ["Putin", "Kim Jong Un"]),
        (EN, "where did they meet?", ["Putin", "Kim Jong Un"]),
        (ID, "kalau hadiah dari Kim?", ["Putin", "diberikan"]),
        (ID, "kapan?", ["Putin", "Kim Jong Un", "Hadiah"]),
        (ID, "di mana itu?", ["Putin", "Kim Jong Un"]),
        (ID, "dan apa imbalannya?", ["Putin", "Kim Jong Un", "Hadiah"]),
        (ID, "berapa lama kunjungannya?", ["Putin", "Kim Jong Un"]),
        (ID, "bagaimana dengan Lukashenko?", ["Hadiah", "diberikan"]),
        (ID, "siapa yang menerima?", ["Putin", "Kim Jong Un"]),
        (ID, "Kim?", ["Putin", "Hadiah"]),
        (WHO, "apa kata dia?", ["Kremlin", "Dmitry Peskov"]),
        (WHO, "Kapan dia tiba di Vladivostok?", ["Dmitry Peskov"]),
        (WHO, "When did he leave Vladivostok?", ["Dmitry Peskov"]),
    ],
)
def test_what_a_follow_up_leaves_out_is_put_in(turn: Turn, question: str, carried: list[str]) -> None:
    full = by_rules(question, [turn], GLOSSARY)
    assert full.startswith(question.rstrip("?"))
    assert full.endswith(")?")
    assert [word for word in carried if word not in full] == []


def test_another_name_takes_the_place_of_the_earlier_ones() -> None:
    full = by_rules("bagaimana dengan Lukashenko?", [ID], GLOSSARY)
    assert "Putin" not in full
    assert "Kim" not in full


@pytest.mark.parametrize(
    "question",
    [
        "Who is Dmitry Peskov?",
        "Which jets does the Komsomolsk factory make?",
        "Where did Kim Jong Un go and what did he see?",
        "Apa itu PBB?",
        "Siapa Dmitry Peskov?",
        "Siapa presiden?",
        "Apa yang dibuat pabrik di Komsomolsk-on-Amur?",
    ],
)
@pytest.mark.parametrize("turn", [EN, ID], ids=["en", "id"])
def test_a_question_that_stands_by_itself_is_left_alone(turn: Turn, question: str) -> None:
    assert by_rules(question, [turn], GLOSSARY) == question


def test_without_history_nothing_changes() -> None:
    assert full_question("and then?", [], GLOSSARY) == "and then?"


def test_names_are_carried_along_a_chain() -> None:
    first = by_rules("kapan?", [ID], GLOSSARY)
    second = by_rules("di mana?", [ID, Turn(question=first)], GLOSSARY)
    assert "Putin" in second
    assert second.count("Putin") == 1
    assert len(second) < 200


def test_a_full_question_keeps_its_language_and_kind() -> None:
    query = analyse(by_rules("when?", [EN], GLOSSARY), GLOSSARY)
    assert (query.language, query.kind) == ("en", "when")
    query = analyse(by_rules("kapan?", [ID], GLOSSARY), GLOSSARY)
    assert (query.language, query.kind) == ("id", "when")
