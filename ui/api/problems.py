"""Errors as RFC 9457 problem documents: what was wrong and what to do, the same shape for every status.

Exceptions come in, ``application/problem+json`` goes out. Nothing of a request's content is echoed except what our own
messages quote on purpose.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag.errors import ArchiveError, BusyIndexError, InputError, KutipError, ModelError, ServiceError, SettingsError
from rag.stopping import StoppedError

MEDIA_TYPE = "application/problem+json"

_ADVICE = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address: /docs lists what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address takes other methods: see the Allow header and /docs.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than this address takes: send less at a time.",
    HTTPStatus.BAD_REQUEST: "The body cannot be read: send JSON in UTF-8 with Content-Type: application/json.",
}


class ProblemDocument(BaseModel):
    """RFC 9457; ``errors`` and ``request_id`` are extensions."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": True})

    type: str = Field(description="A name for the kind of problem, stable over versions.")
    title: str
    status: int
    detail: str = Field(description="What was expected, what was seen, what to do.")
    request_id: str | None = Field(description="Also in the X-Request-ID header and in the server's log.")
    errors: list[dict[str, str]] | None = Field(default=None, description="For each bad field: where and what.")


class ProblemError(Exception):
    """A problem to be told to the client."""

    def __init__(
        self, status: int, detail: str, *, kind: str | None = None, headers: dict[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status, self.detail = HTTPStatus(status), detail
        self.kind = kind or self.status.phrase.lower().replace(" ", "-")
        self.headers = headers or {}
        self.errors = errors

    def document(self, request_id: str | None) -> dict[str, Any]:
        """The problem as plain JSON types. ``error`` is what OpenAI's clients look at."""
        listed = {"errors": self.errors} if self.errors else {}
        return {
            "type": f"urn:kutip:{self.kind}",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "request_id": request_id,
            **listed,
            "error": {"message": self.detail, "type": self.kind, "code": None, "param": None},
        }

    def response(self, request_id: str | None) -> Response:
        """The problem as a response."""
        body = json.dumps(self.document(request_id), ensure_ascii=False)
        return Response(body, self.status, {**self.headers}, MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: the problems that an operation may answer with, besides those that every one may."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    every = (400, 401, 403, 408, 413, 422, 429, 500, 503)
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({*every, *statuses})
    }  # fmt: skip


def streamed(description: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: that an operation may also answer with server-sent events, each with a name and data."""
    fields = {name: {"type": "string"} for name in ("event", "data")}
    event = {"type": "object", "description": description, "properties": fields}
    return {200: {"content": {"text/event-stream": {"schema": event}}}}


def problem_of(error: Exception) -> ProblemError:
    """The problem that an exception stands for; one that nobody foresaw says nothing of its inside."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        return ProblemError(status, _ADVICE.get(status, str(error.detail)), headers=dict(error.headers or {}))
    if isinstance(error, KutipError):
        return _ours(error)
    if isinstance(error, StoppedError):
        return ProblemError(503, "The work was given up, because the client had gone.")
    return ProblemError(500, "Something failed that should not: tell the operator the request id.")


def _ours(error: KutipError) -> ProblemError:
    if isinstance(error, SettingsError):
        return ProblemError(400, str(error), kind="setting")
    if isinstance(error, InputError):
        return ProblemError(422, str(error), kind="input")
    if isinstance(error, BusyIndexError):
        return ProblemError(503, str(error), kind="busy", headers={"Retry-After": "5"})
    if isinstance(error, ArchiveError):
        return ProblemError(503, str(error), kind="archive", headers={"Retry-After": "30"})
    if isinstance(error, ModelError) and not error.retryable:
        return ProblemError(502, str(error), kind="model")
    if isinstance(error, ServiceError):
        return ProblemError(503, str(error), kind="service", headers={"Retry-After": "2"})
    return ProblemError(500, str(error))


def _invalid(error: RequestValidationError) -> ProblemError:
    errors = [
        {"where": ".".join(str(part) for part in found["loc"])[:200], "what": str(found["msg"])[:300]}
        for found in error.errors()[:20]
    ]
    first = errors[0] if errors else {"where": "body", "what": "cannot be used"}
    if any(found["type"] == "json_invalid" for found in error.errors()):
        return ProblemError(400, _ADVICE[HTTPStatus.BAD_REQUEST], kind="json", errors=errors)
    return ProblemError(
        422, f"{first['where']}: {first['what']}. See /docs for the fields.", kind="fields", errors=errors
    )


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem document."""

    async def handle(request: Request, error: Exception) -> Response:
        return problem_of(error).response(request.scope.get("kutip.request_id"))

    for kind in (HTTPException, RequestValidationError, KutipError, StoppedError, ProblemError, Exception):
        app.add_exception_handler(kind, handle)
