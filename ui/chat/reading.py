"""What the page wants to know of the server and its articles, as plain JSON types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any

from rag.boilerplate import boilerplate
from ui.api.service import Service
from ui.present import article_object


def about(service: Service) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """What the page needs before anything is asked."""

    async def about(language: str) -> dict[str, Any]:
        kutip = await service.blocking(service.engine.kutip)
        settings = service.engine.settings
        return {
            "version": version("kutip"), "answerer": settings.model if settings.has_model else "extractive",
            "has_model": settings.has_model, "embedder": kutip.embedder.name, "articles": len(kutip.articles()),
            "read_only": False, "user": None, "max_upload": settings.upload * 1_000_000, "max_question": 2000,
            "suggestions": [], "quality": False, "ready": True, "problem": None,
        }  # fmt: skip

    return about


def article(service: Service) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """An article with its text and which parts of it are never quoted."""

    async def article(id: str) -> dict[str, Any]:
        found = await service.blocking(lambda: service.engine.index.article(id))
        if found is None:
            return {"error": {"kind": "gone", "message": f"There is no article {id} any more."}}
        return article_object(found) | {
            "sha256": found.sha256, "text": found.text, "sentences": [list(span) for span in found.sentences],
            "boilerplate": [list(span) for span in boilerplate(found.text)],
        }  # fmt: skip

    return article
