"""A text of the page in, the verdicts on its sentences out, as they are found."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr

from rag.types import Hit
from rag.verifying.checking import MAX_TEXT, CheckedSentence, check_each
from ui.api.service import Service
from ui.chat.calls import language_of
from ui.chat.shapes import CheckEvent, words
from ui.chat.telling import told
from ui.chat.threads import Work, telling
from ui.present_check import check_object

STEPS = 40
"""How often the verdicts so far are told, at most: they are sent anew each time."""

State = dict[str, Any]
_Progress = tuple[int, int, list[CheckedSentence]]
"""Sentences that are done, sentences there are, verdicts so far."""


def checking(service: Service) -> Callable[[gr.EventData], AsyncIterator[State]]:
    """What answers the event ``check``; closing it stops the work."""

    async def check(event: gr.EventData) -> AsyncIterator[State]:
        sent: Any = event._data
        language = language_of(sent)
        state: State = {
            "run": sent.get("run") if isinstance(sent, dict) else None,
            "state": "working", "done": 0, "of": 0, "result": None, "error": None,
        }  # fmt: skip
        try:
            text = CheckEvent.model_validate(sent).text
            words(text, most=MAX_TEXT)
            yield state
            progress = telling(service.turns, _work(service, text))
            async with aclosing(progress):
                async for done, of, checked in progress:
                    state = state | {"done": done, "of": of, "result": result_object(checked)}
                    yield state
            yield state | {"state": "done"}
        except Exception as error:  # the boundary: the page must get an answer
            yield state | {"state": "failed", "error": told(error, language)}

    return check


def result_object(checked: Sequence[CheckedSentence]) -> dict[str, Any]:
    """As `check_object`, with the number, publisher and date of each piece of evidence."""
    result = check_object(checked)
    for sentence, shown in zip(checked, result["sentences"], strict=True):
        for citation, evidence in zip(sentence.evidence, shown["evidence"], strict=True):
            evidence |= {"id": citation.id, "publisher": citation.publisher, "published": citation.published}
    return result


def _work(service: Service, text: str) -> Work[_Progress]:
    def work(tell: Callable[[_Progress], None], stopped: threading.Event) -> None:
        kutip = service.engine.kutip()

        def search(sentence: str) -> tuple[Hit, ...]:
            return kutip.search(sentence)

        of, verdicts = check_each(text, search=search, articles=kutip.index.articles_by_id, glossary=kutip.glossary)
        checked: list[CheckedSentence] = []
        tell((0, of, []))
        for verdict in verdicts:
            if stopped.is_set():
                return
            checked.append(verdict)
            if len(checked) == of or len(checked) % -(-of // STEPS) == 0:
                tell((len(checked), of, list(checked)))

    return work
