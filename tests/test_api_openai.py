"""OpenAI's own client talks to the archive by another base URL."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

from tests.test_api_ask import GIFTS, untimed
from ui.api.completions import conversation
from ui.api.openai_schemas import Message

ASKED: list[Any] = [
    {"role": "system", "content": "You are a pirate."},
    {"role": "user", "content": [{"type": "text", "text": GIFTS}]},
]


@pytest.fixture
def client(api: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{api}/v1", api_key="not-needed", max_retries=0, timeout=60)


def test_an_answer_with_citations(client: openai.OpenAI, api: str) -> None:
    made = client.chat.completions.create(model="kutip", messages=ASKED, temperature=0.2, max_tokens=5)
    message = made.choices[0].message
    answer: dict[str, Any] = made.kutip  # type: ignore[attr-defined]
    expected = httpx.post(f"{api}/v1/ask", json={"question": GIFTS}, timeout=60).json()
    assert untimed(answer) == untimed(expected)
    assert message.content is not None
    assert message.content.startswith(answer["answer"] + "\n\nSources:\n[1] ")
    assert message.annotations
    for annotation in message.annotations:
        cited = annotation.url_citation
        number = message.content[cited.start_index : cited.end_index]
        citation = answer["citations"][int(number.strip("[]")) - 1]
        assert cited.url == f"{api}/v1/articles/{citation['article_id']}"
        assert httpx.get(cited.url, timeout=60).json()["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert made.usage is not None
    assert made.usage.total_tokens == 0


def test_a_stream_comes_to_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="kutip", messages=ASKED)
    options: Any = {"include_usage": True}
    chunks = list(client.chat.completions.create(model="kutip", messages=ASKED, stream=True, stream_options=options))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    last = chunks[-2]
    assert last.choices[0].finish_reason == "stop"
    assert untimed(last.kutip) == untimed(whole.kutip)  # type: ignore[attr-defined]
    told = last.choices[0].delta.annotations  # type: ignore[attr-defined]
    assert len(told) == len(whole.choices[0].message.annotations or [])
    assert chunks[-1].usage is not None
    assert len(chunks) >= 5


def test_an_abstention_says_why(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="kutip-extractive", messages=[{"role": "user", "content": "Berapa harga beras di Papua?"}]
    )
    assert made.kutip["abstained"]  # type: ignore[attr-defined]
    assert made.choices[0].message.content == made.kutip["reason"]  # type: ignore[attr-defined]


def test_a_follow_up_is_understood(client: openai.OpenAI) -> None:
    messages: list[Any] = [
        {"role": "user", "content": "Siapa Kim Jong Un?"},
        {"role": "assistant", "content": "Pemimpin Korea Utara. [1]\n\nSumber:\n[1] Judul"},
        {"role": "user", "content": "Kapan dia tiba?"},
    ]
    made = client.chat.completions.create(model="kutip", messages=messages)
    assert "Kim Jong Un" in made.kutip["understood"]  # type: ignore[attr-defined]


def test_lists_of_sources_are_not_taken_for_answers() -> None:
    said = [
        Message(role="system", content="x"),
        Message(role="user", content="Satu?"),
        Message(role="assistant", content="Ya. [1][2]\n\nSumber:\n[1] A\n[2] B"),
        Message(role="user", content="Dua?"),
    ]
    question, turns = conversation(said)
    assert question == "Dua?"
    assert [(turn.question, turn.answer) for turn in turns] == [("Satu?", "Ya.")]


def test_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["kutip", "kutip-extractive", "kutip-model"]


def test_errors_are_understood_by_the_client(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="kutip-extractive"):
        client.chat.completions.create(model="gpt-4o", messages=ASKED)
    with pytest.raises(openai.UnprocessableEntityError, match="last message"):
        client.chat.completions.create(model="kutip", messages=[{"role": "assistant", "content": "Hi"}])
    with pytest.raises(openai.BadRequestError, match="OPENAI_API_KEY"):
        client.chat.completions.create(model="kutip-model", messages=ASKED)
