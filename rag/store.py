"""One archive in Chroma: rows in, rows out, and Chroma's errors turned into ours. Nothing else knows Chroma.

An article's record is its commit mark: chunks are written before it and old ones deleted after it, and while a write is
under way a chunk is shown only if the record of its version is there. So a reader sees the old article or the new one,
never half of either, also where several processes share one store.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError
from numpy.typing import NDArray

from rag.errors import DamagedIndexError, SettingsError
from rag.rows import Row, article_of, article_row, chunk_of, chunk_row
from rag.types import Article, Chunk

DATABASE = "chroma.sqlite3"
"""The file that holds everything but the vectors."""

_CHUNKS, _ARTICLES = "kutip-chunks", "kutip-articles"
_PAGE = 1_000
"""Rows per request."""
_BULK, _SEAL = 2_000, 2
"""Rows after which Chroma writes its vector files: while rows come in, and at the end, so that none is left over."""


class Store:
    """The two collections of an archive. Reading is safe from several threads; only one process may write."""

    def __init__(self, folder: Path, client: Any) -> None:
        """Take over an open client; see `open` and `create`."""
        self.folder = folder
        self._client = client
        self._chunks = client.get_collection(_CHUNKS, embedding_function=None)
        self._articles = client.get_collection(_ARTICLES, embedding_function=None)
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
            store = cls(folder, _connect(folder))
            for collection in (store._chunks, store._articles):
                collection.get(limit=1, include=["embeddings"])  # fails when the vector files are not there or broken
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
            for name, metadata in ((_CHUNKS, None), (_ARTICLES, state)):
                try:
                    collection = client.get_collection(name, embedding_function=None)
                    collection.modify(configuration={"hnsw": {"sync_threshold": _BULK}})
                except NotFoundError:
                    configuration: Any = {"hnsw": {"space": "cosine", "sync_threshold": _BULK}}
                    client.create_collection(
                        name, metadata=metadata, embedding_function=None, configuration=configuration
                    )
            return cls(folder, client)

    def close(self) -> None:
        """Let go of files and memory; nothing may be asked afterwards."""
        self._client.close()

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

    def seal(self) -> None:
        """Have Chroma write its vector files for all rows and close, so that the next one to open has none to make.

        It writes them every so many rows, a number that it reads when a collection is opened.
        """
        with _mapped(self.folder):
            for collection in (self._chunks, self._articles):
                collection.modify(configuration={"hnsw": {"sync_threshold": _SEAL}})
            self.close()
            Store.open(self.folder).close()

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
    return chromadb.PersistentClient(str(folder), settings=settings)


@contextmanager
def _mapped(folder: Path) -> Iterator[None]:
    """Turn Chroma's errors into ours; a broken database, row or vector file shows as `ChromaError` of some kind."""
    try:
        yield
    except ChromaError as error:
        if "(code: 13)" in str(error):
            raise SettingsError(f"Expected room on the disk of {folder}, saw none: make room there.") from error
        raise DamagedIndexError(
            f"The index in {folder.parent} is damaged ({error.message().rstrip('.')}): run kutip index --rebuild."
        ) from error
