from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.__main__ import app
from evals.commands import check_gates
from evals.gates import GATES, Gate, breaches, load, values, write_baseline
from evals.runner import write_rows
from evals.summary import all_tables, tables
from rag.errors import InputError
from tests.evals_rows import manifest, row

CORRECT = "extractive/dev/all/correctness"


def gate(**rule: float) -> Gate:
    return Gate(answerer="extractive", split="dev", metric="correctness", **rule)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"floor": 0.8}, "is 0.700, below its floor of 0.800"),
        ({"ceiling": 0.6}, "is 0.700, above its ceiling of 0.600"),
        ({"drop": 0.05}, "is 0.700, 0.100 worse than the baseline's 0.800"),
    ],
)
def test_each_rule_can_break(rule: dict[str, float], told: str) -> None:
    (sentence,) = breaches([gate(**rule)], {CORRECT: 0.7}, {CORRECT: 0.8})
    assert sentence.startswith("Answer correctness of extractive on dev (all) ")
    assert told in sentence


def test_and_each_can_hold() -> None:
    rules = [gate(floor=0.7), gate(ceiling=0.7), gate(drop=0.2)]
    assert breaches(rules, {CORRECT: 0.7}, {CORRECT: 0.8}) == []


def test_what_was_not_measured_cannot_hold() -> None:
    (sentence,) = breaches([gate(floor=0.1)], {}, {})
    assert "was not measured" in sentence
    (sentence,) = breaches([gate(drop=0.1)], {CORRECT: 0.7}, {})
    assert "not in the baseline" in sentence


def test_more_is_worse_where_less_is_better() -> None:
    key = "extractive/dev/all/wrongly_abstained"
    rule = Gate(answerer="extractive", split="dev", metric="wrongly_abstained", drop=0.05)
    assert len(breaches([rule], {key: 0.2}, {key: 0.1})) == 1
    assert breaches([rule], {key: 0.0}, {key: 0.1}) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gate = [{answerer = 'a', split = 'dev', metric = 'correctness'}]", "a floor, a ceiling or a drop"),
        ("gate = [{answerer = 'a', split = 'dev', metric = 'beauty', floor = 1}]", "expected a metric"),
        ("gate = [{answerer = 'a', metric = 'crag', floor = 1}]", "Expected a gate"),
        ("baseline = 'none.json'", "Expected the baseline"),
        ("gate = [", "Expected gates"),
    ],
)
def test_a_file_that_is_no_gates(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=told):
        load(path)


def test_a_baseline_is_what_a_run_measured_but_for_times(tmp_path: Path) -> None:
    found = tables([row("q1"), row("q2", said="lama")])
    write_baseline(tmp_path / "baseline.json", found, "run")
    kept = json.loads((tmp_path / "baseline.json").read_text("utf-8"))["values"]
    assert kept[CORRECT] == 0.5
    measured = {key for key, value in values(found).items() if value is not None}
    assert set(kept) == {key for key in measured if not key.endswith("/latency_ms")}


def broken_for(rule: Gate) -> list[dict[str, object]]:
    """Rows of a system that does everything wrong that a gate can be about: it fails, lies and abstains."""
    known = {"language": "id", "type": "fact"}
    name, _, value = rule.slice.partition("=")
    chosen = {**known, name: value} if value else known
    kind = chosen["type"]
    wrong = "40 jam" if rule.metric != "wrongly_abstained" else None
    made = [
        row(f"{rule.split}-{i}", split=rule.split, language=chosen["language"], type=k, said=wrong, answerable=None)
        for i, k in enumerate(["fact", kind, "off_topic", "near_miss", "false_premise"])
    ]
    made.append(row(f"{rule.split}-failed", split=rule.split, language=chosen["language"], type=kind, error="gone"))
    for one in made:
        one["hits"] = []
        for citation in (one["answer"] or {"citations": []})["citations"]:
            citation.update(verbatim=False, start=0, end=1)
        for judged in one["judgements"].values():
            for claim in judged["claims"]:
                claim["together"] = {**claim["together"], "supported": False}
    return made


@pytest.mark.parametrize("rule", load()[0], ids=lambda rule: rule.key)
def test_each_committed_gate_can_fail(rule: Gate) -> None:
    from evals.runner import rescore

    found = values(all_tables(rescore(broken_for(rule))))
    assert breaches([rule], found, load()[1])


def test_the_command_exits_with_one_and_a_sentence(tmp_path: Path) -> None:
    rows = [row("q1", said="lama")]
    write_rows(tmp_path, rows)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest(*rows)), "utf-8")
    file = tmp_path / "gates.toml"
    rule = "[[gate]]\nanswerer = 'extractive'\nsplit = 'dev'\nmetric = 'correctness'\n"
    file.write_text(rule + "floor = 0.5\n", "utf-8")
    done = CliRunner().invoke(app, ["gates", str(tmp_path), "--gates", str(file)])
    assert done.exit_code == 1
    assert done.output == "Answer correctness of extractive on dev (all) is 0.000, below its floor of 0.500.\n"
    file.write_text(rule + "ceiling = 0.5\n", "utf-8")
    done = CliRunner().invoke(app, ["gates", str(tmp_path), "--gates", str(file)])
    assert (done.exit_code, done.output) == (0, "All gates hold.\n")


def test_the_command_writes_a_baseline(tmp_path: Path) -> None:
    rows = [row("q1")]
    write_rows(tmp_path, rows)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest(*rows)), "utf-8")
    file = tmp_path / "gates.toml"
    file.write_text("baseline = 'kept/baseline.json'\n", "utf-8")
    done = CliRunner().invoke(app, ["gates", str(tmp_path), "--gates", str(file), "--write-baseline"])
    assert done.exit_code == 0, done.output
    assert load(file)[1][CORRECT] == 1


def test_the_committed_gates_are_about_the_keyless_engine() -> None:
    rules, baseline = load(GATES)
    assert rules
    assert {rule.answerer for rule in rules} == {"extractive"}
    assert all(rule.drop is None or baseline[rule.key] is not None for rule in rules)
    assert check_gates([], GATES)  # nothing measured is a breach
