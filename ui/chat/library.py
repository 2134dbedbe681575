"""What the archive holds, and its upkeep: lists, full-text search, files from the browser, removals; plain JSON types.

A file from the browser is one that Gradio has taken in its upload folder: it is moved into the line of uploads, where
the one writer finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from rag.articles.files import SUFFIXES
from rag.types import Article, Hit
from ui.api.articles import FILES, given_name, job_object, safe_name
from ui.api.service import Service
from ui.chat.calls import Caller, JsonObject, Served, served
from ui.chat.reading import MEGABYTE, article_of, opening
from ui.chat.shapes import NAME, Search, UploadedFile, Uploads
from ui.chat.telling import RefusedError
from ui.present import article_object

FOUND = 50
"""Passages that a search looks at."""
QUERY = 500
"""Characters of a search."""


def articles(service: Service) -> Served:
    """Articles in the order of their coming, or those that have the words of a search, best first."""

    async def articles(wanted: Any, caller: Caller) -> JsonObject:
        return await service.blocking(lambda: _articles(service, Search.model_validate(wanted or {})))

    return served("articles", articles)


def _articles(service: Service, wanted: Search) -> JsonObject:
    index = service.engine.index
    query = wanted.query.strip()[:QUERY]
    if any(c.isalnum() for c in query):
        found = _found(service, query)
        total = len(found)
        found = found[wanted.offset : wanted.offset + wanted.limit]
    else:
        listed, total = index.page(wanted.limit, wanted.offset)
        found = [(article, None) for article in listed]
    shown = [{**article_object(a), "opening": opening(a), "excerpt": excerpt} for a, excerpt in found]
    return {"articles": shown, "total": total, "generation": index.generation()}


def _found(service: Service, query: str) -> list[tuple[Article, JsonObject | None]]:
    """Articles that have words of ``query``, with the sentence that has most of them."""
    kutip = service.engine.kutip()
    best: dict[str, Hit] = {}
    for hit in kutip.search(query, k=FOUND):
        if hit.lexical > 0:
            best.setdefault(hit.chunk.article_id, hit)
    known = kutip.index.articles_by_id(list(best))
    return [(known[id], _excerpt(hit)) for id, hit in best.items() if id in known]


def _excerpt(hit: Hit) -> JsonObject:
    """The sentence of a passage that fits best."""
    chunk = hit.chunk
    scored = zip(hit.sentence_scores, chunk.sentences, strict=False)
    span = max(scored, key=lambda pair: pair[0], default=(0.0, chunk.sentences[0]))[1]
    return {"text": chunk.sentence_text(span), "start": span.start, "end": span.end}


def add(service: Service) -> Served:
    """Put uploaded files into the line of the archive's writer."""

    async def add(sent: Any, caller: Caller) -> JsonObject:
        _writable(service)
        uploads = Uploads.model_validate(sent)
        app = caller.http.app
        uploaded, folder = app.get_blocks().upload_file_set, Path(app.uploaded_file_dir)
        job = await service.blocking(lambda: _add(service, uploads.paths, folder, uploaded))
        service.writer.wake()
        return {"job": job}

    return served("add", add)


def _add(service: Service, files: Sequence[UploadedFile], folder: Path, uploaded: set[str]) -> str:
    """The job that adds the files; they are gone from the upload folder afterwards.

    Raises:
        RefusedError: for a file that was not uploaded, is too large or of a kind that is not taken.
    """
    if not 0 < len(files) <= FILES:
        raise RefusedError("no-files", most=FILES)
    paths = [_uploaded(file, folder, uploaded) for file in files]
    try:
        most = service.engine.settings.upload
        if sum(path.stat().st_size for path in paths) > most * MEGABYTE:
            raise RefusedError("too-large", most=most)
        with _opened(dict(zip(_names(files, paths), paths, strict=True))) as named:
            return service.spool.submit(named).id
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _uploaded(file: UploadedFile, folder: Path, uploaded: set[str]) -> Path:
    """Where a file of the browser lies: what Gradio has taken from this page's users, in its folder, and no link.

    Raises:
        RefusedError: it is no such file.
    """
    path = Path(file.path)
    taken = "\0" not in file.path and file.path in uploaded
    if not (taken and path.resolve() == folder.resolve() / path.parent.name / path.name and path.is_file()):
        raise RefusedError("no-upload", seen=_shown(file))
    return path


def _names(files: Sequence[UploadedFile], paths: Sequence[Path]) -> Iterator[str]:
    """Names for the files that are safe on this disk.

    Raises:
        RefusedError: for a kind of file that is not taken, and for two files of one name.
    """
    seen: set[str] = set()
    for file, path in zip(files, paths, strict=True):
        name = safe_name(file.name or path.name)
        if name is None:
            raise RefusedError("suffix", seen=_shown(file), most=", ".join(SUFFIXES))
        if name in seen:
            raise RefusedError("same-name", seen=name)
        seen.add(name)
        yield name


def _shown(file: UploadedFile) -> str:
    return given_name(file.name or file.path).name[:NAME]


@contextmanager
def _opened(paths: dict[str, Path]) -> Iterator[list[tuple[str, BinaryIO]]]:
    with ExitStack() as stack:
        yield [(name, stack.enter_context(path.open("rb"))) for name, path in paths.items()]


def remove(service: Service) -> Served:
    """Take an article out of the archive."""

    async def remove(id: Any, caller: Caller) -> JsonObject:
        _writable(service)
        job = await service.blocking(lambda: _remove(service, id))
        service.writer.wake()
        return {"job": job}

    return served("remove", remove)


def _remove(service: Service, id: Any) -> str:
    return service.spool.submit(remove=article_of(service, id).id).id


def job(service: Service) -> Served:
    """What became of an upload or a removal."""

    async def job(id: Any, caller: Caller) -> JsonObject:
        found = await service.blocking(lambda: service.spool.status(id)) if isinstance(id, str) else None
        if found is None:
            raise RefusedError("no-job")
        return job_object(found)

    return served("job", job)


def _writable(service: Service) -> None:
    """Raise when the archive is read-only.

    Raises:
        RefusedError: it is.
    """
    if service.engine.settings.read_only:
        raise RefusedError("read-only")
