"""What a judge must beat: guessing from the claim alone.

Probes come in, a score per probe goes out. A judge that is no better than this has learnt how false claims sound, not
whether their evidence says them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from evals.probes import Probe
from rag.language.words import stem, tokens

FOLDS = 5


def hypothesis_only(probes: Sequence[Probe]) -> list[float]:
    """Log odds that a claim is supported, from its words alone: naive Bayes over stems and pairs of stems.

    Each fold of passages is scored by what the others teach (McCallum and Nigam 1998, multinomial, add-one smoothing).
    """
    groups = {group: number % FOLDS for number, group in enumerate(dict.fromkeys(p.group for p in probes))}
    words = [_features(probe) for probe in probes]
    scores = [0.0] * len(probes)
    for fold in range(FOLDS):
        taught: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for probe, found in zip(probes, words, strict=True):
            if groups[probe.group] != fold:
                taught[probe.supported].update(found)
        totals = {label: sum(counts.values()) + 1 for label, counts in taught.items()}
        for place, probe in enumerate(probes):
            if groups[probe.group] == fold:
                scores[place] = sum(
                    math.log((taught[True][w] + 1) / totals[True]) - math.log((taught[False][w] + 1) / totals[False])
                    for w in words[place]
                )
    return scores


def _features(probe: Probe) -> list[str]:
    stems = [stem(token.text, probe.language) for token in tokens(probe.claim)]
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]
