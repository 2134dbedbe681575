"""Who may write to an archive on a Chroma server: a collection as a flag that only one process can put up.

Making a collection whose name is taken fails on the server, so two processes never both hold the flag. Its holder
beats; a flag that has not beaten for a while is that of a dead process, and is renamed by its own id, so that of two
who find it neither can take down the flag of the other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from chromadb.errors import ChromaError, NotFoundError

from rag.archive.server import connect, mapped
from rag.errors import BusyIndexError, StoreError

BEAT = 2.0
"""Seconds between two beats."""
STALE = 15.0
"""Seconds without a beat after which a flag is that of a dead process."""
_FLAG = "kutip-writer"
_POLL = 0.2


class Lease:
    """The right to write, for as long as it beats."""

    def __init__(self, url: str, flag: Any) -> None:
        self._url = url
        self._flag = flag
        self._last = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="kutip-lease", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise when others may take the right over.

        Raises:
            BusyIndexError: the server has not been reached for too long.
        """
        if time.monotonic() - self._last > STALE - 2 * BEAT:
            raise BusyIndexError(f"The right to write to {self._url} was lost: run this again.")

    def close(self) -> None:
        """Give the right back; if it was lost, the flag that is up is that of another process and stays."""
        self._over.set()
        self._thread.join()
        with mapped(self._url):
            _take_down(connect(self._url), self._flag)

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            began = time.monotonic()
            try:
                with mapped(self._url):
                    self._flag.modify(metadata={"beat": uuid4().hex})
            except StoreError:  # tried again; `check` tells when it has been too long
                continue
            self._last = began


@contextmanager
def lease(url: str, *, wait: float = STALE + 5) -> Iterator[Lease]:
    """Be the one writer of the archive at ``url``.

    Args:
        url: of the server.
        wait: seconds to wait for another writer; the flag of a dead one is only known after `STALE` of them.

    Raises:
        BusyIndexError: another process is still writing.
        StoreError: the server does not answer.
    """
    with mapped(url):
        held = Lease(url, _flag(url, time.monotonic() + wait))
    try:
        yield held
    finally:
        held.close()


def _flag(url: str, deadline: float) -> Any:
    """The flag, once it could be put up."""
    client = connect(url)
    seen, since = "", time.monotonic()
    while True:
        try:
            return client.create_collection(_FLAG, metadata={"beat": uuid4().hex}, embedding_function=None)
        except ChromaError as error:
            if "exists" not in str(error):
                raise
        try:
            other = client.get_collection(_FLAG, embedding_function=None)
        except NotFoundError:
            continue
        now = time.monotonic()
        beat = f"{other.id} {(other.metadata or {}).get('beat')}"
        if beat != seen:
            seen, since = beat, now
        elif now - since > STALE:
            _take_down(client, other)
            continue
        if now > deadline:
            raise BusyIndexError(f"Another process is writing to {url}: wait until it has ended, then run this again.")
        time.sleep(_POLL)


def _take_down(client: Any, flag: Any) -> None:
    name = f"kutip-stale-{flag.id}"
    try:
        flag.modify(name=name)
        client.delete_collection(name)
    except NotFoundError:  # somebody else was faster
        return
