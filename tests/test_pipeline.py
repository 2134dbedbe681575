"""The pipeline as a LangChain Runnable: every way to call it gives the same answer and tells the same events."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableLambda

from rag.errors import QuestionError, SettingsError
from rag.pipeline import MAX_QUESTION, Kutip, check_question
from rag.types import Answer, Request
from tests.conftest import OpenAt
from tests.test_generative import GIFT, IN_RETURN
from tests.wire_server import WireServer, answering

QUESTION = "What gifts were exchanged?"


class Recorder(BaseCallbackHandler):
    """Names of events in order, and what the model and the retriever told."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.usage: list[Any] = []
        self.documents: list[Any] = []

    def on_chain_start(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("chain start")

    def on_chain_end(self, outputs: Any, **kwargs: Any) -> None:
        self.events.append("chain end")
        assert isinstance(outputs, Answer)

    def on_chain_error(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("chain error")

    def on_retriever_start(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("retriever start")

    def on_retriever_end(self, documents: Any, **kwargs: Any) -> None:
        self.events.append("retriever end")
        self.documents += documents

    def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
        self.events.append("model start")

    def on_llm_end(self, response: Any, **kwargs: Any) -> None:
        self.events.append("model end")
        self.usage.append(response.generations[0][0].message.usage_metadata)


ORDER = ["chain start", "retriever start", "retriever end", "model start", "model end", "chain end"]


@pytest.fixture
def kutip(wire: WireServer, open_at: OpenAt) -> Kutip:
    wire.say(answering(GIFT, IN_RETURN, pieces=20))
    return open_at(wire)


def texts(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims]


@pytest.mark.parametrize("streaming", [False, True])
def test_callbacks_see_chain_retriever_and_model(kutip: Kutip, streaming: bool) -> None:
    seen = Recorder()
    config: Any = {"callbacks": [seen]}
    *_, answer = kutip.stream(QUESTION, config) if streaming else [kutip.invoke(QUESTION, config)]
    assert seen.events == ORDER
    assert seen.documents[0].metadata["article_id"]
    assert answer.usage is not None
    assert seen.usage[0]["input_tokens"] == answer.usage.input_tokens


def test_every_way_to_call_gives_the_same_answer(kutip: Kutip) -> None:
    async def both() -> tuple[Answer, list[Answer]]:
        return await kutip.ainvoke(QUESTION), [answer async for answer in kutip.astream(QUESTION)]

    invoked, streamed = asyncio.run(both())
    assert texts(invoked) == texts(streamed[-1]) == texts(kutip.invoke(QUESTION)) == [GIFT[0], IN_RETURN[0]]
    assert [len(answer.claims) for answer in streamed] == [1, 2, 2]
    assert [texts(answer) for answer in kutip.batch([QUESTION, Request(text=QUESTION)])] == [texts(invoked)] * 2


def test_it_is_a_part_of_chains(kutip: Kutip) -> None:
    assert (kutip | RunnableLambda(lambda answer: len(answer.claims))).invoke(QUESTION) == 2


def test_an_async_reader_who_stops_stops_the_request(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT, IN_RETURN, IN_RETURN, IN_RETURN, pieces=40, hold_after=20))
    kutip = open_at(wire)

    async def first_only() -> Answer:
        answers = kutip.astream(QUESTION)
        first = await anext(answers)
        await answers.aclose()  # type: ignore[attr-defined]
        return first

    assert texts(asyncio.run(first_only())) == [GIFT[0]]
    assert wire.closed_early.wait(60)


def test_a_cancelled_task_stops_the_request(wire: WireServer, open_at: OpenAt) -> None:
    wire.say(answering(GIFT, IN_RETURN, pieces=20, hold_after=2))
    kutip = open_at(wire)

    async def cancelled() -> None:
        async def read() -> None:
            async for _ in kutip.astream(QUESTION):
                pass

        task = asyncio.create_task(read())
        while not wire.holding.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert wire.closed_early.wait(60)


def test_threads_share_a_pipeline(kutip: Kutip) -> None:
    got: list[list[str]] = []
    threads = [threading.Thread(target=lambda: got.append(texts(kutip.invoke(QUESTION)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert got == [[GIFT[0], IN_RETURN[0]]] * 6


@pytest.mark.parametrize("question", ["", "  \n", "?!…", "x" * (MAX_QUESTION + 1)])
def test_bad_questions_cost_nothing(wire: WireServer, kutip: Kutip, question: str) -> None:
    with pytest.raises(QuestionError):
        kutip.invoke(question)
    with pytest.raises(QuestionError):
        list(kutip.stream(question))
    assert wire.requests == []


def test_a_question_loses_the_white_space_around_it() -> None:
    assert check_question("  apa?\n") == "apa?"


def test_a_model_that_is_asked_for_must_be_there(archive: dict[str, Any]) -> None:
    kutip = Kutip(**archive)
    assert kutip.invoke(QUESTION).answerer == "extractive"
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        kutip.invoke(Request(text=QUESTION, answerer="model"))
