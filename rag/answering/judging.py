"""The optional second pass: a model compares each claim with the words that it quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.answering import prompts
from rag.answering.passages import clean
from rag.errors import ModelError
from rag.types import Verdict

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from rag.models.chat import Chat, Message, Meter

_VERDICT = re.compile(r'\{\s*"verdict"\s*:\s*"(\w+)"\s*\}')


def model_judge(
    chat: Chat, *, meter: Meter, config: RunnableConfig | None = None
) -> Callable[[str, Sequence[str]], Verdict | None]:
    """A function from a claim and its quotes to the model's verdict; None when it failed or gave something else.

    Args:
        chat: the model.
        meter: told what the service counted.
        config: LangChain's callbacks, tags, …
    """

    def judge(claim: str, quotes: Sequence[str]) -> Verdict | None:
        shown = "\n".join(f"- “{clean(quote)[0]}”" for quote in quotes)
        asked = prompts.JUDGE_QUESTION.format(quotes=shown, claim=clean(claim)[0])
        messages: list[Message] = [("system", prompts.JUDGE_SYSTEM), ("user", asked)]
        try:
            reply = chat.ask(messages, meter=meter, schema=prompts.JUDGE_SCHEMA, config=config)
        except ModelError as error:
            if error.retryable:
                return None
            raise
        found = set(_VERDICT.findall(reply))
        return next((v for v in prompts.VERDICTS if found == {v}), None)

    return judge
