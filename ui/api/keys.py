"""API keys: hashed as soon as they are read, compared in constant time, with an expiry of their own.

``KUTIP_API_KEYS`` comes in; the name of the key that a request carries goes out.

An entry is ``[NAME=]KEY[@YYYY-MM-DD]``; ``KEY`` is 16 to 200 characters of ``A-Za-z0-9_-``, or ``sha256:`` and the 64
hex digits of such a key's hash; the date is the last day (UTC) on which it is taken. Keys are random, so a plain hash
will do: there is nothing to guess that a slow one would protect.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from rag.errors import SettingsError
from rag.settings import Secret

_ENTRY = re.compile(
    r"(?:(?P<name>[A-Za-z0-9_.-]{1,40})=)?"
    r"(?:sha256:(?P<hash>[0-9a-fA-F]{64})|(?P<plain>[A-Za-z0-9_-]{16,200}))"
    r"(?:@(?P<until>\d{4}-\d\d-\d\d))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key, without itself."""

    name: str
    """Shown in logs; ``key1`` and so on where none is given."""
    digest: bytes
    """SHA-256 of the key."""
    until: date | None


def _today() -> date:
    return datetime.now(UTC).date()


class Keys:
    """The keys that are taken; none at all means that everybody may ask."""

    def __init__(self, entries: tuple[Key, ...], *, today: Callable[[], date] = _today) -> None:
        self._entries = entries
        self._today = today

    @classmethod
    def read(cls, setting: Secret | None, *, today: Callable[[], date] = _today) -> Keys:
        """Read ``KUTIP_API_KEYS``: entries separated by commas or white space.

        Raises:
            SettingsError: for an entry that cannot be read; names its place, never the entry.
        """
        parts = re.split(r"[,\s]+", setting.reveal().strip(", \n\t")) if setting else []
        return cls(tuple(_entry(part, number) for number, part in enumerate(parts, 1)), today=today)

    def __bool__(self) -> bool:
        """Whether a key is asked for."""
        return bool(self._entries)

    def name_of(self, authorization: str | None) -> str | None:
        """The name of the key in an ``Authorization`` header; None for none, a wrong one and an expired one.

        A browser, which cannot send a bearer token, may send the key as the password of HTTP Basic.
        """
        digest = sha256(_token(authorization or "").encode("utf-8", "replace")).digest()
        name = None
        for key in self._entries:  # all of them, so that the time tells nothing
            same = hmac.compare_digest(key.digest, digest)
            if same and (key.until is None or self._today() <= key.until):
                name = key.name
        return name


def _entry(text: str, number: int) -> Key:
    match = _ENTRY.fullmatch(text)
    try:
        until = date.fromisoformat(match["until"]) if match and match["until"] else None
    except ValueError:
        match = None
    if match is None:
        raise SettingsError(
            f"Expected entry {number} of KUTIP_API_KEYS as [name=]key[@YYYY-MM-DD] with a key of 16 to 200 letters, "
            "digits, - or _, or sha256: and 64 hex digits; saw something else (not shown)."
        )
    digest = bytes.fromhex(match["hash"]) if match["hash"] else sha256(match["plain"].encode()).digest()
    return Key(name=match["name"] or f"key{number}", digest=digest, until=until)


def _token(authorization: str) -> str:
    scheme, _, value = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
