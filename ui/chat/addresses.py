"""The addresses of the chat page: all that a browser needs for it, and nothing else of Gradio's. Pure.

A method and a path come in; what is known of that address goes out, or None for what does not belong to the page.
Gradio would also serve files, proxy other servers, describe and monitor itself: what is not listed here is closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HOME = "/"
LOGIN = "/login"
LOGOUT = "/logout"
REPORT = "/page/report"
STATIC = "/page/static"
UPLOAD = "/gradio_api/upload"
OURS = frozenset({LOGIN, LOGOUT, REPORT, STATIC})
"""Addresses of the page that Gradio knows nothing of."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)
"""For the page itself. Gradio compiles templates and has inline scripts; wherever a script came from, it reaches this
server only."""
CLOSED = "default-src 'none'; frame-ancestors 'none'"
"""For everything that is no page."""

KEPT = "public, max-age=31536000, immutable"
"""For files that have a hash in their names."""
ASKED = "no-cache"
"""For files that may change: the browser asks each time whether they did."""
NEVER = "no-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of the page, or several of one kind."""

    label: str
    """For the log and the counters: the path, without what differs from request to request."""
    pattern: str = ""
    """Regular expression of the whole path, where that is not the label."""
    methods: frozenset[str] = frozenset({"GET", "HEAD"})
    is_open: bool = False
    """Whether one can see it without having logged in; it tells nothing of the archive."""
    is_linked: bool = False
    """Whether pages of elsewhere may lead here."""
    longest: int = 16_000
    """Bytes of a body, at most."""
    policy: str = CLOSED
    """Content-Security-Policy, where the response has none of its own."""
    cached: str = NEVER
    """Cache-Control, where the response has none of its own."""

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is for this address."""
        return method in self.methods and re.fullmatch(self.pattern or re.escape(self.label), path) is not None


_POST = frozenset({"POST"})
_BOTH = frozenset({"GET", "HEAD", "POST"})
_HASHED = r"[A-Za-z0-9_.-]+-[A-Za-z0-9_-]{8,10}\.[a-z0-9]+"

ADDRESSES = (
    Address(label=HOME, is_linked=True, policy=POLICY),
    Address(label=LOGIN, methods=_BOTH, is_open=True, is_linked=True),
    Address(label=LOGOUT, methods=_BOTH, is_open=True),
    Address(label=REPORT),
    Address(label=STATIC, pattern=rf"{STATIC}/.+", is_open=True, cached=ASKED),
    Address(label="/assets", pattern=rf"/assets/{_HASHED}", is_open=True, cached=KEPT),
    Address(label="/static", pattern=r"/static/(?:fonts|js|img)/[A-Za-z0-9_./-]+", is_open=True, cached=ASKED),
    Address(label="/theme.css", is_open=True, cached=ASKED),
    Address(label="/favicon.ico", is_open=True, cached=ASKED),
    Address(label="/gradio_api/app_id", is_open=True),  # by which an open page sees that the server was restarted
    Address(label="/gradio_api/queue/join", methods=_POST, longest=1_000_000),
    Address(label="/gradio_api/queue/data"),
    Address(label="/gradio_api/cancel", methods=_POST),
    Address(label="/gradio_api/reset", methods=_POST),
    Address(
        label="/gradio_api/component_server", pattern="/gradio_api/component_server/?", methods=_POST,
        longest=4_000_000,  # a long conversation that is to be exported
    ),
    Address(label=UPLOAD, methods=_POST),
)  # fmt: skip


def address(method: str, path: str) -> Address | None:
    """What is known of an address; None when it is not of the page."""
    return next((known for known in ADDRESSES if known.fits(method, path)), None)
