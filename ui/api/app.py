"""Settings → the application: every part is made and put together here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from mcp.server.mcpserver import MCPServer
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from rag.settings import Settings
from ui.api import articles, ask, mcp, openai_compat, pages, problems
from ui.api.admission import Rules
from ui.api.engine import Engine
from ui.api.guard import Guard
from ui.api.keys import Keys
from ui.api.limits import Rate, Turns
from ui.api.metrics import Metrics
from ui.api.schemas import ArticleIn
from ui.api.service import Service
from ui.api.spool import Spool
from ui.api.writer import Writer
from ui.chat.door import Door
from ui.chat.mounting import mount
from ui.chat.users import Sessions, Users, session_key

MAX_BODY = 1_000_000
"""Bytes of a body other than an upload."""

ERRANDS = 4
"""Threads for uploads, lists and the like."""

_DESCRIPTION = (
    "Questions to a news archive, in Indonesian or English, answered with verbatim, verified citations. "
    "Errors are problem documents (RFC 9457). Offsets count Unicode code points of an article's text."
)


def make_app(settings: Settings, *, any_host: bool = False, ui_only: bool = False) -> FastAPI:
    """The application over the archive of ``settings``.

    Args:
        settings: everything that is set.
        any_host: whether requests by any host name are taken when there are neither keys nor users.
        ui_only: whether there is the page alone, without the API and its documentation.

    Raises:
        SettingsError: ``KUTIP_API_KEYS`` or ``KUTIP_USERS`` has an entry that cannot be read.
    """
    keys, door = Keys.read(settings.api_keys), _door(settings)
    service = _service(settings)
    tools = mcp.server(service)
    layers = [Middleware(Guard, rules=_rules(settings, keys, door, any_host=any_host), metrics=service.metrics)]
    if settings.cors:
        layers.append(_cors(settings.cors))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with nullcontext() if ui_only else tools.session_manager.run():
            service.writer.start()
            try:
                yield
            finally:
                service.writer.stop()
                service.turns.close()
                service.errands.close()
                service.engine.close()
                if door is not None:
                    door.close()

    app = FastAPI(
        title="Kutip",
        version=version("kutip"),
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None if ui_only else "/openapi.json",
        lifespan=lifespan,
        middleware=layers,
    )
    app.include_router(pages.operation(service))
    if not ui_only:
        _api(app, service, tools)
    mount(app, service, door)
    problems.install(app)
    _document(app, keys=bool(keys))
    app.state.service = service
    return app


def _api(app: FastAPI, service: Service, tools: MCPServer[Any]) -> None:
    """Everything that is for programs."""
    app.include_router(ask.routes(service))
    app.include_router(articles.routes(service))
    app.include_router(openai_compat.routes(service))
    app.include_router(pages.documentation())
    app.router.routes.extend(mcp.application(tools, max_body=MAX_BODY).router.routes)
    pages.mount_files(app)


def _door(settings: Settings) -> Door | None:
    """Where one logs in; None without users."""
    users = Users.read(settings.users)
    return Door(users, Sessions(users, session_key(settings.home))) if users else None


def _rules(settings: Settings, keys: Keys, door: Door | None, *, any_host: bool) -> Rules:
    return Rules(
        keys=keys,
        rate=Rate(settings.rate if keys else 0),
        sessions=door.sessions if door is not None else None,
        origins=frozenset(settings.cors),
        any_host=any_host,
        read_only=settings.read_only,
        body=MAX_BODY,
        upload=settings.upload * 1_000_000,
    )


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
