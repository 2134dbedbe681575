"""Gates: floors and largest drops that a run must hold, one sentence for each that it breaks.

``gates.toml``, the tables of a run and the committed baseline come in, breaches go out; none means the run may pass.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.summary import Table, metric
from rag.errors import InputError

GATES = Path(__file__).parent / "gates.toml"

Values = Mapping[str, float | None]
"""``answerer/split/slice/metric`` → value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One rule."""

    answerer: str
    split: str
    metric: str
    slice: str = "all"
    floor: float | None = None
    """The least value allowed."""
    ceiling: float | None = None
    """The greatest value allowed."""
    drop: float | None = None
    """The largest worsening against the baseline allowed, in the metric's own unit."""

    @property
    def key(self) -> str:
        """Where the metric's value stands."""
        return f"{self.answerer}/{self.split}/{self.slice}/{self.metric}"


def load(path: Path = GATES) -> tuple[tuple[Gate, ...], dict[str, float | None]]:
    """The gates of a file, and the values of the baseline it names (relative to the file; empty when it names none).

    Raises:
        InputError: when it cannot be read or a gate is not one.
    """
    content = _content(path)
    baseline: dict[str, float | None] = {}
    try:
        if "baseline" in content:
            baseline = json.loads((path.parent / content["baseline"]).read_text("utf-8"))["values"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"Expected the baseline that {path} names, saw {error!r}: write one.") from error
    return tuple(_gate(value, path) for value in content.get("gate", [])), baseline


def baseline_path(path: Path = GATES) -> Path:
    """Where the baseline of a file of gates is kept.

    Raises:
        InputError: when it names none.
    """
    name = _content(path).get("baseline")
    if not isinstance(name, str):
        raise InputError(f"Expected a baseline named in {path}, saw none.")
    return path.parent / name


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"Expected gates in {path}, saw {error}.") from error


def _gate(value: Mapping[str, Any], path: Path) -> Gate:
    try:
        gate = Gate(**value)
        metric(gate.metric)
    except (TypeError, KeyError) as error:
        raise InputError(f"Expected a gate in {path}, saw {dict(value)!r}: {error}.") from error
    if gate.floor is None and gate.ceiling is None and gate.drop is None:
        raise InputError(f"Expected a floor, a ceiling or a drop for {gate.key} in {path}, saw none.")
    return gate


def values(tables: Iterable[Table]) -> dict[str, float | None]:
    """The values that gates look at, by their keys."""
    return {
        f"{table.answerer}/{table.split}/{table.slice}/{name}": estimate.value
        for table in tables
        for name, estimate in table.estimates.items()
    }


def breaches(gates: Sequence[Gate], found: Values, baseline: Values) -> list[str]:
    """A sentence for each gate that does not hold; a metric that was not measured breaks its gate."""
    return [sentence for gate in gates for sentence in _breaches(gate, found, baseline)]


def _breaches(gate: Gate, found: Values, baseline: Values) -> list[str]:
    value = found.get(gate.key)
    what = f"{metric(gate.metric).label} of {gate.answerer} on {gate.split} ({gate.slice})"
    if value is None:
        return [f"{what} was not measured, so its gate cannot hold."]
    sentences = []
    if gate.floor is not None and value < gate.floor:
        sentences.append(f"{what} is {value:.3f}, below its floor of {gate.floor:.3f}.")
    if gate.ceiling is not None and value > gate.ceiling:
        sentences.append(f"{what} is {value:.3f}, above its ceiling of {gate.ceiling:.3f}.")
    if gate.drop is not None:
        before = baseline.get(gate.key)
        if before is None:
            sentences.append(f"{what} is not in the baseline, so its drop cannot be told: write a new baseline.")
        else:
            worse = (before - value) if metric(gate.metric).better >= 0 else (value - before)
            if worse > gate.drop:
                allowed = f"allowed is {gate.drop:.3f}"
                sentences.append(
                    f"{what} is {value:.3f}, {worse:.3f} worse than the baseline's {before:.3f}: {allowed}."
                )
    return sentences


def write_baseline(path: Path, tables: Iterable[Table], run: str) -> None:
    """Write the values of a run as the baseline; n/a and what changes from run to run (latency) are left out."""
    kept = {
        key: round(value, 6)
        for key, value in values(tables).items()
        if value is not None and not key.endswith("/latency_ms")
    }
    path.write_text(json.dumps({"run": run, "values": kept}, indent=1) + "\n", "utf-8")
