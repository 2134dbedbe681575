"""Answers as OpenAI's completions: the text a reader sees, citations as annotations, the chunks of a stream. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from rag.schema import answer_object
from rag.types import Answer, Citation, Turn
from ui.api.openai_schemas import Message

_SOURCES = {"en": "Sources:", "id": "Sumber:"}
_TAIL = re.compile(r"\n\n(?:Sources|Sumber):\n\[1\] .*\Z", re.DOTALL)
_MARKER = re.compile(r"\[(\d+)\]")


def conversation(messages: Sequence[Message]) -> tuple[str, tuple[Turn, ...]]:
    """The question and the turns before it; the question is empty when the last message is not the user's."""
    said = [message for message in messages if message.role in {"user", "assistant"}]
    if not said or said[-1].role != "user":
        return "", ()
    turns: list[Turn] = []
    for message in said[:-1]:
        if message.role == "user":
            turns.append(Turn(question=message.text))
        elif turns and not turns[-1].answer:
            turns[-1] = Turn(question=turns[-1].question, answer=_MARKER.sub("", _TAIL.sub("", message.text)).strip())
    return said[-1].text, tuple(turns)


def content(answer: Answer) -> str:
    """The answer with its markers and a short list of sources; an abstention is its reason."""
    return f"{answer.text}{sources(answer)}" if not answer.abstained else answer.reason or ""


def sources(answer: Answer) -> str:
    """The list of sources below an answer; empty for an abstention."""
    if not answer.citations:
        return ""
    lines = (f"[{citation.id}] {_named(citation)}" for citation in answer.citations)
    return f"\n\n{_SOURCES[answer.language]}\n" + "\n".join(lines)


def _named(citation: Citation) -> str:
    parts = (citation.title or citation.source, citation.publisher, citation.published)
    return ", ".join(" ".join(part.split()) for part in parts if part)


def url_citations(answer: Answer, text: str, *, base: str) -> list[dict[str, Any]]:
    """A citation of the article for each marker in the answer.

    Args:
        answer: what is cited.
        text: what the client shows, which begins with the answer's text; offsets are into it.
        base: address of this server, without a slash at its end.
    """
    cited = {citation.id: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": match.start(),
                "end_index": match.end(),
                "title": _named(cited[int(match[1])]),
                "url": f"{base}/v1/articles/{quote(cited[int(match[1])].article_id)}",
            },
        }
        for match in _MARKER.finditer(text, 0, len(answer.text))
        if int(match[1]) in cited
    ]


def usage(answer: Answer) -> dict[str, int]:
    """Tokens of the hosted model; zeros when none was asked."""
    given, made = (answer.usage.input_tokens, answer.usage.output_tokens) if answer.usage else (0, 0)
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}


def completion(answer: Answer, *, id: str, model: str, created: int, base: str) -> dict[str, Any]:
    """A whole completion."""
    text = content(answer)
    message = {
        "role": "assistant", "content": text, "refusal": None, "annotations": url_citations(answer, text, base=base),
    }  # fmt: skip
    return {
        "id": id,
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": usage(answer),
        "kutip": answer_object(answer),
    }


class Chunks:
    """The chunks of one streamed completion."""

    def __init__(self, *, id: str, model: str, created: int, base: str) -> None:
        """Keep what they share; see `completion`."""
        self._head = {"id": id, "object": "chat.completion.chunk", "created": created, "model": model}
        self._base = base
        self._sent = ""
        self._claims = 0

    def first(self) -> dict[str, Any]:
        """Says who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def grown(self, answer: Answer) -> dict[str, Any] | None:
        """The claims that were added; None when there are none."""
        new = answer.claims[self._claims :]
        self._claims = max(self._claims, len(answer.claims))
        texts = [f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in new]
        return self._content((" " if self._sent else "") + " ".join(texts)) if texts else None

    def last(self, answer: Answer) -> list[dict[str, Any]]:
        """The sources or the reason of an abstention, and the end with annotations and the answer object."""
        tail = sources(answer) if not answer.abstained else answer.reason or ""
        chunks = [self._content(tail)] if tail else []
        delta = {"annotations": url_citations(answer, self._sent, base=self._base)}
        return [*chunks, {**self._chunk(delta, "stop"), "kutip": answer_object(answer)}]

    def counted(self, answer: Answer) -> dict[str, Any]:
        """The tokens, for those who ask for them."""
        return {**self._head, "choices": [], "usage": usage(answer)}

    def _content(self, text: str) -> dict[str, Any]:
        self._sent += text
        return self._chunk({"content": text})

    def _chunk(self, delta: dict[str, Any], end: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
        return {**self._head, "choices": [choice]}
