"""How likely it is that the archive answers a question at all, by the words of the best evidence: the first look.

In come the sentence features and ranking scores of one question; out comes a probability. The features are shares,
counts and margins, so that they mean the same in an archive of five articles and of a million.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from rag.finding.features import MEANING_FEATURES, SENTENCE_FEATURES, SURE_FEATURES, TELLING_FEATURES
from rag.finding.question import Query
from rag.finding.sightings import Evidence
from rag.trees import Floats, Trees

_OF_BEST = (
    "share",
    "share_chunk",
    "share_before",
    "share_opening",
    "share_names",
    "share_names_chunk",
    "share_names_opening",
    "share_rest",
    "share_rest_chunk",
    "rarest_chunk",
    "missing",
    "missing_chunk",
    "exact",
    "exact_chunk",
    "bm25",
    "bm25_chunk",
    "often_chunk",
    "order",
    "order_chunk",
    "nearness",
    "density",
    "length",
    "place",
    "fit",
    "fit_near",
    "fit_nearest",
    "new_names_near",
    "defining_after",
    "subject",
    "subject_opening",
    "link",
    "link_best",
    "link_near",
    "novel",
    "items",
    "measured",
    "measured_around",
    "measure_asked",
    "groups",
    "mass",
    *TELLING_FEATURES,
    *MEANING_FEATURES,
    *SURE_FEATURES,
    "kind_who",
    "kind_when",
    "kind_where",
    "kind_how_many",
    "kind_why",
    "kind_how",
    "kind_definition",
    "kind_what",
)
CONFIDENCE_FEATURES: tuple[str, ...] = (
    *_OF_BEST,
    "score",
    "lead_sentence",
    "lead_chunk",
    "score_2",
    "score_3",
    "most_share",
    "most_share_chunk",
    "most_names_chunk",
    "most_fit_near",
    "most_units",
    "most_units_around",
    "most_rare_here",
    "most_focus_around",
    "most_focus_fit",
    "most_measured_around",
    "least_plain_missing",
    "least_plain_missing_around",
    "absent",
    "absent_names",
    "absent_plain",
    "absent_focus",
    "absent_sure",
    "size",
    "english",
    "guessed",
)
"""Columns of :func:`confidence_features`."""
_COLUMNS = np.array([SENTENCE_FEATURES.index(name) for name in _OF_BEST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """The fitted model: trees for the log odds, then Platt's straight line."""

    trees: Trees
    slope: float
    offset: float

    def __call__(self, features: Floats) -> float:
        """Probability, 0..1, for one row of features."""
        raw = float(self.trees.score(features[None, :], CONFIDENCE_FEATURES)[0])
        return 1.0 / (1.0 + math.exp(-(self.slope * raw + self.offset)))


@cache
def confidence_model() -> Confidence:
    """The model in ``rag/data/confidence.json``."""
    model = json.loads(files("rag").joinpath("data/confidence.json").read_text("utf-8"))
    return Confidence(trees=Trees(model), slope=model["slope"], offset=model["offset"])


def confidence_features(query: Query, rows: Floats, seen: Evidence, scores: Floats, size: int) -> Floats:
    """What the best evidence shows about the question as a whole.

    Args:
        query: the question.
        rows: (n_sentences, n_features) of all candidates.
        seen: the evidence they rest on.
        scores: (n_sentences,) ranking scores.
        size: chunks in the archive, > 0.

    Returns:
        (n_confidence_features,), columns as in ``CONFIDENCE_FEATURES``.
    """
    order = np.argsort(-scores, kind="stable")
    best = order[0]
    chunks = np.maximum.reduceat(scores, seen.first)
    others = np.delete(chunks, seen.chunk[best])
    top = [float(scores[i]) for i in order[:3]]
    top += [top[-1] - 1.0] * (3 - len(top))
    names = np.array([group.name for group in query.groups])
    nowhere = seen.everywhere <= 0
    plain = seen.idf * ~names
    most = {name: float(rows[:, SENTENCE_FEATURES.index(name)].max()) for name in _MOST.values()}
    values = [
        *rows[best, _COLUMNS].tolist(),
        top[0],
        top[0] - top[1],
        top[0] - (float(others.max()) if len(others) else top[0] - 1),
        top[1],
        top[2],
        *(most[name] for name in _MOST.values()),
        *(float(rows[:, SENTENCE_FEATURES.index(name)].min()) for name in _LEAST.values()),
        float(seen.idf[nowhere].sum() / seen.idf.sum()),
        float((nowhere & names).sum()),
        float(plain[nowhere].max(initial=0.0)),
        float(query.focus >= 0 and nowhere[query.focus]),
        float((1 - seen.sure.max(axis=0)) @ seen.idf / seen.idf.sum()),
        math.log(size),
        float(query.language == "en"),
        float(sum(not group.known for group in query.groups)),
    ]
    return np.array(values)


_MOST = {
    "most_share": "share",
    "most_share_chunk": "share_chunk",
    "most_names_chunk": "share_names_chunk",
    "most_fit_near": "fit_near",
    "most_units": "units",
    "most_units_around": "units_around",
    "most_rare_here": "rare_here",
    "most_focus_around": "focus_around",
    "most_focus_fit": "focus_fit",
    "most_measured_around": "measured_around",
}
_LEAST = {"least_plain_missing": "plain_missing", "least_plain_missing_around": "plain_missing_around"}
