"""The page: five views in a Gradio application, each drawn by a module in `static`, mounted at ``/``.

The parts of a server come in; what a browser is shown goes out. Gradio's part is the transport: events, streams,
uploads, log-in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from ui.api.service import Service
from ui.chat import export, feedback, library, quality, reading
from ui.chat.asking import asking
from ui.chat.checking import checking

STATIC = Path(__file__).parent / "static"
ADDRESS = "/page/static"
"""Where the browser finds `STATIC`."""
AT_ONCE = 64
"""Questions that Gradio hands on at a time; how many are worked on says the service."""
_FIRST = ("tokens", "base")


def _view(name: str, *, events: Sequence[str] = (), functions: Sequence[Callable[..., Any]] = ()) -> gr.HTML:
    """A part of the page that a module draws; no class of our own, as Gradio writes a stub file for each of those.

    Args:
        name: ``static/main.js`` knows it by this.
        events: what the module may trigger.
        functions: what the module may call.
    """
    names = " ".join(f"'{event}'" for event in events)
    return gr.HTML(
        html_template=f'<div class="kutip-view" data-view="{name}"></div>',
        js_on_load=(
            f"/* events: {names} */ import(new URL('{ADDRESS[1:]}/main.js', document.baseURI).href)"
            f".then(m => m.start('{name}', {{element, trigger, watch, props, server, upload}}))"
        ),
        apply_default_css=False,
        elem_id=f"kutip-{name}",
        server_functions=list(functions) or None,
    )


def blocks(service: Service) -> gr.Blocks:
    """The page over the archive of ``service``."""
    page: gr.Blocks
    with gr.Blocks(title="Kutip", analytics_enabled=False, fill_width=True) as page:
        _view("header", functions=[reading.about(service)])
        ask = _view("ask", events=["ask", "stop"], functions=[
            make(service) for make in (reading.article, reading.corroborate, feedback.feedback, export.markdown)
        ])  # fmt: skip
        check = _view("check", events=["check", "stop"])
        _view("articles", functions=[
            make(service) for make in (library.articles, library.add, library.remove, library.job)
        ])  # fmt: skip
        _view("quality", functions=[quality.report(service)])
        for view, event, handler in ((ask, ask.ask, asking(service)), (check, check.check, checking(service))):
            begun = event(
                handler, None, view, show_progress="hidden", api_visibility="private", concurrency_limit=AT_ONCE
            )
            view.stop(None, None, None, cancels=[begun], api_visibility="private")
    return page


def mount(app: FastAPI, service: Service) -> None:
    """Put the page at ``/`` of ``app``; must be its last mount."""
    app.include_router(quality.routes(service))
    app.mount(ADDRESS, StaticFiles(directory=STATIC), name="page-static")
    gr.mount_gradio_app(
        app, blocks(service), path="/", footer_links=[], ssr_mode=False, show_error=False, theme=gr.themes.Base(
            font=["Public Sans", "sans-serif"], font_mono=["monospace"]
        ), head=_head(),
    )  # fmt: skip


def _head() -> str:
    """Links to the style sheets, the general ones first."""
    sheets = sorted(
        (STATIC / "css").glob("*.css"), key=lambda sheet: (sheet.stem not in _FIRST, sheet.stem != "tokens", sheet.stem)
    )
    return "".join(f'<link rel="stylesheet" href=".{ADDRESS}/css/{sheet.name}">' for sheet in sheets)
