"""A model's reply, read while it arrives: characters come in, whole claims come out as soon as each one ends.

Models wrap JSON in prose, code fences or thoughts, and forget closing brackets; that much is forgiven. Whatever else is
wrong is a `MalformedError` that can be told to the model.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from langchain_core.utils.json import parse_partial_json

MAX_CLAIMS = 12
MAX_QUOTES = 8
MAX_TEXT = 2_000
"""Characters of a claim or a quote; more is cut off, and then fails verification."""

_DECODER = json.JSONDecoder(strict=False)
_OBJECT = re.compile(r'\{\s*"(?:claims|reason)"')
_CLAIMS = re.compile(r'"claims"\s*:\s*\[')
_SEPARATOR = re.compile(r"[\s,]*")
_THOUGHT = re.compile(r"^\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


class MalformedError(ValueError):
    """The reply is not what was asked for; the message says why, for the model to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawQuote:
    """A quote as the model gave it."""

    passage: int | None
    """Number of the passage it is said to be from; None when that is no number."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawClaim:
    """A claim as the model gave it."""

    text: str
    quotes: tuple[RawQuote, ...]


@dataclass(slots=True)
class ReplyReader:
    """Collects a reply."""

    text: str = ""
    claims: list[RawClaim] = field(default_factory=list)
    """Claims that have ended so far, in order."""
    _at: int | None = None

    def feed(self, piece: str) -> bool:
        """Take the next piece; tells whether a claim has ended with it."""
        self.text += piece
        return "}" in piece and self._advance()

    def _advance(self) -> bool:
        before = len(self.claims)
        body = _THOUGHT.sub(lambda match: " " * len(match.group()), self.text)
        if self._at is None:
            start = _OBJECT.search(body)
            claims = _CLAIMS.search(body, start.start()) if start else None
            self._at = claims.end() if claims else None
        while self._at is not None and len(self.claims) < MAX_CLAIMS:
            position = _SEPARATOR.match(body, self._at).end()  # type: ignore[union-attr]  # matches the empty string
            if not body.startswith("{", position):
                break
            try:
                value, self._at = _DECODER.raw_decode(body, position)
            except json.JSONDecodeError:
                break  # it has not ended yet
            self.claims.append(_claim(value))
        return len(self.claims) > before

    @property
    def is_whole(self) -> bool:
        """Whether what has come so far is a whole object, with all its brackets."""
        body = _THOUGHT.sub("", self.text)
        start = _OBJECT.search(body)
        try:
            return start is not None and bool(_DECODER.raw_decode(body, start.start()))
        except json.JSONDecodeError:
            return False

    def finish(self) -> str | None:
        """Check the whole reply; gives the reason when there are no claims.

        Raises:
            MalformedError: it is not the object that was asked for.
        """
        body = _THOUGHT.sub("", self.text)
        start = _OBJECT.search(body)
        if start is None:
            raise MalformedError('it has no JSON object with "claims"')
        value = _whole(body[start.start() :])
        claims = value.get("claims", [])
        if not isinstance(claims, list):
            raise MalformedError('"claims" is not a list')
        self.claims = [_claim(claim) for claim in claims[:MAX_CLAIMS]]
        reason = value.get("reason")
        return " ".join(reason.split())[:MAX_TEXT] if isinstance(reason, str) and reason.strip() else None


def _whole(text: str) -> dict[str, Any]:
    """The object at the start of ``text``; closing brackets at its very end may be missing, a cut string may not."""
    try:
        value, _ = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        if not re.search(r"(?:[\]}]|: ?null)\s*(?:```\s*)?$", text):
            raise MalformedError(f"the JSON breaks off or is invalid at character {error.pos} ({error.msg})") from error
        try:
            value = parse_partial_json(text.rstrip("` \n"))
        except json.JSONDecodeError as worse:
            raise MalformedError(f"the JSON is invalid at character {error.pos} ({error.msg})") from worse
    if not isinstance(value, dict):
        raise MalformedError("the JSON is invalid")
    return value


def _claim(value: Any) -> RawClaim:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or not value["text"].strip():
        raise MalformedError('a claim is not an object with a "text"')
    quotes = value.get("quotes", [])
    if not isinstance(quotes, list):
        raise MalformedError('the "quotes" of a claim are not a list')
    return RawClaim(text=value["text"][:MAX_TEXT], quotes=tuple(_quote(quote) for quote in quotes[:MAX_QUOTES]))


def _quote(value: Any) -> RawQuote:
    if not isinstance(value, dict) or not isinstance(value.get("quote"), str):
        raise MalformedError('a quote is not an object with a "passage" and a "quote"')
    number = value.get("passage")
    if isinstance(number, str) and re.fullmatch(r"\D{0,10}\d{1,4}\D?", number):
        number = int(re.sub(r"\D", "", number))
    valid = isinstance(number, int) and not isinstance(number, bool)
    return RawQuote(passage=number if valid else None, text=value["quote"][:MAX_TEXT])
