"""The page: five views in a Gradio application, each drawn by a module in `static`.

The parts of a server come in; what `ui.chat.mounting` puts at ``/`` goes out. Gradio's part is the transport: events,
streams, uploads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ui.api.service import Service
from ui.chat import export, feedback, library, quality, reading
from ui.chat.addresses import STATIC
from ui.chat.asking import asking
from ui.chat.checking import checking
from ui.chat.suggestions import Suggestions

HANDED_ON = 1_000
"""Events that Gradio hands on at a time, at most; how many are worked on and how many wait says the service."""


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
            f"/* events: {names} */ import(new URL('{STATIC[1:]}/main.js', document.baseURI).href)"
            f".then(m => m.start('{name}', {{element, trigger, watch, props, server}}))"
        ),
        apply_default_css=False,
        elem_id=f"kutip-{name}",
        server_functions=list(functions) or None,
    )


def blocks(service: Service) -> gr.Blocks:
    """The page over the archive of ``service``.

    Gradio has a queue of its own before that of the service. It hands everything on, so that who finds the service's
    queue full is told so at once; should more come than it can hand on, it takes no more than the service would.
    """
    page: gr.Blocks
    suggestions = Suggestions(service)
    with gr.Blocks(title="Kutip", analytics_enabled=False, fill_width=True) as page:
        _view("header", functions=[reading.about(service, suggestions)])
        ask = _view("ask", events=["ask", "stop"], functions=[
            make(service) for make in (reading.article, reading.corroborate, feedback.feedback, export.markdown)
        ])  # fmt: skip
        check = _view("check", events=["check", "stop"])
        _view("articles", functions=[
            make(service) for make in (library.articles, library.add, library.remove, library.job)
        ])  # fmt: skip
        _view("quality", functions=[quality.report(service)])
        for view, event, handler in (
            (ask, ask.ask, asking(service, suggestions)),
            (check, check.check, checking(service)),
        ):
            begun = event(handler, None, view, show_progress="hidden", api_visibility="private", concurrency_limit=None)
            view.stop(None, None, None, cancels=[begun], api_visibility="private")
    page.max_threads = min(service.turns.most + 1, HANDED_ON)
    page.queue(max_size=service.turns.most)
    return page
