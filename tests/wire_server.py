"""A server on loopback that speaks OpenAI's wire, told beforehand what to reply: one `Reply` for each chat request.

Everything that was asked is kept in ``requests``; a stream can be held between two pieces until the test lets it go, so
that order is told by events and not by clocks.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789abcdefSECRET"
"""The key that the server takes, when it asks for one."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one request gets."""

    text: str = ""
    """The reply's text; streamed in ``pieces`` parts."""
    pieces: int = 4
    status: int = 200
    error: Any = None
    """JSON body of a reply with another status."""
    headers: dict[str, str] = field(default_factory=dict)
    drop_after: int | None = None
    """Cut the connection after so many pieces."""
    hold_after: int | None = None
    """Wait for `WireServer.let_go` after so many pieces."""
    silent: float = 0.0
    """Seconds of silence before the first byte."""
    event: Any = None
    """An event in the middle of the stream that is none of OpenAI's chunks."""
    raw: bytes | None = None
    """The body of a stream as it is, with the connection closed after it."""
    finish: str | None = "stop"
    usage: bool = True


def quoted(*claims: tuple[str, Sequence[tuple[int, str]]], reason: str | None = None) -> str:
    """The JSON that a well-behaved model writes: claims with (passage, quote) pairs."""
    rows = [{"text": text, "quotes": [{"passage": n, "quote": q} for n, q in quotes]} for text, quotes in claims]
    return json.dumps({"claims": rows, "reason": reason}, ensure_ascii=False)


def passage_with(body: dict[str, Any], words: str) -> int:
    """The number of the passage of a prompt that holds ``words``, as a model would read it off."""
    prompt = body["messages"][1]["content"]
    return int(re.findall(r"^<<<PASSAGE (\d+) \w+>>>", prompt[: prompt.index(words)], re.MULTILINE)[-1])


def answering(*claims: tuple[str, Sequence[str]], **how: Any) -> Callable[[dict[str, Any]], Reply]:
    """A reply whose quotes name the passages that hold them."""

    def reply(body: dict[str, Any]) -> Reply:
        placed = [(text, [(passage_with(body, quote), quote) for quote in quotes]) for text, quotes in claims]
        return Reply(text=quoted(*placed), **how)

    return reply


class WireServer:
    """The server; `url` is what OPENAI_BASE_URL takes."""

    def __init__(self) -> None:
        self.replies: list[Reply | Callable[[dict[str, Any]], Reply]] = []
        """Given in order; the last one goes on for ever."""
        self.requests: list[dict[str, Any]] = []
        """Bodies of chat requests that were taken."""
        self.refused: list[dict[str, Any]] = []
        """Bodies of requests that were refused for what they ask."""
        self.embedded: list[list[str]] = []
        """Inputs of embedding requests."""
        self.embedding_replies: list[Reply] = []
        """Faults for the next embedding requests."""
        self.surprises: list[str] = []
        """What went wrong in scripts; a test with any of it has failed."""
        self.max_embedded = 1_000
        self.formats: set[str] = {"json_schema", "json_object"}
        """The values of ``response_format.type`` that are understood."""
        self.refused_fields: set[str] = set()
        self.needs_key = False
        self.models = {"wire-1", "wire-embed"}
        self.sent: list[str] = []
        """Pieces that have left the server, in order."""
        self.closed_early = threading.Event()
        """Set when a client goes away in the middle of a stream."""
        self.silent_holds = False
        """Whether a held stream sends nothing at all; else comments keep it alive, as real servers do."""
        self.holding = threading.Event()
        self.asked = threading.Event()
        """Set when a chat request has arrived."""
        self._go = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # as real servers do

            def do_GET(self) -> None:
                rows = [
                    {"id": name, "object": "model", "created": 0, "owned_by": "test"} for name in sorted(server.models)
                ]
                server._json(self, 200, {"object": "list", "data": rows})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                refusal = server._refusal(self, body)
                if refusal is not None:
                    server.refused.append(body)
                    server._json(self, *refusal)
                elif self.path.endswith("/embeddings"):
                    server._embed(self, body)
                else:
                    server._chat(self, body)

            def log_message(self, *args: Any) -> None:
                pass

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def say(self, *replies: str | Reply | Callable[[dict[str, Any]], Reply]) -> None:
        """Script the next replies."""
        self.replies = [Reply(text=r) if isinstance(r, str) else r for r in replies]

    def renew(self) -> None:
        """Forget all scripts and requests, for the next test."""
        for seen in (self.replies, self.requests, self.refused, self.embedded, self.surprises, self.sent):
            seen.clear()  # type: ignore[attr-defined]
        for event in (self.holding, self.closed_early, self.asked, self._go):
            event.clear()

    def let_go(self) -> None:
        """Let a held stream go on."""
        self._go.set()

    @property
    def prompts(self) -> list[str]:
        """The text of all messages, per request."""
        return ["\n".join(str(m["content"]) for m in body["messages"]) for body in self.requests]

    def env(self) -> dict[str, str]:
        """Variables that point Kutip here."""
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": KEY, "KUTIP_MODEL": "openai:wire-1"}

    def _refusal(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> tuple[int, Any] | None:
        key = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.needs_key and key != KEY:
            return 401, _error(f"Incorrect API key provided: {key}.", code="invalid_api_key")
        if body["model"] not in self.models:
            return 404, _error(f"The model `{body['model']}` does not exist.", code="model_not_found")
        form = (body.get("response_format") or {}).get("type")
        if form is not None and form not in self.formats:
            return 400, _error(f"'response_format.type' {form} is not supported", param="response_format")
        for name in self.refused_fields & set(body):
            return 400, _error(f"Unrecognized request argument supplied: {name}")
        return None

    def _chat(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.requests.append(body)
        self.asked.set()
        script = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        try:
            reply = script(body) if callable(script) else script
        except (ValueError, IndexError) as error:  # the prompt does not hold what the script looks for
            self.surprises.append(str(error))
            reply = Reply(status=400)
        time.sleep(reply.silent)
        if reply.status != 200:
            self._json(handler, reply.status, reply.error or _error("something broke"), reply.headers)
        elif reply.raw is not None:
            head = b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
            handler.wfile.write(head + reply.raw)
            handler.close_connection = True
        elif body.get("stream"):
            self._stream(handler, body, reply)
        else:
            message = {"role": "assistant", "content": reply.text}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish}
            self._json(
                handler, 200, {**_head(body, "chat.completion"), "choices": [choice], "usage": _usage(body, reply)}
            )

    def _stream(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], reply: Reply) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            for number, piece in enumerate(_parts(reply.text, reply.pieces)):
                if reply.drop_after == number:
                    handler.connection.shutdown(2)
                    handler.close_connection = True
                    return
                if reply.hold_after == number:
                    self.holding.set()
                    self._wait(handler)
                self._event(handler, {**_head(body, "chat.completion.chunk"), "choices": [_delta(piece, None)]})
                self.sent.append(piece)
            if reply.event is not None:
                self._event(handler, reply.event)
            self._event(handler, {**_head(body, "chat.completion.chunk"), "choices": [_delta("", reply.finish)]})
            if reply.usage and (body.get("stream_options") or {}).get("include_usage"):
                self._event(
                    handler, {**_head(body, "chat.completion.chunk"), "choices": [], "usage": _usage(body, reply)}
                )
            self._write(handler, "data: [DONE]\n\n")
            handler.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.closed_early.set()

    def _wait(self, handler: BaseHTTPRequestHandler) -> None:
        """Wait to be let go, but no longer than the client stays (with silent holds, up to a minute and a half)."""
        for _ in range(9_000):
            if self._go.wait(0.01):
                self._go.clear()
                return
            if not self.silent_holds:
                self._write(handler, ": still here\n\n")

    def _event(self, handler: BaseHTTPRequestHandler, value: Any) -> None:
        self._write(handler, f"data: {json.dumps(value)}\n\n")

    @staticmethod
    def _write(handler: BaseHTTPRequestHandler, text: str) -> None:
        data = text.encode()
        handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        handler.wfile.flush()

    def _embed(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        texts = body["input"]
        if len(texts) > self.max_embedded:
            self._json(
                handler, 413, _error(f"batch size {len(texts)} > maximum allowed batch size {self.max_embedded}")
            )
            return
        self.embedded.append(texts)
        if self.embedding_replies:
            reply = self.embedding_replies.pop(0)
            if reply.status != 200:
                self._json(handler, reply.status, _error("something broke"), reply.headers)
                return
        rows = [{"object": "embedding", "index": i, "embedding": vector(text)} for i, text in enumerate(texts)]
        used = {"prompt_tokens": 7 * len(texts), "total_tokens": 7 * len(texts)}
        self._json(handler, 200, {"object": "list", "model": body["model"], "data": rows, "usage": used})

    @staticmethod
    def _json(handler: BaseHTTPRequestHandler, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(value).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        for name, text in (headers or {}).items():
            handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(data)

    @contextmanager
    def running(self) -> Iterator[WireServer]:
        """Serve until the block ends."""
        thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._go.set()
            self._http.shutdown()
            self._http.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is no news here."""


def vector(text: str) -> list[float]:
    """A made-up embedding: 8 numbers from the words of a text, so that like texts are near each other."""
    total = [0.0] * 8
    for word in text.lower().split():
        for i, byte in enumerate(sha256(word.encode()).digest()[:8]):
            total[i] += byte / 128 - 1
    return total


def _parts(text: str, pieces: int) -> list[str]:
    size = max(1, -(-len(text) // pieces))
    return [text[i : i + size] for i in range(0, len(text), size)]


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": body["model"]}


def _delta(text: str, finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}


def _usage(body: dict[str, Any], reply: Reply) -> dict[str, int]:
    sent = sum(len(str(message["content"]).split()) for message in body["messages"])
    got = len(reply.text.split())
    return {"prompt_tokens": sent, "completion_tokens": got, "total_tokens": sent + got}


def _error(message: str, **more: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}
