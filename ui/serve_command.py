"""``kutip serve``: the HTTP API under uvicorn, until a signal; answers in flight are finished first."""

from __future__ import annotations

import ipaddress
import os
from typing import Annotated

import typer

from rag.errors import InputError, StoreError

PATIENCE = 30
"""Seconds that answers in flight have to finish after a signal."""
LONGEST_HEAD = 64_000
"""Bytes of a request's first line and headers."""

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 for any that is free.")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Listen beyond this machine without keys.")]


def serve(host: Host = "127.0.0.1", port: Port = 7860, insecure: Insecure = False) -> None:
    """Serve the HTTP API: see /docs there, and docs/api.md.

    KUTIP_API_KEYS, KUTIP_RATE, KUTIP_ANSWERS, KUTIP_QUEUE, KUTIP_UPLOAD and KUTIP_CORS set who may do how much.
    """
    from rag.settings import Settings
    from ui.api.keys import Keys

    settings = Settings.from_env(os.environ)
    if not (_is_loopback(host) or Keys.read(settings.api_keys) or insecure):
        raise InputError(
            f"Expected keys in KUTIP_API_KEYS to listen on {host}, where others can reach it, saw none: set them, or "
            "leave --host out, or give --insecure to let everybody ask, add and delete."
        )
    import uvicorn

    from ui.api import logs
    from ui.api.app import make_app

    logs.install()
    app = make_app(settings, any_host=insecure)
    try:
        app.state.service.engine.warm()
    except StoreError as error:
        logs.LOG.warning("not ready yet: %s", error)
    uvicorn.run(
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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
