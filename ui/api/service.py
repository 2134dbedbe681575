"""What the routes share: the archive, the threads, the line of uploads, the counters; and how a question is answered.

Blocking work is done in the threads of `Turns`, never in the event loop, and is given up when nobody waits for it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from fastapi import Request as HttpRequest

from rag.pipeline import check_question
from rag.stopping import StoppedError, look
from rag.streaming import watched
from rag.types import Answer, Hit, Request
from rag.verifying.checking import CheckedSentence, check_text
from ui.api.engine import Engine
from ui.api.limits import Turns
from ui.api.metrics import Metrics
from ui.api.spool import Spool
from ui.api.writer import Writer

T = TypeVar("T")

KEEP_ALIVE = 15.0
"""Seconds of silence after which a stream says that it is still there."""

TRIES = 3
"""How often a question is asked while the archive is being replaced."""

END: Literal["end"] = "end"
Event = list[dict[str, Any]] | Answer | Exception | Literal["end"] | None
"""What a streamed answer consists of: its passages, the growing answer, what went wrong; None for a long silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One server's parts."""

    engine: Engine
    turns: Turns
    """For answers."""
    errands: Turns
    """For what takes milliseconds, so that it need not wait for answers."""
    spool: Spool
    writer: Writer
    metrics: Metrics

    async def answer(self, request: Request, http: HttpRequest | None = None) -> Answer:
        """The complete answer; given up when the client of ``http`` hangs up.

        Raises:
            KutipError: see `Kutip.invoke`.
            ProblemError: there is too much to do.
        """
        check_question(request.text)
        return await self.run(lambda stopped: self._answer(request, stopped, lambda event: None), http)

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """The answer as it grows, once there is something of it; closing the iterator stops the work.

        Raises:
            KutipError: see `Kutip.invoke`; what goes wrong later is an event.
            ProblemError: there is too much to do.
        """
        check_question(request.text)
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event] = asyncio.Queue()
        stopped = threading.Event()

        def tell(event: Event) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        future = self.turns.submit(lambda: self._answer(request, stopped, tell))
        future.add_done_callback(lambda done: tell(_end(done)))
        begun = _events(events, future, stopped)
        first = await anext(begun)
        if isinstance(first, Exception):
            raise first
        return _whole(first, begun)

    async def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The ``k`` best passages, best first; see `Kutip.search`."""
        return await self.run(lambda stopped: self.engine.kutip().search(question, k=k), None)

    async def verify(self, text: str, http: HttpRequest | None = None) -> tuple[CheckedSentence, ...]:
        """What the archive says to each sentence of a text; see `check_text`."""

        def work(stopped: threading.Event) -> tuple[CheckedSentence, ...]:
            kutip = self.engine.kutip()

            def search(sentence: str) -> tuple[Hit, ...]:
                look(stopped)
                return kutip.search(sentence)

            return check_text(text, search=search, articles=kutip.index.articles_by_id, glossary=kutip.glossary)

        return await self.run(work, http)

    async def run(self, work: Callable[[threading.Event], T], http: HttpRequest | None) -> T:
        """The value of ``work``, which is told when to stop because the client has hung up."""
        stopped = threading.Event()
        future = asyncio.wrap_future(self.turns.submit(lambda: work(stopped)))
        gone = asyncio.ensure_future(_gone(http)) if http is not None else None
        waited: set[asyncio.Future[Any]] = {future, gone} if gone else {future}
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not future.done():
                future.cancel()
                raise StoppedError("The client has gone.")
            return future.result()
        finally:
            stopped.set()
            if gone is not None:
                gone.cancel()

    async def blocking(self, work: Callable[[], T]) -> T:
        """The value of short ``work``, done in a thread."""
        return await asyncio.wrap_future(self.errands.submit(work))

    def _answer(self, request: Request, stopped: threading.Event, tell: Callable[[Event], None]) -> Answer:
        """The answer; asked again when there was nothing to say and the archive is a newer one than was searched.

        Passages of the old archive cannot be verified in the new one, and what another process has just added is not
        found yet.
        """
        last: Answer | None = None
        try:
            for _ in range(TRIES):
                look(stopped)
                kutip = self.engine.kutip()
                generation = kutip.index.generation()
                for last in watched(kutip, request, passages=tell, stopped=stopped):
                    if last.claims:
                        tell(last)
                if (last is not None and last.claims) or kutip.index.latest() == generation:
                    break
        except StoppedError:
            self.metrics.abandoned.inc()
            raise
        assert last is not None  # noqa: S101  # a pipeline yields at least one answer
        tell(last)
        self.metrics.answered(last)
        return last


async def _events(
    events: asyncio.Queue[Event], future: Future[Answer], stopped: threading.Event
) -> AsyncGenerator[Event, None]:
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
        stopped.set()
        future.cancel()


async def _whole(first: Event, rest: AsyncGenerator[Event, None]) -> AsyncIterator[Event]:
    async with aclosing(rest):
        yield first
        async for event in rest:
            yield event


def _end(future: Future[Answer]) -> Event:
    """What comes after the last answer: what went wrong, or the end."""
    error = None if future.cancelled() else future.exception()
    return error if isinstance(error, Exception) and not isinstance(error, StoppedError) else END


async def _gone(http: HttpRequest) -> None:
    """Return when the client has hung up; its body has been read before."""
    while (await http.receive())["type"] != "http.disconnect":
        pass
