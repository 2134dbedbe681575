"""Rows of a benchmark's table: measured values with their intervals, printed the same way everywhere."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from evals.stats import Estimate, mean

Row = tuple[str, dict[str, Estimate]]
"""A system and its measures by name."""


def measured(
    values: Sequence[Sequence[float | None]], names: Sequence[str], clusters: Sequence[Hashable]
) -> dict[str, Estimate]:
    """Means of columns with 95 % cluster-bootstrap intervals.

    Args:
        values: one row a question, one column a measure; None is n/a.
        names: of the columns.
        clusters: what questions share, one a question.
    """
    return {name: mean([row[place] for row in values], clusters) for place, name in enumerate(names)}


def table(title: str, rows: Sequence[Row]) -> str:
    """Markdown: a line for each system, with n and each measure as ``value [low, high]``."""
    names = list(dict.fromkeys(name for _, measures in rows for name in measures))
    lines = [f"| {title} | n | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    for system, measures in rows:
        n = next((estimate.n for estimate in measures.values()), 0)
        cells = [shown(measures[name]) if name in measures else "–" for name in names]
        lines.append(f"| {system} | {n} | {' | '.join(cells)} |")
    return "\n".join(lines)


def shown(estimate: Estimate) -> str:
    """``.804 [.765, .843]``, or n/a."""
    if estimate.value is None:
        return "n/a"
    if estimate.low is None or estimate.high is None:
        return _short(estimate.value)
    return f"{_short(estimate.value)} [{_short(estimate.low)}, {_short(estimate.high)}]"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if 0 <= value < 1 else f"{value:.3f}"
