"""Makes ``rag/data/meanings.npy`` and ``meanings.txt`` from the word lists: ``python tools/build_meanings.py``.

A table of Indonesian stems by the English words and the synonyms that ``glossary.tsv``, ``wider.tsv`` and
``synonyms.tsv`` give them, columns damped by how many stems share them, rows of unit length; of it the first singular
vectors, as 8-bit integers. The same lists give the same file. Needs SciPy and scikit-learn; a few seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.utils.extmath import randomized_svd

from rag.language.glossary import parse
from rag.language.words import fold, is_stop_word, stem, stop_words, tokens

DATA = Path(__file__).parent.parent / "rag/data"
DIMENSIONS = 128
LISTS = (("glossary.tsv", 1.0), ("wider.tsv", 0.7))
"""Files of translations and what an entry of them counts."""
SYNONYM = 0.7
FADES = 0.3
"""The n-th translation counts 1 / (1 + FADES * n) of the first."""
Pair = tuple[str, str, float]
"""An Indonesian stem, a translation (``en:``) or a synonym (``id:``) of it, and what the pair counts."""


def translations() -> Iterator[Pair]:
    """Each stem of a headword with each word of its translations, and with those of several words as a whole."""
    for name, weight in LISTS:
        for head, right in parse((DATA / name).read_text("utf-8"), name):
            stems = _indonesian(head)
            yield from ((stem_, f"id:{stem_}", 0.0) for stem_ in stems)
            for place, english in enumerate(map(_english, right)):
                share = weight / max(1, len(stems))
                parts = [(word, share / (1 + FADES * place) / len(english)) for word in english]
                whole = [(" ".join(english), share)] if len(english) > 1 else []
                yield from ((stem_, f"en:{word}", value) for stem_ in stems for word, value in parts + whole)


def synonyms() -> Iterator[Pair]:
    """Each stem with each of its synonyms, and the other way round."""
    for head, right in parse((DATA / "synonyms.tsv").read_text("utf-8"), "synonyms.tsv"):
        stems = _indonesian(head)
        for place, others in enumerate(map(_indonesian, right)):
            share = SYNONYM / (1 + FADES * place) / max(1, len(stems) * len(others))
            for one, other in ((one, other) for one in stems for other in others):
                yield one, f"id:{other}", share
                yield other, f"id:{one}", share


def _indonesian(phrase: str) -> list[str]:
    return [stem(token.text) for token in tokens(phrase) if not is_stop_word(token.text, "id")]


def _english(phrase: str) -> list[str]:
    return [stem(t.text, "en") for t in tokens(phrase) if fold(t.text) not in stop_words("en", question=True)]


def vectors() -> tuple[list[str], NDArray[np.int8]]:
    """The stems in order and (n_stems, DIMENSIONS) integers, -127..127."""
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for one, other, weight in (*translations(), *synonyms()):
        weights[one, other] += weight
    stems = sorted({one for one, _ in weights})
    for one in stems:
        weights[one, f"id:{one}"] += 1.0
    columns = {other: n for n, other in enumerate(sorted({other for _, other in weights}))}
    rows = {one: n for n, one in enumerate(stems)}
    places = ([rows[one] for one, _ in weights], [columns[other] for _, other in weights])
    table = csr_matrix((list(weights.values()), places), shape=(len(rows), len(columns)))
    table = table @ diags(1 / np.sqrt(np.asarray((table > 0).sum(axis=0)).ravel()))
    table = diags(1 / np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())) @ table
    left, values, _ = randomized_svd(table, DIMENSIONS, random_state=0)
    found = left * values
    found /= np.maximum(np.abs(found).max(axis=1, keepdims=True), 1e-9)
    return stems, np.round(found * 127).astype(np.int8)


if __name__ == "__main__":
    names, numbers = vectors()
    np.save(DATA / "meanings.npy", numbers)
    (DATA / "meanings.txt").write_text("\n".join(names) + "\n", "utf-8")
    print(f"{len(names)} stems, {(DATA / 'meanings.npy').stat().st_size:,} bytes")
