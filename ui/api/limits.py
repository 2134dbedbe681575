"""How much at a time: a bucket of requests for each key, and a queue of work before a few threads.

Both are of one process; several processes each have their own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from ui.api.problems import ProblemError

T = TypeVar("T")


class Rate:
    """A token bucket for each name: ``per_minute`` requests at once, and then as many in each minute."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with full buckets; 0 for no limit."""
        self._size = float(per_minute)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> float:
        """Take a request of ``name``; 0 when it may be made, else the seconds until the next one may."""
        if self._size == 0:
            return 0.0
        now = self._clock()
        left, since = self._buckets.get(name, (self._size, now))
        left = min(self._size, left + (now - since) * self._size / 60)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, now)
        return 0.0 if allowed else (1 - left) * 60 / self._size


class Turns:
    """Blocking work in a few threads, the rest waiting in a line of limited length."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        """Make the threads.

        Args:
            at_once: threads, > 0.
            waiting: calls that may wait beyond those under way, >= 0.
        """
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="kutip-answer")
        self.most = at_once + waiting
        """Calls under way and waiting, at most."""
        self.held = 0
        """Calls under way or waiting."""

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Begin ``work`` or put it in the line; to be called in the event loop's thread.

        Raises:
            ProblemError: 503, when the line is full.
        """
        if self.held >= self.most:
            raise ProblemError(
                503, f"{self.held} requests are being worked on or waiting: try again in a moment.", kind="full",
                headers={"Retry-After": "2"},
            )  # fmt: skip
        loop = asyncio.get_running_loop()
        future = self._pool.submit(work)
        self.held += 1
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._release))
        return future

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _release(self) -> None:
        self.held -= 1
