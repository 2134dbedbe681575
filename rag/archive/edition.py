"""The archive that a run writes: articles go in, and come out for readers all at once.

Articles are cut, embedded and written in batches into a copy of the archive, its terms beside it. Publishing puts that
copy in the archive's place; what is not published leaves no trace.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.archive.home import Home
from rag.archive.index import fingerprint
from rag.archive.lexical import TermWriter
from rag.archive.store import Store
from rag.archive.store_process import StoreProcess
from rag.articles.chunking import chunk
from rag.types import Article, Chunk

if TYPE_CHECKING:
    from rag.archive.embeddings import Embedder

BATCH = 2_000
"""Chunks embedded and written at a time."""


class Edition:
    """The archive that a run writes, made when the first change comes."""

    def __init__(self, *, home: Home, embedder: Embedder, checkpoint: float, batch: int = BATCH) -> None:
        """Begin nothing yet.

        Args:
            home: whose archive; the caller holds its lock.
            embedder: what turns chunks into vectors.
            checkpoint: seconds of work after which what is done is published, >= 0; more when publishing takes long.
            batch: chunks embedded and written at a time, > 0.
        """
        self._home = home
        self._embedder = embedder
        self._checkpoint = checkpoint
        self._batch = batch
        self._due = time.monotonic() + checkpoint
        self._open: tuple[Store | StoreProcess, TermWriter] | None = None
        self._articles: list[Article] = []
        self._chunks: list[Chunk] = []
        self._replaced: list[str] = []
        self.whole = True
        """Whether it may be published: it holds all that the archive held, but for what was taken out on purpose."""

    def begin(self, *, copy: bool = True) -> tuple[Store | StoreProcess, TermWriter]:
        """What is being written; when that is nothing yet, a copy of the archive or, without ``copy``, an empty one."""
        if self._open is None:
            self.whole = copy
            current = self._home.current() if copy else None
            folder = self._home.draft(copy=copy)
            store = Store.create(folder, fingerprint(self._embedder))
            terms = TermWriter(self._home.path, base=current.name if current else None, generation=folder.name)
            if not terms.complete:
                terms.add(store.all_chunks())
            store.begin()
            self._open = store, terms
        return self._open

    def put(self, article: Article, *, replaces: bool) -> None:
        """Write an article, in the place of its older version if there is one."""
        self._articles.append(article)
        self._chunks += chunk(article, count_tokens=self._embedder.count_tokens)
        if replaces:
            self._replaced.append(article.id)
        if len(self._chunks) >= self._batch:
            self._share_work()
            self._write()
            if self.whole and time.monotonic() > self._due:
                self.publish()

    def remove(self, ids: Sequence[str]) -> None:
        """Take articles out."""
        self._write()
        store, terms = self.begin()
        store.remove(ids)
        terms.remove(ids)

    def publish(self) -> None:
        """Put the edition in the archive's place, if anything has changed."""
        self._write()
        if self._open is not None:
            started = time.monotonic()
            store, terms = self._open
            store.commit(store.folder.name)
            store.close()
            terms.commit()
            self._home.publish(store.folder)
            self._open = None
            now = time.monotonic()
            self._due = now + max(self._checkpoint, 20 * (now - started))

    def close(self) -> None:
        """Drop what has not been published."""
        if self._open is not None:
            store, _ = self._open
            store.close()
            shutil.rmtree(store.folder, ignore_errors=True)

    def _share_work(self) -> None:
        """Have another process write from here on, while the next batch is prepared in this one."""
        store, terms = self.begin()
        if isinstance(store, Store) and sys.executable and (os.cpu_count() or 1) > 1:
            store.close()
            self._open = StoreProcess(store.folder), terms

    def _write(self) -> None:
        if self._articles:
            store, terms = self.begin()
            vectors = self._embedder.encode([piece.text for piece in self._chunks])
            store.put(self._articles, self._chunks, vectors, replaced=self._replaced)
            terms.remove(self._replaced)
            terms.add(self._chunks)
            self._articles, self._chunks, self._replaced = [], [], []
