"""Fits, calibrates and reports the second look: part of ``tools/train_ranking.py``."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import NamedTuple

import lightgbm
import numpy as np
from confidence_examples import Case
from fit_confidence import NATURAL
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from training_data import FOLDS

from rag.answering.second_look import Place, second_features
from rag.finding.question import Query
from rag.language.glossary import Glossary
from rag.trees import Floats

SETTINGS = {
    "n_estimators": 500, "learning_rate": 0.05, "num_leaves": 16, "min_child_samples": 30, "colsample_bytree": 0.15,
    "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 10.0, "random_state": 1, "n_jobs": 2, "verbose": -1,
}  # fmt: skip
"""Chosen, with the weights, by cross-validation over the practice events."""
THRESHOLD = 0.28
"""The largest with which at most .08 of the answerable questions of the evaluation set's dev half and of the held-out
practice archives together are abstained from."""
FIRST = 0.35
"""Share of the first look in the log odds."""
WEIGHTS = {"near miss": 3.0, "false premise": 3.0}
LESS = {"off topic": 0.8, "removed": 0.15}
"""Of the practice archives, where each answerable question has such a case."""
ALL_EVENTS = 0.5
"""What a case counts over a large archive; for the practice events that is the second time it is asked."""
MOST = 1500
"""Cases of each name and setting, at most."""


class Found(NamedTuple):
    """A case with the best sentences found for it, and the confidence in them by a model that has not seen it."""

    case: Case
    best: tuple[Place, ...]
    confidence: float
    wide: float
    """See `rag.answering.second_look.spread`."""


class Row(NamedTuple):
    """A case as the second look sees it."""

    case: Case
    features: Floats


def rows(found: Sequence[Found]) -> list[Row]:
    """Features of a case each, on two processes; a case for which nothing was found is left out."""
    kept = [one for one in _sampled(found) if one.best]
    work = [(one.case.asked[1], one.best, one.confidence, one.wide) for one in kept]
    with ProcessPoolExecutor(2, initializer=os.nice, initargs=(5,)) as pool:
        made = pool.map(_features, work, chunksize=64)
        return [Row(one.case, features) for one, features in zip(kept, made, strict=True)]


def _sampled(found: Sequence[Found]) -> list[Found]:
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        groups.setdefault((one.case.setting, one.case.name), []).append(one)
    rng = np.random.default_rng(0)
    chosen: list[Found] = []
    for group in groups.values():
        keep = group if group[0].case.setting == "practice" else [group[i] for i in rng.permutation(len(group))[:MOST]]
        chosen += keep
    return chosen


def _features(work: tuple[Query, tuple[Place, ...], float, float]) -> Floats:
    return second_features(*work, _glossary())


@cache
def _glossary() -> Glossary:
    return Glossary.load()


def weights(data: Sequence[Row]) -> Floats:
    """What each case counts.

    In each setting the answered cases count as much as all others, so that an encyclopedia is not taken for an archive
    that rarely answers. Within each slot, the shares of answered and unanswered cases are drawn halfway to those among
    all: a question is hardly less likely to be answered for asking a price, but for asking one of sentences without.
    """
    base = np.array([_weight(row.case) for row in data])
    answered = np.array([row.case.answered for row in data])
    settings = np.array([row.case.setting for row in data])
    slots = np.array([row.case.asked[1].slot for row in data])
    for setting, slot in set(zip(settings.tolist(), slots.tolist(), strict=True)):
        inside = (settings == setting) & (slots == slot)
        overall, share = answered[settings == setting].mean(), answered[inside].mean()
        if 0 < share < 1:
            base[inside & answered] *= math.sqrt(np.clip(overall / share, *_CLIP))
            base[inside & ~answered] *= math.sqrt(np.clip((1 - overall) / (1 - share), *_CLIP))
    for setting in set(settings.tolist()):
        there, not_there = (settings == setting) & answered, (settings == setting) & ~answered
        base[there] *= base[not_there].sum() / base[there].sum()
    return base


_CLIP = (0.3, 4.0)


def _weight(case: Case) -> float:
    less = LESS.get(case.name, 1.0) if case.setting == "practice" else 1.0
    return WEIGHTS.get(case.name, 1.0) * less * (ALL_EVENTS if isinstance(case.asked[2], str) else 1.0)


def fit_trees(data: Sequence[Row]) -> lightgbm.Booster:
    """Boosted trees for the log odds."""
    model = lightgbm.LGBMClassifier(**SETTINGS)
    labels = [int(row.case.answered) for row in data]
    return model.fit(np.array([row.features for row in data]), labels, sample_weight=weights(data)).booster_


def cross_scored(data: Sequence[Row]) -> list[tuple[Row, float]]:
    """Each case with raw log odds by trees that have not seen its event or passage."""
    scored: list[tuple[Row, float]] = []
    for fold in range(FOLDS):
        held = [row for row in data if row.case.asked[0].fold == fold]
        trees = fit_trees([row for row in data if row.case.asked[0].fold != fold])
        raw = trees.predict(np.array([row.features for row in held]), raw_score=True)
        scored += zip(held, raw.tolist(), strict=True)
    return scored


def fit_second_look(data: Sequence[Row]) -> tuple[dict[str, float], lightgbm.Booster]:
    """The numbers and trees of the model; what cross-validation says is printed.

    Platt's line is drawn through cases as they occur, without those that were made up.
    """
    scored = cross_scored(data)
    natural = [(row, raw) for row, raw in scored if row.case.name in NATURAL]
    line = LogisticRegression(C=1e6)
    labels = [int(row.case.answered) for row, _ in natural]
    line.fit([[_blend(row, raw)] for row, raw in natural], labels)
    slope, offset = round(float(line.coef_[0][0]), 4), round(float(line.intercept_[0]), 4)
    report([(row, 1 / (1 + math.exp(-(slope * _blend(row, raw) + offset)))) for row, raw in scored])
    return {"threshold": THRESHOLD, "first": FIRST, "slope": slope, "offset": offset}, fit_trees(data)


def _blend(row: Row, raw: float) -> float:
    return FIRST * float(row.features[0]) + (1 - FIRST) * raw


def report(scored: Sequence[tuple[Row, float]]) -> None:
    """Print areas under the curve beside the first look's, and how often each kind is abstained from."""
    groups: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for row, probability in scored:
        where = "all" if isinstance(row.case.asked[2], str) and row.case.setting == "practice" else ""
        key = (row.case.setting + where, row.case.asked[0].language, row.case.name)
        groups.setdefault(key, []).append((probability, row.features[0]))
    for (setting, language, name), pairs in sorted(groups.items()):
        there = groups[setting, language, "there"]
        labels = [1] * len(there) + [0] * len(pairs)
        first, second = (roc_auc_score(labels, [p[i] for p in there + pairs]) for i in (1, 0))
        area = f"AUC {first:.3f} -> {second:.3f}" if name != "there" else ""
        shares = (f"{t}: {np.mean([p < t for p, _ in pairs]):.3f}" for t in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6))
        print(setting, language, name, len(pairs), area, "abstained at", *shares, flush=True)
