"""One line of a ``.jsonl`` file comes in, the fields of an article go out.

A line is a JSON object with a text: ``{"text": "…", "id": "…", "title": "…", "published": "2023-09-15"}``. Keys that
are not known are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

METADATA = ("title", "publisher", "author", "published", "url", "language")
"""Optional keys besides ``id``; each is a string or null."""


class Fields(NamedTuple):
    """What a line says."""

    id: str
    """As given, or 16 hex digits of the text's hash."""
    text: str
    metadata: dict[str, str | None]
    """Every key of `METADATA`; ``published`` as ``YYYY-MM-DD``."""


def parse(line: bytes) -> Fields:
    """Read one line.

    Raises:
        ValueError: what was expected, what was seen, what to do; without the place, which the caller knows.
    """
    value = _object(line)
    text = value.get("text")
    if not isinstance(text, str) or not any(c.isalnum() for c in text):
        raise ValueError(f"expected the article's words under 'text', saw {_shown(text)}; give them as a string")
    given = {name: _string(value, name) for name in ("id", *METADATA)}
    for name, string in {"text": text, **given}.items():
        _check_characters(name, string or "")
    id = given.pop("id") or sha256(text.encode()).hexdigest()[:16]
    return Fields(id, text, {**given, "published": _day(given["published"])})


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"expected UTF-8, saw the byte {line[error.start]:#04x}; save the file as UTF-8") from error
    except RecursionError as error:
        raise ValueError("expected one flat JSON object, saw one nested too deep; write only its fields") from error
    except json.JSONDecodeError as error:
        seen = f"{error.msg.lower()} at column {error.colno}"
        raise ValueError(f"expected a JSON object on one line, saw a fault ({seen}); mend or remove it") from error
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, saw {_shown(value)}; write one object a line")
    return value


def _string(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"expected a string or null under {name!r}, saw {_shown(found)}; put it in quotation marks")
    return found.strip() or None if found else None


def _check_characters(name: str, string: str) -> None:
    if "\0" in string or any("\ud800" <= c <= "\udfff" for c in string):
        raise ValueError(f"expected text under {name!r}, saw NUL or half a surrogate pair; remove such characters")


def _day(published: str | None) -> str | None:
    if published is None:
        return None
    try:
        return datetime.fromisoformat(published).date().isoformat()
    except ValueError as error:
        hint = "write it like 2023-09-15"
        raise ValueError(f"expected an ISO 8601 date under 'published', saw {published!r:.60}; {hint}") from error


def _shown(value: object) -> str:
    """A JSON value in few characters, as it was written."""
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 60 else f"{written[:57]}…"
