"""Standings of judges as data and as Markdown: what `python -m evals judge` writes, and what the report shows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evals.figures import roc
from evals.judging import TRUE_KINDS, Standing, Verdicts
from evals.probes import Probe
from evals.stats import Estimate
from evals.summary import show
from rag.errors import InputError

_POINTS = 120
"""Points kept of a ROC curve."""


def to_json(probes: Sequence[Probe], verdicts: Verdicts, found: Sequence[Standing], versions: Mapping[str, str]) -> str:
    """Standings, and per suite and language the ROC curve of each judge, as one JSON object."""
    curves: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for suite, language in dict.fromkeys((p.suite, p.language) for p in probes):
        places = [i for i, p in enumerate(probes) if (p.suite, p.language) == (suite, language)]
        for judge, given in verdicts.items():
            kept = [(score, probes[i].supported) for i in places if (score := given[i][1]) is not None]
            points = roc([score for score, _ in kept], [label for _, label in kept])
            curves.setdefault(f"{suite} ({language})", {})[judge] = _thinned(points)
    content = {"versions": dict(versions), "standings": [asdict(one) for one in found], "roc": curves}
    return json.dumps(_rounded(content), ensure_ascii=False) + "\n"


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = max(1, len(points) // _POINTS)
    return points[::step] + ([points[-1]] if points else [])


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def read(path: Path) -> tuple[list[Standing], dict[str, dict[str, list[tuple[float, float]]]]]:
    """Standings and curves of a file that `to_json` made.

    Raises:
        InputError: when it is none.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        found = [
            Standing(**{**one, **{name: _estimate(one[name]) for name in ("auc", "accuracy", "rejected")}})
            for one in content["standings"]
        ]
        return found, content["roc"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"Expected judge standings in {path}, saw {error!r}: make them with evals judge.") from error


def _estimate(value: Mapping[str, Any] | None) -> Any:
    return None if value is None else Estimate(**value)


def rows(found: Sequence[Standing], suite: str, language: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of one suite and language: a row per kind, AUC and accuracy per judge."""
    chosen = [one for one in found if (one.suite, one.language) == (suite, language)]
    judges = list(dict.fromkeys(one.judge for one in chosen))
    head = ["kind", "n", *(f"{judge}: {what}" for judge in judges for what in ("AUC", "balanced accuracy", "rejected"))]
    table = []
    for kind in dict.fromkeys(one.kind for one in chosen):
        by_judge = {one.judge: one for one in chosen if one.kind == kind}
        cells = [kind, str(next(iter(by_judge.values())).n)]
        for judge in judges:
            one = by_judge[judge]
            cells += [show(one.auc) if one.auc else "", show(one.accuracy) if one.accuracy else "", show(one.rejected)]
        table.append(cells)
    return head, table


def markdown(found: Sequence[Standing]) -> str:
    """All standings as Markdown; chance is .5 for both AUC and balanced accuracy."""
    text = (
        "Chance is .500 for AUC and for balanced accuracy. `rejected` is the share not called supported: errors caught"
    )
    text += (
        f", or false alarms on true claims ({' and '.join(TRUE_KINDS)}). Intervals are 95 %, clustered by passage.\n"
    )
    for suite, language in dict.fromkeys((one.suite, one.language) for one in found):
        head, table = rows(found, suite, language)
        text += f"\n### {suite} ({language})\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
        text += "".join(f"| {' | '.join(cells)} |\n" for cells in table)
    return text
