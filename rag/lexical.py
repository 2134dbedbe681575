"""The term index: stemmed chunks in tantivy, a cache beside the store that can be made again from it at any time.

Chunks come in; weighted groups of stems are looked up and chunk ids with BM25 scores go out. The folder knows which
generation of the store it mirrors, in the same commit as its terms, so it is never half of anything.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import tantivy

from rag.language import RULES_VERSION, terms
from rag.types import Chunk

FORMAT = f"1/{RULES_VERSION}"
"""Layout of the folder and the language rules of its stems; another one is made anew."""

Phrase = Sequence[str]
"""Stems that stand side by side; one stem is a term."""
Group = tuple[float, Sequence[tuple[Phrase, float]]]
"""Weight of a word of the question, and its alternatives with their weights: the best alternative counts."""

_STAMP = "stamp"


class Source(Protocol):
    """What the term index asks of the store it mirrors."""

    def generation(self) -> str:
        """Token of the last committed write."""
        ...

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk of the archive, once."""
        ...

    def try_lock(self) -> AbstractContextManager[bool]:
        """Become the only writer; False when another process is."""
        ...


class TermIndex:
    """Stems of all chunks, searchable; safe for use by several threads."""

    def __init__(self, folder: Path, source: Source) -> None:
        self._folder = folder
        self._source = source
        self._guard = threading.Lock()
        self._index = _create(None)
        self._searcher = self._index.searcher()
        self.generation: str | None = None
        """What it mirrors; None when it holds nothing usable."""

    @classmethod
    def open(cls, home: Path, source: Source) -> TermIndex:
        """Open the terms in ``home``; made again first when they do not mirror the store and no one is writing."""
        index = cls(home / "terms", source)
        index.refresh()
        if index.generation != source.generation():
            with source.try_lock() as alone:
                if alone:
                    index.rebuild()
        return index

    def refresh(self) -> None:
        """Take up what a writer has committed since."""
        with self._guard:
            try:
                self._index = tantivy.Index.open(str(self._folder))
                self._searcher = self._index.searcher()
                self.generation = self._read_stamp()
            except (ValueError, OSError):
                self._index, self.generation = _create(None), None
                self._searcher = self._index.searcher()

    def rebuild(self) -> None:
        """Make the terms again from the store. The caller holds the lock."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self.apply(removed=(), added=self._source.all_chunks(), generation=self._source.generation())

    def apply(self, *, removed: Iterable[str], added: Iterable[Chunk], generation: str) -> None:
        """Commit a change: all or nothing. The caller holds the lock.

        Args:
            removed: ids of articles whose chunks go away; happens before anything is added.
            added: new chunks.
            generation: what the terms mirror afterwards.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        index = (
            tantivy.Index.open(str(self._folder)) if tantivy.Index.exists(str(self._folder)) else _create(self._folder)
        )
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for article_id in removed:
            writer.delete_documents_by_term("article_id", article_id)
        for chunk in added:
            writer.add_document(_document(chunk))
        writer.delete_documents_by_term("chunk_id", _STAMP)
        stamp = tantivy.Document()
        stamp.add_text("chunk_id", _STAMP)
        stamp.add_bytes("sentences", f"{FORMAT} {generation}".encode())
        writer.add_document(stamp)
        writer.commit()
        writer.wait_merging_threads()
        self.refresh()

    def search(self, groups: Sequence[Group], k: int, *, title_weight: float = 0.3) -> list[tuple[str, float]]:
        """Chunk ids with their BM25 scores, best first, ties by id.

        Args:
            groups: what to look for; a chunk's score is the sum over the groups of its best alternative.
            k: how many at most, > 0.
            title_weight: what a word in the article's title counts beside one in the passage, >= 0.
        """
        self._follow()
        index, searcher = self._index, self._searcher
        parts = [(tantivy.Occur.Should, q) for g in groups if (q := _group(index.schema, g, title_weight)) is not None]
        if not parts:
            return []
        query = tantivy.Query.boolean_query(parts)
        limit = k + 16
        while True:
            found = searcher.search(query, limit, count=False).hits
            if len(found) < limit or round(found[-1][0], 4) < round(found[k - 1][0], 4):
                break
            limit *= 4
        scored = [(str(searcher.doc(address)["chunk_id"][0]), float(score)) for score, address in found]
        return sorted(scored, key=lambda hit: (-round(hit[1], 4), hit[0]))[:k]

    def stems(self, ids: Sequence[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
        """For each chunk, the stems of each of its sentences; ids that are not here are left out."""
        self._follow()
        index, searcher = self._index, self._searcher
        query = tantivy.Query.term_set_query(index.schema, "chunk_id", list(ids))
        found = [searcher.doc(address) for _, address in searcher.search(query, max(1, len(ids)), count=False).hits]
        return {
            str(d["chunk_id"][0]): tuple(tuple(line.split()) for line in bytes(d["sentences"][0]).decode().split("\n"))
            for d in found
        }

    def document_frequency(self, stem: str) -> int:
        """How many chunks have ``stem`` in their text."""
        return int(self._searcher.doc_freq("body", stem))

    def __len__(self) -> int:
        """Number of chunks."""
        return max(0, int(self._searcher.num_docs) - (self.generation is not None))

    def _follow(self) -> None:
        if self._source.generation() != self.generation:
            self.refresh()

    def _read_stamp(self) -> str | None:
        query = tantivy.Query.term_query(self._index.schema, "chunk_id", _STAMP)
        for _, address in self._searcher.search(query, 1).hits:
            made, _, generation = bytes(self._searcher.doc(address)["sentences"][0]).decode().partition(" ")
            return generation if made == FORMAT else None
        return None


def _create(folder: Path | None) -> tantivy.Index:
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("chunk_id", stored=True, tokenizer_name="raw", index_option="basic")
    fields.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    fields.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    fields.add_text_field("title", tokenizer_name="whitespace", index_option="position")
    fields.add_bytes_field("sentences", stored=True)
    return tantivy.Index(fields.build(), path=None if folder is None else str(folder))


def _document(chunk: Chunk) -> tantivy.Document:
    stems = [terms(chunk.sentence_text(span)) for span in chunk.sentences]
    document = tantivy.Document()
    document.add_text("chunk_id", chunk.id)
    document.add_text("article_id", chunk.article_id)
    document.add_text("body", " ".join(" ".join(s) for s in stems))
    document.add_text("title", " ".join(terms(chunk.title or "")))
    document.add_bytes("sentences", "\n".join(" ".join(s) for s in stems).encode())
    return document


def _group(schema: tantivy.Schema, group: Group, title_weight: float) -> tantivy.Query | None:
    weight, alternatives = group
    queries = [
        tantivy.Query.boost_query(_field(schema, field, list(phrase)), weight * sure * share)
        for phrase, sure in alternatives
        for field, share in (("body", 1.0), ("title", title_weight))
        if phrase and weight * sure * share > 0
    ]
    return tantivy.Query.disjunction_max_query(queries) if queries else None


def _field(schema: tantivy.Schema, field: str, stems: list[str]) -> tantivy.Query:
    if len(stems) == 1:
        return tantivy.Query.term_query(schema, field, stems[0])
    return tantivy.Query.phrase_query(schema, field, list(stems))
