"""A question of the page in, the growing answer out, as plain JSON types."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.pipeline import MAX_QUESTION
from rag.schema import answer_object
from rag.types import Answer, Request, Turn
from ui.api.service import Event, Service
from ui.chat.calls import language_of
from ui.chat.shapes import MAX_ANSWER, AskEvent, words
from ui.chat.suggestions import Suggestions
from ui.chat.telling import told

TURNS = 6
"""Earlier turns of a conversation that are looked at."""

State = dict[str, Any]


def asking(service: Service, suggestions: Suggestions) -> Callable[[gr.EventData], AsyncIterator[State]]:
    """What answers the event ``ask``; closing it stops the work, and with it the request to a model."""

    async def ask(event: gr.EventData) -> AsyncIterator[State]:
        sent: Any = event._data
        language = language_of(sent)
        state: State = {
            "turn": sent.get("turn") if isinstance(sent, dict) else None,
            "state": "working", "passages": None, "answer": None, "suggestions": [], "error": None,
        }  # fmt: skip
        try:
            request = _request(AskEvent.model_validate(sent))
            yield state
            answer: Answer | None = None
            async with aclosing(await service.stream(request)) as events:  # type: ignore[type-var]  # a generator
                async for happened in events:
                    if isinstance(happened, Exception):
                        raise happened
                    answer = happened if isinstance(happened, Answer) else answer
                    grown = _grown(happened)
                    if grown:
                        state = state | grown
                        yield state
            asked = [turn.question for turn in request.history] + [request.text]
            further = await suggestions.after(answer, asked) if answer is not None else []
            yield state | {"state": "done", "suggestions": further}
        except Exception as error:  # the boundary: the page must get an answer
            yield state | {"state": "failed", "error": told(error, language)}

    return ask


def _request(asked: AskEvent) -> Request:
    """The question with the turns before it.

    Raises:
        RefusedError: it has no words, or too many.
    """
    history = tuple(
        Turn(question=turn.question[:MAX_QUESTION], answer=turn.answer[:MAX_ANSWER])
        for turn in asked.history[-TURNS:]
        if any(c.isalnum() for c in turn.question)
    )
    return Request(text=words(asked.question, most=MAX_QUESTION), history=history)


def _grown(happened: Event) -> State:
    """What changes in the state when something has happened."""
    if isinstance(happened, Answer):
        return {"answer": answer_object(happened)}
    return {"passages": len(happened)} if isinstance(happened, list) else {}
