"""Health, counters, and the documentation page, whose files come from this machine."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from pathlib import Path

import fastapi_swagger  # type: ignore[import-untyped]  # no stubs; only its place is used
from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from ui.api import metrics
from ui.api.problems import responses
from ui.api.service import Service

_SWAGGER = Path(fastapi_swagger.__file__).parent / "resources"
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Kutip API</title>
<link rel="icon" href="docs/files/favicon-32x32.png"><link rel="stylesheet" href="docs/files/swagger-ui.css"></head>
<body><div id="docs"></div><script src="docs/files/swagger-ui-bundle.js"></script><script src="docs/start.js"></script>
</body></html>
"""
_START = "SwaggerUIBundle({url: 'openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null});\n"


def operation(service: Service) -> APIRouter:
    """Routes for those who run the server."""
    router = APIRouter()

    @router.get("/healthz", tags=["operation"], responses=responses(), summary="The process answers")
    async def healthz() -> dict[str, str]:
        """Says that the process lives; whether it can answer questions says ``/readyz``."""
        return {"status": "ok", "version": version("kutip")}

    @router.get("/readyz", tags=["operation"], responses=responses(), summary="Questions can be answered")
    async def readyz() -> dict[str, str]:
        """200 when the archive answers, else 503 with the reason."""
        await asyncio.to_thread(service.engine.check)  # not in the line of the questions: it tells of a full one too
        return {"status": "ready"}

    @router.get(
        "/metrics", tags=["operation"], responses=responses(), response_class=Response, summary="For Prometheus"
    )
    async def prometheus() -> Response:
        """Counters of this process."""
        service.metrics.held.set(service.turns.held)
        return Response(service.metrics.text(), media_type=metrics.CONTENT_TYPE)

    return router


def documentation() -> APIRouter:
    """The page that documents the API."""
    router = APIRouter()

    @router.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _CSP})

    @router.get("/docs/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    return router


def mount_files(app: FastAPI) -> None:
    """Serve Swagger UI's files."""
    app.mount("/docs/files", StaticFiles(directory=_SWAGGER), name="docs-files")
