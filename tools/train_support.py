"""Train the learned half of the support check and write ``rag/data/support.json``.

In: IndoNLI (``train.jsonl``, ``val.jsonl``; https://github.com/ir-nlp-csui/indonli, CC BY-SA) and IDK-MRC
(``train.json``; https://github.com/rifkiaputri/IDK-MRC, CC BY-SA 4.0) by path. Out: how rare words are, and the
weights of two logistic regressions, one for claims in their evidence's language and one across languages. Fitted on
train; what is printed for val chose the number of features, so it is a little kind.

    python tools/train_support.py --indonli DIR --idk-mrc DIR
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from rag.evidence import Evidence
from rag.glossary import Glossary
from rag.language import fold, stem, stop_words, tokens
from rag.likeness import Comparison, features, unmatched
from rag.support import compare, plain

OUT = Path(__file__).parent.parent / "rag" / "data" / "support.json"
SURFACE = ("words_in", "bigrams", "ratio", "log_source")
RARE_WORDS, FREQUENT_UNMATCHED, RIDGE = 2_500, 60, 30.0
"""Stems with a rarity; training pairs in which an unmatched stem must be to get a weight; L2 penalty."""


def rarities(texts: list[str]) -> dict[str, float]:
    """Scaled inverse document frequency of the stems of words that are mostly written in lower case."""
    documents: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in texts:
        words = {(stem(t.text), t.text[0].islower()) for t in tokens(text) if fold(t.text) not in stop_words("id")}
        documents.update({s for s, _ in words})
        lower.update({s for s, low in words if low})
    top = math.log(len(texts))
    kept = [(s, n) for s, n in documents.most_common() if s.isalpha() and lower[s] * 2 > n][:RARE_WORDS]
    return {s: round(math.log(len(texts) / n) / top, 2) for s, n in sorted(kept)}


def fit(inputs: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Ridge logistic regression with balanced classes by Newton's method, on standardised inputs.

    Args:
        inputs: (n, d) float64.
        labels: (n,) bool.

    Returns:
        (d,) weights for the inputs as given, and the bias.
    """
    middle, scale = inputs.mean(0), inputs.std(0) + 1e-9
    design = np.hstack([(inputs - middle) / scale, np.ones((len(inputs), 1))])
    importance = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    penalty = np.diag([*[RIDGE] * inputs.shape[1], 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (importance * (chance - labels)) + penalty @ weights
        curve = (design * (importance * chance * (1 - chance))[:, None]).T @ design + penalty
        weights -= np.linalg.solve(curve, slope)
    plain_weights = weights[:-1] / scale
    return plain_weights, float(weights[-1] - plain_weights @ middle)


def train(compared: list[Comparison], labels: np.ndarray, *, across: bool) -> dict[str, Any]:
    """One model as it is written to the file."""
    kept = [n for n, c in enumerate(compared) if not c.across]
    compared, labels = [compared[n] for n in kept], labels[kept]
    rows = [features(c) for c in compared]
    names = [name for name in rows[0] if not (across and name in SURFACE)]
    inputs = np.array([[row[name] for name in names] for row in rows])
    lacking = [set(unmatched(c)) for c in compared] if not across else [set[str]() for _ in compared]
    counts = Counter(s for one in lacking for s in one)
    stems = sorted(s for s, n in counts.items() if n >= FREQUENT_UNMATCHED)
    lacks = np.array([[float(s in one) for s in stems] for one in lacking]).reshape(len(rows), len(stems))
    weights, bias = fit(np.hstack([inputs, lacks]), labels)
    rounded = [round(float(w), 4) for w in weights]
    return {
        "bias": round(bias, 4),
        "features": dict(zip(names, rounded, strict=False)),
        "unmatched": dict(zip(stems, rounded[len(names) :], strict=True)),
    }


def main() -> None:
    """Read the data, train, write, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indonli", type=Path, required=True)
    parser.add_argument("--idk-mrc", type=Path, required=True)
    options = parser.parse_args()
    pairs = [json.loads(line) for line in (options.indonli / "train.jsonl").read_text("utf-8").splitlines()]
    contexts = [item["context"] for item in json.loads((options.idk_mrc / "train.json").read_text("utf-8"))]
    table = rarities([*dict.fromkeys(pair["premise"] for pair in pairs), *contexts])
    data: dict[str, Any] = {"rarity": table}
    if not OUT.exists() or json.loads(OUT.read_text("utf-8"))["rarity"] != table:
        empty = {"bias": 0.0, "features": {}, "unmatched": {}}
        write(data | {"same": empty, "across": empty})  # the comparisons below read the new rarities
    glossary = Glossary.load()
    compared = [compare(plain(p["hypothesis"]), [Evidence(p["premise"])], glossary) for p in pairs]
    labels = np.array([p["label"] == "e" for p in pairs])
    data |= {"same": train(compared, labels, across=False), "across": train(compared, labels, across=True)}
    write(data)
    print(f"{len(pairs)} pairs, {len(table)} rarities, {OUT.stat().st_size} bytes")


def write(data: dict[str, Any]) -> None:
    """One line per part, so that differences can be read."""
    parts = [f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in data.items()]
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
