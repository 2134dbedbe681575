"""Two runs side by side: what changed, whether that is more than chance, and what this many questions can show.

Rows of a run A and a run B come in, a `Comparison` per metric goes out: the paired difference B - A with its interval,
bootstrap and McNemar p values, the examples that flipped, and the smallest difference that would be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.stats import Estimate, Paired, mean, paired
from evals.summary import metric, show
from rag.errors import InputError

Row = Mapping[str, Any]
SHOWN = (
    "recall@1", "mrr", "evidence_recall", "correctness", "fully_correct", "abstention_recall", "wrongly_abstained",
    "crag", "failed",
)  # fmt: skip
"""Metrics that are compared unless others are named; those of judges are added."""
_JUDGED = ("faithfulness/", "citation_recall/", "citation_precision/")
HIDDEN = "test"
"""The split whose single examples are not shown: it is for measuring, not for looking at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One metric of two runs on the examples they share."""

    metric: str
    a: Estimate
    b: Estimate
    paired: Paired
    gained: tuple[str, ...]
    """Keys of the examples where B is higher."""
    lost: tuple[str, ...]


def compare(a: Sequence[Row], b: Sequence[Row], names: Iterable[str] | None = None) -> list[Comparison]:
    """Compare two runs on the examples whose split and case they share.

    Args:
        a: rows of one system of the earlier run.
        b: rows of one system of the later run; it may be another system.
        names: metrics; default `SHOWN` and what the judges of both runs measured.

    Raises:
        InputError: when they share no example.
    """
    left = {(row["split"], row["case"]["id"]): row for row in a}
    right = {(row["split"], row["case"]["id"]): row for row in b}
    shared = [key for key in left if key in right and left[key]["case"] == right[key]["case"]]
    if not shared:
        raise InputError("Expected two runs over the same cases, saw none in common: compare runs of one eval set.")
    pairs = [(left[key], right[key]) for key in shared]
    return [_compare(name, pairs) for name in (names or _names(pairs))]


def _names(pairs: Sequence[tuple[Row, Row]]) -> list[str]:
    known = {name for one, other in pairs for name in one["scores"].keys() & other["scores"].keys()}
    return [n for n in SHOWN if n in known] + sorted(n for n in known if n.startswith(_JUDGED))


def _compare(name: str, pairs: Sequence[tuple[Row, Row]]) -> Comparison:
    clusters = [one["case"]["group"] for one, _ in pairs]
    a = [one["scores"].get(name) for one, _ in pairs]
    b = [other["scores"].get(name) for _, other in pairs]
    keys = [f"{one['split']}/{one['case']['id']}" for one, _ in pairs]
    both = [(x, y, key) for x, y, key in zip(a, b, keys, strict=True) if x is not None and y is not None]
    return Comparison(
        metric=name,
        a=mean(a, clusters),
        b=mean(b, clusters),
        paired=paired(a, b, clusters),
        gained=tuple(key for x, y, key in both if y > x),
        lost=tuple(key for x, y, key in both if y < x),
    )


def markdown(comparisons: Sequence[Comparison]) -> str:
    """The comparisons as a Markdown table, with what flipped below; examples of ``test`` are counted, not named."""
    head = (
        "| metric | A | B | B - A | p (bootstrap) | p (McNemar) | better / worse | smallest difference seen | n |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(map(_line, comparisons)) + "\n" + "".join(map(_flips, comparisons))


def _line(found: Comparison) -> str:
    pair = found.paired
    better, worse = (pair.gained, pair.lost) if metric(found.metric).better >= 0 else (pair.lost, pair.gained)
    cells = (
        metric(found.metric).label,
        show(found.a),
        show(found.b),
        show(pair.difference),
        _number(pair.p_bootstrap),
        _number(pair.p_mcnemar),
        f"{better} / {worse}",
        _number(pair.detectable),
        str(pair.difference.n),
    )
    return f"| {' | '.join(cells)} |\n"


def _flips(found: Comparison) -> str:
    lines = ""
    for word, keys in (("up", found.gained), ("down", found.lost)):
        named = [key for key in keys if not key.startswith(f"{HIDDEN}/")]
        hidden = len(keys) - len(named)
        if keys:
            more = [f"{hidden} of {HIDDEN}"] if hidden else []
            lines += f"- {metric(found.metric).label} {word}: {', '.join(named + more)}\n"
    return lines


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"
