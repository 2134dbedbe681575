from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from evals import plan as plans
from evals.cache import Cache
from evals.dataset import Case, load_split
from evals.engine import Archive, Trace, make
from evals.judges import Coverage, Judge
from evals.plan import Plan
from evals.runner import ROWS, Runner, merge, read, rescore, write
from rag.errors import InputError
from rag.language.glossary import Glossary
from rag.settings import Settings
from tests.conftest import SEEDS


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    home = tmp_path_factory.mktemp("evals") / "home"
    return Archive.build(Settings.from_env({"KUTIP_HOME": str(home)}), [SEEDS])


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    kinds: dict[str, Case] = {}
    for case in load_split("dev"):
        kinds.setdefault(case.type, case)
    return tuple(kinds.values())


JUDGES: list[Judge] = [Coverage(Glossary.load(), "1")]


class Counting:
    """A real system that counts what it is asked, and fails on the cases named."""

    def __init__(self, name: str, archive: Archive, fails: tuple[str, ...] = ()) -> None:
        self.name = name
        self.asked: list[str] = []
        self._inner = make(name, archive)
        self._fails = fails
        self._lock = Lock()

    def __call__(self, case: Case) -> Trace:
        with self._lock:
            self.asked.append(case.id)
        if case.id in self._fails:
            raise ValueError(f"no answer to {case.id}")
        return self._inner(case)


def planned(cases: tuple[Case, ...], archive: Archive, *names: str) -> Plan:
    return plans.make(cases, archive.articles.values(), {name: "-" for name in names}, {"coverage": "1"})


def runner(plan: Plan, archive: Archive, systems: Mapping[str, Any], cache: Path | None = None) -> Runner:
    kept = Cache(cache) if cache else None
    return Runner(plan, answerers=systems, judges=JUDGES, articles=archive.articles, cache=kept)


def without_times(rows: list[dict[str, Any]]) -> str:
    return json.dumps([{**r, "times_ms": None, "scores": {**r["scores"], "latency_ms": None}} for r in rows])


def test_every_case_is_a_row_with_all_that_scoring_needs(archive: Archive, cases: tuple[Case, ...]) -> None:
    plan = planned(cases, archive, "extractive", "lead")
    systems = {name: make(name, archive) for name in ("extractive", "lead")}
    rows = runner(plan, archive, systems).run(plan.units, jobs=3)
    assert [row["key"] for row in rows] == [unit.key for unit in plan.units]
    assert not [row["error"] for row in rows if row["error"]]
    assert rescore(rows) == rows
    answered = [row for row in rows if row["answer"]["claims"]]
    assert answered
    for row in answered:
        assert row["hits"]
        assert len(row["judgements"]["coverage"]["claims"]) == len(row["answer"]["claims"])
        assert all(citation["verbatim"] for citation in row["answer"]["citations"])
        assert row["times_ms"]["total"] > 0


def test_twice_the_same_but_for_times(archive: Archive, cases: tuple[Case, ...]) -> None:
    plan = planned(cases[:6], archive, "extractive")
    systems = {"extractive": make("extractive", archive)}
    one, other = (runner(plan, archive, systems).run(plan.units, jobs=jobs) for jobs in (1, 3))
    assert without_times(one) == without_times(other)


def test_a_case_that_raises_is_a_failure_row(archive: Archive, cases: tuple[Case, ...]) -> None:
    plan = planned(cases, archive, "lead")
    rows = runner(plan, archive, {"lead": Counting("lead", archive, (cases[1].id,))}).run(plan.units)
    assert len(rows) == len(cases)
    assert [row["case"]["id"] for row in rows if row["error"]] == [cases[1].id]
    assert rows[1]["error"] == {"type": "ValueError", "message": f"no answer to {cases[1].id}"}
    assert rows[1]["scores"]["failed"] == 1


def test_a_run_that_stopped_goes_on_and_asks_nothing_twice(
    archive: Archive, cases: tuple[Case, ...], tmp_path: Path
) -> None:
    plan = planned(cases, archive, "lead")
    broken = cases[3].id
    first = Counting("lead", archive, (broken,))
    runner(plan, archive, {"lead": first}, tmp_path / "cache").run(plan.units[:5])  # killed after five
    second = Counting("lead", archive)
    rows = runner(plan, archive, {"lead": second}, tmp_path / "cache").run(plan.units)
    assert second.asked == [broken, *(case.id for case in cases[5:])]  # failures are tried again
    third = Counting("lead", archive)
    again = runner(plan, archive, {"lead": third}, tmp_path / "cache").run(plan.units)
    assert third.asked == []
    assert again == rows


def test_a_result_cut_short_on_disk_is_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get("abc", lambda: {"n": 1}) == {"n": 1}
    (kept,) = tmp_path.rglob("*.json")
    kept.write_text('{"n"', "utf-8")
    assert cache.get("abc", lambda: {"n": 2}) == {"n": 2}
    assert cache.get("abc", lambda: {"n": 3}) == {"n": 2}


def test_shards_put_together_have_the_bytes_of_the_whole(
    archive: Archive, cases: tuple[Case, ...], tmp_path: Path
) -> None:
    plan = planned(cases, archive, "lead", "nothing")
    systems = {name: make(name, archive) for name in ("lead", "nothing")}
    made = runner(plan, archive, systems, tmp_path / "cache")
    write(tmp_path / "whole", plan, made.run(plan.units))
    parts = [tmp_path / f"part{i}" for i in (1, 2, 3)]
    for i, part in enumerate(parts, 1):
        write(part, plan, made.run(plan.shard(i, 3)))
    merge(parts[::-1], tmp_path / "merged")
    for name in (ROWS, "manifest.json"):
        assert (tmp_path / "merged" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    with pytest.raises(InputError, match="missing: add their shard"):
        merge(parts[:2], tmp_path / "less")


def test_shards_of_other_runs_and_folders_that_are_none(
    archive: Archive, cases: tuple[Case, ...], tmp_path: Path
) -> None:
    for name in ("lead", "nothing"):
        plan = planned(cases[:1], archive, name)
        write(tmp_path / name, plan, runner(plan, archive, {name: make(name, archive)}).run(plan.units))
    with pytest.raises(InputError, match="shards of one run"):
        merge([tmp_path / "lead", tmp_path / "nothing"], tmp_path / "out")
    with pytest.raises(InputError, match="a run's folder"):
        read(tmp_path / "nowhere")


def test_the_run_id_is_of_what_can_change_a_row(archive: Archive, cases: tuple[Case, ...]) -> None:
    plan = planned(cases, archive, "lead")
    assert planned(cases, archive, "lead").run == plan.run
    assert planned(cases[1:], archive, "lead").run != plan.run
    assert planned(cases, archive, "nothing").run != plan.run
    assert plans.make(cases, [], {"lead": "-"}, {"coverage": "1"}).run != plan.run
    assert plans.make(cases, archive.articles.values(), {"lead": "-"}, {"coverage": "2"}).run != plan.run


@pytest.mark.parametrize("shard", [(0, 2), (3, 2)])
def test_a_shard_that_there_is_not(archive: Archive, cases: tuple[Case, ...], shard: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="1 <= i <= n"):
        planned(cases, archive, "lead").shard(*shard)


def test_a_follow_up_is_asked_after_its_conversation(archive: Archive) -> None:
    case = next(case for case in load_split("dev") if case.type == "follow_up")
    trace = make("extractive", archive)(case)
    assert trace.answer["question"] == case.question
    assert trace.answer["understood"] not in (None, case.question)
