"""The archive as tools of the Model Context Protocol, with the official client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from mcp.client import Client

from tests.conftest import SEEDS
from tests.test_api_ask import GIFTS, untimed


def talk(api: str, conversation: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(f"{api}/mcp") as client:
            return await conversation(client)

    return asyncio.run(run())


def test_the_tools_answer_like_the_api(api: str) -> None:
    async def conversation(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "verify", "get_article"}
        answer = (await client.call_tool("ask", {"question": GIFTS})).structured_content
        assert answer is not None
        assert untimed(answer) == untimed(httpx.post(f"{api}/v1/ask", json={"question": GIFTS}, timeout=60).json())
        found = (await client.call_tool("search", {"question": "sarung tangan", "k": 2})).structured_content
        assert found is not None
        assert len(found["hits"]) == 2
        id = found["hits"][0]["article_id"]
        article = (await client.call_tool("get_article", {"id": id})).structured_content
        assert article is not None
        assert article["text"].encode() == (SEEDS / f"{id}.txt").read_bytes()
        checked = (
            await client.call_tool("verify", {"text": "Putin memberi Kim sarung tangan kosmonot."})
        ).structured_content
        assert checked is not None
        assert checked["sentences"][0]["verdict"] == "supported"

    talk(api, conversation)


def test_errors_are_told_in_words(api: str) -> None:
    async def conversation(client: Client) -> None:
        missing = await client.call_tool("get_article", {"id": "../etc/passwd"})
        assert missing.is_error
        assert "article_id" in str(missing.content)
        empty = await client.call_tool("ask", {"question": "?!"})
        assert empty.is_error
        assert "no words" in str(empty.content)

    talk(api, conversation)
