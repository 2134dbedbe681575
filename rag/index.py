"""The store: articles and chunks in Chroma, read by everyone and written by one.

Chunks with their vectors and articles go in; chunks near a vector, and articles, come out. An article's record is its
commit mark: chunks of a version whose record is not there are never shown, so that a reader sees the old article or the
new one and never half of either. What made the index is kept with it, and checked when it is opened.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import chromadb
import numpy as np
from chromadb.errors import NotFoundError
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from rag.chunking import BUDGET, CHUNKER_VERSION
from rag.embeddings import Embedder
from rag.errors import BusyIndexError, FingerprintError, NoIndexError
from rag.language import RULES_VERSION
from rag.rows import article_of, article_row, chunk_of, chunk_row
from rag.types import Article, Chunk

STORE_VERSION = "1"
"""Layout of the rows: raised when they can no longer be read as they were written."""

_STATE = "kutip"
_PAGE = 1_000
_FRESH = 1.0
"""Seconds for which the generation is believed before it is looked up again."""


def fingerprint(embedder: Embedder) -> dict[str, str]:
    """Everything that an index depends on, by name as a reader is told it."""
    return {
        "embedder": embedder.name,
        "embedding size": str(embedder.dimensions),
        "embedding weights": embedder.fingerprint,
        "chunker": f"{CHUNKER_VERSION}/{BUDGET}",
        "language rules": RULES_VERSION,
        "store": STORE_VERSION,
    }


def exists(home: Path) -> bool:
    """Whether there is an index in ``home``, usable or not."""
    return (home / "chroma" / "chroma.sqlite3").exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the store says of itself."""

    generation: str
    """Token of the last committed write."""
    pending: bool
    """A write was begun and not committed."""
    name: str
    """Suffix of the two collections in use."""
    made_by: Mapping[str, str]
    """See `fingerprint`."""


class Index:
    """One archive. Reading is safe from several threads; writing is for the one who holds the lock."""

    def __init__(self, home: Path, client: Any, state: Any) -> None:
        self._home = home
        self._client = client
        self._marker = state
        self._checked = -_FRESH
        self._guard = threading.Lock()
        self._state = self._read_state()
        self._attach()

    @classmethod
    def open(cls, home: Path, embedder: Embedder | None = None) -> Index:
        """Open the index in ``home`` for reading.

        Args:
            home: KUTIP_HOME.
            embedder: what questions will be embedded with; None to read articles only.

        Raises:
            NoIndexError: there is none.
            FingerprintError: it was made by another engine.
            DamagedIndexError: it cannot be read.
        """
        if not exists(home):
            raise NoIndexError(f"Expected an index in {home}, saw none: run kutip index PATH to make one.")
        client = _connect(home)
        try:
            state = client.get_collection(_STATE, embedding_function=None)
        except NotFoundError as error:
            raise NoIndexError(f"Expected an index in {home}, saw none: run kutip index PATH to make one.") from error
        index = cls(home, client, state)
        if embedder is not None:
            index.check(embedder)
        return index

    @classmethod
    def create(cls, home: Path, embedder: Embedder) -> Index:
        """Open the index in ``home`` for writing, made first when there is none. The caller holds the lock."""
        client = _connect(home)
        made_by = fingerprint(embedder)
        first = {"generation": uuid4().hex, "pending": False, "name": _suffix(made_by), "made_by": json.dumps(made_by)}
        for kind in ("chunks", "articles"):
            _collection(client, f"kutip-{kind}-{first['name']}")
        state = client.get_or_create_collection(_STATE, metadata=first, embedding_function=None)
        index = cls(home, client, state)
        index.check(embedder)
        return index

    def check(self, embedder: Embedder) -> None:
        """Raise when this index was made by something else.

        Raises:
            FingerprintError: says what differs and what to run.
        """
        expected, seen = fingerprint(embedder), self._state.made_by
        differing = [
            f"{key} {expected[key]} (the index has {seen.get(key)})"
            for key in expected
            if expected[key] != seen.get(key)
        ]
        if differing:
            raise FingerprintError(f"Expected an index made with {', '.join(differing)}: run kutip index --rebuild.")

    # Reading

    def generation(self) -> str:
        """A token that is another one after each committed write; looked up at most once a second."""
        if time.monotonic() - self._checked > _FRESH:
            with self._guard:
                self._state = self._read_state()
        return self._state.generation + ("+" if self._state.pending else "")

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[Chunk, float]]:
        """The ``k`` chunks nearest to ``vector`` ``(dimensions,) float32``, with their cosine, -1..1, best first."""
        before = self._state
        found = self._chunks.query(
            query_embeddings=vector[None, :], n_results=k, include=["metadatas", "documents", "distances"]
        )
        rows = zip(found["ids"][0], found["documents"][0], found["metadatas"][0], found["distances"][0], strict=True)
        scored = {id: (chunk_of(id, text, row), 1 - distance) for id, text, row, distance in rows if row and text}
        shown = self._committed([chunk for chunk, _ in scored.values()], before)
        return sorted((scored[chunk.id] for chunk in shown), key=lambda hit: (-hit[1], hit[0].id))

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id; ids that are not in the archive are left out."""
        before = self._state
        if not ids:
            return {}
        found = self._chunks.get(ids=list(ids), include=["metadatas", "documents"])
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        chunks = [chunk_of(id, text, row) for id, text, row in rows]
        return {chunk.id: chunk for chunk in self._committed(chunks, before)}

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk of every committed article, a page at a time."""
        offset = 0
        while True:
            found = self._chunks.get(limit=_PAGE, offset=offset, include=["metadatas", "documents"])
            if not found["ids"]:
                return
            offset += len(found["ids"])
            rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
            yield from self._with_record([chunk_of(id, text, row) for id, text, row in rows])

    def article(self, id: str) -> Article | None:
        """One article with its text."""
        return self.articles_by_id([id]).get(id)

    def articles_by_id(self, ids: Sequence[str]) -> dict[str, Article]:
        """Articles with their texts; ids that are not in the archive are left out."""
        if not ids:
            return {}
        found = self._articles.get(ids=list(ids), include=["metadatas"])
        return {id: article_of(id, row) for id, row in zip(found["ids"], found["metadatas"], strict=True)}

    def all_articles(self) -> Iterator[Article]:
        """Every article with its text, a page at a time."""
        offset = 0
        while True:
            found = self._articles.get(limit=_PAGE, offset=offset, include=["metadatas"])
            if not found["ids"]:
                return
            offset += len(found["ids"])
            yield from (article_of(id, row) for id, row in zip(found["ids"], found["metadatas"], strict=True))

    def articles(self) -> list[Article]:
        """Every article, by id."""
        return sorted(self.all_articles(), key=lambda article: article.id)

    # Writing, for the holder of the lock

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """Become the only writer if no one else is: yields whether that went well."""
        try:
            with write_lock(self._home, wait=0):
                yield True
        except BusyIndexError:
            yield False

    def begin(self) -> None:
        """Mark that rows are about to change; until `commit`, what the terms mirror is not what is here."""
        self._mark(pending=True, generation=self._state.generation)

    def put(self, articles: Sequence[Article], chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Write new versions of articles: chunks first, then the records that commit them, then old chunks go.

        Args:
            articles: what is added or replaced.
            chunks: all chunks of these articles.
            vectors: ``(len(chunks), dimensions) float32, unit length``.
        """
        limit = min(2_000, self._client.get_max_batch_size())
        for i in range(0, len(chunks), limit):
            part = chunks[i : i + limit]
            self._chunks.upsert(
                ids=[c.id for c in part],
                embeddings=vectors[i : i + limit],
                documents=[c.text for c in part],
                metadatas=[chunk_row(c) for c in part],
            )
        for i in range(0, len(articles), limit):
            some = articles[i : i + limit]
            self._articles.upsert(
                ids=[a.id for a in some],
                embeddings=np.ones((len(some), 1), np.float32),
                metadatas=[article_row(a) for a in some],
            )

    def drop_chunks(self, article_ids: Sequence[str], *, keep: Sequence[str] = ()) -> None:
        """Delete the chunks of articles, but for those of the versions (sha256) in ``keep``."""
        if not article_ids:
            return
        where: dict[str, Any] = {"article_id": {"$in": list(article_ids)}}
        if keep:
            where = {"$and": [where, {"article_sha256": {"$nin": list(keep)}}]}
        self._chunks.delete(where=where)

    def remove(self, article_ids: Sequence[str]) -> None:
        """Take articles out: the records first, then their chunks."""
        if article_ids:
            self._articles.delete(ids=list(article_ids))
            self.drop_chunks(article_ids)

    def commit(self, generation: str) -> None:
        """Publish what was written since `begin` under a new token."""
        self._mark(pending=False, generation=generation)

    # Inside

    def _attach(self) -> None:
        self._chunks = _collection(self._client, f"kutip-chunks-{self._state.name}")
        self._articles = _collection(self._client, f"kutip-articles-{self._state.name}")

    def _read_state(self) -> State:
        values = self._client.get_collection(_STATE, embedding_function=None).metadata
        self._checked = time.monotonic()
        return State(
            generation=values["generation"],
            pending=values["pending"],
            name=values["name"],
            made_by=json.loads(values["made_by"]),
        )

    def _mark(self, *, pending: bool, generation: str) -> None:
        values = {
            "generation": generation,
            "pending": pending,
            "name": self._state.name,
            "made_by": json.dumps(self._state.made_by),
        }
        self._marker.modify(metadata=values)
        self._state = self._read_state()

    def _committed(self, chunks: list[Chunk], before: State) -> list[Chunk]:
        """Those of ``chunks``, read since ``before``, that are of committed versions."""
        after = self._read_state()
        return chunks if after == before and not after.pending else self._with_record(chunks)

    def _with_record(self, chunks: list[Chunk]) -> list[Chunk]:
        articles = self.articles_by_id(sorted({chunk.article_id for chunk in chunks}))
        versions = {article.id: article.sha256 for article in articles.values()}
        return [chunk for chunk in chunks if versions.get(chunk.article_id) == chunk.article_sha256]


@contextmanager
def write_lock(home: Path, *, wait: float) -> Iterator[None]:
    """Be the one writer of ``home``; the lock of a process that dies is free at once.

    Args:
        home: KUTIP_HOME.
        wait: seconds to wait for another writer, >= 0.

    Raises:
        BusyIndexError: another process is still writing.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "write.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise BusyIndexError(f"Another process is writing to the index in {home}: wait until it has ended.") from error
    try:
        yield
    finally:
        lock.release()


def _connect(home: Path) -> Any:
    folder = home / "chroma"
    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(str(folder), settings=chromadb.Settings(anonymized_telemetry=False))


def _collection(client: Any, name: str) -> Any:
    return client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}})


def _suffix(made_by: Mapping[str, str]) -> str:
    return sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()[:12]
