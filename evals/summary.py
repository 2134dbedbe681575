"""Rows → tables: every metric with its interval, over all examples and over slices.

Rows with scores come in, `Table` records go out, for the report, for gates and for the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.stats import Estimate, agreement, auc, labelled, mean

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How a metric is shown."""

    name: str
    label: str
    meaning: str
    """One sentence with range and source."""
    better: int = 1
    """1: higher is better, -1: lower is better, 0: neither."""
    headline: bool = True


METRICS: tuple[Metric, ...] = (
    Metric(name="recall@1", label="Recall@1", meaning="Share of the gold evidence in the first passage."),
    Metric(name="recall@5", label="Recall@5", meaning="Share of the gold evidence in the first five passages."),
    Metric(name="recall@10", label="Recall@10", meaning="Share of it in the first ten.", headline=False),
    Metric(name="mrr", label="MRR", meaning="1 / rank of the first passage with gold evidence."),
    Metric(name="ndcg@10", label="nDCG@10", meaning="Mean of 1 / log2(1 + rank) over the gold evidence."),
    Metric(name="evidence_recall", label="Evidence recall", meaning="Share of the gold evidence that citations quote."),
    Metric(
        name="evidence_precision", label="Evidence precision", meaning="Share of the citations with gold evidence."
    ),
    Metric(
        name="correctness",
        label="Answer correctness",
        meaning="Share of the required facts stated; 0 if something forbidden is stated.",
    ),
    Metric(name="fully_correct", label="Fully correct", meaning="All required facts, nothing forbidden."),
    Metric(name="completeness", label="Completeness", meaning="Required and optional facts.", headline=False),
    Metric(
        name="forbidden_said", label="Forbidden stated", meaning="Where something is forbidden: stated.", better=-1,
        headline=False,
    ),
    Metric(name="quotes_verbatim", label="Quotes verbatim", meaning="Citations whose offsets cut out their quote."),
    Metric(name="claims_cited", label="Claims cited", meaning="Claims with a citation.", headline=False),
    Metric(
        name="answer_language",
        label="Language of the answer",
        meaning="Answers in the question's language; a quoting answerer quotes Indonesian to English questions too.",
        better=0,
    ),
    Metric(name="abstention_recall", label="Abstention recall", meaning="Abstained where the archive does not answer."),
    Metric(name="abstention_precision", label="Abstention precision", meaning="Abstentions that were right."),
    Metric(
        name="wrongly_abstained", label="Wrongly abstained", meaning="Abstained where the archive answers.", better=-1
    ),
    Metric(name="abstention_auc", label="Abstention AUC", meaning="Chance that confidence ranks an answerable higher."),
    Metric(name="crag", label="CRAG score", meaning="Right 1, partly .5, missing 0, wrong -1 (-1..1)."),
    Metric(name="failed", label="Failed", meaning="Examples that raised an error.", better=-1),
    Metric(name="latency_ms", label="Latency (ms)", meaning="Question to answer, mean.", better=-1),
    Metric(name="input_tokens", label="Input tokens", meaning="Per answer, as the service counts.", better=0),
    Metric(name="output_tokens", label="Output tokens", meaning="Per answer, as the service counts.", better=0),
    Metric(name="cost_usd", label="Cost (USD)", meaning="Per answer.", better=-1),
)  # fmt: skip
_JUDGED = {
    "faithfulness": ("Faithfulness", "Share of the statements that the retrieved context entails, by judge.", 1),
    "citation_recall": ("Citation recall", "Share of the claims that their citations entail, by judge.", 1),
    "citation_precision": ("Citation precision", "Share of the citations that are needed, by judge.", 1),
    "unscored": ("Unscored", "Verdicts that could not be read.", -1),
}


def metric(name: str) -> Metric:
    """How a metric is shown, also one of a judge (``faithfulness/lexical``).

    Raises:
        KeyError: for a name that is no metric's.
    """
    kind, _, judge = name.partition("/")
    if kind in _JUDGED:
        label, meaning, better = _JUDGED[kind]
        shown = "Support" if kind == "faithfulness" and judge != "model" else label
        return Metric(
            name=name, label=f"{shown} ({judge})", meaning=meaning, better=better, headline=kind != "unscored"
        )
    return next(known for known in METRICS if known.name == name) if name in _NAMES else _unknown(name)


_NAMES = frozenset(known.name for known in METRICS)


_AMOUNTS = frozenset({"crag", "latency_ms", "input_tokens", "output_tokens", "cost_usd"})
"""Metrics that are no shares of anything."""


def _unknown(name: str) -> Metric:
    raise KeyError(
        f"expected a metric, saw {name!r}; known are {', '.join(sorted(_NAMES))} and {', '.join(_JUDGED)}/JUDGE"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The metrics of some examples of one system."""

    answerer: str
    split: str
    slice: str
    """``all``, or a field with its value (``language=en``)."""
    estimates: Mapping[str, Estimate]


def table(rows: Sequence[Row], *, answerer: str, split: str, slice: str = "all") -> Table:
    """Every metric of ``rows`` with an interval clustered by evidence group."""
    clusters = [row["case"]["group"] for row in rows]
    names = sorted({name for row in rows for name in row["scores"]} - {"confidence"}, key=_order)
    found = {
        name: mean([row["scores"].get(name) for row in rows], clusters, share=name not in _AMOUNTS) for name in names
    }
    found["abstention_auc"] = labelled(
        auc, [row["scores"].get("confidence") for row in rows], [row["case"]["answerable"] for row in rows], clusters
    )
    return Table(
        answerer=answerer, split=split, slice=slice, estimates={name: found[name] for name in sorted(found, key=_order)}
    )


def _order(name: str) -> tuple[int, str]:
    """Judged metrics stand before abstention, the others as in `METRICS`."""
    names = [known.name for known in METRICS]
    return (names.index(name), "") if name in names else (names.index("answer_language"), name)


def tables(rows: Sequence[Row], by: Callable[[Row], str | None] | None = None, label: str = "all") -> list[Table]:
    """A table per system and split, or per system, split and value of ``by`` (None leaves a row out)."""
    found: list[Table] = []
    for (answerer, split), chosen in _grouped(rows, lambda row: (row["answerer"], row["split"])):
        if by is None:
            found.append(table(chosen, answerer=answerer, split=split))
            continue
        for value, part in sorted(
            _grouped([r for r in chosen if by(r) is not None], by), key=lambda pair: str(pair[0])
        ):
            found.append(table(part, answerer=answerer, split=split, slice=f"{label}={value}"))
    return found


def all_tables(rows: Sequence[Row]) -> list[Table]:
    """Over all examples, and by language and by type."""
    by_language = tables(rows, lambda row: row["case"]["language"], "language")
    return [*tables(rows), *by_language, *tables(rows, lambda row: row["case"]["type"], "type")]


def _grouped(rows: Sequence[Row], by: Callable[[Row], Any]) -> Iterator[tuple[Any, list[Row]]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    return iter(groups.items())


def judge_agreement(rows: Sequence[Row]) -> list[tuple[str, str, float | None, int]]:
    """For each pair of judges: their names, Cohen's kappa on the claims both scored, and how many those are."""
    judges = sorted({name for row in rows for name in row["judgements"]})
    found = []
    for i, one in enumerate(judges):
        for other in judges[i + 1 :]:
            pairs = [
                (a["together"]["supported"], b["together"]["supported"])
                for row in rows
                if one in row["judgements"] and other in row["judgements"]
                for a, b in zip(row["judgements"][one]["claims"], row["judgements"][other]["claims"], strict=True)
            ]
            both = [(a, b) for a, b in pairs if a is not None and b is not None]
            found.append((one, other, agreement([a for a, _ in both], [b for _, b in both]), len(both)))
    return found


def show(estimate: Estimate, *, digits: int = 3) -> str:
    """``.912 [.861, .953]``, without an interval where there is none; ``n/a`` for nothing."""
    if estimate.value is None:
        return "n/a"
    if abs(estimate.value) >= 10:
        digits = 1
    text = f"{estimate.value:.{digits}f}"
    if estimate.low is None or estimate.high is None:
        return text
    return f"{text} [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"
