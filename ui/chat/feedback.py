"""What readers think of answers, as lines of JSON in the home: who, when, what, and the answer itself.

A line is on the disk before the page hears of it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from rag.archive.home import Home
from rag.errors import SettingsError
from rag.schema import answer_object, read_answer
from ui.api.service import Service
from ui.chat.calls import Caller, JsonObject, Served, served
from ui.chat.shapes import Feedback
from ui.chat.telling import RefusedError

NAME = "feedback.jsonl"
LONGEST = 500_000
"""Characters of an answer object."""


def feedback(service: Service) -> Served:
    """Keep what a reader thinks of an answer."""

    async def feedback(sent: Any, caller: Caller) -> JsonObject:
        given = Feedback.model_validate(sent)
        row = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"), "user": caller.user,
            "language": caller.language, **given.model_dump(exclude={"language"}),
        }  # fmt: skip
        await service.blocking(lambda: _keep(Home(service.engine.settings.home), row))
        return {"ok": True}

    return served("feedback", feedback)


def _keep(home: Home, row: dict[str, Any]) -> None:
    """Write a row down.

    Raises:
        InputError: its answer is none.
        RefusedError: its answer is too long, or the disk takes no more.
    """
    answer_object(read_answer(row["answer"]))
    line = json.dumps(row, ensure_ascii=False)
    if len(line) > LONGEST:
        raise RefusedError("too-long", seen=len(line), most=LONGEST)
    try:
        home.append(NAME, line)
    except SettingsError as error:
        raise RefusedError("not-stored") from error
