"""Settings → what writes answers with a language model, when one is set.

What talks to a service is imported only when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answering.generative import Generative
    from rag.models.chat import Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What writes answers with a language model."""

    chat: Chat
    generative: Generative
    judge: bool
    """Whether the model also judges each claim."""


def open_writing(settings: Settings) -> Writing:
    """The language model that is set.

    Raises:
        SettingsError: it cannot be used.
    """
    from rag.answering.generative import Generative
    from rag.models.chat import chat_model

    chat = chat_model(
        settings.model,
        key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout=settings.timeout,
        retries=settings.retries,
    )
    generative = Generative(chat, context=settings.context)
    return Writing(chat=chat, generative=generative, judge=settings.verify == "model")
