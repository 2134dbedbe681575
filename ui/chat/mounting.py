"""The page in the application: its files, its log-in, and of Gradio's addresses those that it needs.

The application and the parts of a server come in; the page at ``/`` is what comes of it.
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi import Request as HttpRequest
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ui.api.admission import USER
from ui.api.service import Service
from ui.chat import login, page, quality
from ui.chat.addresses import HOME, OURS, STATIC, address
from ui.chat.door import Door

FILES = Path(__file__).parent / "static"
"""What the browser finds at `STATIC`."""
SWEEP = (600, 3600)
"""Every so many seconds, uploads that nobody has added to the archive for so many seconds are deleted."""
_FIRST = ("tokens", "base")
_ELSEWHERE = frozenset({"login"})
"""Scripts that are not of the page."""


class _Page(Mount):
    """Gradio's application as far as the page needs it; everything else is the business of other routes."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for the page."""
        known = address(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if known is None or known.label in OURS:
            return Match.NONE, {}
        return super().matches(scope)


def mount(app: FastAPI, service: Service, door: Door | None) -> None:
    """Put the page at ``/`` of ``app``; must be its last mount.

    Args:
        app: the application, whose guard has seen to who may come in.
        service: what the page needs of the server.
        door: where one logs in; None when nobody has to.
    """
    if door is not None:
        app.include_router(login.routes(door))
    app.include_router(quality.routes(service))
    app.mount(STATIC, StaticFiles(directory=FILES), name="page-static")
    blocks = page.blocks(service)
    blocks.delete_cache = SWEEP
    gr.mount_gradio_app(
        app,
        blocks,
        path=HOME,
        auth_dependency=_user if door is not None else None,
        max_file_size=service.engine.settings.upload * 1_000_000,
        favicon_path=str(FILES / "favicon.svg"),
        theme=gr.themes.Base(font=["Public Sans", "sans-serif"], font_mono=["monospace"]),
        head=_head(),
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )
    mounted = app.router.routes[-1]
    assert isinstance(mounted, Mount)  # noqa: S101  # what the function above has just put there
    app.router.routes[-1] = _Page("", app=mounted.app)


def _user(http: HttpRequest) -> str | None:
    """Who has logged in, as the guard has found."""
    name: str | None = http.scope.get(USER)
    return name


def _head() -> str:
    """Links to the style sheets, the general ones first, and to all modules, which load each other else one by one."""
    sheets = sorted((FILES / "css").glob("*.css"), key=lambda sheet: (_rank(sheet.stem), sheet.stem))
    modules = sorted(path for path in FILES.rglob("*.js") if path.stem not in _ELSEWHERE)
    links = [("stylesheet", path) for path in sheets] + [("modulepreload", path) for path in modules]
    return "".join(f'<link rel="{kind}" href=".{STATIC}/{path.relative_to(FILES).as_posix()}">' for kind, path in links)


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
