"""What readers think of answers, as lines of JSON in the home: who, when, what, and the answer itself.

A line is on the disk before the page hears of it. A line that a killed process left half written stays by itself: the
next one begins on a line of its own.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.schema import answer_object, read_answer
from ui.api.service import Service
from ui.chat.calls import Caller, JsonObject, Served, served
from ui.chat.shapes import Feedback
from ui.chat.telling import RefusedError

NAME = "feedback.jsonl"
LONGEST = 500_000
"""Characters of an answer object."""
_LOCK = threading.Lock()


def feedback(service: Service) -> Served:
    """Keep what a reader thinks of an answer."""

    async def feedback(sent: Any, caller: Caller) -> JsonObject:
        given = Feedback.model_validate(sent)
        row = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"), "user": caller.user,
            "language": caller.language, **given.model_dump(exclude={"language"}),
        }  # fmt: skip
        await service.blocking(lambda: _keep(service.engine.settings.home / NAME, row))
        return {"ok": True}

    return served("feedback", feedback)


def _keep(file: Path, row: dict[str, Any]) -> None:
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
        append(file, line)
    except OSError as error:
        raise RefusedError("not-stored") from error


def append(file: Path, line: str) -> None:
    """Put a line at the end of a file, for good; several processes may do so.

    Raises:
        OSError: it cannot be written; part of it may be, as a line of its own.
    """
    data = line.encode() + b"\n"
    with _LOCK, file.open("ab+", buffering=0) as out:
        end = out.seek(0, os.SEEK_END)
        if end:
            out.seek(end - 1)
            data = data if out.read(1) == b"\n" else b"\n" + data
        while data:  # in one piece, unless the disk is full
            data = data[out.write(data) or 0 :]
        os.fsync(out.fileno())
