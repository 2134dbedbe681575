from __future__ import annotations

import pytest

from rag.answering.parts import MOST, parts
from rag.answering.quoting import quoted
from rag.finding.question import Query, analyse
from rag.language.glossary import Glossary
from rag.types import Hit, Language
from tests.test_extractive import claims, hit

GLOSSARY = Glossary.load()


@pytest.mark.parametrize(
    ("question", "language", "pieces"),
    [
        ("Who leads the team, and how long will it search?", "en", 2),
        ("Where did the boat leave from, and to which port was it going?", "en", 2),
        ("Kapan Dewi melapor, dan apa yang akan ia dapat?", "id", 2),
        ("dapur itu buka dari kapan, karyawannya ada brp?", "id", 2),
        ("Siapa yang mundur? Lalu siapa penggantinya?", "id", 2),
        ("Who sent the letter, what did it say, when did it arrive, and who read it?", "en", MOST),
        ("When and where was the treaty signed?", "en", 1),
        ("How old is Dewi, the volunteer who found the child?", "en", 1),
        ("Siapa yang berkata “Kalau pindah, mau makan apa?”", "id", 1),
        ("Berapa korbannya? Kok beritanya beda?", "id", 1),
        ("Apa saja yang diberikan Dewi dan Rahmat?", "id", 1),
        ("What gifts did Dewi and Rahmat exchange?", "en", 1),
        ("gempa", "id", 1),
    ],
)
def test_what_is_asked_at_once(question: str, language: Language, pieces: int) -> None:
    found = parts(question, language, GLOSSARY)
    assert len(found) == pieces
    assert pieces > 1 or found == (question,)


def test_a_later_part_is_made_complete() -> None:
    first, second = parts("Siapa yang memimpin Kopra Jaya, dan berapa gajinya?", "id", GLOSSARY)
    assert first == "Siapa yang memimpin Kopra Jaya?"
    assert second.startswith("berapa gajinya")
    assert "Kopra Jaya" in second


def test_each_part_is_looked_for_and_has_its_turn() -> None:
    question = "Kapan kapal karam, dan siapa nakhodanya?"
    passages = {"kapan": hit("a", ("Kapal karam pada 3 Mei.", 0.9)), "siapa": hit("b", ("Nakhodanya Sutanta.", 0.9))}
    asked: list[str] = []

    def find(part: Query) -> list[Hit]:
        asked.append(part.text)
        return [passages[part.text.split()[0].lower()]]

    draft = quoted(analyse(question, GLOSSARY), [passages["kapan"]], find, GLOSSARY)
    assert [text.split()[0] for text in asked] == ["Kapan", "siapa"]
    assert claims(draft) == [("Kapal karam pada 3 Mei.", ["a"]), ("Nakhodanya Sutanta.", ["b"])]


def test_a_question_of_one_part_is_not_looked_for_again() -> None:
    def find(part: Query) -> list[Hit]:
        raise AssertionError(part.text)

    found = hit("a", ("Kapal karam pada 3 Mei.", 0.9))
    assert claims(quoted(analyse("Kapan kapal karam?", GLOSSARY), [found], find, GLOSSARY))


def test_it_abstains_when_no_part_is_answered() -> None:
    query = analyse("Kapan kapal karam, dan siapa nakhodanya?", GLOSSARY)
    draft = quoted(query, [], lambda part: [], GLOSSARY)
    assert draft.claims == ()
    assert draft.reason
