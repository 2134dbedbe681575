"""``kutip serve``: the chat page and the HTTP API, until a signal; answers in flight are finished first."""

from __future__ import annotations

import ipaddress
import os
import sys
import threading
import webbrowser
from typing import Annotated

import typer

from rag.errors import BusyIndexError, InputError, StoreError

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 for any that is free.")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Listen beyond this machine without users and keys.")]
UiOnly = Annotated[bool, typer.Option("--ui-only", help="Serve the page only, not the API.")]
Open = Annotated[bool, typer.Option("--open", help="Open the page in a browser once it is there.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 7860,
    insecure: Insecure = False,
    ui_only: UiOnly = False,
    open_page: Open = False,
) -> None:
    """Serve the chat page, and the HTTP API beside it: see docs/api.md, and /docs there.

    KUTIP_USERS, KUTIP_API_KEYS, KUTIP_READ_ONLY, KUTIP_RATE, KUTIP_ANSWERS, KUTIP_QUEUE, KUTIP_UPLOAD and KUTIP_CORS
    set who may do how much.
    """
    from rag.settings import Settings
    from ui.api.keys import Keys
    from ui.chat.users import Users

    settings = Settings.from_env(os.environ)
    if not (_is_loopback(host) or Keys.read(settings.api_keys) or Users.read(settings.users) or insecure):
        raise InputError(
            f"Expected users in KUTIP_USERS or keys in KUTIP_API_KEYS to listen on {host}, where others can reach it, "
            "saw none: set them, or leave --host out, or give --insecure to let everybody ask, add and delete."
        )
    from ui.api import listening, logs
    from ui.api.app import make_app

    logs.install()
    app = make_app(settings, any_host=insecure, ui_only=ui_only)
    try:
        app.state.service.engine.warm()
    except (StoreError, BusyIndexError) as error:  # both pass
        logs.LOG.warning("not ready yet: %s", error)
    listening.run(app, host=host, port=port, tell=lambda port: _tell(host, port, open_page=open_page))


def _tell(host: str, port: int, *, open_page: bool) -> None:
    """Say to whoever sits before the terminal where the page is."""
    address = page_address(host, port)
    if sys.stderr.isatty():
        print(f"Kutip is at {address} (Ctrl-C stops it)", file=sys.stderr, flush=True)  # noqa: T201
    if open_page:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def page_address(host: str, port: int) -> str:
    """Where a browser on this machine finds the page of a server that listens on ``host``."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    shown = "127.0.0.1" if found.is_unspecified else f"[{host}]" if found.version == 6 else host
    return f"http://{shown}:{port}/"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
