"""Errors of the model services, mapped once: whatever the vendor's client raises becomes a `ModelError`.

A message never holds the key: text of the service is quoted only where it helps, cut short and scrubbed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import openai
from langchain_core import exceptions as langchain_errors

from rag.errors import Fault, ModelError
from rag.settings import Secret

_QUOTED = 160
"""Characters of a service's own words that an error may repeat."""
_KEYS = re.compile(r"\b(?:sk|gsk|key|pk)-[\w*.-]{4,}|Bearer \S+", re.IGNORECASE)
_OVERFLOW = re.compile(
    r"context_length|context (?:length|size|window)|prompt is too long|too many tokens"
    r"|maximum (?:context|number of tokens)|exceeds? .{0,40}tokens|input tokens exceed",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model_not_found|model\b.{0,80}(?:not (?:found|exist)|does(?:n't| not) exist|unknown|not supported by|no such)"
    r"|(?:unknown|no such|invalid) model",
    re.IGNORECASE | re.DOTALL,
)
_FEATURES = {
    "response_format": re.compile(
        r"response_format|json_schema|json_object|structured.?output|json mode|guided|grammar", re.I
    ),
    "temperature": re.compile(r"temperature", re.I),
    "reasoning_effort": re.compile(r"reasoning", re.I),
    "stream_options": re.compile(r"stream_options|include_usage", re.I),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Who is asked, as errors name it."""

    model: str
    """The model's name as the service knows it."""
    url: str
    """Base address."""
    key: Secret | None = None

    @property
    def host(self) -> str:
        """Host and port of the address."""
        return urlsplit(self.url).netloc or "the service"


class UnsupportedError(ModelError):
    """The server does not know an optional field of the request."""

    def __init__(self, message: str, *, feature: str | None) -> None:
        super().__init__(message, fault="request")
        self.feature = feature
        """The field, or None when the server did not say which."""


@contextmanager
def mapped(service: Service) -> Iterator[None]:
    """Turn the vendor's errors into ours.

    Raises:
        ModelError: with one sentence for the user.
    """
    try:
        yield
    except (openai.OpenAIError, langchain_errors.ModelError, ConnectionError, TimeoutError) as error:
        found = _model_error(error, service)
        if service.key is not None and service.key.reveal() in repr(error):
            raise found from None  # the service repeats the key: nothing of its words may reach a traceback
        raise found from error


def _model_error(error: Exception, service: Service) -> ModelError:
    status = getattr(error, "status_code", None)
    words = _words(error)
    feature = next((name for name, pattern in _FEATURES.items() if pattern.search(words)), None)
    if _is_overflow(error, status, words):
        return ModelError(
            f"Expected a prompt that fits {service.model}, saw it refused as too long: lower KUTIP_CONTEXT.",
            fault="overflow",
        )
    if status in {400, 404, 422} and _NO_MODEL.search(words) and feature is None:
        return _fault("model", service)
    if (status in {400, 413, 422} or (status in {500, 501} and feature == "response_format")) and status != 404:
        refused = (
            f"Expected {service.host} to take the request, saw it refused with status {status}{_said(words, service)}."
        )
        return UnsupportedError(refused, feature=feature)
    return _fault(_kind(error, status, words), service, status, words)


def _is_overflow(error: Exception, status: int | None, words: str) -> bool:
    refused = status in {400, 413, 422, 500} or status is None
    return isinstance(error, langchain_errors.ContextOverflowError) or (refused and bool(_OVERFLOW.search(words)))


def _kind(error: Exception, status: int | None, words: str) -> Fault:
    """The most telling of: status, class of the error."""
    if status == 429:
        return "quota" if "insufficient_quota" in words else "rate"
    by_status: dict[int | None, Fault] = {401: "key", 403: "key", 404: "model", 408: "timeout"}
    if status in by_status:
        return by_status[status]
    if isinstance(error, openai.APITimeoutError | langchain_errors.ModelTimeoutError | TimeoutError):
        return "timeout"
    if isinstance(error, openai.APIConnectionError | langchain_errors.ModelConnectionError | ConnectionError):
        return "unreachable"
    if isinstance(error, openai.LengthFinishReasonError):
        return "huge"
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return "filter"
    if isinstance(error, langchain_errors.ModelAuthenticationError | langchain_errors.ModelPermissionDeniedError):
        return "key"
    if isinstance(error, langchain_errors.ModelNotFoundError):
        return "model"
    return "server"


def _fault(fault: Fault, service: Service, status: int | None = None, words: str = "") -> ModelError:
    host, model = service.host, service.model
    sentences: dict[str, str] = {
        "key": f"Expected a key that {host} accepts, saw it refused: set OPENAI_API_KEY to a valid key.",
        "model": f"Expected a model that {host} offers, saw {model!r} not found: "
        "set KUTIP_MODEL (or KUTIP_EMBEDDER) to one of its models, or check OPENAI_BASE_URL.",
        "rate": f"Expected an answer of {host}, saw it ask for fewer requests (429): try again in a while.",
        "quota": f"Expected an answer of {host}, saw the account's quota used up (429): add credit or use another key.",
        "timeout": f"Expected an answer of {host} in time, saw none: try again, or raise KUTIP_TIMEOUT.",
        "unreachable": f"Expected a server at {host}, saw no connection: start it, or check OPENAI_BASE_URL.",
        "huge": f"Expected a reply of readable length from {model}, saw far more: try again or choose another model.",
        "filter": f"Expected a reply of {model}, saw its content filter stop it: ask in other words.",
    }
    seen = f"status {status}" if status else "an error"
    other = f"Expected an answer of {host}, saw {seen}{_said(words, service)}: try again."
    return ModelError(sentences.get(fault, other), fault=fault)


def _words(error: Exception) -> str:
    body = getattr(error, "body", None)
    return f"{error} {body if body is not None else ''}"


def _said(words: str, service: Service) -> str:
    """The service's own words in brackets: one short line without anything that looks like a key."""
    if service.key is not None:
        words = words.replace(service.key.reveal(), "***")
    line = " ".join("".join(c if c.isprintable() else " " for c in _KEYS.sub("***", words)).split())
    return f" ({line[:_QUOTED]})" if line else ""
