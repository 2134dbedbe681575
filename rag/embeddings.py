"""Text becomes vectors: what every embedder offers, and the built-in one that needs no download.

The built-in embedder hashes the stems of content words and the character n-grams of all words into a fixed number of
dimensions. Sentences in, arrays ``(n, dimensions) float32, unit length`` out; the same text gives the same vector in
every process and on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.language import fold, stem, stop_words, tokens

Vectors = NDArray[np.float32]


@runtime_checkable
class Embedder(Protocol):
    """What the index and the retriever ask of an embedder."""

    name: str
    """Shown to readers in ``engine``, for example ``builtin``."""
    dimensions: int
    """Length of a vector, > 0."""
    fingerprint: str
    """Changes whenever the same text would get another vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages: ``(len(texts), dimensions) float32, unit length``; a text without words gives zeros."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """Vector of a question: ``(dimensions,) float32, unit length``."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as this embedder counts them, >= 0."""
        ...


_PLACES = 4
"""Dimensions that one feature is spread over, with signs, so that two features seldom meet in all of them."""
_GRAM = 4
"""Characters of an n-gram."""
_GRAM_WEIGHT = 0.35
"""Weight of all n-grams of a word together, beside its stem's 1."""


class BuiltinEmbeddings(Embeddings):
    """Hashed stems and character n-grams, logarithmic term frequency, unit length."""

    name = "builtin"
    dimensions = 256
    fingerprint = "hashed-1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            counts = Counter(token.text for token in tokens(text))
            known = [
                (vector, count) for word, count in counts.items() if (vector := _word_vector(fold(word))) is not None
            ]
            if known:
                weights = 1 + np.log(np.array([count for _, count in known], np.float32))
                vectors[row] = weights @ np.stack([vector for vector, _ in known])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)

    def encode_query(self, text: str) -> Vectors:
        """See `Embedder.encode_query`."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `encode`."""
        return [[float(x) for x in vector] for vector in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `encode_query`."""
        return [float(x) for x in self.encode_query(text)]

    def count_tokens(self, text: str) -> int:
        """Words and numbers."""
        return sum(1 for _ in tokens(text))


@lru_cache(maxsize=100_000)
def _word_vector(word: str) -> Vectors | None:
    """Vector ``(dimensions,) float32`` of a folded word; None for function words."""
    if word in stop_words("id") or word in stop_words("en"):
        return None
    vector = np.zeros(BuiltinEmbeddings.dimensions, np.float32)
    _spread(vector, "s" + stem(word), 1.0)
    padded = f"<{word}>"
    grams = [padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1))]
    for gram in grams:
        _spread(vector, "g" + gram, _GRAM_WEIGHT / len(grams) ** 0.5)
    return vector


def _spread(vector: Vectors, feature: str, weight: float) -> None:
    digest = blake2b(feature.encode(), digest_size=4 * _PLACES).digest()
    for number in range(_PLACES):
        value = int.from_bytes(digest[4 * number : 4 * number + 4], "little")
        vector[value % vector.size] += weight if value & 0x80000000 else -weight
