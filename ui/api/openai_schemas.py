"""OpenAI's chat completions as far as they mean something here; what else a client sends is passed over.

The form is that of https://platform.openai.com/docs/api-reference/chat.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ui.api.schemas import MAX_ANSWER, AnswerOut

MESSAGES = 200
"""Messages of a conversation, at most."""

Text = Annotated[str, StringConstraints(max_length=MAX_ANSWER)]


class Part(BaseModel):
    """A part of a message; those that are no text are refused."""

    type: Literal["text"]
    text: Text


class Message(BaseModel):
    """A message; those of the system say how to answer, which is settled here, and are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[Part], Field(max_length=100)] | None = None

    @property
    def text(self) -> str:
        """Its words."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What else a stream tells."""

    include_usage: bool = False


class ChatIn(BaseModel):
    """A conversation; its last message is the question."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, StringConstraints(max_length=200)] = Field(examples=["kutip"])
    messages: list[Message] = Field(
        min_length=1, max_length=MESSAGES, examples=[[{"role": "user", "content": "Apa hadiah Putin untuk Kim?"}]]
    )
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = 1


class ChatMessageOut(BaseModel):
    """The reply: text with markers and a list of sources; the citations as annotations."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[dict[str, Any]]


class ChoiceOut(BaseModel):
    """The one choice there is."""

    index: int
    message: ChatMessageOut
    finish_reason: Literal["stop"]
    logprobs: None


class ChatOut(BaseModel):
    """A completion, with the whole answer object beside it."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceOut]
    usage: dict[str, int]
    kutip: AnswerOut


class ModelOut(BaseModel):
    """A way of answering."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(BaseModel):
    """The ways of answering."""

    object: Literal["list"]
    data: list[ModelOut]
