"""Who may log in: passwords are kept as argon2 hashes only, and a session is a signed cookie.

``KUTIP_USERS`` comes in; whether a password is right, and whose session a cookie is, goes out. A session is not kept by
the server: it is a name and an end, signed with the key in ``HOME/page.key`` and the user's hash. So it outlives a
restart and holds with every process of one home, and a new password ends it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import argon2

from rag.errors import InputError, SettingsError
from rag.settings import Secret

SHORTEST = 10
"""Characters of a password, at least."""
LONGEST = 1_000
"""Characters of a password, at most."""
LASTING = 7 * 24 * 3600
"""Seconds for which a session holds."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_KEY = 32
"""Bytes of the key that signs."""
_COOKIE, _DIGITS = b"name of the cookie", 8
"""What the key signs for the cookie's name, and hex digits of that in it: they tell homes apart, not the key."""


def entry(name: str, password: str) -> str:
    """An entry of ``KUTIP_USERS``: the name and a hash with argon2-cffi's defaults (RFC 9106, low memory).

    Raises:
        InputError: the name or the password cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"Expected a name of up to 64 letters, digits, '.', '_' or '-', saw {name[:80]!r}.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"Expected a password of {SHORTEST} to {LONGEST:,} characters, saw {len(password):,}: choose another."
        )
    return f"{name}:{argon2.PasswordHasher().hash(password)}"


class Users:
    """The users that may log in; none at all means that nobody has to."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self.hashes = dict(hashes)
        self._hasher = argon2.PasswordHasher()

    @classmethod
    def read(cls, setting: Secret | None) -> Users:
        """Read ``KUTIP_USERS``.

        Raises:
            SettingsError: for an entry that cannot be read; names its place, never the entry.
        """
        hashes: dict[str, str] = {}
        for number, part in enumerate(setting.reveal().split() if setting else (), 1):
            name, _, hashed = part.partition(":")
            if not (_NAME.fullmatch(name) and _is_hash(hashed)) or name in hashes:
                raise SettingsError(
                    f"Expected entry {number} of KUTIP_USERS as `kutip password NAME` prints it, each name once, saw "
                    "something else (not shown)."
                )
            hashes[name] = hashed
        return cls(hashes)

    def __bool__(self) -> bool:
        """Whether one has to log in."""
        return bool(self.hashes)

    def right(self, name: str, password: str) -> bool:
        """Whether the password is the user's; takes as long for a name that nobody has."""
        hashed = self.hashes.get(name) or next(iter(self.hashes.values()))
        try:
            self._hasher.verify(hashed, password[: LONGEST + 1])
        except argon2.exceptions.VerificationError:
            return False
        return name in self.hashes


class Sessions:
    """Makes and reads the cookies of those who have logged in."""

    def __init__(self, users: Users, key: bytes, *, clock: Callable[[], float] = time.time) -> None:
        self._users = users
        self._key = key
        self._clock = clock
        self.cookie = f"kutip_session_{hmac.new(key, _COOKIE, sha256).hexdigest()[:_DIGITS]}"
        """The cookie's name, the home's own: browsers do not tell cookies of one host's ports apart."""

    def begin(self, name: str) -> str:
        """A cookie for a user; whoever has it is that user for `LASTING` seconds."""
        told = f"{name}:{int(self._clock()) + LASTING}"
        return f"{told}:{self._signature(name, told)}"

    def name_of(self, cookie: str | None) -> str | None:
        """Whose cookie it is; None for none, one that was not made here, and one whose time is over."""
        told, _, signature = (cookie or "").rpartition(":")
        name, _, end = told.rpartition(":")
        if name not in self._users.hashes or not hmac.compare_digest(
            self._signature(name, told).encode(), signature.encode("utf-8", "replace")
        ):
            return None
        return name if self._clock() < int(end) else None

    def _signature(self, name: str, told: str) -> str:
        key = self._key + self._users.hashes[name].encode()
        return hmac.new(key, told.encode(), sha256).hexdigest()


def session_key(home: Path) -> bytes:
    """The key of a home; made when there is none yet.

    Raises:
        SettingsError: the home cannot be written.
    """
    file = home / "page.key"
    try:
        if not file.exists():
            _put(file, secrets.token_bytes(_KEY))
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"Expected to be able to write to {home} (KUTIP_HOME), saw: {error}.") from error


def _put(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all; another process may have been first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    draft.touch(0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _is_hash(text: str) -> bool:
    try:
        argon2.extract_parameters(text)
    except argon2.exceptions.InvalidHashError:
        return False
    return True
