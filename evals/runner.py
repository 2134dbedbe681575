"""Runs: every example is answered and judged, in parallel, and written as one row; nothing is asked twice.

A plan, systems and judges come in; ``rows.jsonl`` and ``manifest.json`` in the run's folder come out. Answers and
verdicts are kept by content as soon as they are there, so a killed run goes on where it stopped. Rows stand in the
plan's order whatever finished first, and differ between two runs in ``times_ms`` only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evals.cache import Cache, key
from evals.dataset import Case
from evals.dataset_check import locate
from evals.engine import Answerer
from evals.judges import Judge, Judgement
from evals.plan import Plan, Unit
from evals.scoring import score
from rag.errors import InputError
from rag.types import Article

ROWS = "rows.jsonl"
MANIFEST = "manifest.json"


class Runner:
    """Answers and judges the examples of one plan."""

    def __init__(
        self,
        plan: Plan,
        *,
        answerers: Mapping[str, Answerer],
        judges: Sequence[Judge],
        articles: Mapping[str, Article],
        cache: Cache | None,
    ) -> None:
        """Prepare a run.

        Args:
            plan: what to do.
            answerers: the systems by name.
            judges: all of them judge every answer.
            articles: the archive, for offsets of gold evidence and checks of quotes.
            cache: where results are kept; None to keep none.
        """
        self._plan = plan
        self._answerers = answerers
        self._judges = judges
        self._articles = articles
        self._cache = cache

    def run(self, units: Sequence[Unit], *, jobs: int = 1, show: bool = False) -> list[dict[str, Any]]:
        """The rows of ``units``, in their order; with ``show`` a progress bar on standard error."""
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            done = pool.map(self.row, units)
            return list(tqdm(done, total=len(units), unit="case", disable=not show, leave=False))

    def row(self, unit: Unit) -> dict[str, Any]:
        """One example as plain JSON types; an example that raises becomes a row with ``error``."""
        row: dict[str, Any] = {
            "schema": 1,
            "run": self._plan.run,
            "key": unit.key,
            "answerer": unit.answerer,
            "split": unit.case.split,
            "case": asdict(unit.case),
            "gold": self._gold(unit.case),
            "hits": [],
            "answer": None,
            "judgements": {},
            "error": None,
            "versions": {name: self._plan.config[name] for name in ("engine", "evals", "answerers", "judges")},
        }
        times: dict[str, float] = {}
        try:
            found = self._answer(unit)
            times = found["times_ms"]
            row["hits"], row["answer"] = found["hits"], self._checked(found["answer"])
            for judge in self._judges:
                row["judgements"][judge.name] = self._judge(judge, row)
        except Exception as error:  # whatever a system raises is a result of the measurement, told in the report
            row["error"] = {"type": type(error).__name__, "message": str(error)}
        row["times_ms"] = times
        return json.loads(json.dumps({**row, "scores": score(row)}))  # type: ignore[no-any-return]

    def _gold(self, case: Case) -> list[list[dict[str, Any]]]:
        """For each need its alternatives with offsets."""
        found = [[locate(place, self._articles) for place in alternatives] for alternatives in case.evidence]
        return [
            [{"article_id": at[0], "start": at[1].start, "end": at[1].end} for at in alternatives if at]
            for alternatives in found
        ]

    def _answer(self, unit: Unit) -> dict[str, Any]:
        asked = [unit.case.language, unit.case.question, list(unit.case.history)]
        config = self._plan.config
        name = key("answer", config["engine"], config["archive"], unit.answerer, config["answerers"], asked)
        return self._kept(name, lambda: asdict(self._answerers[unit.answerer](unit.case)))  # type: ignore[no-any-return]

    def _checked(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The answer with two things added to each citation: ``verbatim`` and ``passage``.

        The first tells whether its offsets cut out its quote; the second is the whole sentences that the quote lies in,
        which is what a reader finds at the place cited, and what judges judge by.
        """
        return {**answer, "citations": [{**c, **self._place(c)} for c in answer["citations"]]}

    def _place(self, citation: Mapping[str, Any]) -> dict[str, Any]:
        article, start, end = self._articles.get(citation["article_id"]), citation["start"], citation["end"]
        if article is None or article.text[start:end] != citation["quote"]:
            return {"verbatim": False, "passage": citation["quote"]}
        around = [s for s in article.sentences if s.start < end and start < s.end]
        start, end = min([start, *(s.start for s in around)]), max([end, *(s.end for s in around)])
        return {"verbatim": True, "passage": article.text[start:end]}

    def _judge(self, judge: Judge, row: Mapping[str, Any]) -> dict[str, Any]:
        """Verdicts on each claim with its citations (ALCE) and on the answer's statements with all contexts (RAGAS)."""
        answer = row["answer"]
        quotes = {citation["id"]: citation["passage"] for citation in answer["citations"]}
        claims = [(c["text"], [quotes[n] for n in c["citations"] if n in quotes]) for c in answer["claims"]]
        contexts = list(dict.fromkeys([*(hit["text"] for hit in row["hits"]), *quotes.values()]))
        name = key("judge", judge.name, judge.version, answer["question"], claims, contexts)

        def make() -> dict[str, Any]:
            whole = judge.faithfulness(answer["question"], [text for text, _ in claims], contexts)
            return {
                "version": judge.version,
                "claims": [judge_claim(judge, text, cited) for text, cited in claims],
                "faithfulness": [judgement.as_json() for judgement in whole],
            }

        return self._kept(name, make)  # type: ignore[no-any-return]

    def _kept(self, name: str, make: Callable[[], Any]) -> Any:
        return self._cache.get(name, make) if self._cache else make()


def judge_claim(judge: Judge, claim: str, cited: Sequence[str]) -> dict[str, Any]:
    """The verdicts that ALCE's citation recall and precision need; one citation needs one verdict only."""
    together = judge.verdict(claim, cited)
    if len(cited) == 1:
        alone, without = [together], [Judgement(supported=False, score=0.0, statement=claim)]
    else:
        alone = [judge.verdict(claim, [quote]) for quote in cited]
        without = [judge.verdict(claim, [*cited[:i], *cited[i + 1 :]]) for i in range(len(cited))]
    return {
        "together": together.as_json(),
        "alone": [judgement.as_json() for judgement in alone],
        "without": [judgement.as_json() for judgement in without],
    }


def write(folder: Path, plan: Plan, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a run or a shard of it: its rows, and the plan's config and keys; whole files or none."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"run": plan.run, "config": plan.config, "keys": [unit.key for unit in plan.units]}
    write_rows(folder, rows)
    _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Manifest and rows of a run's folder.

    Raises:
        InputError: when it is none, or a line of it is broken.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        rows = [json.loads(line) for line in (folder / ROWS).read_text("utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise InputError(f"Expected a run's folder at {folder}, saw {error}: make one with evals run.") from error
    return manifest, rows


def merge(folders: Sequence[Path], out: Path) -> list[dict[str, Any]]:
    """Put the shards of one run together; the result has the bytes of the run made whole.

    Raises:
        InputError: when they belong to different runs, or examples are missing.
    """
    read_ones = [read(folder) for folder in folders]
    runs = sorted({manifest["run"] for manifest, _ in read_ones})
    if len(runs) != 1:
        raise InputError(f"Expected shards of one run, saw {', '.join(runs) or 'none'}: merge those of one run only.")
    manifest = read_ones[0][0]
    rows = {row["key"]: row for _, shard in read_ones for row in shard}
    missing = [name for name in manifest["keys"] if name not in rows]
    if missing:
        raise InputError(f"Expected all {len(manifest['keys'])} examples, saw {len(missing)} missing: add their shard.")
    ordered = [rows[name] for name in manifest["keys"]]
    out.mkdir(parents=True, exist_ok=True)
    write_rows(out, ordered)
    _write(out / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return ordered


def rescore(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their scores worked out again from what they hold."""
    return [{**row, "scores": score(row)} for row in rows]


def write_rows(folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of a run in the order given."""
    _write(folder / ROWS, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)
