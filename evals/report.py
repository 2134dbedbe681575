"""A run as a report: rows and what stands beside them come in, sections of text, tables and plots come out.

`evals.report_html` and `evals.report_markdown` turn the same sections into the page and the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from evals import figures, judge_report, plots
from evals.compare import Comparison
from evals.compare import markdown as comparison_markdown
from evals.judging import ALL, Standing
from evals.plan import BASELINES
from evals.stats import paired
from evals.summary import METRICS, Table, judge_agreement, metric, show, tables

Row = Mapping[str, Any]
SLICED = (
    "recall@5",
    "evidence_recall",
    "evidence_precision",
    "correctness",
    "abstention_recall",
    "wrongly_abstained",
    "crag",
)
GAP = ("recall@5", "evidence_recall", "correctness", "wrongly_abstained", "abstention_recall")
AIMS = (
    ("evidence_recall", "all", ">=", 0.90), ("correctness", "all", ">=", 0.80),
    ("abstention_recall", "type=off_topic", ">=", 0.95), ("abstention_recall", "type=near_miss", ">=", 0.60),
    ("abstention_recall", "type=false_premise", ">=", 0.60), ("wrongly_abstained", "all", "<=", 0.08),
)  # fmt: skip
"""What the keyless engine aims at on ``test``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawn plot: an ``<svg>`` element."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report."""

    title: str
    parts: tuple[str | Grid | Plot, ...]
    """In order; text is plain, one paragraph each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a report shows besides the run itself."""

    command: str
    """What made the run and the report."""
    day: date
    """When the run was finished."""
    judged: tuple[Sequence[Standing], Mapping[str, Mapping[str, plots.Points]]] | None = None
    """Standings and ROC curves of the judges."""
    changes: Sequence[Comparison] | None = None
    """Differences from the last run."""
    breaches: Sequence[str] | None = None
    """Gates that do not hold; None when they were not checked."""


def sections(manifest: Mapping[str, Any], rows: Sequence[Row], beside: Beside) -> Iterator[Section]:
    """The report of a run, section by section."""
    config = manifest["config"]
    yield Section(
        title="What was measured",
        parts=(
            f"Run {manifest['run']}, measured {beside.day}: {len(rows)} examples, engine {config['engine']}, "
            f"evaluation {config['evals']}, "
            f"answerers {', '.join(config['answerers'])}, judges {', '.join(config['judges'])}.",
            f"Made with: {beside.command}",
            "Intervals are 95 %, from resampling whole evidence groups; n/a means that there was nothing to measure.",
            *_gates(beside.breaches),
        ),
    )
    whole = tables(rows)
    by_kind = tables(rows, lambda row: row["case"]["type"], "type")
    by_language = tables(rows, lambda row: row["case"]["language"], "language")
    for title, table in _headlines(whole, beside.judged[0] if beside.judged else ()):
        yield Section(title=title, parts=(table,))
    yield from _aims([*whole, *by_kind])
    yield _slices("By language", by_language, rows)
    yield _slices("By type of question", by_kind, rows)
    yield from _confidence(rows)
    yield from _judges(rows, beside)
    yield _latency(rows)
    if beside.changes is not None:
        yield Section(title="Differences from the last run", parts=(comparison_markdown(beside.changes),))
    shown = [m for m in METRICS if any(m.name in table.estimates for table in whole)]
    yield Section(title="What the metrics mean", parts=(*(f"{m.label}: {m.meaning}" for m in shown),))


def _gates(breaches: Sequence[str] | None) -> tuple[str, ...]:
    if breaches is None:
        return ()
    return tuple(breaches) or ("All gates hold.",)


def headlines(rows: Sequence[Row]) -> list[tuple[str, Grid]]:
    """The headline table of each split, with its title."""
    return list(_headlines(tables(rows)))


def _headlines(whole: Sequence[Table], standings: Sequence[Standing] = ()) -> Iterator[tuple[str, Grid]]:
    for split in dict.fromkeys(table.split for table in whole):
        chosen = [table for table in whole if table.split == split]
        names = [name for name in dict.fromkeys(n for t in chosen for n in t.estimates) if metric(name).headline]
        names = [n for n in names if any(n in t.estimates and t.estimates[n].value is not None for t in chosen)]
        lines = []
        for name in names:
            cells = [show(t.estimates[name]) if name in t.estimates else "n/a" for t in chosen]
            lines.append((metric(name).label + _accuracy(name, standings), str(chosen[0].estimates[name].n), *cells))
        head = ("metric", "n", *(_title(table.answerer) for table in chosen))
        yield f"Results on {split}", Grid(head=head, rows=tuple(lines))


def _accuracy(name: str, standings: Sequence[Standing]) -> str:
    """What is known of the judge of a metric, so that no judged number stands alone; empty for other metrics."""
    judge = name.partition("/")[2]
    if not judge:
        return ""
    known = [s for s in standings if s.judge == judge and s.kind == ALL and s.accuracy]
    if not known:
        return ", whose accuracy was not measured here"
    return ", " + ", ".join(f"balanced accuracy {show(s.accuracy)} on {s.suite}" for s in known if s.accuracy)


def _title(answerer: str) -> str:
    return f"{answerer} (baseline)" if answerer in BASELINES else answerer


def _aims(found: Sequence[Table]) -> Iterator[Section]:
    rows = []
    for name, part, sign, aim in AIMS:
        for table in found:
            estimate = table.estimates.get(name)
            if (table.split, table.slice) == ("test", part) and table.answerer not in BASELINES and estimate:
                value = estimate.value
                held = value is not None and (value >= aim if sign == ">=" else value <= aim)
                rows.append((
                    metric(name).label, part, f"{sign} {aim:.2f}", show(estimate), table.answerer,
                    "reached" if held else "missed",
                ))  # fmt: skip
    if rows:
        head = ("metric", "slice", "aim", "measured on test", "answerer", "")
        yield Section(title="Aims", parts=(Grid(head=head, rows=tuple(rows)),))


def _slices(title: str, found: Sequence[Table], rows: Sequence[Row]) -> Section:
    chosen = [table for table in found if table.answerer not in BASELINES]
    head = ("answerer", "split", "slice", "n", *(metric(name).label for name in SLICED))
    grid = tuple(
        (t.answerer, t.split, t.slice, str(t.estimates["failed"].n), *(show(t.estimates[n]) for n in SLICED))
        for t in chosen
    )
    parts: tuple[str | Grid | Plot, ...] = (Grid(head=head, rows=grid),)
    return Section(title=title, parts=(*parts, *_gap(rows)) if title == "By language" else parts)


def _gap(rows: Sequence[Row]) -> Iterator[str | Grid]:
    """English minus Indonesian on questions asked in both."""
    lines = []
    for answerer, split in dict.fromkeys((r["answerer"], r["split"]) for r in rows if r["answerer"] not in BASELINES):
        chosen = {r["case"]["id"]: r for r in rows if (r["answerer"], r["split"]) == (answerer, split)}
        stems = [id.removesuffix("-id") for id in chosen if id.endswith("-id")]
        twins = [(chosen[f"{s}-id"], chosen[f"{s}-en"]) for s in stems if f"{s}-en" in chosen]
        for name in GAP:
            one = [a["scores"][name] for a, _ in twins]
            other = [b["scores"][name] for _, b in twins]
            gap = paired(one, other, [a["case"]["group"] for a, _ in twins]).difference
            lines.append((answerer, split, metric(name).label, show(gap), str(gap.n)))
    if lines:
        yield "English minus Indonesian, on the questions asked in both languages:"
        yield Grid(head=("answerer", "split", "metric", "difference", "pairs"), rows=tuple(lines))


def _confidence(rows: Sequence[Row]) -> Iterator[Section]:
    for answerer, split in dict.fromkeys((r["answerer"], r["split"]) for r in rows if r["answerer"] not in BASELINES):
        chosen = [r for r in rows if (r["answerer"], r["split"]) == (answerer, split)]
        known = [r for r in chosen if r["scores"].get("confidence") is not None]
        if not known:
            continue
        name = f"{answerer}, {split}"
        bins = figures.calibration(known)
        error = figures.expected_calibration_error(bins)
        split_up = {
            label: [r["scores"]["confidence"] for r in known if r["case"]["answerable"] is value]
            for label, value in (("answerable", True), ("not answerable", False))
        }
        ranked = figures.roc([r["scores"]["confidence"] for r in known], [r["case"]["answerable"] for r in known])
        risk = figures.risk_coverage(chosen)
        yield Section(
            title=f"Confidence ({name})",
            parts=(
                f"Expected calibration error: {error:.3f}." if error is not None else "n/a",
                Plot(
                    svg=plots.calibration(bins, title=f"Calibration: {name}", x="confidence", y="share answerable"),
                    caption="Bins of equal size; on the dashed line confidence is what it says.",
                ),
                Plot(
                    svg=plots.curves({answerer: risk}, title=f"Risk and coverage: {name}", x="answered", y="wrong"),
                    caption="Share of wrong answers when only the most confident ones are given.",
                ),
                Plot(
                    svg=plots.curves(
                        {answerer: ranked}, title=f"ROC of confidence: {name}", x="not answerable", y="answerable",
                        diagonal=True,
                    ),
                    caption="How well confidence tells what the archive answers.",
                ),
                Plot(
                    svg=plots.histogram(split_up, title=f"Confidence: {name}", x="confidence"),
                    caption="Confidence of questions that the archive answers, and of those it does not.",
                ),
            ),
        )  # fmt: skip


def _judges(rows: Sequence[Row], beside: Beside) -> Iterator[Section]:
    parts: list[str | Grid | Plot] = []
    for one, other, kappa, n in judge_agreement(rows):
        shown = "n/a" if kappa is None else f"{kappa:.3f}"
        parts.append(f"Agreement of {one} and {other} on {n} claims with their citations: kappa {shown}.")
    if beside.judged is None:
        parts.append("The judges of this run were not measured: python -m evals judge --out FILE, then --judges FILE.")
        yield Section(title="The judges, judged", parts=tuple(parts))
        return
    found, curves = beside.judged
    parts.append("Chance is .500. Rejected: errors caught, or false alarms on true claims (clean, reworded).")
    for suite, language in dict.fromkeys((one.suite, one.language) for one in found):
        name = f"{suite} ({language})"
        head, grid = judge_report.rows(found, suite, language)
        parts += [f"{name}:", Grid(head=tuple(head), rows=tuple(map(tuple, grid)))]
        chosen = [s for s in found if (s.suite, s.language) == (suite, language) and s.auc is not None]
        if len({s.kind for s in chosen}) > 1:
            groups = {s.kind: {o.judge: o.auc for o in chosen if o.kind == s.kind and o.auc} for s in chosen}
            drawn = plots.bars(groups, title=f"AUC by kind of error: {name}", x="AUC", chance=0.5)
            parts.append(Plot(svg=drawn, caption="Errors against true claims and their rewordings."))
        drawn = plots.curves(curves[name], title=f"ROC of judges: {name}", x="false alarms", y="true", diagonal=True)
        parts.append(Plot(svg=drawn, caption="True claims called supported against false ones."))
    yield Section(title="The judges, judged", parts=tuple(parts))


def _latency(rows: Sequence[Row]) -> Section:
    values: dict[str, list[float]] = {}
    for row in rows:
        if row["times_ms"].get("total") is not None and row["answerer"] not in BASELINES:
            values.setdefault(row["answerer"], []).append(row["times_ms"]["total"])
    lines = tuple(
        (name, str(len(v)), *(f"{np.percentile(v, p):.0f} ms" for p in (50, 95, 100))) for name, v in values.items()
    )
    grid = Grid(head=("answerer", "n", "median", "95th percentile", "slowest"), rows=lines)
    if not values:
        return Section(title="Latency", parts=("n/a",))
    drawn = plots.histogram(values, title="Latency", x="milliseconds")
    return Section(title="Latency", parts=(grid, Plot(svg=drawn, caption="Question to answer.")))
