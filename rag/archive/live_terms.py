"""The term index of an archive that others write to: in memory, brought into step chunk by chunk."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import tantivy

from rag.archive.lexical import HEAP, Opened, TermIndex, stamp, term_document, term_schema
from rag.archive.server import ServerIndex

_PAGE = 1_000
"""Chunks fetched at a time."""


class LiveTermIndex(TermIndex):
    """Stems of all chunks of a server's archive; safe for use by several threads."""

    def __init__(self, source: ServerIndex) -> None:
        """Begin with nothing; see `mirror`."""
        super().__init__(Path(), source)
        self._archive = source
        self._index = tantivy.Index(term_schema())
        self._writer = self._index.writer(heap_size=HEAP, num_threads=1)
        self._known: set[str] = set()

    @classmethod
    def mirror(cls, source: ServerIndex) -> LiveTermIndex:
        """The terms of ``source`` as it is now.

        Raises:
            StoreError: the server does not answer.
        """
        made = cls(source)
        made._follow()
        return made

    def _mirror(self, generation: str) -> Opened:
        """Take out what is gone and add what is new; what is not committed yet comes with the next generation."""
        there = self._archive.chunk_ids()
        try:
            added = self._add(there - self._known)
            for id in self._known - there:
                self._writer.delete_documents_by_term("chunk_id", id)
            if self._opened.generation is None:
                self._writer.add_document(stamp(generation))
            self._writer.commit()
        except BaseException:
            self._writer.rollback()
            raise
        self._index.reload()
        self._known = (self._known & there) | added
        return Opened(self._index, self._index.searcher(), generation)

    def _add(self, ids: set[str]) -> set[str]:
        """Add the chunks of ``ids`` that are committed; their ids."""
        added: set[str] = set()
        new = iter(sorted(ids))
        while page := list(islice(new, _PAGE)):
            for chunk in self._archive.chunks(page).values():
                self._writer.add_document(term_document(chunk))
                added.add(chunk.id)
        return added
