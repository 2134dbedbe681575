from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.cache import Cache
from evals.judge_baselines import hypothesis_only
from evals.judge_report import markdown, read, to_json
from evals.judges import Coverage, Judgement, Lexical
from evals.judging import HYPOTHESIS, Standing, ask, collect, standings, with_baseline
from evals.probes import ENGLISH, Probe
from rag.errors import InputError
from rag.language.glossary import Glossary

GLOSSARY = Glossary.load()


def probe(kind: str, claim: str, evidence: str = "Kim tiba.", *, supported: bool = False, group: str = "g") -> Probe:
    return Probe(
        suite="s", kind=kind, supported=supported, claim=claim, evidence=evidence, language="id", group=group
    )  # fmt: skip


PROBES = [
    probe("clean", "Kim tiba.", supported=True, group="1"),
    probe("reworded", "Tibalah Kim.", supported=True, group="1"),
    probe("clean", "Putin pergi.", supported=True, group="2"),
    probe("negation", "Kim tidak tiba.", group="1"),
    probe("negation", "Putin tidak pergi.", group="2"),
]


def find(found: list[Standing], kind: str, judge: str = "x") -> Standing:
    (one,) = [s for s in found if (s.kind, s.judge) == (kind, judge)]
    return one


def test_standings_by_hand() -> None:
    given = {"x": [(True, 0.9), (False, 0.4), (True, 0.8), (False, 0.5), (None, None)]}
    found = list(standings(PROBES, given))
    negation = find(found, "negation")
    assert negation.auc is not None
    assert negation.accuracy is not None
    assert negation.auc.value == pytest.approx(2 / 3)  # .5 is below .9 and .8, above .4; the other is unscored
    assert negation.accuracy.value == pytest.approx((2 / 3 + 1) / 2)
    assert (negation.rejected.value, negation.unscored, negation.n) == (1, 1, 2)
    assert find(found, "reworded").rejected.value == 1  # a false alarm
    assert find(found, "clean").auc is None


def test_pairs_are_one_kind() -> None:
    pairs = [probe("e", "a", supported=True, group="1"), probe("n", "b", group="2"), probe("c", "c", group="3")]
    (one,) = standings(pairs, {"x": [(True, 0.9), (False, 0.1), (True, 0.95)]})
    assert one.kind == "all"
    assert one.auc is not None
    assert one.accuracy is not None
    assert (one.auc.value, one.accuracy.value, one.n) == (0.5, 0.75, 3)


def test_guessing_from_the_claim_alone_finds_what_gives_it_away() -> None:
    told = [probe("clean", f"kota nomor {i}", supported=True, group=str(i)) for i in range(30)]
    told += [probe("negation", f"kota bukan nomor {i}", group=str(i)) for i in range(30)]
    scores = hypothesis_only(told)
    assert min(scores[:30]) > max(scores[30:])
    alike = [probe("clean", "sama saja", supported=i % 2 == 0, group=str(i)) for i in range(30)]
    assert abs(sum(hypothesis_only(alike))) < 5


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    class Counting(Coverage):
        asked = 0

        def verdict(self, claim: str, evidence: object) -> Judgement:
            self.asked += 1
            return super().verdict(claim, ["Kim tiba."])

    judge = Counting(GLOSSARY, "1")
    first = ask(judge, PROBES, cache=Cache(tmp_path))
    assert ask(judge, PROBES, cache=Cache(tmp_path), jobs=3) == first
    assert judge.asked == len(PROBES)
    assert ask(judge, PROBES) == [(s, None if v is None else v) for s, v in first]


def test_the_suites_and_their_files(tmp_path: Path) -> None:
    alone = collect(None)
    assert {p.suite for p in alone} == {"articles"}
    (tmp_path / "indonli").mkdir()
    line = '{"premise": "Kim tiba di Rusia.", "hypothesis": "Kim tiba.", "label": "e"}\n'
    (tmp_path / "indonli" / "test_lay.jsonl").write_text(line, "utf-8")
    (tmp_path / "indonli" / "train.jsonl").write_text(line, "utf-8")
    assert [p.suite for p in collect(tmp_path)[len(alone) :]] == ["test_lay"]
    number = json.loads(ENGLISH.read_text("utf-8").splitlines()[0])["premise"]
    (tmp_path / "indonli" / "train.jsonl").write_text(line.replace("{", f'{{"premise_id": {number}, ', 1), "utf-8")
    english = [p for p in collect(tmp_path) if p.suite == "indonli-en-dev"]
    assert {p.evidence for p in english} == {"Kim tiba di Rusia."}
    assert {p.kind for p in english} >= {"clean", "reworded", "negation"}
    with pytest.raises(InputError, match="Expected a folder"):
        collect(tmp_path / "nowhere")
    (tmp_path / "indonli" / "train.jsonl").write_text("[]", "utf-8")
    with pytest.raises(InputError, match="IndoNLI's training pairs"):
        collect(tmp_path)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    given = with_baseline({"x": [(True, 0.9), (False, 0.4), (True, 0.8), (False, 0.5), (False, 0.1)]}, PROBES)
    assert set(given) == {"x", HYPOTHESIS}
    found = list(standings(PROBES, given))
    path = tmp_path / "judges.json"
    path.write_text(to_json(PROBES, given, found, {"x": "1"}), "utf-8")
    again, curves = read(path)
    assert [(s.kind, s.judge, s.n) for s in again] == [(s.kind, s.judge, s.n) for s in found]
    assert curves["s (id)"]["x"][0] == [0, 0]
    assert curves["s (id)"]["x"][-1] == [1, 1]
    assert "### s (id)" in markdown(again)
    path.write_text("{}", "utf-8")
    with pytest.raises(InputError, match="judge standings"):
        read(path)


def test_the_lexical_judge_beats_its_baselines_on_the_articles() -> None:
    probes = collect(None)
    judges = (Lexical(GLOSSARY, "1"), Coverage(GLOSSARY, "1"))
    given = with_baseline({j.name: ask(j, probes) for j in judges}, probes)
    found = list(standings(probes, given, resamples=9))
    easy = [s for s in found if s.kind in {"foreign_entity", "number", "unit", "date", "negation"}]
    for language in ("id", "en"):
        for judge in ("coverage", HYPOTHESIS):
            values = {
                name: [s.accuracy.value for s in easy if (s.language, s.judge) == (language, name) and s.accuracy]
                for name in ("lexical", judge)
            }
            assert sum(v or 0 for v in values["lexical"]) > sum(v or 0 for v in values[judge])
