"""Chat models: messages in, the text of the reply out as it arrives, from OpenAI and every compatible server.

What a server does not know (structured output, temperature, …) is found out from its first refusal and remembered for
the process. The vendor's client retries what is refused or cannot be reached; nothing here retries that again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from rag.errors import Fault, ModelError, SettingsError
from rag.models.faults import Service, UnsupportedError, mapped
from rag.models.pricing import usage
from rag.settings import OPENAI_URL, Secret
from rag.stopping import stop_of, stoppable
from rag.types import Usage

Message = tuple[Literal["system", "user", "assistant"], str]

MAX_REPLY = 60_000
"""Characters of a reply; a longer one is broken off."""
_PATIENCE = 10
"""A whole reply may take this many times the time-out, so that a stream that drips cannot go on for ever."""
_FORMATS = ("schema", "json", "text")


@dataclass(slots=True)
class Meter:
    """Tokens of one answer, over all requests that it took; safe to share between threads."""

    service: Service
    input_tokens: int = 0
    output_tokens: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, counted: Mapping[str, Any]) -> None:
        """Add what the service reported for one request."""
        with self._lock:
            self.input_tokens += counted.get("input_tokens") or 0
            self.output_tokens += counted.get("output_tokens") or 0

    @property
    def usage(self) -> Usage | None:
        """What was used so far; None when the service reported nothing."""
        if not self.input_tokens and not self.output_tokens:
            return None
        hosted = self.service.url.startswith(OPENAI_URL)
        return usage(self.service.model, self.input_tokens, self.output_tokens, hosted=hosted)


@dataclass(slots=True)
class _Dialect:
    """What a server is known to take."""

    format: str
    options: dict[str, Any]
    stream_usage: bool

    def without(self, feature: str | None) -> _Dialect | None:
        """The dialect without the refused field, or without all when that is not told; None when it has none."""
        if feature == "response_format" and self.format != "text":
            return _Dialect(_FORMATS[_FORMATS.index(self.format) + 1], self.options, self.stream_usage)
        if feature in self.options:
            return _Dialect(self.format, {k: v for k, v in self.options.items() if k != feature}, self.stream_usage)
        if feature == "stream_options" and self.stream_usage:
            return _Dialect(self.format, self.options, False)
        plainest = _Dialect("text", {}, False)
        return plainest if self != plainest else None


_learnt: dict[tuple[str, str], _Dialect] = {}
"""Per address and model, for the process."""


class Chat:
    """One chat model behind one service; safe to use from several threads."""

    def __init__(self, model: BaseChatModel, *, name: str, service: Service, timeout: float) -> None:
        self._model = model
        self.name = name
        """``provider:name``, as shown in ``engine``."""
        self.service = service
        self._timeout = timeout
        self._openai = name.startswith("openai:")

    def meter(self) -> Meter:
        """A new meter for one answer."""
        return Meter(self.service)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        meter: Meter,
        schema: Mapping[str, Any] | None = None,
        config: RunnableConfig | None = None,
    ) -> Iterator[str]:
        """The reply, piece by piece. Closing the iterator closes the connection, also while nothing arrives.

        Args:
            messages: the conversation.
            meter: told what the service counted.
            schema: JSON schema (all properties required, no others) that the reply is to have; asked for in the
                strictest form that the server knows, so the messages must ask for it in words as well.
            config: LangChain's callbacks, tags, …; see also `rag.stopping.with_stop`.

        Raises:
            ModelError: the service failed, or the reply broke off (fault ``dropped``), is empty, or has no end.
            StoppedError: the signal of ``config`` was set.
        """
        place = (self.service.url, self.service.model)
        while True:
            dialect = _learnt.get(place) or self._fullest()
            try:
                yield from self._pieces(messages, dialect, meter, schema, config)
            except UnsupportedError as error:
                plainer = dialect.without(error.feature)
                if plainer is None:
                    _learnt.pop(place, None)
                    raise
                _learnt[place] = plainer
            else:
                return

    def ask(
        self, messages: Sequence[Message], *, meter: Meter, schema: Mapping[str, Any] | None = None,
        config: RunnableConfig | None = None,
    ) -> str:  # fmt: skip
        """The whole reply; see `stream`."""
        return "".join(self.stream(messages, meter=meter, schema=schema, config=config))

    def _fullest(self) -> _Dialect:
        if not self._openai:
            return _Dialect("text", {}, False)
        options: dict[str, Any] = {"temperature": 0}
        if self.service.url.startswith(OPENAI_URL):
            options["reasoning_effort"] = "none"  # its newer models take a temperature only without reasoning
        return _Dialect("schema", options, True)

    def _pieces(
        self,
        messages: Sequence[Message],
        dialect: _Dialect,
        meter: Meter,
        schema: Mapping[str, Any] | None,
        config: RunnableConfig | None,
    ) -> Iterator[str]:
        options: dict[str, Any] = dict(dialect.options)
        if self._openai:
            options["stream_usage"] = dialect.stream_usage
        if schema is not None and dialect.format != "text":
            options["extra_body"] = {"response_format": _response_format(dialect.format, schema)}
        reply = _Reply(self.service, deadline=time.monotonic() + _PATIENCE * self._timeout)
        arriving = cast(Any, self._model.astream(cast(Any, list(messages)), config=config, **options))
        chunks = stoppable(arriving, stop_of(config))
        try:
            with mapped(self.service), closing(cast(Any, chunks)):
                for chunk in chunks:
                    reply.take(chunk)
                    if chunk.text:
                        yield chunk.text
        except ModelError as error:
            if error.fault == "unreachable" and reply.begun:
                raise reply.error("dropped", "that is whole", "the connection break off") from error
            raise
        finally:
            meter.add(reply.counted)
        reply.check_end(expect_reason=self._openai)


@dataclass(slots=True)
class _Reply:
    """What is known of a reply besides its text."""

    service: Service
    deadline: float
    length: int = 0
    begun: bool = False
    words: bool = False
    ended: str | None = None
    counted: Mapping[str, Any] = field(default_factory=dict)

    def take(self, chunk: Any) -> None:
        """Note one chunk; LangChain's chunks of all providers carry these fields."""
        self.begun = True
        self.length += len(chunk.text)
        self.words = self.words or bool(chunk.text.strip())
        self.counted = chunk.usage_metadata or self.counted
        self.ended = chunk.response_metadata.get("finish_reason") or self.ended
        if self.length > MAX_REPLY:
            raise self.error("huge", f"at most {MAX_REPLY:,} characters", "far more")
        if time.monotonic() > self.deadline:
            raise self.error("timeout", "in time", "one that goes on and on")

    def check_end(self, *, expect_reason: bool) -> None:
        """Raise when the reply, which has ended, is not one."""
        if self.ended == "content_filter":
            raise self.error("filter", "", "its content filter stop it")
        if expect_reason and self.ended is None:
            raise self.error("dropped", "that is whole", "the connection break off")
        if not self.words:
            raise self.error("empty", "with words in it", "an empty one")

    def error(self, fault: Fault, expected: str, seen: str) -> ModelError:
        """What to raise for this reply."""
        wanted = f"Expected a reply of {self.service.model} {expected}".rstrip()
        return ModelError(f"{wanted}, saw {seen}: try again, or choose another model.", fault=fault)


def _response_format(form: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """See https://platform.openai.com/docs/guides/structured-outputs."""
    if form == "json":
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}


def chat_model(name: str, *, key: Secret | None, base_url: str | None, timeout: float, retries: int) -> Chat:
    """A chat model by name.

    Args:
        name: ``provider:model``; ``openai`` stands for every OpenAI-compatible server.
        key: for ``openai``; a local server may need none. Other providers read their own variables.
        base_url: of the server; None for OpenAI itself.
        timeout: seconds of silence, > 0.
        retries: of a request that was refused for the moment or did not arrive, >= 0; ``Retry-After`` is kept to.

    Raises:
        SettingsError: the provider is not known, not installed, or has no key.
    """
    provider, _, model = name.partition(":")
    options: dict[str, Any] = {}
    if provider == "openai":
        options = {
            "api_key": key.reveal() if key else "none",
            "base_url": base_url or OPENAI_URL,
            "timeout": timeout,
            "max_retries": retries,
            "use_responses_api": False,
            "stream_chunk_timeout": _PATIENCE * timeout,  # of a stream that is kept alive and says nothing
        }
    try:
        made = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise SettingsError(
            f"Expected the package of KUTIP_MODEL's provider, saw none: pip install langchain-{provider}."
        ) from error
    except ValueError as error:
        raise SettingsError(
            f"Expected KUTIP_MODEL to name a provider of LangChain whose key is set, saw {name!r}: see docs/models.md."
        ) from error
    url = (base_url or OPENAI_URL) if provider == "openai" else f"https://{provider}"
    return Chat(made, name=name, service=Service(model=model, url=url, key=key), timeout=timeout)
