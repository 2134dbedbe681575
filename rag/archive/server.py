"""An archive on a Chroma server: read by any number of processes, written by one at a time.

The rows are those of `rag.archive.store`. What is written is seen article by article, each at the moment its record is,
and the generation is renewed after each write, so that readers know that there is something new.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import chromadb
import httpx
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from rag.archive.index import Index
from rag.archive.store import ARTICLES, CHUNKS, Store
from rag.errors import DamagedIndexError, NoIndexError, StoreError
from rag.types import Chunk

LAG = 1.0
"""Seconds after which a reader looks whether another process has written."""
PATIENCE = 60.0
"""Seconds that the server may be silent."""
_PAGE = 10_000
"""Ids per request."""
_CONFIGURATION: Any = {"hnsw": {"space": "cosine"}}

T = TypeVar("T")


class ServerStore(Store):
    """The collections of an archive on a server."""

    @classmethod
    def attach(cls, url: str) -> ServerStore:
        """Connect to the archive at ``url``.

        Raises:
            StoreError: the server does not answer.
            NoIndexError: there is no archive.
        """
        with mapped(url):
            try:
                store = cls(Path(url), connect(url))
            except NotFoundError as error:
                raise NoIndexError(
                    f"Expected an index on {url}, saw none: run kutip index PATH to make one."
                ) from error
            store.pending = True  # another process may be writing at any time
            return store

    @classmethod
    def prepare(cls, url: str, made_by: Mapping[str, str]) -> ServerStore:
        """Connect to the archive at ``url``, made first when there is none; for the one writer."""
        state = {"made_by": json.dumps(made_by), "generation": uuid4().hex, "pending": False}
        with mapped(url):
            client = connect(url)
            for name, metadata in ((CHUNKS, None), (ARTICLES, state)):
                client.get_or_create_collection(
                    name, metadata=metadata, embedding_function=None, configuration=_CONFIGURATION
                )
        return cls.attach(url)

    def refresh(self) -> None:
        """Read what made the archive and the generation again."""
        state = self._client.get_collection(ARTICLES, embedding_function=None).metadata
        self.made_by, self.generation = json.loads(state["made_by"]), state["generation"]

    def chunk_ids(self) -> set[str]:
        """Ids of all chunks, those of versions that are not committed included."""
        ids: set[str] = set()
        while found := self._chunks.get(limit=_PAGE, offset=len(ids), include=[])["ids"]:
            ids.update(found)
        return ids

    def sweep(self, ids: Sequence[str], *, keep: Sequence[str]) -> None:
        """Delete what killed writers have left of articles: chunks of versions (sha256) that are not in ``keep``."""
        self._drop(ids, keep=keep)

    def _committed(self, chunks: list[Chunk]) -> list[Chunk]:
        """Those of ``chunks`` whose versions have a record; texts stay on the server."""
        ids = sorted({chunk.article_id for chunk in chunks})
        versions = sorted({chunk.article_sha256 for chunk in chunks})
        if not ids:
            return []
        found = self._articles.get(ids=ids, where={"sha256": {"$in": versions}}, include=["metadatas"])
        shown = {(id, row["sha256"]) for id, row in zip(found["ids"], found["metadatas"], strict=True)}
        return [chunk for chunk in chunks if (chunk.article_id, chunk.article_sha256) in shown]


class ServerIndex(Index):
    """The archive on a server, for readers; follows by itself. Safe for use by several threads."""

    def __init__(self, url: str) -> None:
        """Connect to ``url``.

        Raises:
            NoIndexError: there is no archive.
            StoreError: the server does not answer.
        """
        self._url = url
        self._guard = threading.Lock()
        self._looked = time.monotonic()
        self._server: ServerStore | None = ServerStore.attach(url)

    @property
    def folder(self) -> Path:
        """A server's archive has no folder here.

        Raises:
            NoIndexError: always.
        """
        raise NoIndexError(f"Expected an index in a folder, saw one on {self._url}: leave KUTIP_CHROMA out.")

    def generation(self) -> str:
        """A token that is another one after each write, `LAG` seconds late at most."""
        since = time.monotonic() - LAG
        if self._looked < since:
            self._ask(lambda store: self._look(since))
        return self._follow().generation

    def latest(self) -> str:
        """The token as it is on the server at this moment."""
        since = time.monotonic()
        self._ask(lambda store: self._look(since))
        return self._follow().generation

    def chunk_ids(self) -> set[str]:
        """Ids of all chunks; some may be of versions that are not committed."""
        return self._ask(lambda store: self._follow().chunk_ids())

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk, a page at a time."""
        with mapped(self._url):
            yield from self._follow().all_chunks()

    def close(self) -> None:
        """Connections are shared by the process and close with it."""
        self._server = None

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """Nobody writes through a reader."""
        yield False

    def _look(self, since: float) -> None:
        """Read the generation again, unless a thread has begun to after ``since``."""
        with self._guard:
            if self._looked <= since:
                began = time.monotonic()
                self._follow().refresh()
                self._looked = began

    def _follow(self) -> ServerStore:
        server = self._server  # which another thread may forget at any time
        if server is None:
            server = self._server = ServerStore.attach(self._url)
        return server

    def _ask(self, call: Callable[[Store], T]) -> T:
        """The answer of the server; the collections are looked up again after an error."""
        try:
            with mapped(self._url):
                return call(self._follow())
        except StoreError:
            self._server = None
            raise


def connect(url: str) -> chromadb.api.ClientAPI:
    """A client of the server at ``url``, ``http://host:port``."""
    parts = urlsplit(url)
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]  # no stray .env
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        client = chromadb.HttpClient(host=parts.hostname or "", port=port, ssl=secure, settings=settings)
    except ValueError as error:  # what Chroma makes of a connection that is refused
        raise _no_answer(url, error) from error
    client._server._session.timeout = httpx.Timeout(PATIENCE)  # type: ignore[attr-defined]  # it has none, nor a setting
    return client


@contextmanager
def mapped(url: str) -> Iterator[None]:
    """Turn what goes wrong between us and the server at ``url`` into a `StoreError`."""
    try:
        yield
    except (ChromaError, httpx.HTTPError, DamagedIndexError) as error:
        raise _no_answer(url, error) from error


def _no_answer(url: str, error: Exception) -> StoreError:
    return StoreError(f"Expected an answer of the Chroma server {url}, saw {error!s:.160}: is it running?")
