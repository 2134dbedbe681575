"""An application under uvicorn, until a signal; tells its port once it listens."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

PATIENCE = 30
"""Seconds that answers in flight have to finish after a signal."""
LONGEST_HEAD = 64_000
"""Bytes of a request's first line and headers."""
FAILED = 3
"""Exit code of a server that could not listen."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, tell: Callable[[int], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell(self.servers[0].sockets[0].getsockname()[1])


def run(app: FastAPI, *, host: str, port: int, tell: Callable[[int], None]) -> None:
    """Serve ``app``; ``tell`` is called with the port once it listens."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="h11",  # the other one reads headers without an end
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    server = _Server(config, tell)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(FAILED)
