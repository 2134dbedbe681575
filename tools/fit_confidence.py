"""Fits, calibrates and reports the confidence: part of ``tools/train_ranking.py``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import lightgbm
import numpy as np
from confidence_examples import Case
from ranking_examples import Example
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.finding.confidence import CONFIDENCE_FEATURES, confidence_features
from rag.finding.ranking import with_rare_words

SETTINGS = {
    "n_estimators": 150, "learning_rate": 0.06, "num_leaves": 8, "min_child_samples": 60, "colsample_bytree": 0.4,
    "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 10.0, "random_state": 1, "n_jobs": 2, "verbose": -1,
}  # fmt: skip
NEVER_WORSE = {"score", "share_names_chunk", "focus", "focus_around", "focus_chunk", "most_focus_around"}
"""Features that, when they grow, may not lower the confidence. To hold all shares of the question to that costs a point
of area under the curve: a chunk that has more of the question only because it is long is no better."""
NEVER_BETTER = {"absent", "absent_names", "absent_plain", "absent_focus", "digits_missing", "negation_asked"}
WEIGHTS = {"left open": 0.6, "near miss": 3.0, "false premise": 3.0}
SETTINGS_WEIGHTS = {
    ("large", True): 1.0, ("large", False): 1.0, ("small", True): 4.0, ("small", False): 1.5,
    ("practice", True): 5.0, ("practice", False): 3.0,
}  # fmt: skip
"""What a case counts by its setting, when it is answered and when it is not.

Half of the weight of small archives is on answered ones, so that a small archive is not taken for an unlikely one; and
the few questions about news as people ask them are heard beside the many about an encyclopedia.
"""
Examples = Iterable[tuple[Example | None, Case]]
Ranker = lightgbm.Booster


NATURAL = {"there", "removed", "near miss", "off topic", "false premise", "injection"}


class Outcome(NamedTuple):
    """A case with its raw score (log odds before calibration)."""

    case: Case
    raw: float


def _row(one: Example, ranker: Ranker) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    scores = with_rare_words(ranker.predict(one.rows), one.rows)
    return confidence_features(one.query, one.rows, one.seen, scores, one.size)


def fit_confidence(examples: Examples, ranker_of: Callable[[Example], Ranker]) -> lightgbm.Booster:
    """Boosted trees for the log odds, held to the directions that make sense.

    Args:
        examples: features and cases; those without features are passed over.
        ranker_of: a ranker that has not seen the question.
    """
    known = [(one, case) for one, case in examples if one is not None]
    rows = np.array([_row(one, ranker_of(one)) for one, _ in known])
    signs = [1 if name in NEVER_WORSE else -1 if name in NEVER_BETTER else 0 for name in CONFIDENCE_FEATURES]
    model = lightgbm.LGBMClassifier(**SETTINGS, monotone_constraints=signs)
    weights = [WEIGHTS.get(case.name, 1.0) * SETTINGS_WEIGHTS[case.setting, case.answered] for _, case in known]
    model.fit(rows, [int(case.answered) for _, case in known], sample_weight=weights)
    return model.booster_


def cross_judged(examples: Examples, ranker_of: Callable[[Example], Ranker], folds: int) -> list[Outcome]:
    """Raw scores of the examples, in their order, each by a model that has seen none of its passage or event."""
    pairs = list(examples)
    models = [
        fit_confidence((pair for pair in pairs if pair[1].asked[0].fold != fold), ranker_of) for fold in range(folds)
    ]
    return [
        out
        for one, case in pairs
        for out in judged([(one, case)], models[case.asked[0].fold], ranker_of(one) if one else None)
    ]


def judged(examples: Examples, model: lightgbm.Booster, ranker: Ranker | None) -> list[Outcome]:
    """Raw scores; a question without any candidate is certain not to be answered."""
    return [
        Outcome(case, float(model.predict(_row(one, ranker)[None], raw_score=True)[0]) if one and ranker else -9.0)
        for one, case in examples
    ]


def calibrate(outcomes: list[Outcome]) -> dict[str, float]:
    """Platt's line (1999, "Probabilistic outputs for support vector machines").

    Made-up near misses do not count here: how often people ask such questions is not known.
    """
    outcomes = [outcome for outcome in outcomes if outcome.case.name in NATURAL]
    line = LogisticRegression(C=1e6)
    line.fit([[outcome.raw] for outcome in outcomes], [int(outcome.case.answered) for outcome in outcomes])
    return {
        "slope": round(float(line.coef_[0][0]), 4),
        "offset": round(float(line.intercept_[0]), 4),
    }


def report_confidence(outcomes: list[Outcome], head: dict[str, float]) -> None:
    """Print areas under the curve and, for several thresholds, how often each kind of case is abstained from."""
    groups: dict[tuple[str, str, str], list[float]] = {}
    for case, raw in outcomes:
        probability = 1 / (1 + math.exp(-(head["slope"] * raw + head["offset"])))
        groups.setdefault((case.setting, case.asked[0].language, case.name), []).append(probability)
    for (setting, language, name), scores in sorted(groups.items()):
        there = groups[setting, language, "there"]
        labels = [1] * len(there) + [0] * len(scores)
        area = f"AUC {roc_auc_score(labels, there + scores):.3f}" if name != "there" else ""
        shares = (f"{t}: {np.mean(np.array(scores) < t):.3f}" for t in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5))
        print(setting, language, name, len(scores), area, "abstained at", *shares, flush=True)
