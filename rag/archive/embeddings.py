"""Text becomes vectors: what every embedder offers, and the built-in one that needs no download.

The built-in embedder is a table of vectors in Model2Vec's format (``docs/embedding.md``): one for each frequent stem,
and for all other words one for each bucket of their character n-grams. Sentences in, arrays ``(n, dimensions) float32,
unit length`` out; the same text gives the same vector in every process and on every machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.language.words import terms, words

if TYPE_CHECKING:
    from model2vec import StaticModel

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


BUCKETS = 8192
"""Numbers that n-grams are hashed to."""
SHORTEST, LONGEST = 3, 4
"""Characters of an n-gram."""
UNKNOWN = "[UNK]"
_FOLDER = "data/embedding"
_BLOCK = 256
"""Texts that are worked on at a time."""
_WORDS_KEPT = 50_000
"""Word vectors kept in memory: about 60 MB."""


class BuiltinEmbeddings(Embeddings):
    """Sum of the vectors of a text's words, brought to unit length."""

    name = "builtin"
    dimensions = 256

    def __init__(self) -> None:
        self.fingerprint = _fingerprint()
        self._words = _Words()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for begin in range(0, len(texts), _BLOCK):
            vectors[begin : begin + _BLOCK] = self._encode([terms(text) for text in texts[begin : begin + _BLOCK]])
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """See `Embedder.encode_query`; words that only shape a question do not count."""
        vector: Vectors = self._encode([terms(text, question=True)])[0]
        return vector

    def _encode(self, texts: Sequence[Sequence[str]]) -> Vectors:
        row, table = self._words.learn(chain.from_iterable(texts))
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for number, stems in enumerate(texts):
            if stems:
                np.add.reduce(table[[row[stem] for stem in stems]], out=vectors[number])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return unit

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `encode`."""
        return [[float(x) for x in vector] for vector in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `encode_query`."""
        return [float(x) for x in self.encode_query(text)]

    def count_tokens(self, text: str) -> int:
        """Words and numbers."""
        return len(words(text))


def buckets(stem: str) -> list[int]:
    """Bucket of each n-gram of a stem with its edges marked, ``0 <= bucket < BUCKETS``; repeats are kept."""
    marked = f"<{stem}>"
    grams = (marked[i : i + n] for n in range(SHORTEST, LONGEST + 1) for i in range(len(marked) - n + 1))
    return [zlib.crc32(gram.encode()) % BUCKETS for gram in grams]


class _Words:
    """Vectors of the stems met so far, so that Model2Vec is asked once for a word and not for each occurrence."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._row: dict[str, int] = {}
        self._table = np.empty((0, BuiltinEmbeddings.dimensions), np.float32)

    def learn(self, stems: Iterable[str]) -> tuple[dict[str, int], Vectors]:
        """Rows of these stems (and of others) in a table ``(n, dimensions) float32``."""
        wanted = dict.fromkeys(stems)
        with self._lock:
            new = [stem for stem in wanted if stem not in self._row]
            if len(self._row) + len(new) > _WORDS_KEPT:
                new, self._row = list(wanted), {}  # whoever still reads the old ones keeps them
                self._table = self._table[:0]
            self._reserve(len(self._row) + len(new))
            if new:
                self._table[len(self._row) : len(self._row) + len(new)] = _vectors(new)
                self._row |= {stem: number for number, stem in enumerate(new, len(self._row))}
            return self._row, self._table

    def _reserve(self, rows: int) -> None:
        if rows > len(self._table):
            larger = np.empty((max(rows, 2 * len(self._table)), BuiltinEmbeddings.dimensions), np.float32)
            larger[: len(self._table)] = self._table
            self._table = larger


def _vectors(stems: Sequence[str]) -> Vectors:
    """``(len(stems), dimensions) float32``; a vector's length is the weight of its word.

    Model2Vec gives the mean of a text's tokens; a word of n-grams is to be their sum.
    """
    texts = [spelled(stem) for stem in stems]
    means: Vectors = _model().encode(texts, normalize=False, use_multiprocessing=False)
    sums: Vectors = means * np.array([[1 + text.count(" ")] for text in texts], np.float32)
    return sums


def spelled(stem: str) -> str:
    """A stem as the tokenizer has it: itself when it is frequent, else its n-gram buckets (``#17 #4032``)."""
    known = _model().tokenizer.token_to_id(stem) is not None
    return stem if known else " ".join(f"#{bucket}" for bucket in buckets(stem))


@cache
def _model() -> StaticModel:
    from model2vec import StaticModel  # 0.2 s: spent only when something is embedded

    with as_file(files("rag").joinpath(_FOLDER)) as folder:
        return StaticModel.from_pretrained(folder, quantize_to="float32")


@cache
def _fingerprint() -> str:
    """Digest of the weights and the tokens."""
    folder = files("rag").joinpath(_FOLDER)
    digest = sha256(b"".join(folder.joinpath(name).read_bytes() for name in ("model.safetensors", "tokenizer.json")))
    return f"static-{digest.hexdigest()[:12]}"
