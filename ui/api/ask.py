"""``/v1/ask``, ``/v1/search``, ``/v1/verify``: questions and texts in, the answer object, passages, verdicts out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from fastapi import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from rag.schema import answer_object, hit_object
from rag.types import Answer, Request, Turn
from ui.api.problems import problem_of, responses, streamed
from ui.api.schemas import AnswerOut, AskIn, CheckOut, SearchIn, SearchOut, VerifyIn
from ui.api.service import Event, Service
from ui.present_check import check_object


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """``value`` as the command line prints it."""
    return Response(json.dumps(value, ensure_ascii=False), status, headers, "application/json")


def routes(service: Service) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["questions"])

    @router.post(
        "/ask",
        response_model=AnswerOut,
        responses=responses(502) | streamed("Passages, a claim, the answer or a problem, by the name of the event."),
        summary="Answer a question with verified citations",
    )
    async def ask(body: AskIn, http: HttpRequest) -> Response:
        """The answer object, or with ``stream`` the events ``passages``, ``claim`` (each once verified), ``answer``.

        What goes wrong once a stream has begun is told by an event ``error`` with a problem document.
        """
        request = Request(
            text=body.question,
            history=tuple(Turn(question=turn.question, answer=turn.answer) for turn in body.history),
            k=body.k,
            answerer=body.answerer,
        )
        if not body.stream:
            return json_response(answer_object(await service.answer(request, http)))
        events = await service.stream(request)
        id = http.scope.get("kutip.request_id")
        return StreamingResponse(_lines(events, id), media_type="text/event-stream")

    @router.post(
        "/search", response_model=SearchOut, responses=responses(), summary="Find passages without answering"
    )  # fmt: skip
    async def search(body: SearchIn) -> Response:
        """The best passages, best first."""
        hits = await service.search(body.question, body.k)
        return json_response({"question": body.question, "hits": [hit_object(hit) for hit in hits]})

    @router.post(
        "/verify", response_model=CheckOut, responses=responses(), summary="Check a text against the archive"
    )  # fmt: skip
    async def verify(body: VerifyIn, http: HttpRequest) -> Response:
        """For each sentence a verdict, what does not match, and the sentences of the archive that say most of it."""
        return json_response(check_object(await service.verify(body.text, http)))

    return router


async def _lines(events: AsyncIterator[Event], request_id: str | None) -> AsyncIterator[str]:
    """Events as the lines of server-sent events."""
    told = 0
    last: Answer | None = None
    async with aclosing(events):  # type: ignore[type-var]  # a generator
        async for event in events:
            if event is None:
                yield ": still working\n\n"
            elif isinstance(event, Exception):
                yield sse("error", problem_of(event).document(request_id))
                return
            elif isinstance(event, Answer):
                last = event
                for claim in (answer_object(event)["claims"])[told:]:
                    yield sse("claim", {**claim, "citations": _cited(event, claim["citations"])})
                told = max(told, len(event.claims))
            elif isinstance(event, list):
                yield sse("passages", event)
    if last is not None:
        yield sse("answer", answer_object(last))


def _cited(answer: Answer, numbers: list[int]) -> list[dict[str, Any]]:
    """The citations of a claim in full: the list of them has not been sent yet."""
    return [citation for citation in answer_object(answer)["citations"] if citation["id"] in numbers]


def sse(name: str, data: Any) -> str:
    """One event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
