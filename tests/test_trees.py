from __future__ import annotations

import numpy as np

from rag.trees import Trees

# One tree: share <= .5 gives -1; else near <= 2 gives 1, more gives 3. A second one: always .5.
MODEL = {
    "features": ["share", "near"],
    "trees": [
        {"feature": [0, -1, 1, -1, -1], "limit": [0.5, 0, 2, 0, 0], "left": [1, 0, 3, 0, 0], "right": [2, 0, 4, 0, 0],
         "value": [0, -1, 0, 1, 3]},
        {"feature": [-1], "limit": [0], "left": [0], "right": [0], "value": [0.5]},
    ],
}  # fmt: skip


def test_scores_are_sums_of_leaves() -> None:
    rows = np.array([[9.0, 0.5, 7.0], [9.0, 0.6, 2.0], [9.0, 0.6, 2.1]])
    assert Trees(MODEL).score(rows, ("other", "share", "near")).tolist() == [-0.5, 1.5, 3.5]


def test_columns_are_found_by_name() -> None:
    assert Trees(MODEL).score(np.array([[3.0, 0.9]]), ("near", "share")).tolist() == [3.5]


def test_no_rows() -> None:
    assert Trees(MODEL).score(np.zeros((0, 2)), ("share", "near")).tolist() == []
