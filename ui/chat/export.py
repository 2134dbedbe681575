"""A conversation of the page → Markdown with footnotes."""

from __future__ import annotations

from typing import Any

from rag.schema import read_answer
from ui.api.service import Service
from ui.chat.calls import Caller, JsonObject, Served, served
from ui.chat.shapes import Export
from ui.present_markdown import session_markdown


def markdown(service: Service) -> Served:
    """The text of a conversation; its answers come from the browser, so each is read anew."""

    async def markdown(sent: Any, caller: Caller) -> JsonObject:
        return {"markdown": await service.blocking(lambda: _markdown(Export.model_validate(sent)))}

    return served("markdown", markdown)


def _markdown(conversation: Export) -> str:
    answers = [read_answer(answer) for answer in conversation.answers]
    return session_markdown(answers, title=conversation.title.strip() or "Kutip")
