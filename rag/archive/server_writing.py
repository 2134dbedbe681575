"""Writing to an archive on a Chroma server: articles go in and out, each one seen as a whole, under the lease.

What a killed writer has left behind is never shown, and goes when the article is written again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from rag.archive.index import fingerprint
from rag.archive.indexing import IndexReport, Progress, Run, Throttle
from rag.archive.lease import Lease, lease
from rag.archive.server import ServerIndex, ServerStore, mapped
from rag.articles.chunking import chunk
from rag.articles.files import read
from rag.errors import FingerprintError, NoIndexError, SettingsError
from rag.types import Article, Chunk

if TYPE_CHECKING:
    from rag.archive.embeddings import Embedder

BATCH = 500
"""Chunks embedded and sent at a time."""
BYTES = 4_000_000
"""Characters of articles sent at a time: a server takes bodies of 40 MB."""


class ServerEdition:
    """Takes articles in and sends them in batches; the counterpart of `rag.archive.edition.Edition`."""

    def __init__(self, *, url: str, embedder: Embedder, right: Lease) -> None:
        """Connect; the archive is made when there is none."""
        self._url = url
        self._embedder = embedder
        self._right = right
        self.store = ServerStore.prepare(url, fingerprint(embedder))
        self._articles: list[Article] = []
        self._chunks: list[Chunk] = []
        self._touched = False

    def put(self, article: Article, *, replaces: bool) -> None:
        """Write an article, in the place of its older version if there is one."""
        self._articles.append(article)
        self._chunks += chunk(article, count_tokens=self._embedder.count_tokens)
        if len(self._chunks) >= BATCH or sum(len(a.text) for a in self._articles) >= BYTES:
            self._send()

    def remove(self, ids: Sequence[str]) -> None:
        """Take articles out."""
        self._send()
        self._do(lambda: self.store.remove(ids))

    def sweep(self, articles: Sequence[Article]) -> None:
        """Delete what is left of other versions of articles than these; readers look when it is over."""
        self._send()
        kept = [article.sha256 for article in articles]
        self._do(lambda: self.store.sweep([article.id for article in articles], keep=kept))

    def publish(self) -> None:
        """Send what is left and renew the generation, so that readers look."""
        self._send()
        self._do(lambda: self.store.commit(uuid4().hex))

    def _send(self) -> None:
        if self._articles:
            articles, chunks = self._articles, self._chunks
            vectors = self._embedder.encode([piece.text for piece in chunks])
            replaced = [article.id for article in articles]
            self._do(lambda: self.store.put(articles, chunks, vectors, replaced=replaced))
            self._articles, self._chunks = [], []

    def _do(self, work: Callable[[], None]) -> None:
        self._right.check()
        with mapped(self._url):
            work()


@contextmanager
def server_edition(url: str, embedder: Embedder) -> Iterator[tuple[ServerEdition, ServerIndex]]:
    """Be the one writer of the archive at ``url``.

    Raises:
        BusyIndexError: another process is still writing.
        FingerprintError: the archive was made by another engine.
        StoreError: the server does not answer.
    """
    with lease(url) as right:
        edition = ServerEdition(url=url, embedder=embedder, right=right)
        index = ServerIndex(url)
        try:
            index.check(embedder)
        except FingerprintError as error:
            raise FingerprintError(f"{error} On a Chroma server, that takes an empty one to index into.") from error
        yield edition, index


def run_on_server(
    paths: Sequence[Path],
    *,
    url: str,
    embedder: Embedder,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the archive at ``url`` up to date with ``paths``; see `rag.archive.indexing.run`.

    Raises:
        SettingsError: a rebuild is asked for: only an archive in a folder can be replaced as a whole.
        InputError: a path does not exist.
        BusyIndexError: another process is still writing.
        FingerprintError: the archive was made by another engine.
        StoreError: the server does not answer.
    """
    if rebuild:
        raise SettingsError(
            "Expected an archive in a folder to make anew, saw KUTIP_CHROMA: start an empty Chroma server, index there."
        )
    read(paths)  # raises for a path that does not exist, before anything is done
    tell = Throttle(progress)
    with server_edition(url, embedder) as (edition, index):
        versions = index.versions()
        done = Run(edition, versions, tell, [])
        done.take(read(paths, taken={id: origin for id, (origin, _) in versions.items()}))
        if prune:
            done.prune([os.path.normpath(path.absolute()) for path in paths])
        edition.publish()
        return done.report(rebuilt=0)


def exists_on_server(url: str) -> bool:
    """Whether there is an archive at ``url``.

    Raises:
        StoreError: the server does not answer.
    """
    try:
        ServerStore.attach(url)
    except NoIndexError:
        return False
    return True
