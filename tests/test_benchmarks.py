from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.benchmarks import abstention, answers, retrieval
from evals.benchmarks.archive import by_language, load
from evals.benchmarks.baselines import Bm25

PASSAGES = {
    "Gunung Merapi meletus pada 5 November 2010. Ribuan warga mengungsi.": [
        ("Kapan Gunung Merapi meletus?", "5 November 2010")
    ],
    "Candi Borobudur terletak di Magelang. Candi itu dibangun oleh wangsa Syailendra.": [
        ("Di mana letak Candi Borobudur?", "Magelang"),
        ("Siapa yang membangun Candi Prambanan?", None),
    ],
    "Papeda adalah bubur sagu khas Maluku. Warnanya putih.": [("Apa itu papeda?", "bubur sagu khas Maluku")],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "idk_mrc"
    folder.mkdir()
    entries = []
    for number, (context, rows) in enumerate(PASSAGES.items()):
        qas = [
            {"id": f"q{number}{place}", "question": question, "is_impossible": answer is None,
             "answers": [{"text": answer, "answer_start": context.index(answer)}] if answer else []}
            for place, (question, answer) in enumerate(rows)
        ]  # fmt: skip
        entries.append({"context": context, "qas": qas})
    (folder / "train.json").write_text(json.dumps(entries[:1]), "utf-8")
    (folder / "valid.json").write_text(json.dumps(entries[1:]), "utf-8")
    return tmp_path


@pytest.fixture
def english(tmp_path: Path) -> Path:
    file = tmp_path / "english.jsonl"
    file.write_text('{"id": "q10", "question": "Where is Borobudur temple?"}\n', "utf-8")
    return file


def test_all_passages_but_one_split_s_questions(data: Path, english: Path) -> None:
    loaded = load(data, "valid")
    assert list(loaded.passages.values()) == list(PASSAGES)
    assert [question.id for question in loaded.questions] == ["q10", "q11", "q20"]
    asked = by_language(loaded, "valid", english)
    assert [question.text for question in asked["en"]] == ["Where is Borobudur temple?"]
    assert asked["en"][0].answers == ("Magelang",)
    assert [question.id for question in load(data, "valid", 1).answerable()] == ["q10"]
    with pytest.raises(FileNotFoundError):
        load(data, "test")


def test_bm25_by_hand() -> None:
    baseline = Bm25({"a": "kim kim putin", "b": "kim"}, stems=False, k1=1.0, b=0.0)
    # idf(kim) = ln(1 + .5/2.5), tf parts 2*2/3 and 1*2/2
    assert baseline.scores("Kim?").round(4).tolist() == [0.2431, 0.1823]
    assert baseline.best("Putin", 5) == ["a"]


def test_the_three_tables(data: Path, english: Path) -> None:
    found = retrieval.run(data, "valid", None, english)
    assert "| Kutip | 2 | 1.000" in found
    assert "| Kutip | 1 | 1.000" in found
    quoted = answers.run(data, "valid", None, english)
    assert "| Kutip, never abstaining | 2 | 1.000" in quoted
    abstained = abstention.run(data, "valid", None, english)
    assert "| off topic, Indonesian: rightly abstained | 2 | 1.000" in abstained
    assert "AUC" in abstained
