"""Results kept by content: what was asked of what version comes in, the result kept for it comes out.

One file per result, named by the hash of everything that determines it, written whole or not at all. A killed run that
is started again finds its finished work here; so does another run that asks the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Any

import platformdirs


def default_folder() -> Path:
    """Where results are kept when no folder is named: the platform's cache folder of the user."""
    return platformdirs.user_cache_path("kutip", appauthor=False) / "evals"


def key(*parts: Any) -> str:
    """SHA-256 of JSON values: equal values, equal key."""
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Cache:
    """Results in a folder; safe for several threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """The result kept under ``name``, or the one that ``make`` makes, which is then kept.

        What ``make`` raises is passed on and not kept, so that failures are tried again.
        """
        path = self._folder / name[:2] / f"{name}.json"
        try:
            return json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):  # not there, or cut short by a crash of the machine
            pass
        text = json.dumps(make(), ensure_ascii=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}-{get_ident()}.part")
        part.write_text(text, "utf-8")
        part.replace(path)
        return json.loads(text)
