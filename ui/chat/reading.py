"""What the page wants to know of the server, an article and a quote, as plain JSON types."""

from __future__ import annotations

from importlib.metadata import version
from textwrap import shorten
from typing import Any

from rag.articles.boilerplate import boilerplate
from rag.errors import KutipError
from rag.pipeline import MAX_QUESTION, Kutip
from rag.schema import citation_object
from rag.types import Article, Hit
from rag.verifying.checking import Corroboration, corroborating
from rag.verifying.support import MAX_CLAIM
from ui.api.service import Service
from ui.chat.calls import Caller, JsonObject, Served, served
from ui.chat.quality import report_file
from ui.chat.shapes import NAME, Place
from ui.chat.suggestions import Suggestions
from ui.chat.telling import RefusedError, told
from ui.present import article_object

NEAR = 3
"""Other articles on the same matter that are shown, at most."""
OPENING = 120
"""Characters of an article's first sentence that stand for a title."""
MEGABYTE = 1_000_000


def about(service: Service, suggestions: Suggestions) -> Served:
    """What the page needs before anything is asked.

    It does not wait for suggestions: ``suggesting`` tells that there will be some when it is asked again.
    """

    async def about(language: Any, caller: Caller) -> JsonObject:
        settings = service.engine.settings
        written = settings.has_model and settings.answerer != "extractive"
        known: JsonObject = {
            "version": version("kutip"), "answerer": settings.model if written else "extractive", "has_model": written,
            "embedder": settings.embedder, "articles": 0, "read_only": settings.read_only,
            "user": caller.user, "max_upload": settings.upload * MEGABYTE, "max_question": MAX_QUESTION,
            "suggestions": [], "quality": report_file(settings) is not None, "suggesting": False,
            "ready": True, "problem": None,
        }  # fmt: skip
        try:
            kutip, articles = await service.blocking(lambda: _opened(service))
        except KutipError as error:
            return known | {"ready": False, "problem": told(error, caller.language)["message"]}
        suggested = await suggestions.at_start(caller.language) if articles else []
        return known | {
            "embedder": kutip.embedder.name, "articles": articles, "suggestions": suggested or [],
            "suggesting": suggested is None,
        }  # fmt: skip

    return served("about", about)


def _opened(service: Service) -> tuple[Kutip, int]:
    """The pipeline and how many articles it has."""
    kutip = service.engine.kutip()
    return kutip, kutip.index.page(1, 0)[1]


def article(service: Service) -> Served:
    """An article with its text and which parts of it are never quoted."""

    async def article(id: Any, caller: Caller) -> JsonObject:
        found = await service.blocking(lambda: article_of(service, id))
        return article_object(found) | {
            "opening": opening(found), "sha256": found.sha256, "text": found.text,
            "sentences": [list(span) for span in found.sentences],
            "boilerplate": [list(span) for span in boilerplate(found.text)],
        }  # fmt: skip

    return served("article", article)


def opening(article: Article) -> str | None:
    """How an article without a title begins."""
    if article.title or not article.sentences:
        return None
    first = article.sentences[0]
    return shorten(article.text[first.start : first.end], OPENING, placeholder="…")


def corroborate(service: Service) -> Served:
    """Sentences of other articles that say the same as a quote, and of those that speak of the same."""

    async def corroborate(place: Any, caller: Caller) -> JsonObject:
        given = Place.model_validate(place)
        found = await service.blocking(lambda: _corroborating(service, given))
        return {
            "citations": [citation_object(citation) for citation in found.same],
            "near": [citation_object(citation) for citation in found.near[:NEAR]],
        }

    return served("corroborate", corroborate)


def _corroborating(service: Service, place: Place) -> Corroboration:
    article = article_of(service, place.article_id)
    kutip = service.engine.kutip()

    def search(words: str) -> tuple[Hit, ...]:
        return kutip.search(words, without=[article.id])

    said = article.text[place.start : place.end][:MAX_CLAIM]
    if place.claim not in said:
        said = f"{place.claim[:MAX_CLAIM]}\n{said}"
    return corroborating(
        said, article.id, search=search, articles=kutip.index.articles_by_id, glossary=kutip.glossary
    )  # fmt: skip


def article_of(service: Service, id: Any) -> Article:
    """The article of an id.

    Raises:
        RefusedError: there is none.
    """
    found = service.engine.index.article(id) if isinstance(id, str) and 0 < len(id) <= NAME else None
    if found is None:
        raise RefusedError("gone")
    return found
