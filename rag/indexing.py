"""A run over files: articles are read, the new and changed ones cut, embedded and written, the gone ones removed.

Paths go in, an archive in KUTIP_HOME and a report come out. Work is done in batches; a run that is killed leaves whole
articles only, and the next one ends as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from rag.articles import read
from rag.chunking import chunk
from rag.embeddings import Embedder
from rag.errors import ArticleError
from rag.index import Index, write_lock
from rag.lexical import TermIndex
from rag.types import Article, Chunk

Progress = Callable[[int, int | None, str], None]
"""Called with articles done, articles in all (None when not known) and what is being done."""

BATCH = 2_000
"""Chunks embedded and written at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What a run did, in articles."""

    added: int
    changed: int
    unchanged: int
    removed: int
    skipped: tuple[str, ...]
    """One sentence for each file or line that could not be read."""


def run(
    paths: Sequence[Path],
    *,
    home: Path,
    embedder: Embedder,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
    wait: float = 10.0,
) -> IndexReport:
    """Bring the archive in ``home`` up to date with ``paths``.

    Args:
        paths: files and folders to read.
        home: KUTIP_HOME.
        embedder: what turns chunks into vectors.
        prune: remove articles that were read from under ``paths`` and are gone.
        rebuild: cut and embed every article of the archive anew.
        progress: told after each batch.
        wait: seconds to wait for another writer, >= 0.

    Raises:
        InputError: a path does not exist.
        BusyIndexError: another process is writing.
        ArchiveError: the index cannot be used as it is.
    """
    with write_lock(home, wait=wait):
        index = Index.create(home, embedder)
        terms = TermIndex(home / "terms", index)
        terms.refresh()
        if terms.generation != index.generation():
            terms.rebuild()
        work = _Work(index=index, terms=terms, embedder=embedder, progress=progress or (lambda *_: None))
        taken = {article.id: article.origin for article in index.all_articles()}
        for item in read(paths, taken=taken):
            work.take(item)
        work.flush()
        if prune:
            roots = [str(path.absolute()) for path in paths]
            work.remove([id for id, origin in taken.items() if id not in work.seen and _under(origin, roots)])
        return work.report()


def _under(origin: str, roots: Sequence[str]) -> bool:
    return any(origin == root or origin.startswith((root + "/", root + "#")) for root in roots)


@dataclass(slots=True)
class _Work:
    index: Index
    terms: TermIndex
    embedder: Embedder
    progress: Progress
    read: list[Article] = field(default_factory=list)
    fresh: list[tuple[Article, tuple[Chunk, ...]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("added", "changed", "unchanged", "removed"), 0)
    )
    skipped: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def take(self, item: Article | ArticleError) -> None:
        if isinstance(item, ArticleError):
            self.skipped.append(str(item))
            return
        self.seen.add(item.id)
        self.read.append(item)
        if len(self.read) >= 500:
            self.plan()

    def plan(self) -> None:
        stored = self.index.articles_by_id([article.id for article in self.read])
        for article in self.read:
            old = stored.get(article.id)
            if old is not None and old.sha256 == article.sha256 and old.origin == article.origin:
                self.counts["unchanged"] += 1
                continue
            self.counts["added" if old is None else "changed"] += 1
            if old is not None:
                self.replaced.append(article.id)
            self.fresh.append((article, chunk(article, count_tokens=self.embedder.count_tokens)))
            if sum(len(chunks) for _, chunks in self.fresh) >= BATCH:
                self.write()
        self.read.clear()
        self.progress(len(self.seen), None, "Indexing")

    def write(self) -> None:
        articles = [article for article, _ in self.fresh]
        chunks = [c for _, cs in self.fresh for c in cs]
        if articles:
            generation = uuid4().hex
            self.index.begin()
            self.index.put(articles, chunks, self.embedder.encode([c.text for c in chunks]))
            self.index.drop_chunks(self.replaced, keep=[a.sha256 for a in articles])
            self.terms.apply(removed=[a.id for a in articles], added=chunks, generation=generation)
            self.index.commit(generation)
        self.fresh.clear()
        self.replaced.clear()

    def flush(self) -> None:
        self.plan()
        self.write()

    def remove(self, ids: Sequence[str]) -> None:
        for i in range(0, len(ids), 500):
            part = ids[i : i + 500]
            generation = uuid4().hex
            self.index.begin()
            self.index.remove(part)
            self.terms.apply(removed=part, added=(), generation=generation)
            self.index.commit(generation)
            self.counts["removed"] += len(part)

    def report(self) -> IndexReport:
        return IndexReport(**self.counts, skipped=tuple(self.skipped))
