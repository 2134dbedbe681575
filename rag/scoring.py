"""The learned half of the support check: features in, a probability out; how rare a word is.

The weights are ``rag/data/support.json``, made by ``tools/train_support.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _weights() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("rag").joinpath("data/support.json").read_text("utf-8"))
    return found


def rarity(stem: str) -> float:
    """Inverse document frequency of an Indonesian stem, ``ln(N / n)`` scaled to 0..1; 1 for a stem never seen."""
    return float(_weights()["rarity"].get(stem, 1.0))


def probability(features: Mapping[str, float]) -> float:
    """Estimated probability of entailment, 0..1."""
    return 1 / (1 + math.exp(-8 * (features["coverage"] - 0.5)))
