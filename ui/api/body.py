"""A request's body on its way in: neither too long nor standing still."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from ui.api.problems import ProblemError

DRAINED = 100_000_000
"""Bytes of a body that is too long that are read and thrown away before the client is told."""
STALL = 30.0
"""Seconds for which a body may stand still."""


class Body:
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
