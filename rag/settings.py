"""Settings: the ``KUTIP_*`` and ``OPENAI_*`` variables, read once at the entry point and passed down as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, cast, get_args

import platformdirs

from rag.errors import SettingsError

Answerer = Literal["auto", "extractive", "model"]
Verify = Literal["rules", "model"]

DEFAULT_MODEL = "openai:gpt-6-luna"
"""Used when there is a key and no ``KUTIP_MODEL``."""
BUILTIN = "builtin"
"""Name of the embedder that needs no service."""
OPENAI_URL = "https://api.openai.com/v1"

_SERVICE = {"OPENAI_API_KEY": "openai_api_key", "OPENAI_BASE_URL": "openai_base_url"}
_NUMBERS: dict[str, tuple[int, int]] = {
    "timeout": (1, 3600), "retries": (0, 10), "context": (1_000, 2_000_000),
    "rate": (0, 1_000_000), "answers": (1, 1_000), "queue": (0, 100_000), "upload": (1, 1_000),
}  # fmt: skip
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_NAMED = re.compile(r"[a-z][a-z_]*:\S+")


class Secret:
    """A value that prints masked; ``reveal`` gives it to the one who needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: never to be printed, logged or written to a file."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set from outside; a field ``name`` is read from ``KUTIP_NAME``, the last two as named."""

    home: Path
    """Folder of the index and its caches. Default: the platform's user data folder."""
    glossary: Path | None = None
    """A further glossary file in the format of ``rag/data/glossary.tsv``; its entries go before the built-in ones."""
    answerer: Answerer = "auto"
    """``auto`` is the model when a service is set (see `has_model`), else ``extractive``."""
    model: str = DEFAULT_MODEL
    """Chat model as ``provider:name``."""
    embedder: str = BUILTIN
    """``builtin``, or ``openai:`` and the name of an embedding model."""
    verify: Verify = "rules"
    """``model`` has the model judge each claim a second time."""
    timeout: int = 60
    """Seconds of silence from a service before a request counts as failed, 1..3600."""
    retries: int = 2
    """How often a request is sent again after a passing fault, 0..10."""
    context: int = 16_000
    """Tokens of a prompt and its reply together, 1,000..2,000,000."""
    openai_api_key: Secret | None = None
    """``OPENAI_API_KEY``."""
    openai_base_url: str | None = None
    """``OPENAI_BASE_URL``: any OpenAI-compatible server, for example ``http://localhost:11434/v1``."""
    chroma: str | None = None
    """A Chroma server, as ``http://host:port``, that holds the archive instead of ``home``."""
    api_keys: Secret | None = None
    """Keys of the HTTP API, as ``kutip serve`` takes them; None when everybody may ask."""
    cors: tuple[str, ...] = ()
    """Origins whose web pages may use the HTTP API, separated by commas; ``*`` for all."""
    rate: int = 600
    """Requests a minute that each key of the HTTP API may make, 0..1,000,000; 0 for any number."""
    answers: int = 8
    """Answers that the HTTP API works on at a time, 1..1,000."""
    queue: int = 256
    """Requests that wait for their turn beyond that, 0..100,000; more are sent away."""
    upload: int = 32
    """Megabytes that one upload may have, 1..1,000."""
    users: Secret | None = None
    """Who may log in to the page: entries that ``kutip password NAME`` makes, separated by white space; None for no
    log-in."""
    read_only: bool = False
    """Whether the server refuses to add and remove articles."""
    report: Path | None = None
    """An evaluation report (the page that ``kutip eval report`` writes) that the chat page shows instead of the
    checkout's own."""
    model_named: bool = False
    """Whether ``KUTIP_MODEL`` was given; not itself read from the environment."""

    @property
    def has_model(self) -> bool:
        """Whether a chat model can be asked: a key, or a server and a model's name, or another provider by name."""
        if not self.model.startswith("openai:"):
            return True
        return self.openai_api_key is not None or (self.openai_base_url is not None and self.model_named)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read settings from an environment.

        Raises:
            SettingsError: for a ``KUTIP_*`` variable that is not known, so that a typo is not silently ignored, and for
                a value that cannot be used.
        """
        known = _known()
        for name in sorted(env):
            if name.startswith("KUTIP_") and name not in known:
                close = get_close_matches(name, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}."
                raise SettingsError(f"{name} is not a setting of Kutip: {hint}")
        values = {known[name]: env[name].strip() for name in env if name in known and env[name].strip()}
        home = Path(values.get("home") or platformdirs.user_data_path("kutip", appauthor=False))
        glossary = values.get("glossary")
        key, url = values.get("openai_api_key"), values.get("openai_base_url")
        return cls(
            home=home.expanduser().absolute(),
            glossary=Path(glossary).expanduser().absolute() if glossary else None,
            answerer=cast(Answerer, one_of("KUTIP_ANSWERER", values.get("answerer", "auto"), get_args(Answerer))),
            model=_named("KUTIP_MODEL", values.get("model", DEFAULT_MODEL), DEFAULT_MODEL),
            embedder=_embedder(values.get("embedder", BUILTIN)),
            verify=cast(Verify, one_of("KUTIP_VERIFY", values.get("verify", "rules"), get_args(Verify))),
            timeout=_number("timeout", values.get("timeout"), 60),
            retries=_number("retries", values.get("retries"), 2),
            context=_number("context", values.get("context"), 16_000),
            openai_api_key=Secret(key) if key else None,
            openai_base_url=_url(url) if url else None,
            chroma=_server(values["chroma"]) if "chroma" in values else None,
            api_keys=Secret(values["api_keys"]) if "api_keys" in values else None,
            cors=tuple(origin.strip() for origin in values.get("cors", "").split(",") if origin.strip()),
            rate=_number("rate", values.get("rate"), 600),
            answers=_number("answers", values.get("answers"), 8),
            queue=_number("queue", values.get("queue"), 256),
            upload=_number("upload", values.get("upload"), 32),
            users=Secret(values["users"]) if "users" in values else None,
            read_only=_flag("read_only", values.get("read_only", "no")),
            report=Path(values["report"]).expanduser().absolute() if "report" in values else None,
            model_named="model" in values,
        )


def _known() -> dict[str, str]:
    """Names of the variables that are read, and the fields they set."""
    others = {"model_named", *_SERVICE.values()}
    return {f"KUTIP_{f.name.upper()}": f.name for f in fields(Settings) if f.name not in others} | _SERVICE


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """``value`` when it is allowed.

    Raises:
        SettingsError: naming the setting or option, what it may be, and what was seen.
    """
    if value not in allowed:
        raise SettingsError(f"Expected {name} to be one of {', '.join(allowed)}, saw {value!r}.")
    return value


def _named(name: str, value: str, example: str) -> str:
    if not _NAMED.fullmatch(value):
        raise SettingsError(f"Expected {name} as provider:model, such as {example}, saw {value!r}.")
    return value


def _embedder(value: str) -> str:
    if value != BUILTIN and not re.fullmatch(r"openai:\S+", value):
        raise SettingsError(
            f"Expected KUTIP_EMBEDDER as builtin or openai:model, like openai:text-embedding-3-small, saw {value!r}."
        )
    return value


def _number(field: str, value: str | None, default: int) -> int:
    if value is None:
        return default
    low, high = _NUMBERS[field]
    if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
        raise SettingsError(f"Expected KUTIP_{field.upper()} to be a whole number {low:,}..{high:,}, saw {value!r}.")
    return int(value)


def _flag(field: str, value: str) -> bool:
    return _FLAGS[one_of(f"KUTIP_{field.upper()}", value.lower(), tuple(_FLAGS))]


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise SettingsError(
            "Expected OPENAI_BASE_URL as http://host:port/v1 without a user name or password, saw something else."
        )
    return value.rstrip("/")


def _server(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@:]+(:\d{1,5})?/?", value):
        raise SettingsError("Expected KUTIP_CHROMA as http://host:port, saw something else.")
    return value.rstrip("/")
