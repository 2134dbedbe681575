"""Around every request: an id, the key, the limits, the headers of the response, a log line, the counters.

Plain ASGI, so that it costs microseconds and leaves streams alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.keys import Keys
from ui.api.limits import Rate
from ui.api.logs import LOG
from ui.api.metrics import Metrics
from ui.api.problems import ProblemError

OPEN = ("/healthz", "/readyz", "/docs", "/openapi.json")
"""Addresses that need no key: they tell nothing of the archive."""
COUNTED = ("/v1/", "/mcp")
"""Addresses whose requests count against a key's rate."""
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
DRAINED = 100_000_000
"""Bytes of a body that is too long that are read and thrown away before the client is told."""
STALL = 30.0
"""Seconds for which a body may stand still."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CSP = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who may do what."""

    keys: Keys
    rate: Rate
    origins: frozenset[str] = frozenset()
    """Origins whose web pages may use the API; ``*`` for all."""
    any_host: bool = False
    """Whether requests by any host name are taken without a key (``--insecure``)."""
    body: int = 1_000_000
    """Bytes of a body, at most."""
    upload: int = 32_000_000
    """Bytes of an upload, at most."""

    def longest(self, path: str) -> int:
        """Bytes that a body sent to ``path`` may have."""
        return self.upload if path == "/v1/articles" else self.body


@dataclass(slots=True)
class _Exchange:
    """What is known of one request."""

    began: float = field(default_factory=time.perf_counter)
    key: str = "-"
    status: int = 500


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, rules: Rules, metrics: Metrics) -> None:
        self._app = app
        self._rules = rules
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, exchange = Headers(scope=scope), _Exchange()
        given = headers.get("x-request-id", "")
        id = scope["kutip.request_id"] = given if _REQUEST_ID.fullmatch(given) else uuid4().hex

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                _dress(MutableHeaders(raw=message.setdefault("headers", [])), id)
            await send(message)

        body = _Body(receive, self._rules.longest(scope["path"]))
        try:
            self._admit(scope, headers, exchange)
            await body.refuse_long(headers)
            await self._app(scope, body.receive, sending)
        except ProblemError as problem:
            await problem.response(id)(scope, receive, sending)
        finally:
            self._record(scope, exchange)

    def _admit(self, scope: Scope, headers: Headers, exchange: _Exchange) -> None:
        rules, path = self._rules, scope["path"]
        is_open = path in OPEN or path.startswith("/docs/")
        preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers and bool(rules.origins)
        if preflight or (is_open and scope["method"] in {"GET", "HEAD"}):
            return
        if rules.keys:
            name = rules.keys.name_of(headers.get("authorization"))
            if name is None:
                raise _unauthorised(headers)
            exchange.key = name
        else:
            _same_site(rules, headers)
        if path.startswith(COUNTED) and (seconds := rules.rate.take(exchange.key)) > 0:
            raise ProblemError(
                429, f"This key has made its requests for now: try again in {seconds:.0f} s.", kind="rate",
                headers={"Retry-After": str(int(seconds) + 1)},
            )  # fmt: skip

    def _record(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        route = getattr(scope.get("route"), "path", None) or "other"
        method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
        self._metrics.requests.labels(method, route, exchange.status).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        fields: dict[str, Any] = {
            "request_id": scope["kutip.request_id"], "method": method, "route": route, "status": exchange.status,
            "ms": round(seconds * 1000, 1), "key": exchange.key,
        }  # fmt: skip
        LOG.info("request", extra=fields)


def _unauthorised(headers: Headers) -> ProblemError:
    """Browsers are offered a box for the key as password, programs are not."""
    scheme = "Basic" if "text/html" in headers.get("accept", "") else "Bearer"
    return ProblemError(
        401, "Expected a key that is taken here: send Authorization: Bearer KEY.",
        headers={"WWW-Authenticate": f'{scheme} realm="Kutip"'},
    )  # fmt: skip


def _same_site(rules: Rules, headers: Headers) -> None:
    """Without keys, keep web pages of elsewhere out that a user of this machine happens to open.

    Raises:
        ProblemError: 403, for a page of another origin, and for a host name that only resolves to this machine.
    """
    host = headers.get("host", "")
    if not rules.any_host and _parts(f"//{host}")[0] not in LOCAL_HOSTS:
        raise ProblemError(403, "Without keys, this server is for its own machine: use http://127.0.0.1, or set keys.")
    origin = headers.get("origin")
    if origin is None or "*" in rules.origins or origin in rules.origins:
        return
    if _parts(origin)[1] != host:
        raise ProblemError(403, "This web page's origin may not use the API: allow it in KUTIP_CORS.", kind="origin")


def _parts(address: str) -> tuple[str | None, str]:
    """Host, and host with port, of an address; nothing of one that is none."""
    try:
        found = urlsplit(address)
        return found.hostname, found.netloc
    except ValueError:
        return None, ""


class _Body:
    """A request's body, which may be neither too long nor stand still; a client may take its time to go, though."""

    def __init__(self, receive: Receive, longest: int) -> None:
        self._receive = receive
        self._longest = longest
        self._seen = 0
        self._whole = False

    async def receive(self) -> Message:
        """The next message.

        Raises:
            HTTPException: 408 and 413, told as problems by whoever reads the body.
        """
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(STALL):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, f"The body stood still for {STALL:.0f} s: send it again.") from error
        self._seen += len(message.get("body", b""))
        if self._seen > self._longest:
            raise HTTPException(413)
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def refuse_long(self, headers: Headers) -> None:
        """Refuse a body that says that it is too long; read first, as clients listen only once they have sent it.

        Raises:
            ProblemError: 413.
        """
        said = headers.get("content-length", "0")
        if said.isdecimal() and len(said) < 20 and int(said) <= self._longest:
            return
        self._longest, longest = max(self._longest, DRAINED), self._longest
        with contextlib.suppress(HTTPException):
            while not self._whole:
                await self.receive()
        raise ProblemError(
            413, f"Expected at most {longest:,} bytes of body, saw more: send less at a time.", kind="too-long",
            headers={"Connection": "close"},
        )  # fmt: skip


def _dress(headers: MutableHeaders, id: str) -> None:
    headers["X-Request-ID"] = id
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if not headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", _CSP)
        headers.setdefault("Cache-Control", "no-store")
