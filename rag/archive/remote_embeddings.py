"""Text becomes vectors at an OpenAI-compatible service, in batches within its limits, each text paid for once.

Every batch that arrives is kept in one SQLite file in KUTIP_HOME, by model and content, so that a run that is broken
off goes on where it stopped. Sentences in, arrays ``(n, dimensions) float32, unit length`` out.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np
import openai
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.language.words import words
from rag.models.faults import Service, UnsupportedError, mapped
from rag.models.pricing import usage
from rag.models.tokens import counter
from rag.settings import OPENAI_URL, Secret
from rag.types import Usage

Vectors = NDArray[np.float32]

MAX_ITEMS = 256
"""Texts of one request; OpenAI takes 2,048, but what is lost when a run is killed is at most one request."""
MAX_TOKENS = 100_000
"""Tokens of one request; OpenAI takes 300,000."""
MAX_TEXT_TOKENS = 8_000
"""Tokens of one text; OpenAI takes 8,192, and a longer text is cut."""


class RemoteEmbeddings(Embeddings):
    """An embedding model of a service; safe to use from several threads."""

    def __init__(
        self, name: str, *, key: Secret | None, base_url: str | None, timeout: float, retries: int, home: Path
    ) -> None:
        """Connect to nothing yet.

        Args:
            name: ``openai:model``, for every OpenAI-compatible server.
            key: a local server may need none.
            base_url: of the server; None for OpenAI itself.
            timeout: seconds of silence, > 0.
            retries: of a request that was refused for the moment or did not arrive, >= 0.
            home: folder of the cache.
        """
        self.name = name
        model = name.partition(":")[2]
        self._service = Service(model=model, url=base_url or OPENAI_URL, key=key)
        self._client = openai.OpenAI(
            api_key=key.reveal() if key else "none", base_url=self._service.url, timeout=timeout, max_retries=retries
        )
        self._cache = VectorCache(home / "embeddings.sqlite3")
        self._count = counter(model)
        self._items = MAX_ITEMS
        self._dimensions: int | None = None
        self._tokens = 0
        self.heard: Callable[[], None] = lambda: None
        """Called after each request."""

    @property
    def dimensions(self) -> int:
        """Length of a vector, > 0, as the service gives it.

        Raises:
            ModelError: the service cannot be asked.
        """
        if self._dimensions is None:
            self._dimensions = self.encode(["."]).shape[1]
        return self._dimensions

    @property
    def fingerprint(self) -> str:
        """The model's name: what is behind it is the service's affair."""
        return self.name

    @property
    def spent(self) -> Usage:
        """What this object has sent so far."""
        return usage(self._service.model, self._tokens, 0, hosted=self._service.url.startswith(OPENAI_URL))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, in order; what is in the cache is not asked for.

        Raises:
            ModelError: the service failed.
        """
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        known = self._cache.get(self.name, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        for batch in self._batches(missing):
            known |= self._request(batch)
        rows = np.stack([known[text] for text in texts])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit

    def encode_query(self, text: str) -> Vectors:
        """Vector of a question; questions are not kept on disk.

        Raises:
            ModelError: the service failed.
        """
        row = self._ask([text])[0]
        vector: Vectors = row / max(float(np.linalg.norm(row)), 1e-12)
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `encode`."""
        return [[float(x) for x in vector] for vector in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `encode_query`."""
        return [float(x) for x in self.encode_query(text)]

    def count_tokens(self, text: str) -> int:
        """Words and numbers: where chunks end must not depend on which vocabularies happen to be at hand."""
        return len(words(text))

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        batch: list[str] = []
        total = 0
        for text in texts:
            cost = min(self._count(text), MAX_TEXT_TOKENS)
            if batch and (len(batch) >= self._items or total + cost > MAX_TOKENS):
                yield batch
                batch, total = [], 0
            batch.append(text)
            total += cost
        if batch:
            yield batch

    def _request(self, batch: list[str]) -> dict[str, Vectors]:
        """One batch, asked for and kept; halved when the service takes fewer texts at a time."""
        try:
            found = dict(zip(batch, self._ask(batch), strict=True))
        except (UnsupportedError, ModelError) as error:
            if len(batch) == 1 or error.fault not in {"request", "overflow"}:
                raise
            half = len(batch) // 2
            self._items = min(self._items, half)
            return self._request(batch[:half]) | self._request(batch[half:])
        self._cache.put(self.name, found)
        self.heard()
        return found

    def _ask(self, texts: Sequence[str]) -> Vectors:
        """Raw vectors ``(len(texts), dimensions) float32`` from the service."""
        sent = [self._cut(text) or " " for text in texts]
        with mapped(self._service):
            reply = self._client.embeddings.create(model=self._service.model, input=sent, encoding_format="float")
        rows = [item.embedding for item in sorted(reply.data, key=lambda item: item.index)]
        if len(rows) != len(texts) or len({len(row) for row in rows}) != 1 or not rows[0]:
            raise ModelError(
                f"Expected {len(texts)} vectors of one length from {self._service.host}, saw otherwise: "
                "check that KUTIP_EMBEDDER is an embedding model.",
                fault="request",
            )
        self._tokens += reply.usage.total_tokens if reply.usage else 0
        return np.array(rows, np.float32)

    def _cut(self, text: str) -> str:
        """The text, or its longest beginning (within a factor of 1.25) that the model takes."""
        while self._count(text) > MAX_TEXT_TOKENS:
            text = text[: len(text) * 4 // 5]
        return text


class VectorCache:
    """Vectors by model and SHA-256 of the text, in one file; each `put` is one transaction, so a kill loses no row."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, model: str, texts: Sequence[str]) -> dict[str, Vectors]:
        """Those of ``texts`` that are known, as raw vectors ``(dimensions,) float32``."""
        if not self._path.exists():
            return {}
        found: dict[str, Vectors] = {}
        with self._lock, closing(self._connect()) as connection:
            for text in dict.fromkeys(texts):
                row = connection.execute(
                    "SELECT vector FROM vectors WHERE model = ? AND text = ?", (model, _digest(text))
                ).fetchone()
                if row:
                    found[text] = np.frombuffer(row[0], "<f4").astype(np.float32)
        return found

    def put(self, model: str, vectors: dict[str, Vectors]) -> None:
        """Keep vectors ``(dimensions,) float32`` by their texts."""
        rows = [(model, _digest(text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        with self._lock, closing(self._connect()) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=30)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (model TEXT, text BLOB, vector BLOB, PRIMARY KEY (model, text)) "
            "WITHOUT ROWID"
        )
        return connection


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
