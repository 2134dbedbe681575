"""Edits of an Indonesian claim of which the effect on its truth is known: false ones by kind, and true rewordings.

A claim that its passage supports comes in, an edited claim goes out, or None where an edit does not apply. Nothing is
shared with the engine's own rules, so that a judge is not measured by what it is made of.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from rag.language.words import stop_words

_NAME = re.compile(r"(?<!\w)[A-Z][\w’'-]*(?:\s+(?:[A-Z][\w’'-]*|\d{1,4}\b))*")
_NUMBER = re.compile(r"(?<![\w.,/:-])\d+(?:[.,]\d+)*(?![\w/:-])")
_YEAR = re.compile(r"\b(1[6-9]|20)\d\d\b")
_TRANSITIVE = (
    r"(\s+(?:\S+\s+){0,2}(?!merupakan|menjadi|memiliki|mempunyai|mengalami)"
    r"(?:me\w{4,}|di\w{4,}\s+oleh)\s+(?:\S+\s+){0,2})"
)
_COUNTED = re.compile(r"(?:\d|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|puluh|ratus))\s+(\w+)")
_SPEAKER = re.compile(r"(?i:\b(?:kata|ujar|menurut|tutur|ungkap|jelas|tegas)\s+)((?:[A-Z][\w’'-]+\s?){2,3})")


@cache
def words() -> Mapping[str, Any]:
    """The word lists of the edits: ``suites/words.json``."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "suites" / "words.json").read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an edit may use."""

    claim: str
    passage: str
    foreign: tuple[str, ...]
    """Names of other passages, none of them in this one."""
    others: tuple[str, ...]
    """True claims of other passages."""
    rng: random.Random
    """Seeded by the claim, so that the same claim is always edited the same way."""


def names(text: str) -> list[str]:
    """Runs of capitalised words, each once, in order; a word that opens a sentence is one only within a longer name."""
    found = []
    for match in _NAME.finditer(text):
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in '.!?:"“'
        first, _, rest = match.group().partition(" ")
        common = opens and first.lower() in stop_words("id", question=True) | {"menurut", "kata", *words()["small"]}
        name = rest if common else match.group()
        if name and (" " in match.group() or not opens) and name.split(" ")[0] not in words()["date"]:
            found.append(name)
    return list(dict.fromkeys(found))


def foreign_entity(ground: Ground) -> str | None:
    """A name of the claim becomes one that the passage does not know."""
    return _rename(ground, list(ground.foreign))


def passage_entity(ground: Ground) -> str | None:
    """A name of the claim becomes another one of the same passage."""
    return _rename(ground, [n for n in names(ground.passage) if n not in ground.claim and ground.claim not in n])


def _rename(ground: Ground, others: list[str]) -> str | None:
    mine = [n for n in names(ground.claim) if n in ground.passage]
    others = [o for o in others if not any(set(o.split()) & set(m.split()) for m in mine)]
    if not mine or not others:
        return None
    old = ground.rng.choice(mine)
    return ground.claim.replace(old, ground.rng.choice(others), 1)


def role_swap(ground: Ground) -> str | None:
    """Two names on either side of an active or passive verb change places."""
    mine = [n for n in names(ground.claim) if n in ground.passage]
    opening = _NAME.match(ground.claim)
    if opening and opening.group() not in ("Yang", *mine) and opening.group() in ground.passage:
        mine = [opening.group(), *mine]
    for one, other in pairwise(mine):
        match = re.search(re.escape(one) + _TRANSITIVE + re.escape(other), ground.claim)
        if match and not set(one.split()) & set(other.split()):
            swapped = f"{other}{match.group(1)}{one}"
            return ground.claim[: match.start()] + swapped + ground.claim[match.end() :]
    return None


def number(ground: Ground) -> str | None:
    """An amount, in digits or words, becomes another one."""
    for match in _NUMBER.finditer(ground.claim):
        if not _YEAR.fullmatch(match.group()) and not _in_date(ground.claim, match):
            digits = match.group()
            changed = str((int(digits[0]) + ground.rng.randint(1, 8)) % 9 + 1) + digits[1:]
            if changed != digits and changed not in ground.passage:
                return ground.claim[: match.start()] + changed + ground.claim[match.end() :]
    return _replace_word(ground, words()["number"])


def _in_date(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() :].split()[:1]
    return bool(after) and after[0].strip(".,") in words()["date"]


def date(ground: Ground) -> str | None:
    """A year, month or weekday becomes another one."""
    match = _YEAR.search(ground.claim)
    if match:
        year = str(int(match.group()) + ground.rng.choice((-13, -4, 3, 11)))
        if year not in ground.passage:
            return ground.claim[: match.start()] + year + ground.claim[match.end() :]
    return _replace_word(ground, words()["date"])


def unit(ground: Ground) -> str | None:
    """The unit or magnitude after a number becomes another one."""
    table: dict[str, str] = words()["unit"]
    for match in _COUNTED.finditer(ground.claim):
        if match.group(1) in table:
            return ground.claim[: match.start(1)] + table[match.group(1)] + ground.claim[match.end(1) :]
    return None


def negation(ground: Ground) -> str | None:
    """A negation is put before the predicate, or taken away."""
    match = re.search(r"\b(tidak|bukan|belum|tak)\s+", ground.claim)
    if match:
        return ground.claim[: match.start()] + ground.claim[match.end() :]
    match = re.search(r"\s(adalah|merupakan)\s", ground.claim)
    if match:
        return f"{ground.claim[: match.start()]} bukan {ground.claim[match.end() :]}"
    match = re.search(r"\s((?:me|ber|di|ter)\w{4,}|akan|bisa|dapat|ada|pernah)\b", ground.claim)
    return f"{ground.claim[: match.start()]} tidak{ground.claim[match.start() :]}" if match else None


def addition(ground: Ground) -> str | None:
    """What another passage says is added at the end."""
    if not ground.others:
        return None
    return f"{ground.claim.rstrip(' .')}, dan {lower_first(ground.rng.choice(ground.others).rstrip(' .'))}."


def certainty(ground: Ground) -> str | None:
    """What is thought, planned or possible is said to be certain or done."""
    if re.search(r"\b(?:tidak|tak|belum)\b", ground.claim):
        return None
    return _replace_word(ground, words()["certainty"])


def speaker(ground: Ground) -> tuple[str, str] | None:
    """The claim attributed to whom the passage lets say it, and to somebody else; None where nobody speaks."""
    match = _SPEAKER.search(ground.passage)
    others = [n for n in (*names(ground.passage), *ground.foreign) if " " in n or n in ground.foreign]
    if match is None or re.search(r"(?i)menurut|\bkata\b", ground.claim):
        return None
    said = match.group(1).strip()
    others = [o for o in others if not set(o.split()) & set(said.split())]
    if not others:
        return None
    body = lower_first(ground.claim)
    return f"Menurut {said}, {body}", f"Menurut {others[0]}, {body}"


def _replace_word(ground: Ground, table: Mapping[str, str]) -> str | None:
    for match in re.finditer(r"[^\W\d_]+", ground.claim):
        new = table.get(match.group())
        if new is not None and new not in ground.passage.split():
            return ground.claim[: match.start()] + new + ground.claim[match.end() :]
    return None


def lower_first(claim: str) -> str:
    """The claim as it stands within a sentence: a first word that is no name begins small."""
    first = claim.split(" ", 1)[0]
    return claim if first[1:] != first[1:].lower() or _keeps_capital(claim) else claim[0].lower() + claim[1:]


def _keeps_capital(claim: str) -> bool:
    following = claim.split(" ", 2)[1:2]
    return (bool(following) and following[0][:1].isupper()) or claim.split(" ", 1)[0].lower() not in words()["small"]


Edit = Callable[[Ground], str | None]
FALSE: Mapping[str, Edit] = {
    "foreign_entity": foreign_entity, "passage_entity": passage_entity, "role_swap": role_swap, "number": number,
    "unit": unit, "date": date, "negation": negation, "addition": addition, "certainty": certainty,
}  # fmt: skip
