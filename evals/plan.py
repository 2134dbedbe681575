"""What a run consists of, before anything is asked: versions, the run's id, its examples in order, its shard.

The id is a hash of everything that can change a row, so the same run has the same id on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import evals
import rag
from evals.cache import key
from evals.dataset import Case, digest
from rag.errors import InputError
from rag.types import Article

BASELINES = ("nothing", "lead", "passage")
"""Systems that show what the numbers of others are worth."""
ANSWERERS = ("extractive", "model", *BASELINES)


@cache
def engine_version() -> str:
    """Hash of the engine's code and data files, 12 hex digits."""
    return _hash_files(Path(rag.__file__).parent)


@cache
def evals_version() -> str:
    """Hash of the evaluation's code, 12 hex digits; the cases have their own digest."""
    return _hash_files(Path(evals.__file__).parent, suffixes=(".py",))


def _hash_files(root: Path, suffixes: tuple[str, ...] = ()) -> str:
    found = sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and (not suffixes or path.suffix in suffixes):
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One example: a system and a case."""

    answerer: str
    case: Case

    @property
    def key(self) -> str:
        """``answerer/split/id``: unique in a run."""
        return f"{self.answerer}/{self.case.split}/{self.case.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run to be made."""

    config: dict[str, Any]
    """Everything that can change a row, as plain JSON types."""
    units: tuple[Unit, ...]
    """Answerer by answerer, each in the order of the cases."""

    @property
    def run(self) -> str:
        """The run's id, 12 hex digits."""
        return key(self.config)[:12]

    def shard(self, number: int, of: int) -> tuple[Unit, ...]:
        """The ``number``-th (from 1) of ``of`` parts, dealt out in turn.

        Raises:
            InputError: when ``1 <= number <= of`` does not hold.
        """
        if not 1 <= number <= of:
            raise InputError(f"Expected a shard i/n with 1 <= i <= n, saw {number}/{of}.")
        return self.units[number - 1 :: of]


def make(
    cases: Sequence[Case], articles: Iterable[Article], answerers: Mapping[str, str], judges: Mapping[str, str]
) -> Plan:
    """Plan a run.

    Args:
        cases: of all splits, in order.
        articles: the archive.
        answerers: names with what they depend on besides the engine (a model's name).
        judges: names with versions.
    """
    archive = sorted((article.id, article.sha256) for article in articles)
    config = {
        "schema": 1,
        "cases": digest(cases),
        "splits": sorted({case.split for case in cases}),
        "archive": key(archive),
        "answerers": dict(answerers),
        "judges": dict(judges),
        "engine": engine_version(),
        "evals": evals_version(),
    }
    return Plan(config=config, units=tuple(Unit(answerer=name, case=case) for name in answerers for case in cases))
