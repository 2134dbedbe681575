"""The eval set: questions with gold evidence, the facts an answer must contain and those it must not.

JSON lines come in, frozen `Case` records go out; a line that is not as the schema says is an error with file and line.
The schema is told in ``docs/evaluation.md``; `evals.dataset_check` checks a whole set against the articles.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import InputError
from rag.types import Language

CASES = Path(__file__).parent / "cases"
"""The committed set: ``dev.jsonl`` and ``test.jsonl``."""

SEEDS = Path(__file__).parent.parent / "seeds"
"""The articles it is about; not there in an installed wheel."""

Split = Literal["dev", "test"]
Kind = Literal[
    "fact", "list", "multi", "who_said", "when", "how_long", "quantity", "yes_no", "comparison", "disagreement",
    "relative_date", "follow_up", "off_topic", "near_miss", "false_premise", "injection",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
NEVER_ANSWERABLE = frozenset({"off_topic", "near_miss", "false_premise"})
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REQUIRED = ("id", "split", "language", "question", "type", "answerable", "evidence", "facts", "group")
_OPTIONAL = ("history", "forbidden", "note")


class CaseError(InputError):
    """A case that is not as the schema says; the message starts with file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place in an article that carries a fact."""

    article: str
    quote: str
    """Stands in the article's text exactly once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something an answer says, in any of its accepted wordings."""

    forms: tuple[str, ...]
    required: bool = True
    """False for what is nice to have: it counts for completeness only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with what a right answer is."""

    id: str
    split: Split
    language: Language
    question: str
    history: tuple[str, ...] = ()
    """Earlier questions of the conversation, oldest first."""
    type: Kind
    answerable: bool
    """False: the right answer is to abstain."""
    evidence: tuple[tuple[Evidence, ...], ...]
    """Needs; each is met by any one of its alternatives."""
    facts: tuple[Fact, ...]
    forbidden: tuple[str, ...] = ()
    """Wordings that make an answer wrong."""
    group: str
    """Cases on the same evidence; the unit of the split and of resampling."""
    note: str = ""


def load_split(split: str, folder: Path = CASES) -> tuple[Case, ...]:
    """The cases of one split, in the order of the file.

    Raises:
        CaseError: when the file is missing, or a line of it is not a case of that split.
    """
    path = folder / f"{split}.jsonl"
    cases = load(path)
    for number, case in enumerate(cases, 1):
        if case.split != split:
            raise CaseError(f"{path}:{number}: expected split {split!r} as the file is named, saw {case.split!r}.")
    return cases


def load(path: Path) -> tuple[Case, ...]:
    """Read cases from a file of JSON lines.

    Raises:
        CaseError: when the file cannot be read, a line is not a case, or an id comes twice.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: expected a file of cases in UTF-8, saw {error}.") from error
    cases: list[Case] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        case = parse(line, where)
        if case.id in seen:
            raise CaseError(f"{where}: expected a new id, saw {case.id!r} again (line {seen[case.id]}).")
        seen[case.id] = number
        cases.append(case)
    return tuple(cases)


def parse(line: str, where: str = "case") -> Case:
    """One line as a case; ``where`` (file and line) starts every message.

    Raises:
        CaseError: when it is not one.
    """
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseError(f"{where}: expected one JSON object, saw {error}.") from error
    if not isinstance(value, dict):
        raise CaseError(f"{where}: expected one JSON object, saw {type(value).__name__}.")
    return case_of(value, where)


def case_of(value: Mapping[str, Any], where: str = "case") -> Case:
    """A case from plain JSON types; the inverse of `dataclasses.asdict`."""
    reader = _Reader(value, where)
    reader.fields()
    case = Case(
        id=reader.name("id"),
        split=reader.one_of("split", get_args(Split)),
        language=reader.one_of("language", get_args(Language)),
        question=reader.text("question"),
        history=reader.texts("history", value.get("history", [])),
        type=reader.one_of("type", KINDS),
        answerable=reader.flag("answerable", value["answerable"]),
        evidence=reader.evidence(),
        facts=reader.facts(),
        forbidden=reader.texts("forbidden", value.get("forbidden", [])),
        group=reader.name("group"),
        note=value.get("note") or "",
    )
    _consistent(case, reader)
    return case


def _consistent(case: Case, reader: _Reader) -> None:
    """Fields that must agree with each other."""
    reader.expect(not (case.answerable and case.type in NEVER_ANSWERABLE), "answerable", f"false for {case.type}", True)
    others = case.type not in NEVER_ANSWERABLE and case.type != "injection"
    reader.expect(case.answerable or not others, "answerable", f"true for {case.type}", False)
    reader.expect(bool(case.evidence) == case.answerable, "evidence", "some exactly when answerable", case.evidence)
    required = [fact for fact in case.facts if fact.required]
    reader.expect(bool(required) == case.answerable, "facts", "a required one exactly when answerable", case.facts)
    reader.expect(case.type != "follow_up" or bool(case.history), "history", "earlier questions of a follow-up", [])


class _Reader:
    """Typed access to the fields of one JSON object, with errors that say where."""

    def __init__(self, value: Mapping[str, Any], where: str) -> None:
        self._value = value
        self._where = where

    def expect(self, holds: bool, field: str, wanted: str, seen: object) -> None:
        if not holds:
            raise CaseError(f"{self._where}: {field}: expected {wanted}, saw {seen!r}.")

    def fields(self) -> None:
        missing = [name for name in _REQUIRED if name not in self._value]
        self.expect(not missing, "fields", f"{', '.join(_REQUIRED)}", f"none of {', '.join(missing)}")
        unknown = sorted(set(self._value) - set(_REQUIRED) - set(_OPTIONAL))
        self.expect(not unknown, "fields", f"only {', '.join((*_REQUIRED, *_OPTIONAL))}", ", ".join(unknown))

    def text(self, field: str) -> str:
        value = self._value[field]
        self.expect(isinstance(value, str) and bool(value.strip()), field, "text", value)
        return str(value)

    def name(self, field: str) -> str:
        value = self.text(field)
        self.expect(bool(_NAME.fullmatch(value)), field, "small letters, digits and single hyphens", value)
        return value

    def one_of(self, field: str, allowed: tuple[Any, ...]) -> Any:
        value = self._value[field]
        self.expect(value in allowed, field, f"one of {', '.join(allowed)}", value)
        return value

    def flag(self, field: str, value: Any) -> bool:
        self.expect(isinstance(value, bool), field, "true or false", value)
        return bool(value)

    def texts(self, field: str, value: Any) -> tuple[str, ...]:
        fine = isinstance(value, list | tuple) and all(isinstance(item, str) and item.strip() for item in value)
        self.expect(fine, field, "a list of texts", value)
        return tuple(value)

    def evidence(self) -> tuple[tuple[Evidence, ...], ...]:
        return tuple(tuple(map(self._place, self._list("evidence", need))) for need in self._list("evidence"))

    def facts(self) -> tuple[Fact, ...]:
        return tuple(map(self._fact, self._list("facts")))

    def _list(self, field: str, value: Any = None) -> list[Any]:
        inner = value is not None
        value = value if inner else self._value[field]
        fine = isinstance(value, list | tuple) and (bool(value) or not inner)
        self.expect(fine, field, "a list with something in it" if inner else "a list", value)
        return list(value)

    def _place(self, value: Any) -> Evidence:
        fine = isinstance(value, Mapping) and set(value) == {"article", "quote"}
        self.expect(fine, "evidence", "lists of {article, quote}", value)
        (quote,) = self.texts("evidence", [value["quote"]])
        return Evidence(article=self.texts("evidence", [value["article"]])[0], quote=quote)

    def _fact(self, value: Any) -> Fact:
        fine = isinstance(value, Mapping) and "forms" in value and set(value) <= {"forms", "required"}
        self.expect(fine, "facts", "{forms, required}", value)
        forms = self.texts("facts", value["forms"])
        self.expect(bool(forms), "facts", "at least one form", value)
        return Fact(forms=forms, required=self.flag("facts", value.get("required", True)))


def digest(cases: Iterable[Case]) -> str:
    """SHA-256 over the cases in their order: what a run was asked."""
    found = hashlib.sha256()
    for case in cases:
        found.update(repr(case).encode())
    return found.hexdigest()
