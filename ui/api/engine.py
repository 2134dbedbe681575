"""The archive behind the API: opened when the server starts, and again by itself when that failed.

Settings come in; a pipeline goes out, or the error that says why there is none.
"""

from __future__ import annotations

import threading
import time

from rag.archive.access import index_paths, make_empty
from rag.archive.embeddings import Embedder
from rag.archive.index import Index
from rag.errors import KutipError, NoIndexError
from rag.pipeline import SEEDS, Kutip, open_pipeline
from rag.settings import Settings

RETRY = 1.0
"""Seconds after which an archive that could not be opened is tried again."""


class Engine:
    """Holds the pipeline; safe for use by several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._guard = threading.Lock()
        self._kutip: Kutip | None = None
        self._failed: tuple[float, KutipError] | None = None

    def kutip(self) -> Kutip:
        """The pipeline; opened if it is not yet, or if the archive was made anew by another engine.

        Raises:
            ArchiveError: there is no archive that can be used.
            StoreError: the Chroma server does not answer.
            SettingsError: a model is set that cannot be used.
        """
        kutip = self._kutip
        if kutip is not None and kutip.index.embedder == kutip.embedder.name:
            return kutip
        with self._guard:
            if self._kutip is not None and self._kutip is not kutip:
                return self._kutip
            if self._failed is not None and time.monotonic() - self._failed[0] < RETRY:
                raise self._failed[1]
            try:
                self._kutip = self._open()
            except KutipError as error:
                self._failed = (time.monotonic(), error)
                raise
            return self._kutip

    def _open(self) -> Kutip:
        """With no archive yet, one is first made of the bundled articles, or an empty one where there are none."""
        try:
            return open_pipeline(self.settings)
        except NoIndexError:
            if SEEDS.is_dir():
                index_paths(self.settings, [SEEDS])
            else:
                make_empty(self.settings)
            return open_pipeline(self.settings)

    def warm(self) -> None:
        """Open the archive and look something up, so that the first question is as fast as the others.

        Raises:
            KutipError: it cannot be used.
        """
        self.kutip().search("Apa kabar hari ini?", k=1)

    @property
    def index(self) -> Index:
        """The archive; see `kutip` for what is raised."""
        return self.kutip().index

    @property
    def embedder(self) -> Embedder:
        """What the archive was made with; see `kutip` for what is raised."""
        return self.kutip().embedder

    def check(self) -> None:
        """Ask the archive something.

        Raises:
            KutipError: it cannot answer.
        """
        kutip = self.kutip()
        kutip.index.check(kutip.embedder)
        kutip.index.articles_by_id(["-"])

    def close(self) -> None:
        """Let go of the archive."""
        if self._kutip is not None:
            self._kutip.index.close()
            self._kutip = None
