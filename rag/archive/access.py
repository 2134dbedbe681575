"""The archive that is set, in a folder or on a Chroma server: opened for questions, changed article by article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.archive import index
from rag.archive.edition import Edition
from rag.archive.embedders import kept_note, open_embedder, priced
from rag.archive.home import Home
from rag.archive.index import Index
from rag.archive.indexing import IndexReport, Progress, run
from rag.archive.lexical import TermIndex
from rag.errors import NoIndexError
from rag.settings import Settings
from rag.types import Article

if TYPE_CHECKING:
    from rag.archive.embeddings import Embedder


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a change did, as ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    generation: str = ""
    """Of the archive with these changes, see `Index.generation`."""


Change = Callable[[Sequence[Article], Sequence[str]], Changes]
"""Puts articles (each id once) into the archive and takes out those with the ids."""


def exists(settings: Settings) -> bool:
    """Whether there is an archive, usable or not.

    Raises:
        StoreError: the Chroma server does not answer.
    """
    if settings.chroma is None:
        return index.exists(settings.home)
    from rag.archive.server_writing import exists_on_server

    return exists_on_server(settings.chroma)


def open_index(settings: Settings) -> Index:
    """The archive, whatever made it.

    Raises:
        ArchiveError: there is none, or it is damaged.
        StoreError: the Chroma server does not answer.
    """
    if settings.chroma is None:
        return Index.open(settings.home)
    from rag.archive.server import ServerIndex

    return ServerIndex(settings.chroma)


def open_terms(settings: Settings, opened: Index) -> TermIndex:
    """The terms of an archive: kept beside it in a folder, or in memory in step with a server."""
    if settings.chroma is None:
        return TermIndex.open(settings.home, opened)
    from rag.archive.live_terms import LiveTermIndex
    from rag.archive.server import ServerIndex

    assert isinstance(opened, ServerIndex)  # noqa: S101  # `open_index` has made it of the same settings
    return LiveTermIndex.mirror(opened)


def bring_up_to_date(
    settings: Settings,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    prune: bool,
    rebuild: bool,
    progress: Progress | None,
) -> IndexReport:
    """Add files and folders to the archive; see `rag.archive.indexing.run`."""
    if settings.chroma is None:
        return run(paths, home=settings.home, embedder=embedder, prune=prune, rebuild=rebuild, progress=progress)
    from rag.archive.server_writing import run_on_server

    return run_on_server(
        paths, url=settings.chroma, embedder=embedder, prune=prune, rebuild=rebuild, progress=progress
    )  # fmt: skip


def sort_out(articles: Sequence[Article], remove: Sequence[str], sha256s: Mapping[str, str]) -> Changes:
    """What a change comes to.

    Args:
        articles: to be put, each id once.
        remove: ids to be taken out; those that are not there count for nothing.
        sha256s: of those of these articles that are in the archive, by id.
    """
    return Changes(
        added=tuple(article.id for article in articles if article.id not in sha256s),
        changed=tuple(a.id for a in articles if a.id in sha256s and sha256s[a.id] != a.sha256),
        unchanged=tuple(article.id for article in articles if sha256s.get(article.id) == article.sha256),
        removed=tuple(id for id in remove if id in sha256s),
    )


@contextmanager
def writing(settings: Settings, embedder: Embedder, *, wait: float = 60.0) -> Iterator[Change]:
    """Be the one writer of the archive; it is made when there is none.

    Of the processes that share a home only one is in here at a time, also when the archive is on a server.

    Args:
        settings: which archive.
        embedder: what it was made with.
        wait: seconds to wait for another process that uses the home, >= 0.

    Raises:
        BusyIndexError: another process is still writing.
        SettingsError: the home cannot be written.
        KutipError: raised by a change: the archive was made by another engine, is damaged or cannot be reached.
    """
    place = Home(settings.home)
    with place.lock(wait=wait):
        yield lambda articles, remove: _change(settings, place, embedder, articles, remove)


def make_empty(settings: Settings) -> None:
    """Make an archive without articles."""
    with writing(settings, open_embedder(settings, settings.embedder)) as change:
        change((), ())


def _change(
    settings: Settings, place: Home, embedder: Embedder, articles: Sequence[Article], remove: Sequence[str]
) -> Changes:
    ids = [*(article.id for article in articles), *remove]
    if settings.chroma is not None:
        return _change_on_server(settings.chroma, embedder, articles, remove, ids)
    changes = sort_out(articles, remove, _sha256s(place, embedder, ids))
    with closing(Edition(home=place, embedder=embedder, checkpoint=float("inf"))) as edition:
        for article in articles:
            if article.id not in changes.unchanged:
                edition.put(article, replaces=article.id in changes.changed)
        if changes.removed:
            edition.remove(changes.removed)
        if place.current() is None:
            edition.begin()
        edition.publish()
    current = place.current()
    return replace(changes, generation=current.name if current else "")


def _change_on_server(
    url: str, embedder: Embedder, articles: Sequence[Article], remove: Sequence[str], ids: Sequence[str]
) -> Changes:
    from rag.archive.server_writing import server_edition

    with server_edition(url, embedder) as (edition, opened):
        known = {id: article.sha256 for id, article in opened.articles_by_id(ids).items()}
        changes = sort_out(articles, remove, known)
        for article in articles:
            if article.id not in changes.unchanged:
                edition.put(article, replaces=article.id in changes.changed)
        if changes.removed:
            edition.remove(changes.removed)
        edition.sweep(articles)
        edition.publish()
        return replace(changes, generation=edition.store.generation)


def _sha256s(place: Home, embedder: Embedder, ids: Sequence[str]) -> dict[str, str]:
    if place.current() is None:
        return {}
    with closing(Index.open(place.path, embedder)) as opened:
        return {id: article.sha256 for id, article in opened.articles_by_id(ids).items()}


def index_paths(
    settings: Settings,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Add files and folders to the archive in ``settings.home``; see :func:`rag.archive.indexing.run`.

    An archive keeps its embedder until it is rebuilt.
    """
    name = settings.embedder if rebuild else _kept(settings)
    embedder = open_embedder(settings, name)
    told = priced(progress, embedder)
    return bring_up_to_date(settings, paths, embedder, prune=prune, rebuild=rebuild, progress=told)


def indexing_note(settings: Settings) -> str | None:
    """What to tell before adding to an archive that another embedder made than the one that is set."""
    kept = _kept(settings)
    return None if kept == settings.embedder else kept_note(settings, kept)


def _kept(settings: Settings) -> str:
    """Name of the embedder of the archive, or with no archive yet of the one that is set."""
    try:
        return open_index(settings).embedder
    except NoIndexError:
        return settings.embedder
