"""One archive in Chroma: rows in, rows out, and Chroma's errors turned into ours. Nothing else knows Chroma.

An article's record is its commit mark: chunks are written before it and old ones deleted after it, and while a write is
under way a chunk is shown only if the record of its version is there. So a reader sees the old article or the new one,
never half of either, also where several processes share one store.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError, InternalError, NotFoundError
from numpy.typing import NDArray

from rag.archive.rows import Row, article_of, article_row, chunk_of, chunk_row
from rag.errors import DamagedIndexError, SettingsError
from rag.types import Article, Chunk

DATABASE = "chroma.sqlite3"
"""The file that holds everything but the vectors."""

CHUNKS, ARTICLES = "kutip-chunks", "kutip-articles"
"""Names of the collections."""
_CLIENTS = threading.Lock()  # Chroma's count of a folder's clients breaks when one thread opens and another closes
_PAGE = 1_000
"""Rows per request."""
_CONFIGURATION: Any = {
    "hnsw": {"space": "cosine", "ef_construction": 40, "max_neighbors": 24, "ef_search": 800, "sync_threshold": 2}
}
"""The first four: with Chroma's own (100, 16, 100) one in twenty of the nearest was missed among 15,000 Indonesian
sentences; so it is three in a thousand, adding is quicker, and a search takes a millisecond more.

sync_threshold: Chroma writes its vector files once so many rows are missing from them; with 2 it does at each write, so
that whoever opens the archive next has none to add (0.2 ms each)."""


class Store:
    """The two collections of an archive. Reading is safe from several threads; only one process may write."""

    def __init__(self, folder: Path, client: Any) -> None:
        """Take over an open client; see `open` and `create`."""
        self.folder = folder
        self._client = client
        self._chunks = client.get_collection(CHUNKS, embedding_function=None)
        self._articles = client.get_collection(ARTICLES, embedding_function=None)
        state = self._articles.metadata
        self.made_by: Mapping[str, str] = json.loads(state["made_by"])
        """What made the archive, by name."""
        self.generation: str = state["generation"]
        """Token of the last committed write."""
        self.pending: bool = state["pending"]
        """A write was begun and not committed."""

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open the archive in ``folder``.

        Raises:
            DamagedIndexError: it cannot be read.
        """
        with _mapped(folder):
            client = _connect(folder)
            try:
                store = cls(folder, client)
                store._probe()
            except ChromaError:
                _disconnect(client)
                raise
            return store

    @classmethod
    def open_database(cls, folder: Path, scratch: Path) -> Store:
        """Open a copy, in ``scratch``, of the database of the archive in ``folder``, without its vectors.

        Raises:
            DamagedIndexError: it cannot be read.
        """
        try:
            shutil.copyfile(folder / DATABASE, scratch / DATABASE)
        except OSError as error:
            raise DamagedIndexError(f"Expected a readable file {folder / DATABASE}, saw {error.strerror}.") from error
        with _mapped(scratch):
            return cls(scratch, _connect(scratch))

    @classmethod
    def create(cls, folder: Path, made_by: Mapping[str, str]) -> Store:
        """Open the archive in ``folder`` for writing; made first when there is none."""
        with _mapped(folder):
            client = _connect(folder)
            state = {"made_by": json.dumps(made_by), "generation": "", "pending": False}
            for name, metadata in ((CHUNKS, None), (ARTICLES, state)):
                try:
                    client.get_collection(name, embedding_function=None)
                except NotFoundError:
                    client.create_collection(
                        name, metadata=metadata, embedding_function=None, configuration=_CONFIGURATION
                    )
            return cls(folder, client)

    def _probe(self) -> None:
        """Ask for the first and the last vector: Chroma says nothing of lost vector files until one is missed."""
        for collection in (self._chunks, self._articles):
            for offset in {0, max(0, collection.count() - 1)}:
                collection.get(limit=1, offset=offset, include=["embeddings"])

    def close(self) -> None:
        """Let go of files and memory; nothing may be asked afterwards."""
        _disconnect(self._client)

    # Reading

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[Chunk, float]]:
        """The ``k`` chunks nearest to ``vector`` ``(dimensions,) float32``, with their cosine, -1..1, best first."""
        with _mapped(self.folder):
            found = self._chunks.query(
                query_embeddings=vector[None, :], n_results=k, include=["metadatas", "documents", "distances"]
            )
        ids, texts, rows, distances = (found[key][0] for key in ("ids", "documents", "metadatas", "distances"))
        cosines = {id: 1.0 - distance for id, distance in zip(ids, distances, strict=True)}
        shown = self._committed(_chunks_of(ids, texts, rows))
        return sorted(((chunk, cosines[chunk.id]) for chunk in shown), key=lambda hit: (-hit[1], hit[0].id))

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id; ids that are not in the archive are left out."""
        return {chunk.id: chunk for page in self._pages(self._chunks, ids) for chunk in self._committed(page)}

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk, a page at a time."""
        for found in self._all(self._chunks, "documents"):
            yield from self._committed(_chunks_of(found["ids"], found["documents"], found["metadatas"]))

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Articles with their texts; ids that are not in the archive are left out."""
        return {id: article_of(id, row) for id, row in self._records(ids)}

    def all_articles(self) -> Iterator[Article]:
        """Every article with its text, a page at a time."""
        for found in self._all(self._articles):
            yield from (article_of(id, row) for id, row in zip(found["ids"], found["metadatas"], strict=True))

    def page(self, limit: int, offset: int) -> tuple[list[Article], int]:
        """``limit`` articles from the ``offset``-th on, in the order of their coming, and how many there are in all."""
        with _mapped(self.folder):
            found = self._articles.get(limit=limit, offset=offset, include=["metadatas"])
            total = self._articles.count()
        return [article_of(id, row) for id, row in zip(found["ids"], found["metadatas"], strict=True)], total

    def versions(self) -> dict[str, tuple[str, str]]:
        """For the id of every article, where it was read from and its sha256."""
        return {
            id: (str(row["origin"]), str(row["sha256"]))
            for found in self._all(self._articles)
            for id, row in zip(found["ids"], found["metadatas"], strict=True)
        }

    # Writing

    def begin(self) -> None:
        """Mark that rows are about to change."""
        self._mark(self.generation, pending=True)

    def put(
        self,
        articles: Sequence[Article],
        chunks: Sequence[Chunk],
        vectors: NDArray[np.float32],
        *,
        replaced: Sequence[str] = (),
    ) -> None:
        """Write new versions of articles: chunks first, then the records that commit them, then old chunks go.

        Args:
            articles: what is added or replaced.
            chunks: all chunks of these articles.
            vectors: ``(len(chunks), dimensions) float32, unit length``.
            replaced: ids of those articles that are here in an older version.
        """
        with _mapped(self.folder):
            limit = self._client.get_max_batch_size()
            for i in range(0, len(chunks), limit):
                part = chunks[i : i + limit]
                self._chunks.upsert(
                    ids=[chunk.id for chunk in part],
                    embeddings=vectors[i : i + limit],
                    documents=[chunk.text for chunk in part],
                    metadatas=[chunk_row(chunk) for chunk in part],
                )
            for i in range(0, len(articles), limit):
                some = articles[i : i + limit]
                self._articles.upsert(
                    ids=[article.id for article in some],
                    embeddings=np.ones((len(some), 1), np.float32),  # never searched; a row must have one
                    metadatas=[article_row(article) for article in some],
                )
        self._drop(replaced, keep=[article.sha256 for article in articles])

    def remove(self, ids: Sequence[str]) -> None:
        """Take articles out: the records first, then their chunks."""
        with _mapped(self.folder):
            for i in range(0, len(ids), _PAGE):
                self._articles.delete(ids=list(ids[i : i + _PAGE]))
        self._drop(ids)

    def commit(self, generation: str) -> None:
        """Publish what was written since `begin` under a new token."""
        self._mark(generation, pending=False)

    # Inside

    def _mark(self, generation: str, *, pending: bool) -> None:
        with _mapped(self.folder):
            state = {"made_by": json.dumps(self.made_by), "generation": generation, "pending": pending}
            self._articles.modify(metadata=state)
        self.generation, self.pending = generation, pending

    def _drop(self, ids: Sequence[str], *, keep: Sequence[str] = ()) -> None:
        """Delete the chunks of articles, but for those of the versions (sha256) in ``keep``."""
        for i in range(0, len(ids), _PAGE):
            where: Any = {"article_id": {"$in": list(ids[i : i + _PAGE])}}
            if keep:
                where = {"$and": [where, {"article_sha256": {"$nin": list(keep)}}]}
            with _mapped(self.folder):
                self._chunks.delete(where=where)

    def _committed(self, chunks: list[Chunk]) -> list[Chunk]:
        """Those of ``chunks`` whose versions are committed: all of them, unless a write is under way."""
        if not self.pending:
            return chunks
        versions = {id: row["sha256"] for id, row in self._records(sorted({chunk.article_id for chunk in chunks}))}
        return [chunk for chunk in chunks if versions.get(chunk.article_id) == chunk.article_sha256]

    def _records(self, ids: Sequence[str]) -> Iterator[tuple[str, Row]]:
        for i in range(0, len(ids), _PAGE):
            with _mapped(self.folder):
                found = self._articles.get(ids=list(ids[i : i + _PAGE]), include=["metadatas"])
            yield from zip(found["ids"], found["metadatas"], strict=True)

    def _pages(self, collection: Any, ids: Sequence[str]) -> Iterator[list[Chunk]]:
        wanted = list(dict.fromkeys(ids))
        for i in range(0, len(wanted), _PAGE):
            with _mapped(self.folder):
                found = collection.get(ids=wanted[i : i + _PAGE], include=["metadatas", "documents"])
            yield _chunks_of(found["ids"], found["documents"], found["metadatas"])

    def _all(self, collection: Any, *include: str) -> Iterator[Any]:
        offset = 0
        while True:
            with _mapped(self.folder):
                found = collection.get(limit=_PAGE, offset=offset, include=["metadatas", *include])
            if not found["ids"]:
                return
            yield found
            offset += len(found["ids"])


def _chunks_of(ids: Sequence[str], texts: Sequence[str], rows: Sequence[Row]) -> list[Chunk]:
    return [chunk_of(id, text, row) for id, text, row in zip(ids, texts, rows, strict=True)]


def _connect(folder: Path) -> Any:
    """The one place where a client is made."""
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]  # no stray .env
    try:
        with _CLIENTS:
            return chromadb.PersistentClient(str(folder), settings=settings)
    except AttributeError as error:  # Chroma hands out again a client that could not start, and it has no bindings
        raise _damage(folder, "it could not be opened before", database=True) from error


def _disconnect(client: Any) -> None:
    with _CLIENTS:
        client.close()


@contextmanager
def _mapped(folder: Path) -> Iterator[None]:
    """Turn Chroma's errors into ours; a broken database or vector file shows as one of these two."""
    try:
        yield
    except (InternalError, NotFoundError) as error:
        message = str(error)
        if "(code: 13)" in message or "(code: 8)" in message:  # SQLite's codes for a full disk and a read-only file
            raise SettingsError(f"Expected to write in {folder}, saw {message[-60:]!r}: make room there.") from error
        database = isinstance(error, NotFoundError) or "from database" in message
        raise _damage(folder, message, database=database) from error


def _damage(folder: Path, seen: str, *, database: bool) -> DamagedIndexError:
    """Articles are in the database: without it they must come from their files again."""
    run = "kutip index --rebuild PATH with the files it was made from" if database else "kutip index --rebuild"
    return DamagedIndexError(f"The index in {folder.parent} is damaged ({seen:.120}): run {run}.")
