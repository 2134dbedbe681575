"""Intervals, areas, paired differences: SciPy on samples whose examples come in clusters.

Values with their clusters come in, estimates with 95 % intervals come out. Questions on the same evidence are not
independent, so whole clusters are resampled (Miller 2024, "Adding Error Bars to Evals", arXiv 2411.00640). Seeds are
fixed: the same values give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

SEED = 20230913
RESAMPLES = 9_999
LEVEL = 0.95
_POWER_Z = float(stats.norm.ppf(0.5 + LEVEL / 2) + stats.norm.ppf(0.8))
"""z for a two-sided test at 5 % plus z for 80 % power: 2.80."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number measured on a sample."""

    value: float | None
    """None is n/a: nothing to measure."""
    low: float | None = None
    high: float | None = None
    """Ends of the 95 % interval; None where there are fewer than two clusters."""
    n: int
    clusters: int


def mean(
    values: Sequence[float | None], clusters: Sequence[Hashable], *, resamples: int = RESAMPLES, share: bool = True
) -> Estimate:
    """Mean of the values that are not n/a, with a percentile cluster-bootstrap interval.

    Where every value of a share is 0, or every one 1, resampling says nothing; the interval is then Wilson's over
    clusters.

    Args:
        values: one per example; None is left out.
        clusters: for each example, what it shares with its like.
        resamples: bootstrap samples, > 0.
        share: the values lie in 0..1.
    """
    sums, counts = _cluster_sums(values, clusters)
    n = int(counts.sum())
    if n == 0:
        return Estimate(value=None, n=0, clusters=0)
    value = float(sums.sum() / n)
    if len(sums) < 2:
        return Estimate(value=value, n=n, clusters=len(sums))
    if share and value in (0.0, 1.0):
        wilson = stats.binomtest(int(value) * len(sums), len(sums)).proportion_ci(LEVEL, method="wilson")
        return Estimate(value=value, low=float(wilson.low), high=float(wilson.high), n=n, clusters=len(sums))
    low, high = _bootstrap(sums, counts, resamples)
    return Estimate(value=value, low=low, high=high, n=n, clusters=len(sums))


def _cluster_sums(values: Sequence[float | None], clusters: Sequence[Hashable]) -> tuple[Floats, Floats]:
    """Per cluster, in order of first appearance: sum and count of its values, each ``(n_clusters,) float64``."""
    if len(values) != len(clusters):
        raise ValueError(f"expected one cluster per value, saw {len(values)} values and {len(clusters)} clusters")
    sums: dict[Hashable, float] = {}
    counts: dict[Hashable, int] = {}
    for value, cluster in zip(values, clusters, strict=True):
        if value is not None:
            sums[cluster] = sums.get(cluster, 0.0) + value
            counts[cluster] = counts.get(cluster, 0) + 1
    return np.array(list(sums.values()), dtype=float), np.array(list(counts.values()), dtype=float)


def _bootstrap(sums: Floats, counts: Floats, resamples: int) -> tuple[float, float]:
    if np.all(sums * counts.sum() == counts * sums.sum()):  # every cluster has the same mean: nothing varies
        value = float(sums.sum() / counts.sum())
        return value, value
    done = stats.bootstrap(
        (sums, counts),
        _ratio,
        paired=True,
        vectorized=True,
        n_resamples=resamples,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    return float(done.confidence_interval.low), float(done.confidence_interval.high)


def _ratio(sums: Floats, counts: Floats, axis: int = -1) -> Floats:
    """Mean over examples of resampled clusters."""
    ratio: Floats = sums.sum(axis=axis) / counts.sum(axis=axis)
    return ratio


def auc(scores: Floats, labels: npt.NDArray[np.bool_]) -> float:
    """Area under the ROC curve, 0..1: the chance that a positive scores above a negative, ties half.

    The Mann-Whitney U over the product of the sizes (Hanley and McNeil 1982). NaN when a class is empty.

    Args:
        scores: ``(n,) float64``, higher is more positive.
        labels: ``(n,) bool``.
    """
    positive, negative = int(labels.sum()), int((~labels).sum())
    if not positive or not negative:
        return float("nan")
    ranks = stats.rankdata(scores)
    return float((ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * negative))


def balanced_accuracy(predicted: Floats, labels: npt.NDArray[np.bool_]) -> float:
    """Mean of the true-positive and true-negative rates of 0/1 predictions, 0..1; NaN when a class is empty."""
    if labels.all() or not labels.any():
        return float("nan")
    return float((predicted[labels].mean() + 1 - predicted[~labels].mean()) / 2)


def labelled(
    statistic: Callable[[Floats, npt.NDArray[np.bool_]], float],
    scores: Sequence[float | None],
    labels: Sequence[bool],
    clusters: Sequence[Hashable],
    *,
    resamples: int = 999,
) -> Estimate:
    """`auc` or `balanced_accuracy` with a percentile cluster-bootstrap interval; unscored examples are left out.

    Args:
        statistic: of scores and labels.
        scores: one per example; None is left out.
        labels: which examples are positive.
        clusters: for each example, what it shares with its like.
        resamples: bootstrap samples, > 0.
    """
    kept = [i for i, score in enumerate(scores) if score is not None]
    score = np.array([scores[i] for i in kept], dtype=float)
    label = np.array([labels[i] for i in kept], dtype=bool)
    members: dict[Hashable, list[int]] = {}
    for place, i in enumerate(kept):
        members.setdefault(clusters[i], []).append(place)
    groups = [np.array(places) for places in members.values()]
    value = statistic(score, label) if kept else float("nan")
    if np.isnan(value):
        return Estimate(value=None, n=len(kept), clusters=len(groups))
    low, high = _label_interval(statistic, score, label, groups, resamples)
    return Estimate(value=value, low=low, high=high, n=len(kept), clusters=len(groups))


def _label_interval(
    statistic: Callable[[Floats, npt.NDArray[np.bool_]], float],
    score: Floats,
    label: npt.NDArray[np.bool_],
    groups: Sequence[npt.NDArray[np.int64]],
    resamples: int,
) -> tuple[float | None, float | None]:
    if len(groups) < 2:
        return None, None
    rng = np.random.default_rng(SEED)
    found = np.empty(resamples)
    for turn in range(resamples):
        chosen = np.concatenate([groups[g] for g in rng.integers(0, len(groups), len(groups))])
        found[turn] = statistic(score[chosen], label[chosen])
    found = found[~np.isnan(found)]
    if not len(found):
        return None, None
    low, high = np.percentile(found, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two systems on the same examples, B minus A."""

    difference: Estimate
    p_bootstrap: float | None
    """Two-sided, from the resampled differences, 0..1; None when nothing differs or fewer than two clusters."""
    p_mcnemar: float | None
    """Exact two-sided McNemar, 0..1; None when the values are not all 0 or 1, or nothing flipped."""
    gained: int
    """Examples where B is higher."""
    lost: int
    detectable: float | None
    """Smallest true difference that this sample would see with 80 % power at 5 %."""


def paired(a: Sequence[float | None], b: Sequence[float | None], clusters: Sequence[Hashable]) -> Paired:
    """Compare B with A on the examples that both have scored.

    Paired cluster bootstrap for the difference; exact McNemar (binomial on the discordant pairs) for 0/1 values; the
    detectable difference is ``(z.975 + z.80) * SE`` with the bootstrap's standard error (Miller 2024, section 5).
    """
    pairs = [(x, y, c) for x, y, c in zip(a, b, clusters, strict=True) if x is not None and y is not None]
    differences = [y - x for x, y, _ in pairs]
    kept = [c for *_, c in pairs]
    gained, lost = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    binary = all(x in (0, 1) and y in (0, 1) for x, y, _ in pairs)
    mcnemar = float(stats.binomtest(gained, gained + lost).pvalue) if binary and gained + lost else None
    estimate, p, error = _difference(differences, kept)
    return Paired(
        difference=estimate,
        p_bootstrap=p,
        p_mcnemar=mcnemar,
        gained=gained,
        lost=lost,
        detectable=_POWER_Z * error if error is not None else None,
    )


def _difference(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[Estimate, float | None, float | None]:
    """Mean difference with interval, two-sided bootstrap p and standard error."""
    sums, counts = _cluster_sums(list(values), clusters)
    n = int(counts.sum())
    value = float(sums.sum() / n) if n else None
    if len(sums) < 2 or not np.any(sums):
        return Estimate(value=value, n=n, clusters=len(sums)), None, None
    rng = np.random.default_rng(SEED)
    picks = rng.integers(0, len(sums), (RESAMPLES, len(sums)))
    found = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    low, high = np.percentile(found, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    tail = min((found <= 0).sum(), (found >= 0).sum()) + 1
    p = min(1.0, 2 * float(tail) / (RESAMPLES + 1))
    estimate = Estimate(value=value, low=float(low), high=float(high), n=n, clusters=len(sums))
    return estimate, p, float(found.std(ddof=1))


def agreement(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Cohen's kappa of two raters' yes/no verdicts, -1..1 (Cohen 1960); n/a when empty or both always say the same."""
    if not one:
        return None
    n = len(one)
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    yes_one, yes_other = sum(one) / n, sum(other) / n
    expected = yes_one * yes_other + (1 - yes_one) * (1 - yes_other)
    return None if expected == 1 else (observed - expected) / (1 - expected)
