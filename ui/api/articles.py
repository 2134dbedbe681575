"""``/v1/articles`` and ``/v1/jobs``: the archive page by page, an article with its text, uploads and deletions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Query
from fastapi import Request as HttpRequest
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from rag.articles.files import SUFFIXES, assign_id
from rag.articles.jsonlines import parse
from ui.api.admission import read_only
from ui.api.ask import json_response
from ui.api.problems import ProblemError, responses
from ui.api.schemas import ArticleIn, ArticlesOut, ArticleTextOut, JobOut
from ui.api.service import Service
from ui.api.spool import Result
from ui.present import article_object

FILES = 100
"""Files in one upload, at most."""

_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/ArticleIn"}},
        "application/x-ndjson": {"schema": {"type": "string", "description": "One such article a line."}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "array", "items": _FILE}},
            }
        },
    },
}


def routes(service: Service) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["articles"])
    _reading(router, service)
    _writing(router, service)
    return router


def _reading(router: APIRouter, service: Service) -> None:
    @router.get("/articles", response_model=ArticlesOut, responses=responses(), summary="List the archive")
    async def articles(
        limit: Annotated[int, Query(ge=1, le=1_000)] = 50, offset: Annotated[int, Query(ge=0, le=100_000_000)] = 0
    ) -> Response:
        """Articles without their texts, in the order of their coming."""
        found, total = await service.blocking(lambda: service.engine.index.page(limit, offset))
        listed = [article_object(article) for article in found]
        return json_response({"total": total, "limit": limit, "offset": offset, "articles": listed})

    @router.get("/articles/{id}", response_model=ArticleTextOut, responses=responses(404), summary="Read an article")
    async def article(id: str) -> Response:
        """The text that citations point into, and what is known of it."""
        found = await service.blocking(lambda: service.engine.index.article(id))
        if found is None:
            raise _unknown("article", "/v1/articles lists what there is")
        return json_response({**article_object(found), "sha256": found.sha256, "text": found.text})

    @router.get("/jobs/{id}", response_model=JobOut, responses=responses(404), summary="Follow an upload")
    async def job(id: str) -> Response:
        """What became of an upload or a deletion."""
        found = await service.blocking(lambda: service.spool.status(id))
        if found is None:
            raise _unknown("job", "use the id that the upload was answered with")
        return json_response(job_object(found))


def _writing(router: APIRouter, service: Service) -> None:
    @router.post(
        "/articles",
        status_code=202,
        response_model=JobOut,
        responses=responses(415),
        openapi_extra={"requestBody": _BODY},
        summary="Add or replace articles",
    )
    async def upload(http: HttpRequest) -> Response:
        """An article as JSON, many as JSON lines, or files (.txt, .md, .html, .jsonl) as a form's ``file`` fields.

        What is answered 202 is on the disk and will be indexed, also when the server dies; poll the job until then. An
        article replaces the one that has its id: the ``id`` of JSON, or the file's name without its suffix.
        """
        _writable(service)
        files = await _files(http)
        return await _submitted(service, files)

    @router.delete(
        "/articles/{id}", status_code=202, response_model=JobOut, responses=responses(404), summary="Remove an article"
    )
    async def remove(id: str) -> Response:
        """Takes the article out in the background: poll the job."""
        _writable(service)
        if await service.blocking(lambda: service.engine.index.article(id)) is None:
            raise _unknown("article", "/v1/articles lists what there is")
        return await _submitted(service, remove=id)


def job_object(result: Result) -> dict[str, Any]:
    """A job as plain JSON types."""
    return {name: _plain(getattr(result, name)) for name in JobOut.model_fields}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _writable(service: Service) -> None:
    """Refuse to change an archive that is only read.

    Raises:
        ProblemError: 403.
    """
    if service.engine.settings.read_only:
        raise read_only()


async def _submitted(
    service: Service, files: Sequence[tuple[str, BinaryIO]] = (), remove: str | None = None
) -> Response:
    result = await service.blocking(lambda: service.spool.submit(files, remove=remove))
    service.writer.wake()
    return json_response(job_object(result), 202, {"Location": f"/v1/jobs/{result.id}"})


def _unknown(what: str, hint: str) -> ProblemError:
    return ProblemError(404, f"There is no {what} of this id: {hint}.", kind=f"no-{what}")


async def _files(http: HttpRequest) -> list[tuple[str, BinaryIO]]:
    """What was sent, under names that are safe on this disk.

    Raises:
        ProblemError: 415 for a type that is not taken, 422 for an upload without articles.
        RequestValidationError: for JSON that is no article.
    """
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return [("article.jsonl", io.BytesIO(_line(await http.body())))]
    if kind == "application/x-ndjson":
        body = await http.body()
        if not body.strip():
            raise ProblemError(422, "Expected one JSON object a line, saw nothing.", kind="input")
        return [("articles.jsonl", io.BytesIO(body))]
    if kind == "multipart/form-data":
        form = await http.form(max_files=FILES, max_fields=10)
        return _named([file for _, file in form.multi_items() if isinstance(file, UploadFile)])
    raise ProblemError(
        415, "Expected application/json, application/x-ndjson or multipart/form-data, saw another Content-Type."
    )


def _line(body: bytes) -> bytes:
    """The article of a JSON body, checked, as a line of JSON."""
    try:
        line = ArticleIn.model_validate_json(body).model_dump_json().encode()
        parse(line)
    except ValidationError as error:
        raise RequestValidationError(
            error.errors(include_url=False, include_input=False, include_context=False)
        ) from error
    except ValueError as error:
        raise ProblemError(422, f"The article cannot be used: {error}.", kind="input") from error
    return line


def _named(files: Sequence[UploadFile]) -> list[tuple[str, BinaryIO]]:
    named: dict[str, BinaryIO] = {}
    for file in files:
        name = safe_name(file.filename or "")
        if name is None:
            suffix = given_name(file.filename or "").suffix
            raise ProblemError(415, f"Expected {', '.join(SUFFIXES)} files, saw the suffix {suffix[:20]!r}.")
        if name in named:
            raise ProblemError(422, f"Expected names of their own, saw two files {name!r}.", kind="input")
        named[name] = file.file
    if not named:
        raise ProblemError(422, "Expected files in the form's fields named file, saw none.", kind="input")
    return list(named.items())


def given_name(name: str) -> PurePosixPath:
    """The name of an uploaded file as a path, whatever system it comes from."""
    return PurePosixPath(name.replace("\\", "/").replace("\0", ""))


def safe_name(name: str) -> str | None:
    """A name for an uploaded file that is safe on this disk; None when files of its kind are not taken."""
    given = given_name(name)
    if given.suffix.lower() not in SUFFIXES:
        return None
    return assign_id(given.stem, "upload", {}) + given.suffix.lower()
