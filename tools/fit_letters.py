"""Fits ``rag/data/letters.json``: how far each pair of letters speaks for English rather than Indonesian.

Run ``python tools/fit_letters.py`` after the glossary has changed. In: the words of the glossary that only one of the
two languages has. Out: log odds per pair of letters (``^`` and ``$`` are the word's ends), by logistic regression with
a squared penalty of 1, and the error on a quarter of the words that the printed fit has not seen.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from rag.language.words import fold, letter_pairs

DATA = Path(__file__).resolve().parent.parent / "rag" / "data"


def glossary_words() -> tuple[list[str], list[str]]:
    """Words of one language only, Indonesian and English, without names."""
    sides: tuple[set[str], set[str]] = (set(), set())
    for line in DATA.joinpath("glossary.tsv").read_text("utf-8").splitlines():
        for side, phrase in zip(sides, line.split("\t"), strict=False):
            side.update(fold(word) for word in re.findall(r"[^\W\d_]+", phrase) if word.islower())
    return sorted(sides[0] - sides[1]), sorted(sides[1] - sides[0])


def fit(indonesian: list[str], english: list[str]) -> dict[str, float]:
    """Log odds per pair of letters, and the bias under the empty string."""
    words = indonesian + english
    pairs = {pair: n for n, pair in enumerate(sorted({p for word in words for p in letter_pairs(word)}))}
    places = [(row, pairs[p]) for row, word in enumerate(words) for p in set(letter_pairs(word))]
    rows, columns = zip(*places, strict=True)
    found = csr_matrix((np.ones(len(places)), (rows, columns)), shape=(len(words), len(pairs)))
    is_english = np.repeat([0.0, 1.0], [len(indonesian), len(english)])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = found @ weights[:-1] + weights[-1]
        error = 1 / (1 + np.exp(-scores)) - is_english
        value = np.logaddexp(0, scores).sum() - is_english @ scores + weights[:-1] @ weights[:-1] / 2
        return float(value), np.append(found.T @ error + weights[:-1], error.sum())

    best = minimize(loss, np.zeros(len(pairs) + 1), jac=True, method="L-BFGS-B").x
    rounded = {pair: round(float(best[n]), 2) for pair, n in pairs.items()}
    return {"": round(float(best[-1]), 2), **{pair: weight for pair, weight in rounded.items() if weight}}


def error(weights: dict[str, float], words: list[str], *, english: bool) -> float:
    """Share of words taken for the other language, 0..1."""
    scores = [weights[""] + sum(weights.get(p, 0.0) for p in set(letter_pairs(word))) for word in words]
    return sum((score > 0) != english for score in scores) / len(words)


def main() -> None:
    """Print the error on unseen words, then write the weights fitted on all."""
    indonesian, english = glossary_words()
    weights = fit([w for n, w in enumerate(indonesian) if n % 4], [w for n, w in enumerate(english) if n % 4])
    print(f"{len(indonesian)} Indonesian and {len(english)} English words; wrong among the unseen quarter:")
    print(f"Indonesian {error(weights, indonesian[::4], english=False):.3f}, ", end="")
    print(f"English {error(weights, english[::4], english=True):.3f}")
    lines = [f"  {json.dumps(k, ensure_ascii=False)}: {v}" for k, v in fit(indonesian, english).items()]
    DATA.joinpath("letters.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
