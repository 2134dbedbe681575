"""What the engine is held against: Okapi BM25 over passages and over sentences, without anything clever."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np

from rag.language.words import fold, terms, tokens


class Bm25:
    """Okapi BM25 in memory (Robertson and Zaragoza 2009, https://doi.org/10.1561/1500000019)."""

    def __init__(self, texts: Mapping[str, str], *, stems: bool, k1: float = 1.2, b: float = 0.75) -> None:
        """Count words.

        Args:
            texts: by id.
            stems: count stems of content words, and leave question words out; else folded words as they are.
            k1: saturation of repeated words, > 0.
            b: how much long texts are held back, 0..1.
        """
        self.ids = list(texts)
        self._stems, self._k1 = stems, k1
        counts = [Counter(self._words(text, question=False)) for text in texts.values()]
        lengths = np.array([sum(count.values()) for count in counts], dtype=float)
        self._damp = k1 * (1 - b + b * lengths / max(lengths.mean(), 1.0))
        self._places: dict[str, list[tuple[int, int]]] = {}
        for number, count in enumerate(counts):
            for word, times in count.items():
                self._places.setdefault(word, []).append((number, times))

    def scores(self, question: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """(n_texts,) scores in the order of ``ids``."""
        found = np.zeros(len(self.ids))
        for word in self._words(question, question=True):
            places = np.array(self._places.get(word, []), dtype=np.int64).reshape(-1, 2)
            times = places[:, 1].astype(float)
            idf = math.log(1 + (len(self.ids) - len(places) + 0.5) / (len(places) + 0.5))
            found[places[:, 0]] += idf * times * (self._k1 + 1) / (times + self._damp[places[:, 0]])
        return found

    def best(self, question: str, k: int) -> list[str]:
        """Ids of the ``k`` best texts that share a word with the question."""
        found = self.scores(question)
        order = np.argsort(-found, kind="stable")[:k]
        return [self.ids[place] for place in order.tolist() if found[place] > 0]

    def _words(self, text: str, *, question: bool) -> list[str]:
        return terms(text, "id", question=question) if self._stems else [fold(token.text) for token in tokens(text)]
