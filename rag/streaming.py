"""An answer that is watched while it is made: its passages are told when found, and it can be stopped in between.

A request comes in; growing verified answers go out, as from the pipeline itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document

from rag.pipeline import Kutip
from rag.stopping import look, with_stop
from rag.types import Answer, Request

Passages = Callable[[list[dict[str, Any]]], None]
"""Called once with the passages of the answer, each as `rag.schema.hit_object` has it."""


def watched(kutip: Kutip, request: Request, *, passages: Passages, stopped: threading.Event) -> Iterator[Answer]:
    """Yield the answer as it grows, the complete one last; see `Kutip.stream`.

    Args:
        kutip: who answers.
        request: the question.
        passages: see `Passages`; called in the thread that iterates.
        stopped: once set, the work ends at the next passage or claim; a request to a model is broken off at once.

    Raises:
        StoppedError: ``stopped`` was set before the answer was complete.
    """
    config = with_stop({"callbacks": [_Watch(passages, stopped)]}, stopped)
    answers = kutip.stream(request, config=config)
    with closing(answers):  # type: ignore[type-var]  # a generator
        for answer in answers:
            look(stopped)
            yield answer


class _Watch(BaseCallbackHandler):
    """Hears what LangChain tells of a run."""

    raise_error = True
    ignore_llm = True

    def __init__(self, passages: Passages, stopped: threading.Event) -> None:
        self._passages = passages
        self._stopped = stopped

    def on_retriever_end(self, documents: Sequence[Document], **kwargs: Any) -> None:
        """Passages are there."""
        look(self._stopped)
        self._passages([document.metadata for document in documents])
