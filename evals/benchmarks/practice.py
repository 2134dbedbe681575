"""How the keyless engine does on news that it was not made on: the practice archives, one event at a time.

Folders of ``evals/practice`` with ``dev.jsonl`` were used to tune and to fit; those with ``test.jsonl`` were not, and
tell what to expect of an archive of one's own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evals.benchmarks.tables import Row, measured, table
from evals.run import Options
from evals.run import run as run_evals
from evals.stats import Estimate
from rag.settings import Settings

PRACTICE = Path(__file__).parent.parent / "practice"
KINDS = {"dev": "tuned on", "test": "held out"}
Rows = list[dict[str, Any]]


def run(folder: Path = PRACTICE) -> str:
    """The tables, in Markdown."""
    found = {split: _rows(folder, split) for split in KINDS}
    return "\n\n".join(_tables(KINDS[split], rows) for split, rows in found.items() if rows)


def _rows(folder: Path, split: str) -> Rows:
    """The rows of every event that has the split, each with its event."""
    rows: Rows = []
    places = sorted(path.parent for path in folder.glob(f"*/{split}.jsonl"))
    for place in tqdm(places, desc=f"practice, {KINDS[split]}", unit=" archives", leave=False):
        with tempfile.TemporaryDirectory(prefix="kutip-benchmark-") as out:
            options = Options(
                answerers=("extractive",), splits=(split,), cases=place, articles=place / "articles", out=Path(out),
                show=False,
            )  # fmt: skip
            rows += [
                row | {"event": place.name} for row in run_evals(options, Settings.from_env({"KUTIP_HOME": out}))[1]
            ]
    return rows


def _tables(name: str, rows: Rows) -> str:
    answerable = [row for row in rows if row["case"]["answerable"]]
    events = sorted({row["event"] for row in rows})
    parts: list[tuple[str, Rows]] = [("all", answerable)]
    parts += [(language, [r for r in answerable if r["case"]["language"] == language]) for language in ("id", "en")]
    parts += [(event, [r for r in answerable if r["event"] == event]) for event in events]
    answered = [(part, _answered(of)) for part, of in parts]
    kinds = sorted({row["case"]["type"] for row in rows if not row["case"]["answerable"]})
    left = [(kind, [r for r in rows if r["case"]["type"] == kind and not r["case"]["answerable"]]) for kind in kinds]
    abstained: list[Row] = [(kind, _abstained(of)) for kind, of in left]
    return f"{table(f'{name}: answerable', answered)}\n\n{table(f'{name}: not answerable', abstained)}"


def _answered(rows: Rows) -> dict[str, Estimate]:
    names = ["evidence recall", "correctness", "wrongly abstained", "evidence precision", "claims"]
    values = [
        [
            row["scores"]["evidence_recall"],
            row["scores"]["correctness"],
            float(not row["answer"]["claims"]),
            row["scores"]["evidence_precision"],
            float(len(row["answer"]["claims"])),
        ]
        for row in rows
    ]
    return measured(values, names, _groups(rows))


def _abstained(rows: Rows) -> dict[str, Estimate]:
    return measured([[float(not row["answer"]["claims"])] for row in rows], ["abstained"], _groups(rows))


def _groups(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [f"{row['event']}/{row['case']['group']}" for row in rows]
