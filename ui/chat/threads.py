"""Work in the service's threads that tells of its progress, for event handlers of the page."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from ui.api.limits import Turns

T = TypeVar("T")
Work = Callable[[Callable[[T], None], threading.Event], None]
"""Gets what it is to tell with, and an event that is set when nobody listens any more."""
_END: Any = object()


async def telling(turns: Turns, work: Work[T]) -> AsyncGenerator[T, None]:
    """What ``work`` tells of, as it does; closing the generator stops the work.

    Args:
        turns: where it is done.
        work: see `Work`.

    Raises:
        ProblemError: there is too much to do.
        Exception: what ``work`` raises.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()
    stopped = threading.Event()

    def tell(value: Any) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, value)

    future: Future[None] = turns.submit(lambda: work(tell, stopped))
    future.add_done_callback(lambda _: tell(_END))
    try:
        while (value := await queue.get()) is not _END:
            yield value
        future.result()
    finally:
        stopped.set()
        future.cancel()
