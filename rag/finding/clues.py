"""What in a sentence looks like an answer: the question's words in order and near, fitting words, associations.

Evidence comes in, named columns of numbers, one for each sentence, go out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rag.finding.asking import Kind
from rag.finding.question import Query
from rag.finding.sightings import Evidence, Floats
from rag.finding.views import CLASSES, Bools, Ints


def order(seen: Evidence) -> dict[str, Floats]:
    """Do matched words stand in the question's order, and near each other?"""
    count = len(seen.chunk)
    order, nearness = np.zeros(count), np.zeros(count)
    share = seen.idf / seen.idf.sum()
    sentence = seen.sentence[seen.match]
    for step in range(1, 5):
        distance = seen.match[step:] - seen.match[:-step]
        left, right = seen.group[:-step], seen.group[step:]
        same = (sentence[step:] == sentence[:-step]) & (left != right) & (distance <= 10)
        value = np.sqrt(share[left] * share[right]) * seen.weight[step:] * seen.weight[:-step] / np.maximum(distance, 1)
        np.maximum.at(nearness, sentence[step:][same], value[same])
        follows = same & (right == left + 1) & (distance <= 3)
        np.add.at(order, sentence[step:][follows], (share[left] + share[right])[follows])
    hits = np.bincount(sentence, minlength=count)
    lengths = np.diff(np.append(seen.starts, len(seen.sentence)))
    order_chunk = np.maximum.reduceat(order, seen.first)[seen.chunk]
    return {"order": order, "order_chunk": order_chunk, "nearness": nearness, "density": hits / lengths}


def shape(query: Query, seen: Evidence) -> dict[str, Floats]:
    """Does the sentence bring words of the kind asked for, and near the matched ones?"""
    count = len(seen.chunk)
    matched = np.zeros(len(seen.sentence), dtype=bool)
    matched[seen.match] = True
    classes = np.concatenate([v.classes for v in seen.views])

    def whole(name: str) -> Bools:
        return np.asarray((classes & CLASSES[name]) > 0)

    number, defining = whole("number"), whole("defining")
    new_name = whole("capital") & ~matched
    fit = fitting(query.kind, classes, matched)
    gap = gaps(matched, seen.sentence)
    near = np.where(fit, 1.0 / gap, 0.0)
    name_near = np.where(new_name, 1.0 / gap, 0.0)
    position = np.arange(len(seen.sentence)) - seen.starts[seen.sentence]
    early = np.where(matched, np.exp(-position / 6.0) * _token_share(seen), 0.0)

    def per_sentence(values: NDArray[np.generic], how: np.ufunc) -> Floats:
        return np.asarray(how.reduceat(values.astype(np.float64), seen.starts))

    subject = per_sentence(early, np.add)
    last = np.array([len(v.starts) for v in seen.views])
    return {
        "fit": np.minimum(per_sentence(fit, np.add), 4),
        "fit_near": per_sentence(near, np.add),
        "fit_nearest": per_sentence(near, np.maximum),
        "new_names": np.minimum(per_sentence(new_name, np.add), 6),
        "new_names_near": per_sentence(name_near, np.maximum),
        "numbers": np.minimum(per_sentence(number & ~matched, np.add), 6),
        "defining_after": per_sentence(np.where(defining & (position < 14), 1.0 / gap, 0.0), np.maximum),
        "subject": subject,
        "subject_opening": subject[seen.first][seen.chunk],
        "place": np.arange(count) - seen.first[seen.chunk],
        "novel": per_sentence(~matched & ~whole("stop"), np.add),
        "chunk_sentences": last[seen.chunk],
        "items": np.minimum(np.concatenate([v.items for v in seen.views]), 8).astype(np.float64),
    }


def fitting(kind: Kind, classes: Ints, matched: Bools) -> Bools:
    """(n_words,) may be (part of) an answer of this kind, and is not a word of the question.

    Args:
        kind: of answer.
        classes: (n_words,) bits of `rag.finding.views.CLASSES`.
        matched: (n_words,) is a word of the question.
    """

    def whole(name: str) -> Bools:
        return np.asarray((classes & CLASSES[name]) > 0)

    number, year, new_name = whole("number"), whole("year"), whole("capital") & ~matched
    if kind == "when":
        return np.asarray((year | whole("calendar")) & ~matched)
    if kind in ("how_many", "how_long"):
        counted = number & ~year & ~matched
        return np.asarray(counted | (whole("unit") & np.append(False, number[:-1])))
    if kind == "where":
        return np.asarray(whole("after_place") & ~matched)
    if kind == "who":
        return new_name
    if kind == "definition":
        return whole("defining")
    return {"why": whole("cause"), "how": whole("manner")}.get(kind, new_name | whole("defining"))


def gaps(matched: Bools, sentence: Ints) -> Floats:
    """(n_words,) distance in words to the nearest matched word of the same sentence, >= 1; 50 when there is none."""
    index = np.arange(len(matched))
    places = np.flatnonzero(matched)
    if not len(places):
        return np.full(len(matched), 50.0)
    after = np.searchsorted(places, index)
    gap = np.full(len(matched), 50.0)
    for side in (np.minimum(after, len(places) - 1), np.maximum(after - 1, 0)):
        distance = np.abs(places[side] - index)
        gap = np.where(sentence[places[side]] == sentence, np.minimum(gap, distance), gap)
    return np.asarray(np.maximum(gap, 1.0))


def _token_share(seen: Evidence) -> Floats:
    values = np.zeros(len(seen.sentence))
    np.maximum.at(values, seen.match, seen.weight * (seen.idf / seen.idf.sum())[seen.group])
    return values


def associations(query: Query, seen: Evidence, links: Mapping[str, Mapping[str, float]]) -> dict[str, Floats]:
    """How much the sentence's other words are those that answer such questions (learnt association)."""
    merged: dict[str, float] = {}
    for cue in query.cues:
        for word, value in links.get(cue, {}).items():
            merged[word] = max(merged.get(word, 0.0), value)
    values = np.array([merged.get(word, 0.0) for v in seen.views for word in v.stems])
    matched = np.zeros(len(values), dtype=bool)
    matched[seen.match] = True
    near = values / np.sqrt(gaps(matched, seen.sentence))
    lengths = np.diff(np.append(seen.starts, len(values)))
    return {
        "link": np.add.reduceat(values, seen.starts) / np.sqrt(lengths),
        "link_best": np.maximum.reduceat(values, seen.starts),
        "link_near": np.maximum.reduceat(near, seen.starts),
    }
