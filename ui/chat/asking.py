"""A question of the page in, the growing answer out, as plain JSON types."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from rag.errors import KutipError
from rag.schema import answer_object
from rag.types import Answer, Request, Turn
from ui.api.problems import ProblemError
from ui.api.service import Service

TURNS = 6
"""Earlier turns of a conversation that are looked at."""


def asking(service: Service) -> Callable[[gr.EventData], AsyncIterator[dict[str, Any]]]:
    """What answers the event ``ask``."""

    async def ask(event: gr.EventData) -> AsyncIterator[dict[str, Any]]:
        asked: dict[str, Any] = event._data
        state: dict[str, Any] = {"turn": asked["turn"], "state": "working", "passages": None, "answer": None,
                                 "suggestions": [], "error": None}
        yield state
        history = tuple(Turn(question=t["question"], answer=t["answer"]) for t in asked["history"][-TURNS:])
        try:
            async for happened in await service.stream(Request(text=asked["question"], history=history)):
                if isinstance(happened, Exception):
                    raise happened
                if isinstance(happened, list):
                    state = state | {"passages": len(happened)}
                elif isinstance(happened, Answer):
                    state = state | {"answer": answer_object(happened)}
                else:
                    continue
                yield state
            yield state | {"state": "done"}
        except (KutipError, ProblemError) as error:
            yield state | {"state": "failed", "error": {"kind": type(error).__name__, "message": str(error)}}

    return ask
