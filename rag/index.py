"""The archive that is current, for readers: it follows by itself when a writer has published a newer one.

Vectors and ids come in; chunks and articles come out. What made the index is checked when it is opened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.chunking import BUDGET, CHUNKER_VERSION
from rag.errors import BusyIndexError, DamagedIndexError, FingerprintError, NoIndexError, SettingsError
from rag.home import Home
from rag.language import RULES_VERSION
from rag.store import Store
from rag.types import Article, Chunk

if TYPE_CHECKING:
    from rag.embeddings import Embedder

STORE_VERSION = "1"
"""Layout of the rows: raised when they can no longer be read as they were written."""

_GRACE = 60.0
"""Seconds for which a replaced archive stays open, for threads that are still reading it."""

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
        self._guard = threading.Lock()
        self._retired: list[tuple[float, Store]] = []
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

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[Chunk, float]]:
        """The ``k`` chunks nearest to ``vector`` ``(dimensions,) float32``, with their cosine, -1..1, best first."""
        return self._ask(lambda store: store.nearest(vector, k))

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id; ids that are not in the archive are left out."""
        return self._ask(lambda store: store.chunks(ids))

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk of the archive as it is now, a page at a time."""
        return self._follow().all_chunks()

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
            for store in [*(old for _, old in self._retired), *([self._store] if self._store else [])]:
                store.close()
            self._retired, self._store = [], None

    def _follow(self) -> Store:
        """The current archive, opened when it is another one than before."""
        folder = self._home.current()
        store = self._store
        if store is not None and folder in (store.folder, None):
            return store
        with self._guard:
            while (folder := self._home.current()) is not None:
                if self._store is not None and self._store.folder == folder:
                    return self._store
                try:
                    opened = Store.open(folder)
                except DamagedIndexError:
                    if self._home.current() == folder:
                        raise
                    continue
                self._retire(self._store)
                self._store = opened
        raise NoIndexError(f"Expected an index in {self._home.path}, saw none: run kutip index PATH to make one.")

    def _retire(self, store: Store | None) -> None:
        """Close what was replaced a while ago, and remember what is being replaced."""
        now = time.monotonic()
        for since, old in self._retired:
            if since < now - _GRACE:
                old.close()
        self._retired = [entry for entry in self._retired if entry[0] >= now - _GRACE]
        if store is not None:
            self._retired.append((now, store))

    def _ask(self, call: Callable[[Store], T]) -> T:
        """The answer of the current archive; asked again when a writer has replaced it in between."""
        store = self._follow()
        try:
            return call(store)
        except DamagedIndexError:
            if self._home.current() == store.folder:
                raise
        return call(self._follow())
