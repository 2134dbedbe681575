from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import closing

import pytest

from rag.models.chat import chat_model
from rag.settings import Secret
from rag.stopping import StoppedError, stop_of, stoppable, with_stop
from tests.wire_server import KEY, Reply, WireServer, quoted

HELLO = (("user", "hello"),)


class Source:
    """Items one to three; then, as told, the end, an error or a wait for ever."""

    def __init__(self, then: str) -> None:
        self._then = then
        self.closed = threading.Event()

    async def items(self) -> AsyncGenerator[int, None]:
        try:
            for number in (1, 2, 3):
                yield number
            if self._then == "error":
                raise ValueError("four")
            if self._then == "wait":
                await asyncio.Event().wait()
        finally:
            self.closed.set()


def test_all_items_come_in_order() -> None:
    assert list(stoppable(Source("end").items(), threading.Event())) == [1, 2, 3]


def test_an_error_comes_after_the_items_before_it() -> None:
    items = stoppable(Source("error").items(), threading.Event())
    assert [next(items) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ValueError, match="four"):
        next(items)


def test_the_signal_ends_a_wait() -> None:
    source, stopped = Source("wait"), threading.Event()
    items = stoppable(source.items(), stopped)
    assert [next(items) for _ in range(3)] == [1, 2, 3]
    threading.Timer(0.2, stopped.set).start()
    with pytest.raises(StoppedError):
        next(items)
    assert source.closed.wait(60)


def test_closing_ends_the_source() -> None:
    source = Source("wait")
    with closing(stoppable(source.items(), threading.Event())) as items:  # type: ignore[type-var]  # a generator
        assert next(items) == 1
    assert source.closed.wait(60)


def test_the_signal_travels_in_the_config() -> None:
    stopped = threading.Event()
    config = with_stop({"tags": ["a"], "configurable": {"b": 1}}, stopped)
    assert stop_of(config) is stopped
    assert (config["tags"], config["configurable"]["b"]) == (["a"], 1)
    assert not stop_of(None).is_set()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(text=quoted(reason="x"), silent=60),  # not even a header yet
        Reply(status=429, headers={"Retry-After": "30"}),
        Reply(text=quoted(reason="x"), hold_after=1),
    ],
    ids=["before the first byte", "between two tries", "in the middle"],
)
def test_a_model_that_keeps_one_waiting_is_left_at_once(wire: WireServer, reply: Reply) -> None:
    wire.say(reply)
    stopped = threading.Event()
    model = chat_model("openai:wire-1", key=Secret(KEY), base_url=wire.url, timeout=120, retries=2)
    threading.Thread(target=lambda: wire.asked.wait(60) and stopped.set()).start()
    with pytest.raises(StoppedError):
        model.ask(HELLO, meter=model.meter(), config=with_stop(None, stopped))
    assert len(wire.requests) == 1


def test_streams_that_are_left_while_words_arrive_are_closed(wire: WireServer) -> None:
    """A hundred times, since a cancellation may meet a word."""
    model = chat_model("openai:wire-1", key=Secret(KEY), base_url=wire.url, timeout=120, retries=0)
    for _ in range(100):
        wire.renew()
        wire.say(Reply(text="satu dua tiga " * 10, pieces=30, hold_after=20))
        with closing(model.stream(HELLO, meter=model.meter())) as pieces:  # type: ignore[type-var]  # a generator
            for _ in range(10):
                next(pieces)
        assert wire.closed_early.wait(60)
