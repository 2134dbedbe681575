"""Probes: claims with evidence of which it is known whether it supports them, for judging judges.

The hand-written suite over the five articles and files of IndoNLI pairs come in, `Probe` records go out. The suites
made from news-like passages are in `evals.corruptions`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.types import Language

ARTICLES = Path(__file__).parent / "suites" / "articles.jsonl"
"""One passage a line: its claims, true rewordings first, then false ones with what was done to them."""
ENGLISH = Path(__file__).parent / "suites" / "indonli_en.jsonl"
"""The same in English for premises of IndoNLI's train file, by number: the premises themselves are not here."""

KINDS = (
    "foreign_entity", "passage_entity", "role_swap", "number", "unit", "date", "negation", "addition", "speaker",
    "certainty", "wrong_passage",
)  # fmt: skip
"""What can be wrong with a claim; the last: it is true, but the passage cited is another one."""
CLEAN = "clean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A claim beside evidence."""

    suite: str
    """``articles``, ``indonli``, ``facqa`` or the name of a file of pairs."""
    kind: str
    """`CLEAN`, ``reworded`` (true, another wording of a clean one), or one of `KINDS`; for pairs their label."""
    supported: bool
    claim: str
    evidence: str
    language: Language
    group: str
    """Probes of one passage share it: the unit of resampling."""


def article_probes(path: Path = ARTICLES) -> Iterator[Probe]:
    """The hand-written suite: for each passage true claims, reworded and reordered, and false ones of every kind."""
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for number, item in enumerate(items):
        for place, claim in enumerate(item["clean"]):
            yield _probe(item, CLEAN if place == 0 else "reworded", True, claim, item["evidence"])
        for bad in item["corrupted"]:
            yield _probe(item, bad["kind"], False, bad["text"], item["evidence"])
        other = _elsewhere(items, number)
        yield _probe(item, "wrong_passage", False, item["clean"][0], other["evidence"])


def english_probes(train: Path, path: Path = ENGLISH) -> Iterator[Probe]:
    """Hand-written English claims on those premises that ``train`` has: ``indonli-en-dev`` (tuned on) and ``-held``.

    Raises:
        InputError: when ``train`` cannot be read.
    """
    try:
        rows = [json.loads(line) for line in train.read_text("utf-8").splitlines()]
        premises = {row.get("premise_id"): row["premise"] for row in rows}
        items = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for item in (one for one in items if one["premise"] in premises):
            found = {"evidence": premises[item["premise"]], "language": "en", "group": str(item["premise"])}
            told = [(CLEAN if n == 0 else "reworded", True, text) for n, text in enumerate(item["clean"])]
            told += [(bad["kind"], False, bad["text"]) for bad in item["corrupted"]]
            for kind, supported, text in told:
                suite = f"indonli-en-{item['split']}"
                yield Probe(suite=suite, kind=kind, supported=supported, claim=text, **found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"Expected IndoNLI's training pairs in {train}, saw {error!r}.") from error


def _elsewhere(items: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The next item, in the same language, about another passage of another article."""
    item = items[number]
    following = items[number + 1 :] + items[:number]
    return next(o for o in following if o["language"] == item["language"] and o["article"] != item["article"])


def _probe(item: dict[str, Any], kind: str, supported: bool, claim: str, evidence: str) -> Probe:
    return Probe(
        suite="articles", kind=kind, supported=supported, claim=claim, evidence=evidence, language=item["language"],
        group=item["group"],
    )  # fmt: skip


def pairs(path: Path) -> list[Probe]:
    """Premises and hypotheses of an IndoNLI file (``premise``, ``hypothesis``, ``label`` e, n or c; other fields free).

    Raises:
        InputError: when it cannot be read or a line is not such a pair.
    """
    found: list[Probe] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Expected a file of pairs at {path}, saw {error}.") from error
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            premise, hypothesis, label = value["premise"], value["hypothesis"], str(value["label"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}:{number}: expected premise, hypothesis and label, saw {error!r}.") from error
        group = str(value.get("premise_id", premise))
        found.append(
            Probe(
                suite=path.stem, kind=label, supported=label.startswith("e"), claim=hypothesis, evidence=premise,
                language="id", group=group,
            )
        )  # fmt: skip
    return found
