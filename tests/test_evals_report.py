from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.commands import write_report
from evals.compare import compare
from evals.figures import calibration, expected_calibration_error, risk_coverage, roc
from evals.gates import GATES
from evals.judge_report import to_json
from evals.judging import standings
from evals.plots import bars, curves
from evals.report import Beside, headlines, sections
from evals.report_html import badness, page
from evals.report_markdown import markdown
from evals.runner import write_rows
from evals.stats import Estimate
from evals.summary import judge_agreement, metric, show, tables
from tests.evals_rows import manifest, row
from tests.test_evals_judging import PROBES

DAY = date(2024, 2, 29)
ROWS = [
    row("q1-id", group="q1"), row("q1-en", language="en", group="q1", said="lama"),
    row("q2-id", type="near_miss", said=None, confidence=0.2), row("q3-id", error="<b>gone</b>"),
    row("q4-id", split="test", said="sebentar"),
    row("q5-id", split="test", type="off_topic", said=None, confidence=0.1),
    row("q1-id", answerer="nothing", said=None, confidence=0.0),
    row("q4-id", answerer="nothing", split="test", said=None),
]  # fmt: skip


class Reader(HTMLParser):
    """Collects what a browser would fetch or run, and checks that tags are balanced."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "xlink:href", "data", "action"} and not (value or "").startswith("#"):
                self.fetched.append(f"{tag} {name}={value}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@cache
def html(*, hide: bool = True) -> str:
    found = list(sections(manifest(*ROWS), ROWS, Beside(day=DAY, command="make <it>", breaches=[])))
    return page(found, ROWS, "A run", hide=hide)


def test_the_page_needs_nothing_else_and_is_well_formed() -> None:
    reader = Reader()
    reader.feed(html())
    assert reader.open == []
    assert reader.fetched == []
    assert {"script", "link", "img", "iframe"}.isdisjoint(reader.tags)
    assert "svg" in reader.tags


def test_what_comes_from_outside_is_escaped() -> None:
    text = html()
    assert "<b>gone</b>" not in text
    assert "&lt;b&gt;gone&lt;/b&gt;" in text
    assert "Berapa lama? &lt;q1-id&gt;" in text
    assert "make &lt;it&gt;" in text


def test_ids_are_unique() -> None:
    ids = re.findall(r'\bid="([^"]+)"', html())
    assert len(ids) == len(set(ids))


def test_examples_worst_first_and_test_left_out() -> None:
    text = html()
    order = [text.index(f"extractive/dev/{id},") for id in ("q3-id", "q1-en", "q1-id")]
    assert order == sorted(order)
    assert "extractive/test/q4-id" not in text
    assert "2 examples of test are not shown" in text
    assert "extractive/test/q4-id" in html(hide=False)


def test_wrong_with_confidence_is_worse() -> None:
    sure, unsure = row("a", said="lama", confidence=0.9), row("b", said="lama", confidence=0.3)
    ranked = [row("c", error="x"), sure, unsure, row("d", said=None), row("e")]
    assert [badness(r) for r in ranked] == sorted(badness(r) for r in ranked)


def test_the_same_run_gives_the_same_bytes() -> None:
    assert html() == html.__wrapped__()


def test_headlines_and_slices() -> None:
    (title, grid), _ = headlines(ROWS)
    assert title == "Results on dev"
    assert grid.head == ("metric", "n", "extractive", "nothing (baseline)")
    line = next(r for r in grid.rows if r[0] == "Answer correctness")
    assert line[1] == "3"
    assert line[2].startswith("0.333 [")
    text = markdown(sections(manifest(*ROWS), ROWS, Beside(day=DAY, command="x")), "A run")
    assert ", measured 2024-02-29: 8 examples" in text
    assert "| extractive | dev | language=en | 1 |" in text
    assert "English minus Indonesian" in text
    assert "| extractive | dev | Answer correctness | -1.000 | 1 |" in text
    assert "| Evidence recall | all | >= 0.90 |" in text


def test_gates_judges_and_changes_are_told() -> None:
    given = {"lexical": [(True, 0.9), (False, 0.4), (True, 0.8), (False, 0.5), (False, 0.1)]}
    found = list(standings(PROBES, given, resamples=9))
    beside = Beside(
        day=DAY,
        command="x",
        judged=(found, {"s (id)": {"lexical": [(0.0, 0.0), (1.0, 1.0)]}}),
        changes=compare([ROWS[0]], [ROWS[0]]),
        breaches=["Answer correctness is low."],
    )
    text = markdown(sections(manifest(*ROWS), ROWS, beside), "A run")
    assert "Answer correctness is low." in text
    assert "| negation | 2 |" in text
    assert "Support (lexical), whose accuracy was not measured here" in text  # no pairs among the standings
    assert "## Differences from the last run" in text


def test_files_from_folders(tmp_path: Path) -> None:
    write_rows(tmp_path, ROWS)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest(*ROWS)), "utf-8")
    given = {"lexical": [(True, 0.9), (False, 0.4), (True, 0.8), (False, 0.5), (False, 0.1)]}
    text = to_json(PROBES, given, list(standings(PROBES, given, resamples=9)), {"lexical": "1"})
    (tmp_path / "judges.json").write_text(text, "utf-8")
    page, plain = write_report(
        tmp_path,
        tmp_path / "out" / "keyless",
        command="x",
        judged=tmp_path / "judges.json",
        before=tmp_path,
        gates=GATES,
    )
    assert (page.name, plain.name) == ("keyless.html", "keyless.md")
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert plain.read_text("utf-8").startswith("# Kutip, measured: run 0123456789ab")


def test_how_numbers_are_shown() -> None:
    assert show(Estimate(value=None, n=0, clusters=0)) == "n/a"
    assert show(Estimate(value=0.5, n=1, clusters=1)) == "0.500"
    assert show(Estimate(value=0.5, low=0.25, high=0.75, n=9, clusters=3)) == "0.500 [0.250, 0.750]"
    assert show(Estimate(value=12.34, n=1, clusters=1)) == "12.3"
    assert metric("faithfulness/lexical").label == "Support (lexical)"  # not called faithfulness
    with pytest.raises(KeyError, match="expected a metric"):
        metric("beauty")


def test_abstention_auc_needs_both_kinds() -> None:
    both, answerable = tables(ROWS[:3])[0], tables(ROWS[:2])[0]
    assert both.estimates["abstention_auc"].value == 1
    assert answerable.estimates["abstention_auc"].value is None


def test_points_of_the_curves_by_hand() -> None:
    rows = [row("a", confidence=0.9), row("b", said="lama", confidence=0.8), row("c", said=None, confidence=0.1)]
    assert risk_coverage(rows) == [(1 / 3, 0.0), (2 / 3, 0.5)]
    assert roc([0.9, 0.8, 0.8, 0.1], [True, True, False, False]) == [(0, 0), (0, 0.5), (0.5, 1), (1, 1)]
    assert roc([0.9], [True]) == []
    bins = calibration([row("a", confidence=0.9), row("b", type="off_topic", confidence=0.2)])
    assert [(at, e.value) for at, e in bins] == [(0.2, 0.0), (0.9, 1.0)]
    assert expected_calibration_error(bins) == pytest.approx(0.15)
    assert expected_calibration_error([]) is None


def test_plots_are_bare_and_repeatable() -> None:
    drawn = curves({"one": [(0, 0), (1, 1)]}, title="Curve", x="x", y="y", diagonal=True)
    assert drawn == curves({"one": [(0, 0), (1, 1)]}, title="Curve", x="x", y="y", diagonal=True)
    assert drawn.startswith("<svg")
    assert "metadata" not in drawn
    assert "Curve" in drawn
    estimate = Estimate(value=0.5, low=0.4, high=0.6, n=9, clusters=3)
    assert "kind" in bars({"kind": {"lexical": estimate}}, title="Bars", x="AUC", chance=0.5)


def test_agreement_of_judges() -> None:
    rows = [row(f"q{i}") for i in range(4)]
    for i, one in enumerate(rows):
        claim = one["judgements"]["lexical"]["claims"][0]
        other = {**claim, "together": {**claim["together"], "supported": i != 0}}
        one["judgements"]["model"] = {"version": "1", "claims": [other], "faithfulness": []}
        if i in {0, 1}:
            claim["together"] = {**claim["together"], "supported": False}
    ((one_name, other_name, kappa, n),) = judge_agreement(rows)
    assert (one_name, other_name, n) == ("lexical", "model", 4)
    assert kappa == pytest.approx(0.5)  # 3 of 4 agree, .5 by chance
