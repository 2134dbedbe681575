from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from evals.commands import load_articles, load_cases
from evals.dataset import CaseError, case_of, digest, load, load_split, parse
from evals.dataset_check import problems
from rag.articles.files import make_article

GOOD: dict[str, Any] = {
    "id": "handshake-id", "split": "dev", "language": "id", "question": "Berapa lama?", "type": "how_long",
    "answerable": True, "evidence": [[{"article": "a", "quote": "selama 40 detik"}]],
    "facts": [{"forms": ["40 detik", "40 seconds"]}], "group": "handshake",
}  # fmt: skip
OFF: dict[str, Any] = {
    **GOOD, "id": "off-id", "type": "off_topic", "answerable": False, "evidence": [], "facts": [], "group": "off",
}  # fmt: skip
TEXT = "Kim dan Putin berjabat tangan selama 40 detik. Mereka makan siang."
ARTICLES = {"a": make_article(id="a", source="a.txt", origin="a.txt", text=TEXT)}


def test_a_case_is_read_as_it_is_written() -> None:
    case = parse(json.dumps(GOOD))
    assert case.facts[0].required
    assert case.history == ()
    assert case.evidence[0][0].quote == "selama 40 detik"
    assert case_of(asdict(case)) == case


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": "Handshake"}, "id: expected small letters"),
        ({"split": "train"}, "split: expected one of dev, test"),
        ({"question": " "}, "question: expected text"),
        ({"type": "riddle"}, "type: expected one of"),
        ({"answerable": "yes"}, "answerable: expected true or false"),
        ({"answerable": False}, "answerable: expected true for how_long"),
        ({"evidence": []}, "evidence: expected some exactly when answerable"),
        ({"evidence": [[]]}, "evidence: expected a list with something in it"),
        ({"evidence": [[{"article": "a"}]]}, "evidence: expected lists of {article, quote}"),
        ({"facts": [{"forms": []}]}, "facts: expected at least one form"),
        ({"facts": [{"forms": ["x"], "required": False}]}, "facts: expected a required one"),
        ({"facts": [{"form": "x"}]}, "facts: expected {forms, required}"),
        ({"history": "Siapa?"}, "history: expected a list of texts"),
        ({"type": "follow_up"}, "history: expected earlier questions"),
        ({"colour": "red"}, "fields: expected only"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(change: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseError) as error:
        parse(json.dumps({**GOOD, **change}), "cases.jsonl:7")
    assert str(error.value).startswith("cases.jsonl:7: ")
    assert told in str(error.value)


def test_a_missing_field_and_broken_json() -> None:
    with pytest.raises(CaseError, match="saw 'none of group'"):
        parse(json.dumps({k: v for k, v in GOOD.items() if k != "group"}))
    with pytest.raises(CaseError, match="one JSON object"):
        parse("{")
    with pytest.raises(CaseError, match="saw list"):
        parse("[]")


def write(path: Path, *cases: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
    return path


def test_an_id_comes_once_and_a_file_holds_its_own_split(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"dev\.jsonl:2: expected a new id"):
        load(write(tmp_path / "dev.jsonl", GOOD, GOOD))
    write(tmp_path / "test.jsonl", GOOD)
    with pytest.raises(CaseError, match=r"test\.jsonl:1: expected split 'test'"):
        load_split("test", tmp_path)
    with pytest.raises(CaseError, match="nowhere"):
        load(tmp_path / "nowhere.jsonl")


def check(*cases: dict[str, Any]) -> list[str]:
    return problems([case_of(case) for case in cases], ARTICLES)


def test_a_good_set_has_no_problems() -> None:
    assert check(GOOD, OFF) == []


Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"evidence": [[{"article": "a", "quote": "selama 41 detik"}]]}, "saw 0"),
        ({"evidence": [[{"article": "a", "quote": "a"}]]}, "exactly once"),
        ({"evidence": [[{"article": "b", "quote": "selama"}]]}, "no such article"),
        ({"facts": [{"forms": ["41 detik"]}]}, "a perfect quoting answer would miss it"),
        ({"forbidden": ["Putin"]}, "forbidden 'Putin' stands in a gold sentence"),
    ],
)
def test_what_does_not_fit_the_articles(change: dict[str, Any], told: str) -> None:
    (problem,) = check({**GOOD, **change})
    assert problem.startswith("dev/handshake-id: ")
    assert told in problem


def test_splits_share_neither_group_nor_sentence() -> None:
    other = {**GOOD, "id": "other-id", "split": "test"}
    assert any("group 'handshake' is in both splits" in p for p in check(GOOD, other))
    elsewhere = {**other, "group": "lunch"}
    assert check(GOOD, elsewhere) == [
        "dev/handshake-id and test/other-id: the same gold sentence Span(start=0, end=46) of a is in both splits"
    ]


def test_the_digest_is_of_content_and_order() -> None:
    one, other = case_of(GOOD), case_of(OFF)
    assert digest([one, other]) == digest([one, other])
    assert digest([one, other]) != digest([other, one])


def test_the_committed_set_fits_the_seeds() -> None:
    cases = load_cases(None)
    assert problems(cases, load_articles(None)) == []
    assert len(cases) >= 160
    assert sum(not case.answerable for case in cases) >= 50
    assert 0.4 <= sum(case.language == "id" for case in cases) / len(cases) <= 0.6
