"""Settings → the embedder that an archive asks for.

What talks to a service is imported only when it is used.
"""

from __future__ import annotations

from typing import cast

from rag.archive.embeddings import BuiltinEmbeddings, Embedder
from rag.archive.indexing import Progress
from rag.errors import SettingsError
from rag.settings import BUILTIN, Settings


def open_embedder(settings: Settings, name: str) -> Embedder:
    """The embedder of this name.

    Raises:
        SettingsError: it needs a service and none is set.
    """
    if name == BUILTIN:
        return BuiltinEmbeddings()
    if not _can_open(settings, name):
        raise SettingsError(
            f"Expected OPENAI_API_KEY or OPENAI_BASE_URL for the embedder {name}, saw neither: set one."
        )
    from rag.archive.remote_embeddings import RemoteEmbeddings

    made = RemoteEmbeddings(
        name,
        key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout=settings.timeout,
        retries=settings.retries,
        home=settings.home,
    )
    return cast(Embedder, made)  # its size is asked of the service when it is first needed: a property


def embedder_for(settings: Settings, made_by: str) -> tuple[Embedder, tuple[str, ...]]:
    """The embedder for the questions to an archive, and notes for the user.

    An archive keeps the embedder that made it until it is rebuilt; when that one cannot be had, the one that is set is
    given, and the archive then says what to run.

    Args:
        settings: what is set.
        made_by: name of the embedder that made the archive.
    """
    if made_by == settings.embedder or not _can_open(settings, made_by):
        return open_embedder(settings, settings.embedder), ()
    return open_embedder(settings, made_by), (kept_note(settings, made_by),)


def kept_note(settings: Settings, made_by: str) -> str:
    """Tells that an archive keeps its embedder."""
    return (
        f"The archive was made with the embedder {made_by} and keeps it; "
        f"kutip index --rebuild makes it anew with {settings.embedder}."
    )


def _can_open(settings: Settings, name: str) -> bool:
    served = settings.openai_api_key is not None or settings.openai_base_url is not None
    return name == BUILTIN or (name.startswith("openai:") and served)


def priced(progress: Progress | None, embedder: Embedder) -> Progress | None:
    """A progress callback that also tells what the embedder has spent, after each of its requests."""
    if progress is None or embedder.name == BUILTIN:
        return progress
    from rag.archive.remote_embeddings import RemoteEmbeddings

    remote = cast(RemoteEmbeddings, embedder)
    last: tuple[int, int | None, str] = (0, None, "Embedding")

    def told(done: int, total: int | None, label: str) -> None:
        nonlocal last
        last = (done, total, label)
        spent = remote.spent
        price = "" if spent.cost_usd is None else f", ${spent.cost_usd:.4f}"
        progress(done, total, f"{label} ({spent.input_tokens:,} tokens{price})")

    remote.heard = lambda: told(*last)
    return told
