"""What the page may send, as pydantic models, and how a value is read as one of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rag.types import Language
from ui.chat.telling import RefusedError

NAME, COMMENT, TITLE = 120, 2_000, 300
"""Characters of an id or a run's name, of a comment, of a conversation's title."""
ANSWERS = 500
"""Answers of one export."""
MAX_ANSWER = 50_000
"""Characters of an earlier answer that are looked at."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME)]


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class EarlierTurn(_Sent):
    """A question of the conversation and what was answered."""

    question: str
    answer: str = ""


class AskEvent(_Sent):
    """A question."""

    turn: Name
    question: str
    history: list[EarlierTurn] = Field(default=[], max_length=1_000)
    language: Language = "en"


class CheckEvent(_Sent):
    """A text to be checked."""

    run: Name
    text: str
    language: Language = "en"


class Place(_Sent):
    """A quote by its place, and the claim that rests on it where that says it in other words."""

    article_id: Name
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    claim: str = ""


class Search(_Sent):
    """Which articles are wanted."""

    query: str = ""
    limit: int = Field(default=1_000, ge=1, le=1_000)
    offset: int = Field(default=0, ge=0, le=100_000_000)


class UploadedFile(_Sent):
    """A file that Gradio has taken."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=4_096)]
    name: Annotated[str, StringConstraints(max_length=1_024)] = ""


class Uploads(_Sent):
    """Files to be added."""

    paths: list[UploadedFile]


class Feedback(_Sent):
    """What a reader thinks of an answer."""

    turn: Name
    thumbs: Literal["up", "down"]
    reason: Literal["wrong", "unsupported", "incomplete", "not-found", "language", "other"] | None = None
    comment: Annotated[str, StringConstraints(max_length=COMMENT)] = ""
    answer: dict[str, Any]
    language: Language | None = None


class Export(_Sent):
    """A conversation."""

    title: Annotated[str, StringConstraints(max_length=TITLE)] = ""
    answers: list[dict[str, Any]] = Field(max_length=ANSWERS)


def words(text: str, *, most: int) -> str:
    """``text`` without white space around it.

    Raises:
        RefusedError: it has no words, or more than ``most`` characters.
    """
    stripped = text.strip()
    if not any(c.isalnum() for c in stripped):
        raise RefusedError("empty")
    if len(stripped) > most:
        raise RefusedError("too-long", seen=len(stripped), most=most)
    return stripped
