"""The archive that is current, for readers: it follows by itself when a writer has published a newer one.

Vectors and ids come in; chunks and articles come out. What made the index is checked when it is opened.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.archive.home import Home
from rag.archive.store import Store
from rag.articles.chunking import BUDGET, CHUNKER_VERSION
from rag.errors import BusyIndexError, DamagedIndexError, FingerprintError, NoIndexError, SettingsError
from rag.language.words import RULES_VERSION
from rag.types import Article, Chunk

if TYPE_CHECKING:
    from rag.archive.embeddings import Embedder

STORE_VERSION = "1"
"""Layout of the rows: raised when they can no longer be read as they were written."""

T = TypeVar("T")


def exists(home: Path) -> bool:
    """Whether there is an index in ``home``, usable or not."""
    return Home(home).current() is not None


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


class Index:
    """The archive of one home; safe for use by several threads."""

    def __init__(self, home: Path) -> None:
        """Open the index in ``home``, whatever made it; `open` also checks that.

        Raises:
            NoIndexError: there is none.
            DamagedIndexError: it cannot be read.
        """
        self._home = Home(home)
        self._opening = threading.Lock()
        self._guard = threading.Lock()
        self._users = Counter[Store]()
        self._replaced: list[Store] = []
        self._store: Store | None = None
        self._follow()

    @classmethod
    def open(cls, home: Path, embedder: Embedder | None = None) -> Index:
        """Open the index in ``home``.

        Args:
            home: KUTIP_HOME.
            embedder: what questions will be embedded with; None to read articles only.

        Raises:
            NoIndexError: there is none.
            FingerprintError: it was made by another engine.
            DamagedIndexError: it cannot be read.
        """
        index = cls(home)
        if embedder is not None:
            index.check(embedder)
        return index

    def check(self, embedder: Embedder) -> None:
        """Raise when this index was made by something else.

        Raises:
            FingerprintError: says what differs and what to run.
        """
        seen = self._follow().made_by
        differing = [
            f"{name} {value} (it has {seen.get(name)})"
            for name, value in fingerprint(embedder).items()
            if value != seen.get(name)
        ]
        if differing:
            raise FingerprintError(f"Expected an index made with {', '.join(differing)}: run kutip index --rebuild.")

    @property
    def embedder(self) -> str:
        """Name of the embedder that made this index."""
        return self._follow().made_by.get("embedder", "")

    @property
    def folder(self) -> Path:
        """Folder of the archive as it is now."""
        return self._follow().folder

    def generation(self) -> str:
        """A token that is another one after each published write; cheap."""
        return self._follow().generation

    def latest(self) -> str:
        """The token as it is at this moment, where `generation` may be a little late."""
        return self.generation()

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[Chunk, float]]:
        """The ``k`` chunks nearest to ``vector`` ``(dimensions,) float32``, with their cosine, -1..1, best first."""
        return self._ask(lambda store: store.nearest(vector, k))

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id; ids that are not in the archive are left out."""
        return self._ask(lambda store: store.chunks(ids))

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk of the archive as it is now, a page at a time."""
        with self._held() as store:
            yield from store.all_chunks()

    def article(self, id: str) -> Article | None:
        """One article with its text; None when it is not in the archive."""
        return self.articles_by_id([id]).get(id)

    def articles_by_id(self, ids: Sequence[str]) -> dict[str, Article]:
        """Articles with their texts; ids that are not in the archive are left out."""
        return self._ask(lambda store: store.articles(ids))

    def articles(self) -> list[Article]:
        """Every article, by id."""
        return self._ask(lambda store: sorted(store.all_articles(), key=lambda article: article.id))

    def page(self, limit: int, offset: int) -> tuple[list[Article], int]:
        """``limit`` articles from the ``offset``-th on, in the order of their coming, and how many there are in all."""
        return self._ask(lambda store: store.page(limit, offset))

    def versions(self) -> dict[str, tuple[str, str]]:
        """For the id of every article, where it was read from and its sha256."""
        return self._ask(lambda store: store.versions())

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """Become the only writer of the home if no one else is and it can be written; yields whether that went well."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._home.lock())
            except (BusyIndexError, SettingsError):
                alone = False
            else:
                alone = True
            yield alone

    def close(self) -> None:
        """Let go of files and memory; nothing may be asked afterwards."""
        with self._guard:
            for store in [*self._replaced, *([self._store] if self._store else [])]:
                store.close()
            self._replaced, self._store = [], None

    def _follow(self) -> Store:
        """The current archive, opened when it is another one than before.

        While one thread opens it, the others go on with the one before.
        """
        store = self._store
        if store is not None and self._home.current() in (store.folder, None):
            return store
        if not self._opening.acquire(blocking=store is None):
            return store or self._follow()
        try:
            return self._open()
        finally:
            self._opening.release()

    def _open(self) -> Store:
        while (folder := self._home.current()) is not None:
            if self._store is not None and self._store.folder == folder:
                return self._store
            try:
                opened = Store.open(folder)
            except DamagedIndexError:
                if self._home.current() == folder:
                    raise
                continue  # replaced and deleted in between
            with self._guard:
                if self._store is not None:
                    self._replaced.append(self._store)
                self._store = opened
                self._close_unused()
            return opened
        raise NoIndexError(f"Expected an index in {self._home.path}, saw none: run kutip index PATH to make one.")

    @contextmanager
    def _held(self) -> Iterator[Store]:
        """The current archive; it stays open for as long as this lasts, also when it is replaced."""
        while True:
            store = self._follow()
            with self._guard:
                if store is self._store:
                    self._users[store] += 1
                    break
        try:
            yield store
        finally:
            with self._guard:
                self._users[store] -= 1
                self._close_unused()

    def _close_unused(self) -> None:
        for store in [store for store in self._replaced if not self._users[store]]:
            store.close()
            self._replaced.remove(store)
            del self._users[store]

    def _ask(self, call: Callable[[Store], T]) -> T:
        """The answer of the current archive; asked again when a writer has replaced it in between."""
        with self._held() as store:
            try:
                return call(store)
            except DamagedIndexError:
                if self._home.current() == store.folder:
                    raise
        with self._held() as store:
            return call(store)
