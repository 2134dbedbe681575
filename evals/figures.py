"""Rows → the points of the report's plots: calibration, risk and coverage, ROC. No drawing here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evals.stats import Estimate, mean

Row = Mapping[str, Any]
BINS = 8


def calibration(rows: Sequence[Row]) -> list[tuple[float, Estimate]]:
    """Up to eight bins of equal size by confidence: its mean, and the share of answerable questions in it."""
    known = sorted((row for row in rows if row["scores"].get("confidence") is not None), key=_confidence)
    parts = [part for part in np.array_split(np.arange(len(known)), BINS) if len(part)]
    found = []
    for part in parts:
        chosen = [known[i] for i in part]
        at = sum(_confidence(row) for row in chosen) / len(chosen)
        true, clusters = [float(r["case"]["answerable"]) for r in chosen], [r["case"]["group"] for r in chosen]
        share = mean(true, clusters, resamples=999)
        found.append((at, share))
    return found


def expected_calibration_error(points: Sequence[tuple[float, Estimate]]) -> float | None:
    """Mean distance of confidence and truth over the bins, weighted by size, 0..1 (Naeini et al. 2015)."""
    total = sum(e.n for _, e in points)
    return sum(e.n * abs(at - (e.value or 0.0)) for at, e in points) / total if total else None


def risk_coverage(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Share of questions answered, and share of those answers that are wrong, as the confidence asked for falls.

    El-Yaniv and Wiener 2010. An answer is wrong when it lacks a required fact or the archive does not answer.
    """
    answered = [r for r in rows if r["answer"] is not None and not r["answer"]["abstained"]]
    ranked = sorted((r for r in answered if r["scores"].get("confidence") is not None), key=_confidence, reverse=True)
    wrong = np.cumsum([r["scores"].get("fully_correct") != 1.0 for r in ranked])
    return [((i + 1) / len(rows), float(w) / (i + 1)) for i, w in enumerate(wrong)]


def roc(scores: Sequence[float], labels: Sequence[bool]) -> list[tuple[float, float]]:
    """False- and true-positive rates over all thresholds, from (0, 0) to (1, 1); empty when a class is."""
    positive, negative = sum(labels), len(labels) - sum(labels)
    if not positive or not negative:
        return []
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")
    ranked, truth = np.asarray(scores, dtype=float)[order], np.asarray(labels, dtype=bool)[order]
    last = np.append(np.nonzero(np.diff(ranked))[0], len(ranked) - 1)
    hits, misses = np.cumsum(truth)[last], np.cumsum(~truth)[last]
    points = [(float(m) / negative, float(h) / positive) for h, m in zip(hits, misses, strict=True)]
    return [(0.0, 0.0), *points]


def _confidence(row: Row) -> float:
    return float(row["scores"]["confidence"])
