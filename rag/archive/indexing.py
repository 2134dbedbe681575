"""A run over files: articles are read, the new and changed ones go into an edition of the archive, gone ones leave it.

Paths go in; an archive in KUTIP_HOME and a report come out. A run that is killed at any moment leaves a whole archive
behind, and the next one ends as if nothing had happened.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.archive.edition import BATCH, Edition
from rag.archive.home import Home
from rag.archive.index import Index, exists
from rag.archive.store import Store
from rag.articles.files import make_article, read_changed
from rag.errors import ArticleError, DamagedIndexError
from rag.types import Article

if TYPE_CHECKING:
    from rag.archive.embeddings import Embedder

Progress = Callable[[int, int | None, str], None]
"""Called with articles done, articles in all (None when not known) and what is being done."""

MAX_SKIPPED = 1_000
"""Sentences about what could not be read that a report holds; the others are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a run goes about it."""

    wait: float = 10.0
    """Seconds to wait for another writer, >= 0."""
    batch: int = BATCH
    """Chunks embedded and written at a time, > 0."""
    checkpoint: float = 30.0
    """Seconds of work after which what is done is published, >= 0."""


PACE = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What a run did, in articles."""

    added: int
    changed: int
    unchanged: int
    removed: int
    rebuilt: int
    """Cut and embedded anew without a change of their own."""
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
    pace: Pace = PACE,
) -> IndexReport:
    """Bring the archive in ``home`` up to date with ``paths``.

    Args:
        paths: files and folders to read.
        home: KUTIP_HOME.
        embedder: what turns chunks into vectors.
        prune: remove articles that were read from under ``paths`` and are gone.
        rebuild: cut and embed every article of the archive anew, before anything is read; of a damaged archive, every
            article that can still be read, if there are ``paths`` to get the others from.
        progress: told every now and then.
        pace: sizes and waiting times.

    Raises:
        InputError: a path does not exist.
        BusyIndexError: another process is writing.
        SettingsError: the home cannot be written.
        ArchiveError: the index was made by another engine, or is damaged.
    """
    read_changed(paths, versions={})  # raises for a path that does not exist, before anything is done
    tell = Throttle(progress)
    place = Home(home)
    with place.lock(wait=pace.wait, tell=lambda sentence: tell.now(0, None, sentence)):
        current = place.current()
        versions = {} if rebuild else _versions(home, embedder)
        with closing(Edition(home=place, embedder=embedder, checkpoint=pace.checkpoint, batch=pace.batch)) as edition:
            skipped: list[str] = []
            if rebuild and current is not None:
                versions = _rebuild(place, current, edition, tell, skipped if paths else None)
            done = Run(edition, versions, tell, skipped)
            done.take(read_changed(paths, versions=versions))
            if prune:
                done.prune([os.path.normpath(path.absolute()) for path in paths])
            tell.now(len(done.seen), len(done.seen), "Finishing")
            edition.publish()
            return done.report(rebuilt=len(versions) if rebuild else 0)


def _versions(home: Path, embedder: Embedder) -> dict[str, tuple[str, str]]:
    """Origin and sha256 of every article of the archive, by id, once it is known to be of the same making."""
    if not exists(home):
        return {}
    with closing(Index.open(home, embedder)) as index:
        return index.versions()


def _rebuild(
    home: Home, current: Path, edition: Edition, tell: Throttle, skipped: list[str] | None
) -> dict[str, tuple[str, str]]:
    """Fill an empty edition with the articles of the archive, cut and embedded anew.

    Only the database is read, from a copy: damaged vector files do no harm.

    Args:
        home: where the archive is.
        current: its folder.
        edition: nothing is written in it yet.
        tell: progress.
        skipped: is told what could not be read; None when that must not happen.
    """
    versions: dict[str, tuple[str, str]] = {}
    edition.begin(copy=False)
    try:
        with closing(Store.open_database(current, home.draft(copy=False))) as old:
            for article in old.all_articles():
                edition.put(_anew(article), replaces=False)
                versions[article.id] = (article.origin, article.sha256)
                tell(len(versions), None, "Rebuilding")
    except DamagedIndexError:
        if skipped is None:
            raise
        skipped.append(
            f"Only {len(versions)} articles of the damaged index could be read: see that the others are given."
        )
    edition.whole = True
    return versions


def _anew(article: Article) -> Article:
    """The article with its sentences as they are found today."""
    given = {name: getattr(article, name) for name in ("title", "publisher", "author", "published", "url", "language")}
    made = make_article(id=article.id, source=article.source, origin=article.origin, text=article.text, **given)
    return replace(made, sha256=article.sha256)


class Writing(Protocol):
    """What a run writes to."""

    def put(self, article: Article, *, replaces: bool) -> None:
        """Write an article, in the place of its older version if there is one."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Take articles out."""
        ...


class Run:
    """Goes through what was read, and counts."""

    def __init__(
        self, edition: Writing, versions: dict[str, tuple[str, str]], tell: Throttle, skipped: list[str]
    ) -> None:  # fmt: skip
        self._edition = edition
        self._versions = versions
        self._tell = tell
        self.seen: set[str] = set()
        self._counts = Counter[str]()
        self._skipped = skipped

    def take(self, items: Iterable[Article | ArticleError | str]) -> None:
        """Write what is new or changed; of what is not, the id is enough."""
        for item in items:
            if isinstance(item, ArticleError):
                self._counts["skipped"] += 1
                if len(self._skipped) < MAX_SKIPPED:
                    self._skipped.append(str(item))
                continue
            id = item if isinstance(item, str) else item.id
            _, sha256 = self._versions.get(id, ("", ""))
            if isinstance(item, str) or item.sha256 == sha256:
                self._counts["unchanged"] += 1
            else:
                self._counts["changed" if sha256 else "added"] += 1
                self._edition.put(item, replaces=bool(sha256))
            self.seen.add(id)
            self._tell(len(self.seen), None, "Indexing")

    def prune(self, roots: Sequence[str]) -> None:
        """Take out articles that were read from under ``roots`` and are gone.

        A line of a ``.jsonl`` that is still there counts as gone only if nothing was skipped: it may be among that.
        """
        gone = [
            id
            for id, (origin, _) in self._versions.items()
            if id not in self.seen and _under(origin, roots) and _gone(origin, complete=not self._skipped)
        ]
        if gone:
            self._edition.remove(gone)
        self._counts["removed"] = len(gone)

    def report(self, *, rebuilt: int) -> IndexReport:
        """What was done."""
        kinds = ("added", "changed", "unchanged", "removed")
        counts = {kind: self._counts[kind] for kind in kinds}
        if (more := self._counts["skipped"] - MAX_SKIPPED) > 0:
            self._skipped.append(f"And {more} more.")
        return IndexReport(**counts, rebuilt=rebuilt, skipped=tuple(self._skipped))


def _under(origin: str, roots: Sequence[str]) -> bool:
    return any(origin == root or origin.startswith((root.rstrip(os.sep) + os.sep, root + "#")) for root in roots)


def _gone(origin: str, *, complete: bool) -> bool:
    file, mark, _ = origin.rpartition("#")
    return _missing(origin) and (complete or not mark or _missing(file))


def _missing(path: str) -> bool:
    """Whether nothing is there, for sure: what cannot be looked at may well be there."""
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


class Throttle:
    """Passes progress on, ten times a second at most."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._last = 0.0

    def __call__(self, done: int, total: int | None, label: str) -> None:
        """Unless that was done a moment ago."""
        if time.monotonic() - self._last > 0.1:
            self.now(done, total, label)

    def now(self, done: int, total: int | None, label: str) -> None:
        """At once."""
        self._last = time.monotonic()
        if self._progress is not None:
            self._progress(done, total, label)
