"""Boosted decision trees, evaluated with numpy: rows of features in, one score a row out.

The file is JSON: ``features`` names the columns, ``trees`` holds for every tree the lists ``feature`` (column number,
-1 at a leaf), ``limit`` (go left when the value is at most this), ``left``, ``right`` (node numbers) and ``value`` (at
leaves), with node 0 as the root. A row's score is the sum of its leaves' values.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Trees:
    """A set of trees, ready to score."""

    def __init__(self, model: dict[str, Any]) -> None:
        """Flatten the trees; a leaf leads to itself, so that all trees can be walked to the same depth."""
        self.features: tuple[str, ...] = tuple(model["features"])
        feature: list[int] = []
        limit: list[float] = []
        child: list[tuple[int, int]] = []
        value: list[float] = []
        roots: list[int] = []
        for tree in model["trees"]:
            base = len(feature)
            roots.append(base)
            for node, column in enumerate(tree["feature"]):
                leaf = column < 0
                feature.append(max(column, 0))
                limit.append(tree["limit"][node])
                child.append((base + node,) * 2 if leaf else (base + tree["left"][node], base + tree["right"][node]))
                value.append(tree["value"][node])
        self._feature = np.array(feature, dtype=np.int64)
        self._limit = np.array(limit)
        self._child = np.array(child, dtype=np.int64).reshape(-1)
        self._value = np.array(value)
        self._roots = np.array(roots, dtype=np.int64)
        self._depth = max((_depth(tree) for tree in model["trees"]), default=0)

    @classmethod
    def parse(cls, text: str) -> Trees:
        """Read the JSON form."""
        return cls(json.loads(text))

    def score(self, rows: Floats, names: Sequence[str]) -> Floats:
        """Sum of leaf values.

        Args:
            rows: (n, m) features.
            names: the m columns of ``rows``; those the trees use must be among them.

        Returns:
            (n,) scores.
        """
        position = {name: number for number, name in enumerate(names)}
        columns = [position[name] for name in self.features]
        flat = np.ascontiguousarray(rows[:, columns]).reshape(-1)
        start = (np.arange(len(rows)) * len(columns))[:, None]
        node = np.broadcast_to(self._roots, (len(rows), len(self._roots)))
        for _ in range(self._depth):
            value = flat.take(start + self._feature.take(node))
            node = self._child.take(2 * node + (value > self._limit.take(node)))
        return np.asarray(self._value.take(node).sum(axis=1))


def _depth(tree: dict[str, list[int]], node: int = 0) -> int:
    if tree["feature"][node] < 0:
        return 0
    return 1 + max(_depth(tree, tree["left"][node]), _depth(tree, tree["right"][node]))
