"""The support check as a judge of entailment on IndoNLI, beside baselines.

``val.jsonl`` and ``train.jsonl`` of IndoNLI (https://github.com/ir-nlp-csui/indonli) come in by path; balanced accuracy
and AUC of entailed against not entailed go out, with 95 % bootstrap intervals clustered by premise. The check's weights
are fitted on train; its thresholds were chosen on val, which makes its balanced accuracy there a little kind.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from evals.benchmarks.tables import Row, table
from evals.stats import auc, balanced_accuracy, labelled
from rag.language.glossary import Glossary
from rag.language.words import terms
from rag.verifying.evidence import Evidence
from rag.verifying.support import SUPPORTED, check

SEEN = 3
"""Training hypotheses that an n-gram must be in to count."""

OVERLAP = 0.8
"""Share of content stems from which word overlap says "entailed"."""


def run(data: Path, split: str = "val") -> str:
    """The table for one split.

    Raises:
        FileNotFoundError: when ``data`` has no such files.
    """
    pairs, train = _read(data / f"{split}.jsonl"), _read(data / "train.jsonl")
    labels = [pair["label"] == "e" for pair in pairs]
    clusters = [pair["premise_id"] for pair in pairs]
    glossary = Glossary.load()
    checked = [check(pair["hypothesis"], [Evidence(pair["premise"])], glossary) for pair in pairs]
    overlap = [_overlap(pair["hypothesis"], pair["premise"]) for pair in pairs]
    blind = HypothesisOnly(train)
    guesses = [blind.score(pair["hypothesis"]) for pair in pairs]
    scores = [found.score for found in checked]
    rows = [
        _row("chance", [0.5] * len(pairs), [0.0] * len(pairs), labels, clusters),
        _row("hypothesis only (naive Bayes, 1- and 2-grams)", guesses, [g >= 0 for g in guesses], labels, clusters),
        _row("word overlap (stems)", overlap, [o >= OVERLAP for o in overlap], labels, clusters),
        _row("support: score", scores, [s >= SUPPORTED for s in scores], labels, clusters),
        _row("support: verdict 'supported'", scores, [c.verdict == "supported" for c in checked], labels, clusters),
    ]
    return table(f"IndoNLI {split}", rows)


def _row(name: str, scores: Sequence[float], said: Sequence[float], labels: list[bool], clusters: list[Any]) -> Row:
    measures = {
        "balanced accuracy": labelled(balanced_accuracy, [float(s) for s in said], labels, clusters),
        "AUC": labelled(auc, scores, labels, clusters),
    }
    return name, measures


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _overlap(claim: str, source: str) -> float:
    told, known = terms(claim), set(terms(source))
    return sum(stem in known for stem in told) / max(1, len(told))


class HypothesisOnly:
    """What can be guessed without the premise: naive Bayes over the hypothesis (a check for leaks in the labels)."""

    def __init__(self, pairs: Sequence[dict[str, Any]]) -> None:
        """Count n-grams of entailed and other hypotheses."""
        self._counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for pair in pairs:
            self._counts[pair["label"] == "e"].update(_grams(pair["hypothesis"]))
        common = {g for g in self._counts[False] if self._counts[False][g] + self._counts[True][g] >= SEEN}
        self._counts = {
            label: Counter({g: n for g, n in c.items() if g in common}) for label, c in self._counts.items()
        }
        self._totals = {label: sum(counts.values()) for label, counts in self._counts.items()}

    def score(self, hypothesis: str) -> float:
        """Log odds of "entailed" with equal priors; above 0 means entailed."""
        size = len(self._counts[True].keys() | self._counts[False].keys())
        return sum(
            math.log((self._counts[True][g] + 1) / (self._totals[True] + size))
            - math.log((self._counts[False][g] + 1) / (self._totals[False] + size))
            for g in _grams(hypothesis)
            if g in self._counts[False]
        )


def _grams(text: str) -> set[str]:
    words = text.casefold().split()
    return {*words, *(" ".join(pair) for pair in pairwise(words))}
