"""Hits → growing Drafts, written by a language model from numbered passages; claims come out as the reply arrives.

The model only proposes: what it quotes is looked up and what it claims is checked by verification. When it fails for
the moment, or twice gives what cannot be read, the fallback's draft comes out instead, flagged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answering import prompts
from rag.answering.passages import Passage, boundary, clean, conversation, fences, pack, show
from rag.answering.replies import MalformedError, RawClaim, ReplyReader
from rag.errors import Fault, ModelError
from rag.finding.question import Query
from rag.models.tokens import counter
from rag.types import Draft, DraftClaim, Hit, Quote, Turn

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from rag.models.chat import Chat, Message, Meter

REPLY_TOKENS = 2_000
"""Left free for the reply."""
_TURNS = 2
"""Turns of the conversation that are shown."""
_SHOWN_REPLY = 8_000
"""Characters of a broken reply that are sent back with the request to mend it."""
_SMALLEST = 1_000
"""Tokens of context below which nothing is gained by trying again with fewer passages."""
_ONCE_MORE: frozenset[Fault] = frozenset({"dropped", "empty"})
_MARKER = re.compile(r"\s*(?:\[\d+(?:\s*,\s*\d+)*\]\s*)+(?=[.!?]?$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One question with its passages, ready to be asked."""

    query: Query
    passages: tuple[Passage, ...]
    messages: tuple[Message, ...]


class Generative:
    """Writes drafts with one chat model; safe to use from several threads."""

    def __init__(self, chat: Chat, *, context: int) -> None:
        """Keep what all questions share.

        Args:
            chat: the model.
            context: tokens of a prompt and its reply together.
        """
        self._chat = chat
        self._context = context
        self._count = counter(chat.service.model)

    def drafts(
        self,
        query: Query,
        hits: Sequence[Hit],
        history: Sequence[Turn] = (),
        *,
        instead: Callable[[], Draft],
        meter: Meter | None = None,
        config: RunnableConfig | None = None,
    ) -> Iterator[Draft]:
        """Yield the draft as it grows by whole claims; the last one is complete and carries the usage.

        Args:
            query: a full question.
            hits: best first.
            history: earlier turns, to understand the question.
            instead: the draft without a model, for when this one fails for the moment.
            meter: told what the service counted.
            config: LangChain's callbacks, tags, …

        Raises:
            ModelError: the key or the model's name is wrong, or the service refuses the request.
        """
        meter = meter or self._chat.meter()
        if not hits:
            yield Draft(claims=(), reason=prompts.NO_REASON[query.language], answerer=self._chat.name)
            return
        try:
            yield from self._written(query, hits, history, meter, config)
        except ModelError as error:
            if not error.retryable:
                raise
            noted = prompts.degraded(error.fault, query.language)
            yield replace(instead(), degraded=noted, usage=meter.usage)

    def _written(
        self, query: Query, hits: Sequence[Hit], history: Sequence[Turn], meter: Meter, config: RunnableConfig | None
    ) -> Iterator[Draft]:
        context = self._context
        while True:
            task = self._task(query, hits, history, context)
            try:
                yield from self._tries(task, meter, config)
            except ModelError as error:
                if error.fault != "overflow" or context // 2 < _SMALLEST:
                    raise
                context //= 2
            else:
                return

    def _tries(self, task: _Task, meter: Meter, config: RunnableConfig | None) -> Iterator[Draft]:
        """Ask; a reply that breaks off is asked for once more, one that cannot be read is sent back once."""
        messages = list(task.messages)
        spent: set[Fault] = set()
        shown = 0
        while True:
            reader = ReplyReader()
            try:
                for draft in self._read(reader, messages, task, meter, config):
                    if len(draft.claims) > shown:
                        shown = len(draft.claims)
                        yield draft
                reason = reader.finish()
            except MalformedError as error:
                if "malformed" in spent:
                    said = f"Expected a reply of {self._chat.service.model} in JSON, saw two that cannot be read."
                    raise ModelError(said, fault="malformed") from error
                spent.add("malformed")
                repair = prompts.REPAIR.format(error=error)
                messages = [*task.messages, ("assistant", reader.text[:_SHOWN_REPLY]), ("user", repair)]
            except ModelError as error:
                if error.fault not in _ONCE_MORE or error.fault in spent:
                    raise
                spent.add(error.fault)
            else:
                yield self._draft(task, reader.claims, reason=reason, meter=meter)
                return

    def _read(
        self, reader: ReplyReader, messages: Sequence[Message], task: _Task, meter: Meter, config: RunnableConfig | None
    ) -> Iterator[Draft]:
        """Drafts of the claims that have ended, while the reply arrives."""
        pieces = self._chat.stream(messages, meter=meter, schema=prompts.ANSWER_SCHEMA, config=config)
        try:
            with closing(pieces):  # type: ignore[type-var]  # a generator
                for piece in pieces:
                    if reader.feed(piece):
                        yield self._draft(task, reader.claims)
        except ModelError as error:
            if error.fault != "dropped" or not reader.is_whole:
                raise  # else nothing is missing but the server's goodbye

    def _draft(
        self, task: _Task, raw: Sequence[RawClaim], *, reason: str | None = None, meter: Meter | None = None
    ) -> Draft:
        claims = tuple(_claim(claim, task.passages) for claim in raw)
        why = None
        if not claims:
            why = clean(reason)[0] if reason else prompts.NO_REASON[task.query.language]
        return Draft(claims=claims, reason=why, answerer=self._chat.name, usage=meter.usage if meter else None)

    def _task(self, query: Query, hits: Sequence[Hit], history: Sequence[Turn], context: int) -> _Task:
        """The prompt, with as many passages as the context has room for.

        Raises:
            ModelError: not even the first sentence fits (fault ``overflow``).
        """
        language = prompts.LANGUAGES[query.language]
        turns = conversation(history[-_TURNS:])
        begin, end = fences("N", "0" * 8)
        system = prompts.ANSWER_SYSTEM.format(open=begin, close=end, language=language)
        told = prompts.ANSWER_QUESTION.format(passages="", turns=turns, language=language, question=query.text)
        budget = context - REPLY_TOKENS - self._count(system) - self._count(told)
        passages = pack(hits, budget=budget, count_tokens=self._count)
        if not passages:
            raise ModelError(
                f"Expected room for a passage in {context:,} tokens, saw none: raise KUTIP_CONTEXT.", fault="overflow"
            )
        mark = boundary(passages, query.text)
        begin, end = fences("N", mark)
        system = prompts.ANSWER_SYSTEM.format(open=begin, close=end, language=language)
        asked = prompts.ANSWER_QUESTION.format(
            passages=show(passages, mark), turns=turns, language=language, question=clean(query.text)[0]
        )
        return _Task(query=query, passages=passages, messages=(("system", system), ("user", asked)))


def _claim(raw: RawClaim, passages: Sequence[Passage]) -> DraftClaim:
    text = _MARKER.sub("", " ".join(clean(raw.text)[0].split()))
    return DraftClaim(text=text, quotes=tuple(_quote(quote.passage, quote.text, passages) for quote in raw.quotes))


def _quote(number: int | None, text: str, passages: Sequence[Passage]) -> Quote:
    """A quote of a passage that was shown; under any other number one that cannot be found anywhere."""
    if number is None or not 1 <= number <= len(passages):
        return Quote(text=text, article_id="")
    return passages[number - 1].quote(text)
