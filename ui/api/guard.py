"""Around every request: an id, who is let in, the limits, the headers of the response, a log line, the counters.

Plain ASGI, so that it costs microseconds and leaves streams alone.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.admission import NOBODY, Rules, admit
from ui.api.body import Body
from ui.api.logs import LOG
from ui.api.metrics import Metrics
from ui.api.problems import ProblemError
from ui.chat.addresses import CLOSED, NEVER, Address, address

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class _Exchange:
    """What is known of one request."""

    page: Address | None
    began: float = field(default_factory=time.perf_counter)
    key: str = NOBODY
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
        headers, page = Headers(scope=scope), address(scope["method"], scope["path"])
        exchange = _Exchange(page)
        given = headers.get("x-request-id", "")
        id = scope["kutip.request_id"] = given if _REQUEST_ID.fullmatch(given) else uuid4().hex

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                _dress(MutableHeaders(raw=message.setdefault("headers", [])), id, exchange)
            await send(message)

        body = Body(receive, self._rules.longest(scope["path"], page))
        try:
            exchange.key = admit(self._rules, scope, headers, page)
            await body.refuse_long(headers)
            await self._app(scope, body.receive, sending)
        except ProblemError as problem:
            await problem.response(id)(scope, receive, sending)
        finally:
            self._record(scope, exchange)

    def _record(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        route = exchange.page.label if exchange.page else getattr(scope.get("route"), "path", None) or "other"
        method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
        self._metrics.requests.labels(method, route, exchange.status).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        fields: dict[str, Any] = {
            "request_id": scope["kutip.request_id"], "method": method, "route": route, "status": exchange.status,
            "ms": round(seconds * 1000, 1), "key": exchange.key,
        }  # fmt: skip
        LOG.info("request", extra=fields)


def _dress(headers: MutableHeaders, id: str, exchange: _Exchange) -> None:
    page = exchange.page
    headers["X-Request-ID"] = id
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Content-Security-Policy", page.policy if page else CLOSED)
    headers.setdefault("Cache-Control", page.cached if page and exchange.status in {200, 206, 304} else NEVER)
