"""What the routes share: the archive, the threads, the line of uploads, the counters; and how a question is answered.

Blocking work is done in the threads of `Turns`, never in the event loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from fastapi import Request as HttpRequest

from rag.pipeline import check_question
from rag.streaming import StoppedError, watched
from rag.types import Answer, Request
from ui.api.engine import Engine
from ui.api.limits import Turns
from ui.api.metrics import Metrics
from ui.api.spool import Spool
from ui.api.writer import Writer

T = TypeVar("T")

KEEP_ALIVE = 15.0
"""Seconds of silence after which a stream says that it is still there."""

END: Literal["end"] = "end"
Event = list[dict[str, Any]] | Answer | Exception | Literal["end"] | None
"""What a streamed answer consists of: its passages, the growing answer, what went wrong; None for a long silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One server's parts."""

    engine: Engine
    turns: Turns
    spool: Spool
    writer: Writer
    metrics: Metrics

    async def answer(self, request: Request, http: HttpRequest | None = None) -> Answer:
        """The complete answer; given up when the client hangs up.

        Raises:
            KutipError: see `Kutip.invoke`.
            ProblemError: there is too much to do.
        """
        check_question(request.text)
        run = self._begin(request, lambda event: None)
        gone = asyncio.ensure_future(_gone(http)) if http is not None else None
        try:
            future = asyncio.wrap_future(run.future)
            waited: set[asyncio.Future[Any]] = {future, gone} if gone else {future}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not future.done():
                raise StoppedError("The client has gone.")
            return future.result()
        finally:
            run.stopped.set()
            if gone is not None:
                gone.cancel()

    def stream(self, request: Request) -> AsyncIterator[Event]:
        """The answer as it grows; closing the iterator stops the work.

        Raises:
            KutipError: see `Kutip.invoke`; only what is known before anything is done.
            ProblemError: there is too much to do.
        """
        check_question(request.text)
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event] = asyncio.Queue()

        def tell(event: Event) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        run = self._begin(request, tell)
        run.future.add_done_callback(lambda future: tell(_end(future)))
        return _events(events, run)

    async def blocking(self, work: Callable[[], T]) -> T:
        """The value of ``work``, done in a thread."""
        return await self.turns.run(work)

    def _begin(self, request: Request, tell: Callable[[Event], None]) -> _Run:
        stopped = threading.Event()

        def work() -> Answer:
            last: Answer | None = None
            if stopped.is_set():
                raise StoppedError("The client has gone.")
            try:
                for last in watched(self.engine.kutip(), request, passages=tell, stopped=stopped):
                    tell(last)
            except StoppedError:
                self.metrics.abandoned.inc()
                raise
            assert last is not None  # noqa: S101  # a pipeline yields at least one answer
            self.metrics.answered(last)
            return last

        return _Run(future=self.turns.submit(work), stopped=stopped)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """An answer under way."""

    future: Future[Answer]
    stopped: threading.Event = field(default_factory=threading.Event)


async def _events(events: asyncio.Queue[Event], run: _Run) -> AsyncIterator[Event]:
    """Nothing is awaited at the end, so that a cancelled task can still stop the work."""
    try:
        while True:
            try:
                event = await asyncio.wait_for(events.get(), KEEP_ALIVE)
            except TimeoutError:
                event = None
            if event is END:
                return
            yield event
    finally:
        run.stopped.set()
        run.future.cancel()


def _end(future: Future[Answer]) -> Event:
    """What comes after the last answer: what went wrong, or the end."""
    error = None if future.cancelled() else future.exception()
    return error if isinstance(error, Exception) and not isinstance(error, StoppedError) else END


async def _gone(http: HttpRequest) -> None:
    """Return when the client has hung up; its body has been read before."""
    while (await http.receive())["type"] != "http.disconnect":
        pass
