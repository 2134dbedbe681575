"""The term index: stemmed chunks in tantivy, a cache beside the store that can be made again from it at any time.

Chunks come in; weighted groups of stems are looked up and chunk ids with BM25 scores go out. A folder of terms knows
which generation of the store it mirrors, in the same commit as the terms, so it is never half of anything.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import tantivy

from rag.language.words import RULES_VERSION, terms
from rag.types import Chunk

FORMAT = f"1/{RULES_VERSION}"
"""Layout of the folder and the language rules of its stems; a folder of another one is made anew."""

Phrase = Sequence[str]
"""Stems that stand side by side; a single stem is a term."""
Group = tuple[float, Sequence[tuple[Phrase, float]]]
"""Weight of a word of the question, and its alternatives with their weights: the best alternative counts."""

_STAMP = "stamp"
"""Chunk id of the record that names the generation."""
HEAP = 64_000_000
"""Bytes of terms held in memory while writing."""
_SPARE = 16
"""Hits looked at beyond those asked for, to order ties by id."""


class Source(Protocol):
    """What the term index asks of the archive it mirrors."""

    def generation(self) -> str:
        """Token of the last published write; fit for a file name."""
        ...

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk of the archive, once."""
        ...

    def try_lock(self) -> AbstractContextManager[bool]:
        """Become the only writer; False when another process is."""
        ...


class TermWriter:
    """Makes the terms of a new generation, out of those of an older one; for the holder of the lock.

    They are in a folder of their own, ``HOME/terms/GENERATION``, so that readers of the older one are not disturbed.
    """

    def __init__(self, home: Path, *, base: str | None, generation: str) -> None:
        """Begin with a copy of the terms of generation ``base``, or with none where those cannot be used."""
        self._shelf = home / "terms"
        self._base, self._generation = base, generation
        folder = self._shelf / generation
        shutil.rmtree(folder, ignore_errors=True)
        self.complete = base is not None and _open(self._shelf / base, base) is not None
        """Whether everything that ``base`` stands for is in it."""
        if self.complete:
            shutil.copytree(self._shelf / str(base), folder)
            index = tantivy.Index.open(str(folder))
        else:
            folder.mkdir(parents=True)
            index = tantivy.Index(term_schema(), path=str(folder))
        self._writer = index.writer(heap_size=HEAP, num_threads=1)

    def remove(self, article_ids: Iterable[str]) -> None:
        """Take out the chunks of articles added so far."""
        for article_id in article_ids:
            self._writer.delete_documents_by_term("article_id", article_id)

    def add(self, chunks: Iterable[Chunk]) -> None:
        """Add chunks."""
        for chunk in chunks:
            self._writer.add_document(term_document(chunk))

    def commit(self) -> None:
        """Finish: all becomes readable at once. Terms of generations before ``base`` are deleted."""
        self._writer.delete_documents_by_term("chunk_id", _STAMP)
        self._writer.add_document(stamp(self._generation))
        self._writer.commit()
        self._writer.wait_merging_threads()
        for folder in self._shelf.iterdir():
            if folder.name not in {self._base, self._generation}:
                shutil.rmtree(folder, ignore_errors=True)


class TermIndex:
    """Stems of all chunks, searchable; safe for use by several threads."""

    def __init__(self, home: Path, source: Source) -> None:
        """Mirror ``source`` with terms kept in ``home``; see `open`."""
        self._home = home
        self._source = source
        self._guard = threading.Lock()
        self._opened = Opened.empty()

    @classmethod
    def open(cls, home: Path, source: Source) -> TermIndex:
        """Open the terms of ``source`` in ``home``.

        Terms that do not mirror it (a damaged or deleted folder, another version) are first made again from it; while
        another process is writing, what is there is used as it is.
        """
        index = cls(home, source)
        index._follow()
        return index

    def search(self, groups: Sequence[Group], k: int, *, title_weight: float = 0.3) -> list[tuple[str, float]]:
        """Chunk ids with their BM25 scores, best first, ties by id.

        Args:
            groups: what to look for; a chunk's score is the sum over the groups of its best alternative.
            k: how many at most, > 0.
            title_weight: what a word in the article's title counts beside one in the passage, >= 0.
        """
        opened = self._follow()
        queries = [query for group in groups if (query := _group(opened.index.schema, group, title_weight)) is not None]
        if not queries:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in queries])
        limit = k + _SPARE
        while True:
            found = opened.searcher.search(query, limit, count=False).hits
            if len(found) < limit or round(found[-1][0], 4) < round(found[k - 1][0], 4):
                break
            limit *= 4
        scored = [(str(opened.searcher.doc(address)["chunk_id"][0]), float(score)) for score, address in found]
        return sorted(scored, key=lambda hit: (-round(hit[1], 4), hit[0]))[:k]

    def stems(self, ids: Sequence[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
        """For each chunk, the stems of each of its sentences; ids that are not here are left out."""
        opened = self._follow()
        query = tantivy.Query.term_set_query(opened.index.schema, "chunk_id", list(ids))
        hits = opened.searcher.search(query, max(1, len(ids)), count=False).hits
        documents = [opened.searcher.doc(address) for _, address in hits]
        return {
            str(document["chunk_id"][0]): tuple(
                tuple(line.split()) for line in bytes(document["sentences"][0]).decode().split("\n")
            )
            for document in documents
        }

    def document_frequency(self, stem: str) -> int:
        """How many chunks have ``stem`` in their text, 0 to all; for a while also counts some that are gone."""
        return min(int(self._opened.searcher.doc_freq("body", stem)), len(self))

    def __len__(self) -> int:
        """Number of chunks."""
        return int(self._opened.searcher.num_docs) - (self._opened.generation is not None)

    def _follow(self) -> Opened:
        """The terms of the archive as it is now."""
        generation = self._source.generation()
        if self._opened.generation == generation:
            return self._opened
        with self._guard:
            if self._opened.generation != generation:
                self._opened = self._mirror(generation)
            return self._opened

    def _mirror(self, generation: str) -> Opened:
        folder = self._home / "terms" / generation
        opened = _open(folder, generation)
        if opened is None:
            with self._source.try_lock() as alone:
                if alone:
                    writer = TermWriter(self._home, base=None, generation=generation)
                    writer.add(self._source.all_chunks())
                    writer.commit()
                    opened = _open(folder, generation)
        return opened or self._opened


@dataclass(frozen=True, slots=True)
class Opened:
    """Terms as they were at one moment."""

    index: tantivy.Index
    searcher: tantivy.Searcher
    generation: str | None
    """What they mirror; None when they hold nothing."""

    @classmethod
    def empty(cls) -> Opened:
        """No terms, which mirror nothing."""
        index = tantivy.Index(term_schema())
        return cls(index, index.searcher(), None)


def _open(folder: Path, generation: str) -> Opened | None:
    """The terms in ``folder``; None when they are not there, damaged, unfinished or of another format."""
    try:
        index = tantivy.Index.open(str(folder))
        searcher = index.searcher()
        stamp = searcher.search(tantivy.Query.term_query(index.schema, "chunk_id", _STAMP), 1).hits
        if not stamp or bytes(searcher.doc(stamp[0][1])["sentences"][0]).decode() != f"{FORMAT} {generation}":
            return None
    except (ValueError, OSError):
        return None
    return Opened(index, searcher, generation)


def stamp(generation: str) -> tantivy.Document:
    """The record that names what the terms mirror."""
    made = tantivy.Document()
    made.add_text("chunk_id", _STAMP)
    made.add_bytes("sentences", f"{FORMAT} {generation}".encode())
    return made


def term_schema() -> tantivy.Schema:
    """The fields of a chunk."""
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("chunk_id", stored=True, tokenizer_name="raw", index_option="basic")
    fields.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    fields.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    fields.add_text_field("title", tokenizer_name="whitespace", index_option="position")
    fields.add_bytes_field("sentences", stored=True)
    return fields.build()


def term_document(chunk: Chunk) -> tantivy.Document:
    """The terms of a chunk."""
    sentences = [" ".join(terms(chunk.sentence_text(span))) for span in chunk.sentences]
    document = tantivy.Document()
    document.add_text("chunk_id", chunk.id)
    document.add_text("article_id", chunk.article_id)
    document.add_text("body", " ".join(sentences))
    document.add_text("title", " ".join(terms(chunk.title or "")))
    document.add_bytes("sentences", "\n".join(sentences).encode())
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
