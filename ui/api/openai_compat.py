"""``/v1/chat/completions`` and ``/v1/models``: for clients that speak OpenAI's API and need only another address."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Literal
from uuid import uuid4

from fastapi import APIRouter
from fastapi import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from rag.types import Answer, Request
from ui.api.ask import json_response
from ui.api.completions import Chunks, completion, conversation
from ui.api.openai_schemas import ChatIn, ChatOut, ModelsOut
from ui.api.problems import ProblemError, problem_of, responses, streamed
from ui.api.schemas import HISTORY
from ui.api.service import Event, Service

_BORN = 1_767_225_600
"""When the models were made, as OpenAI's clients want to know it: 2026-01-01."""

MODELS: dict[str, Literal["extractive", "model"] | None] = {
    "kutip": None, "kutip-extractive": "extractive", "kutip-model": "model"
}  # fmt: skip
"""Names of models, and the answerer each stands for; None for the one that is set."""


def routes(service: Service) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])

    @router.get("/models", response_model=ModelsOut, responses=responses(), summary="List the ways of answering")
    async def models() -> Response:
        """``kutip`` answers as is set, the others quote or have a model write."""
        listed = [{"id": name, "object": "model", "created": _BORN, "owned_by": "kutip"} for name in MODELS]
        return json_response({"object": "list", "data": listed})

    @router.post(
        "/chat/completions",
        response_model=ChatOut,
        responses=responses(404, 502) | streamed("Data: a chunk of a completion, at last [DONE]."),
        summary="Answer the last message of a conversation",
    )
    async def chat(body: ChatIn, http: HttpRequest) -> Response:
        """Citations are markers and a list of sources in the text, ``annotations``, and the answer under ``kutip``.

        Messages of the system, temperatures, tools and the like are passed over.
        """
        if body.model not in MODELS:
            raise ProblemError(404, f"Expected one of {', '.join(MODELS)} as model, saw another.", kind="no-model")
        question, turns = conversation(body.messages)
        if not question:
            raise ProblemError(422, "Expected the last message to be the user's question, saw none.", kind="input")
        request = Request(text=question, history=turns[-HISTORY:], answerer=MODELS[body.model])
        named: dict[str, Any] = {
            "id": f"chatcmpl-{uuid4().hex}", "model": body.model, "created": int(time.time()),
            "base": str(http.base_url).rstrip("/"),
        }  # fmt: skip
        if not body.stream:
            return json_response(completion(await service.answer(request, http), **named))
        counted = body.stream_options is not None and body.stream_options.include_usage
        events = await service.stream(request)
        id = http.scope.get("kutip.request_id")
        return StreamingResponse(_lines(events, Chunks(**named), counted, id), media_type="text/event-stream")

    return router


async def _lines(events: AsyncIterator[Event], chunks: Chunks, counted: bool, id: str | None) -> AsyncIterator[str]:
    yield _data(chunks.first())
    last: Answer | None = None
    async with aclosing(events):  # type: ignore[type-var]  # a generator
        async for event in events:
            if event is None:
                yield ": still working\n\n"
            elif isinstance(event, Exception):
                yield _data(problem_of(event).document(id))
                return
            elif isinstance(event, Answer):
                last = event
                if (chunk := chunks.grown(event)) is not None:
                    yield _data(chunk)
    if last is not None:
        for chunk in chunks.last(last):
            yield _data(chunk)
        if counted:
            yield _data(chunks.counted(last))
    yield "data: [DONE]\n\n"


def _data(value: Any) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
