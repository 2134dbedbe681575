"""The learned half of the support check: features in, a probability out; how rare a word is.

A logistic regression and, on top of its log odds, boosted trees; once for claims in the language of their evidence and
once across languages. The weights are ``rag/data/support.json``, made by ``tools/train_support.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from rag.trees import Trees


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("rag").joinpath("data/support.json").read_text("utf-8"))
    return found


def rarity(stem: str) -> float:
    """Inverse document frequency of an Indonesian stem, ``ln(N / n) / ln(N)``, 0..1; 1 for a stem not in the table."""
    return float(_data()["rarity"].get(stem, 1.0))


def common(stem: str) -> bool:
    """Whether a stem is one of the few thousand most frequent ones of lower-case Indonesian words."""
    return stem in _data()["rarity"]


@cache
def _trees(side: str) -> Trees:
    return Trees(_data()[side]["trees"])


def probability(features: Mapping[str, float], *, across: bool, unmatched: Iterable[str] = ()) -> float:
    """Estimated probability that the evidence entails the claim, 0..1.

    Args:
        features: as `rag.verifying.likeness.features` gives them.
        across: the claim is in another language than its evidence.
        unmatched: stems of the claim that the source does not have; the frequent ones have weights of their own.
    """
    side = "across" if across else "same"
    model, trees = _data()[side], _trees(side)
    total = model["bias"] + sum(weight * features[name] for name, weight in model["features"].items())
    total += sum(model["unmatched"].get(stem, 0.0) for stem in set(unmatched))
    total += float(trees.score(np.array([[features[name] for name in trees.features]]), trees.features)[0])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
