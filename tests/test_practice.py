from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from evals.benchmarks.practice import PRACTICE, run
from evals.commands import load_articles
from evals.dataset import load
from evals.dataset_check import problems

FILES = sorted(PRACTICE.glob("*/*.jsonl"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_the_questions_fit_their_articles(file: Path) -> None:
    cases = load(file)
    assert problems(cases, load_articles(file.parent / "articles")) == []
    assert {case.split for case in cases} == {file.stem}
    assert sum(not case.answerable for case in cases) >= 16
    assert min(Counter(case.language for case in cases).values()) >= 27


def test_held_out_archives_are_told_by_their_name() -> None:
    assert {file.parent.name for file in FILES if file.stem == "test"} == {
        "held_embassy", "held_ferry", "held_haze", "held_hospital", "held_prince", "held_shipyard", "held_strike",
    }  # fmt: skip
    assert sum(file.stem == "dev" for file in FILES) == 57


def test_the_tables(tmp_path: Path) -> None:
    place = tmp_path / "flood"
    shutil.copytree(PRACTICE / "flood/articles", place / "articles")
    lines = (PRACTICE / "flood/dev.jsonl").read_text("utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line)["type"] in {"off_topic", "comparison"}]
    (place / "dev.jsonl").write_text("\n".join(chosen) + "\n", "utf-8")
    found = run(tmp_path)
    assert "| tuned on: answerable | n |" in found
    assert "| off_topic | 2 | 1.000" in found
    assert "held out" not in found
