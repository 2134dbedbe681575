from __future__ import annotations

from importlib.resources import files

from rag.finding.question import analyse
from rag.language.glossary import Glossary
from rag.language.synonyms import synonyms
from rag.language.words import stem


def test_words_for_one_another() -> None:
    assert {"tewas", "wafat"} <= set(synonyms("meninggal"))
    assert synonyms("xyzzy") == ()


def test_a_word_is_never_its_own_synonym() -> None:
    assert all(stem(other) != "beri" for other in synonyms("memberi"))


def test_every_line_is_a_word_and_others() -> None:
    lines = files("rag").joinpath("data/synonyms.tsv").read_text("utf-8").splitlines()
    assert len(lines) > 3_000
    for line in lines:
        head, tab, others = line.partition("\t")
        assert tab, line
        assert head == head.strip() != "", line
        assert all(other.strip() for other in others.split(";")), line
        assert others == "; ".join(other.strip() for other in others.split(";")), line


def test_a_question_is_looked_for_in_other_words_too() -> None:
    glossary = Glossary([])
    (group,) = analyse("meninggal?", glossary).groups
    ways = {way.stems: way.weight for way in group.alternatives}
    assert ways[(stem("meninggal"),)] == 1.0
    assert 0 < ways[("tewas",)] <= 0.5


def test_names_have_no_synonyms() -> None:
    (group,) = analyse("siapa Bambang Surya?", Glossary([])).groups[:1]
    assert len(group.alternatives) == 1
