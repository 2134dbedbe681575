"""Functions that the page may call: whatever is sent, an object comes back, an error as ``{"error": …}``.

A function takes the one value that the page sends and who sends it. It runs in the event loop, so what blocks is done
in the service's threads.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

import fastapi
import gradio as gr

from rag.types import Language
from ui.api.admission import USER
from ui.chat.telling import told

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls a function."""

    language: Language
    """Of the page, as far as it says."""
    user: str | None
    """Who has logged in; None when nobody has to."""
    http: fastapi.Request


Function = Callable[[Any, Caller], Awaitable[JsonObject]]
"""What the page sends, who sends it → what it is answered."""


class Served(Protocol):
    """A function as Gradio takes it."""

    __name__: str

    async def __call__(self, data: Any, request: gr.Request) -> JsonObject:
        """Answer the page."""
        ...


def served(name: str, function: Function) -> Served:
    """``function`` under the name that the page calls it by; it never raises."""

    async def call(data: Any, request: gr.Request) -> JsonObject:
        # Gradio hands server functions the bare request, without the user's name.
        http = cast(fastapi.Request, request)
        language = language_of(data, http.headers.get("accept-language", ""))
        try:
            return await function(data, Caller(language=language, user=http.scope.get(USER), http=http))
        except Exception as error:  # the boundary: the page must get an answer
            return {"error": told(error, language)}

    call.__name__ = name
    return call


def language_of(data: Any, accepted: str = "") -> Language:
    """The page's language: what it sends, or else what its browser asks for (an ``Accept-Language`` header)."""
    given = data.get("language") if isinstance(data, dict) else data
    if given in ("id", "en"):
        return cast(Language, given)
    return "id" if accepted.strip().lower().startswith(("id", "ms")) else "en"
