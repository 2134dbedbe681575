"""An archive as a service changes it: articles go in and ids go out, all at once, one writer at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.draft import Draft
from rag.engines import open_embedder
from rag.home import Home
from rag.index import Index
from rag.settings import Settings
from rag.types import Article

if TYPE_CHECKING:
    from rag.embeddings import Embedder


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a change did, as ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


Change = Callable[[Sequence[Article], Sequence[str]], Changes]
"""Puts articles (each id once) into the archive, takes out those with the ids, and returns when readers see it."""


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
def writing(home: Path, embedder: Embedder, *, wait: float = 60.0) -> Iterator[Change]:
    """Be the one writer of the archive in ``home``; it is made when there is none.

    Args:
        home: KUTIP_HOME.
        embedder: what the archive was made with.
        wait: seconds to wait for another writer, >= 0.

    Raises:
        BusyIndexError: another process is still writing.
        FingerprintError: the archive was made by another engine; raised by the change, as are the others.
        DamagedIndexError: it cannot be read.
        SettingsError: the folder cannot be written.
    """
    place = Home(home)

    def change(articles: Sequence[Article], remove: Sequence[str]) -> Changes:
        changes = sort_out(articles, remove, _sha256s(place, embedder, [*(a.id for a in articles), *remove]))
        with closing(Draft(home=place, embedder=embedder, checkpoint=float("inf"))) as draft:
            for article in articles:
                if article.id not in changes.unchanged:
                    draft.put(article, replaces=article.id in changes.changed)
            if changes.removed:
                draft.remove(changes.removed)
            if place.current() is None:
                draft.begin()
            draft.publish()
        return changes

    with place.lock(wait=wait):
        yield change


def make_empty(settings: Settings) -> None:
    """Make an archive without articles."""
    with writing(settings.home, open_embedder(settings, settings.embedder)) as change:
        change((), ())


def _sha256s(place: Home, embedder: Embedder, ids: Sequence[str]) -> dict[str, str]:
    if place.current() is None:
        return {}
    with closing(Index.open(place.path, embedder)) as index:
        return {id: article.sha256 for id, article in index.articles_by_id(ids).items()}
