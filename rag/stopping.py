"""Work that can be given up: a signal that travels in LangChain's config, and waits that end when it is set.

A thread that waits for the network cannot be interrupted, but a task of an event loop can. So what waits is run in one
loop of the process, and the thread that wants its items looks up from time to time.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Future
from contextlib import aclosing, suppress
from functools import cache
from typing import TypeVar, cast

from langchain_core.runnables import RunnableConfig

T = TypeVar("T")

_KEY = "stopped"
_LOOK = 0.05
"""Seconds between two looks at the signal."""
_starting = threading.Lock()


class StoppedError(Exception):
    """Nobody waits for the work any more."""


def with_stop(config: RunnableConfig | None, stopped: threading.Event) -> RunnableConfig:
    """The config, which tells of ``stopped`` wherever it is handed on to."""
    given = config or RunnableConfig()
    return {**given, "configurable": {**given.get("configurable", {}), _KEY: stopped}}


def stop_of(config: RunnableConfig | None) -> threading.Event:
    """The signal of a config; one that is never set when it has none."""
    found: threading.Event | None = (config or RunnableConfig()).get("configurable", {}).get(_KEY)
    return found or threading.Event()


def look(stopped: threading.Event) -> None:
    """Go on unless it is set.

    Raises:
        StoppedError: it is set.
    """
    if stopped.is_set():
        raise StoppedError("Nobody waits for this work any more.")


def stoppable(items: AsyncGenerator[T, None], stopped: threading.Event) -> Iterator[T]:
    """Yield what ``items`` yields; closing the iterator cancels a wait that is under way, as ``stopped`` does.

    Raises:
        StoppedError: ``stopped`` was set before the last item.
        Exception: whatever ``items`` raises.
    """
    arrived: queue.SimpleQueue[T | Future[None]] = queue.SimpleQueue()
    closed = threading.Event()

    async def pump() -> None:
        async with aclosing(items):
            async for item in items:
                if closed.is_set():
                    return  # Python 3.11's wait_for loses a cancellation that meets an item
                arrived.put(item)

    pumping = asyncio.run_coroutine_threadsafe(pump(), _shared_loop())
    pumping.add_done_callback(arrived.put)
    try:
        while (item := _next(arrived, stopped)) is not pumping:
            yield cast(T, item)
        pumping.result()
    finally:
        closed.set()
        pumping.cancel()


def _next(arrived: queue.SimpleQueue[T], stopped: threading.Event) -> T:
    while True:
        look(stopped)
        with suppress(queue.Empty):
            return arrived.get(timeout=_LOOK)


def _shared_loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _loop()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for the process: connections that are kept open belong to the loop that opened them."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="kutip-waits", daemon=True).start()
    return loop
