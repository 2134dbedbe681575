"""Settings → the application: every part is made and put together here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from rag.settings import Settings
from ui.api import articles, ask, mcp, openai_compat, pages, problems
from ui.api.engine import Engine
from ui.api.guard import Guard, Rules
from ui.api.keys import Keys
from ui.api.limits import Rate, Turns
from ui.api.metrics import Metrics
from ui.api.schemas import ArticleIn
from ui.api.service import Service
from ui.api.spool import Spool
from ui.api.writer import Writer
from ui.chat import page

MAX_BODY = 1_000_000
"""Bytes of a body other than an upload."""

ERRANDS = 4
"""Threads for uploads, lists and the like."""

_DESCRIPTION = (
    "Questions to a news archive, in Indonesian or English, answered with verbatim, verified citations. "
    "Errors are problem documents (RFC 9457). Offsets count Unicode code points of an article's text."
)


def make_app(settings: Settings, *, any_host: bool = False) -> FastAPI:
    """The application over the archive of ``settings``.

    Args:
        settings: everything that is set.
        any_host: whether requests by any host name are taken without a key.

    Raises:
        SettingsError: ``KUTIP_API_KEYS`` has an entry that cannot be read.
    """
    keys = Keys.read(settings.api_keys)
    service = _service(settings)
    tools = mcp.server(service)
    rules = Rules(
        keys=keys,
        rate=Rate(settings.rate if keys else 0),
        origins=frozenset(settings.cors),
        any_host=any_host,
        body=MAX_BODY,
        upload=settings.upload * 1_000_000,
    )
    layers = [Middleware(Guard, rules=rules, metrics=service.metrics)]
    if settings.cors:
        layers.append(_cors(settings.cors))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            service.writer.start()
            try:
                yield
            finally:
                service.writer.stop()
                service.turns.close()
                service.errands.close()
                service.engine.close()

    app = FastAPI(
        title="Kutip",
        version=version("kutip"),
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=layers,
    )
    app.include_router(ask.routes(service))
    app.include_router(articles.routes(service))
    app.include_router(openai_compat.routes(service))
    app.include_router(pages.routes(service))
    app.router.routes.extend(mcp.application(tools, max_body=MAX_BODY).router.routes)
    pages.mount_files(app)
    page.mount(app, service)
    problems.install(app)
    _document(app, keys=bool(keys))
    app.state.service = service
    return app


def _service(settings: Settings) -> Service:
    engine, metrics, spool = Engine(settings), Metrics(), Spool(settings.home)
    return Service(
        engine=engine,
        turns=Turns(at_once=settings.answers, waiting=settings.queue),
        errands=Turns(at_once=ERRANDS, waiting=settings.queue),
        spool=spool,
        writer=Writer(engine, spool, metrics),
        metrics=metrics,
    )


def _cors(origins: tuple[str, ...]) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Location", "Retry-After"],
    )


def _document(app: FastAPI, *, keys: bool) -> None:
    """Add to the OpenAPI document what routes do not tell of themselves."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = make()
            components = document.setdefault("components", {})
            for model in (problems.ProblemDocument, ArticleIn):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                components.setdefault("schemas", {})[model.__name__] = schema
            if keys:
                components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
                document["security"] = [{"key": []}]
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way of extending it
