"""Train the learned half of the support check and write ``rag/data/support.json``.

In: IndoNLI (``train.jsonl``; https://github.com/ir-nlp-csui/indonli, CC BY-SA) and IDK-MRC (``train.json``;
https://github.com/rifkiaputri/IDK-MRC, CC BY-SA 4.0) by path. Out: how rare words are, and two models, one for claims
in their evidence's language and one across languages: a logistic regression fitted on IndoNLI, and boosted trees that
start from its log odds and also see the pairs of ``tools/support_examples.py``. Only train splits are used; the
settings were chosen on IndoNLI val and on the suites of ``evals``. Needs lightgbm.

    python tools/train_support.py --indonli DIR --idk-mrc DIR
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from support_examples import Pair, load
from train_ranking import as_trees

from rag.language.glossary import Glossary
from rag.language.words import fold, stem, stop_words, tokens
from rag.verifying.evidence import Evidence
from rag.verifying.likeness import Comparison, features, unmatched
from rag.verifying.support import compare, plain

ROOT = Path(__file__).parent.parent
OUT = ROOT / "rag" / "data" / "support.json"
ENGLISH = ROOT / "evals" / "cases" / "idk_mrc_train_en.jsonl"
SURFACE = ("words_in", "bigrams", "ratio", "log_source")
RARE_WORDS, FREQUENT_UNMATCHED, RIDGE = 2_500, 60, 30.0
"""Stems with a rarity; training pairs in which an unmatched stem must be to get a weight; L2 penalty."""
MADE = 0.3
"""What the made-up pairs weigh together, where IndoNLI's weigh 1."""
KEPT = {"addition": 0.4, "negation": 0.4, "foreign": 0.5}
"""Share of the false twins of a kind that are used, of Indonesian ones; all of the others."""
TREES = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 15, "min_child_samples": 40, "colsample_bytree": 0.5,
    "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 5.0, "seed": 1, "num_threads": 2, "verbose": -1,
}  # fmt: skip
ROUNDS = 250

Labelled = tuple[Comparison, bool]


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
    importance = balanced(labels) * len(labels)
    penalty = np.diag([*[RIDGE] * inputs.shape[1], 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (importance * (chance - labels)) + penalty @ weights
        curve = (design * (importance * chance * (1 - chance))[:, None]).T @ design + penalty
        weights -= np.linalg.solve(curve, slope)
    plain_weights = weights[:-1] / scale
    return plain_weights, float(weights[-1] - plain_weights @ middle)


def balanced(labels: np.ndarray) -> np.ndarray:
    """(n,) importances of sum 1, half of it for each class."""
    return np.where(labels, 0.5 / labels.sum(), 0.5 / (~labels).sum())


def regression(pairs: Sequence[Labelled], *, across: bool) -> dict[str, Any]:
    """The first half of a model, as it is written to the file."""
    rows = [features(compared) for compared, _ in pairs]
    names = [name for name in rows[0] if not (across and name in SURFACE)]
    inputs = np.array([[row[name] for name in names] for row in rows])
    lacking = [set(unmatched(compared)) if not across else set[str]() for compared, _ in pairs]
    counts = Counter(s for one in lacking for s in one)
    stems = sorted(s for s, n in counts.items() if n >= FREQUENT_UNMATCHED)
    lacks = np.array([[float(s in one) for s in stems] for one in lacking]).reshape(len(rows), len(stems))
    weights, bias = fit(np.hstack([inputs, lacks]), np.array([label for _, label in pairs]))
    rounded = [round(float(w), 4) for w in weights]
    return {
        "bias": round(bias, 4),
        "features": dict(zip(names, rounded, strict=False)),
        "unmatched": dict(zip(stems, rounded[len(names) :], strict=True)),
    }


def boosted(
    model: dict[str, Any], sources: Sequence[tuple[float, Sequence[Labelled]]], *, across: bool
) -> dict[str, Any]:
    """The second half: trees that correct the regression.

    Args:
        model: the regression.
        sources: sets of pairs, each with what it weighs.
        across: whether the model is for claims in another language than their evidence.
    """
    names = list(model["features"])
    pairs = [pair for _, found in sources for pair in found]
    seen = np.array([[row[name] for name in names] for row in (features(compared) for compared, _ in pairs)])
    start = model["bias"] + seen @ np.array(list(model["features"].values()))
    if not across:
        start += [sum(model["unmatched"].get(s, 0.0) for s in set(unmatched(compared))) for compared, _ in pairs]
    weights = np.concatenate([share * balanced(np.array([label for _, label in found])) for share, found in sources])
    labels = np.array([int(label) for _, label in pairs])
    data = lightgbm.Dataset(seen, labels, weight=weights * len(sources[0][1]), init_score=start)
    return as_trees(lightgbm.train(TREES, data, ROUNDS), names)


def compared(pairs: Sequence[Pair], glossary: Glossary) -> Iterator[Labelled]:
    """Pairs laid side by side; a true claim with a name that its evidence lacks is left out, and so are its twins."""
    passed: str | None = None
    for pair in pairs:
        if pair.group == passed and not pair.supported:
            continue
        found = compare(plain(pair.claim), [Evidence(pair.evidence)], glossary)
        foreign = pair.supported and any(p.kind == "name" and p.weight >= 0.5 for p in found.problems)
        passed = pair.group if foreign else None
        if not foreign:
            yield found, pair.supported


def main() -> None:
    """Read the data, train, write, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indonli", type=Path, required=True)
    parser.add_argument("--idk-mrc", type=Path, required=True)
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.indonli / "train.jsonl").read_text("utf-8").splitlines()]
    contexts = [item["context"] for item in json.loads((options.idk_mrc / "train.json").read_text("utf-8"))]
    table = rarities([*dict.fromkeys(row["premise"] for row in rows), *contexts])
    data: dict[str, Any] = {"rarity": table}
    empty = {"bias": 0.0, "features": {}, "unmatched": {}, "trees": {"features": [], "trees": []}}
    write(data | {"same": empty, "across": empty})  # the comparisons below read the rarities
    glossary = Glossary.load()
    given = [
        (compare(plain(row["hypothesis"]), [Evidence(row["premise"])], glossary), row["label"] == "e") for row in rows
    ]
    indonesian, english = load(options.indonli, options.idk_mrc, ENGLISH)
    rng = random.Random(5)
    indonesian = [pair for pair in indonesian if pair.supported or rng.random() < KEPT.get(pair.kind, 1.0)]
    made, made_english = list(compared(indonesian, glossary)), list(compared(english, glossary))
    inside = [[pair for pair in found if not pair[0].across] for found in (given, made)]
    for side in ("same", "across"):
        across = side == "across"
        sources = [(1.0, inside[0]), (MADE, inside[1]), *([(MADE, made_english)] if across else [])]
        data[side] = regression(inside[0], across=across)
        data[side]["trees"] = boosted(data[side], sources, across=across)
    write(data)
    print(f"{len(given)} + {len(made)} + {len(made_english)} pairs, {OUT.stat().st_size} bytes")


def write(data: dict[str, Any]) -> None:
    """One line per part, so that differences can be read."""
    tight = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    parts = [f"{tight.encode(name)}: {tight.encode(part)}" for name, part in data.items()]
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
