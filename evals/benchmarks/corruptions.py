"""Automatic corruptions of passages: a second look at what verification catches, not written by its author.

Sentences of IDK-MRC (``valid.json``) come in by path; each is reordered or shortened (a true twin) and, from the twin,
changed in one thing by rule. A table per kind goes out.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from evals.benchmarks.verification import wilson
from rag.language.glossary import Glossary
from rag.language.words import fold, sentences, tokens
from rag.verifying.alignment import is_verb
from rag.verifying.evidence import Evidence, full_names
from rag.verifying.statements import read
from rag.verifying.support import Support, check

SEED = 13
LIMIT = 400
"""Sentences that are used."""


class Altered(NamedTuple):
    """A claim made from a sentence."""

    kind: str
    text: str
    source: str
    passage: str


def run(data: Path, split: str = "valid") -> str:
    """The table for one split.

    Raises:
        FileNotFoundError: when ``data`` has no such file.
    """
    glossary = Glossary.load()
    found: dict[str, list[Support]] = {}
    for item in altered(
        [entry["context"] for entry in json.loads((data / f"{split}.json").read_text("utf-8"))], glossary
    ):
        evidence = Evidence(item.source, item.source, "", full_names(item.passage))
        found.setdefault(item.kind, []).append(check(item.text, [evidence], glossary))
    lines = [f"| IDK-MRC {split} | n | caught | 95 % | withheld |", "|---|---|---|---|---|"]
    for kind, results in sorted(found.items(), key=lambda pair: (pair[0].startswith("twin"), pair[0])):
        caught = sum(r.verdict != "supported" for r in results)
        withheld = sum(r.verdict == "unsupported" for r in results)
        low, high = wilson(caught, len(results))
        shares = f"{caught / len(results):.2f} | {low:.2f}–{high:.2f} | {withheld / len(results):.2f}"
        lines.append(f"| {kind} | {len(results)} | {shares} |")
    return "\n".join(lines)


def altered(passages: list[str], glossary: Glossary) -> Iterator[Altered]:
    """Twins and corruptions of one sentence of each passage, in a fixed order."""
    rng = random.Random(SEED)  # noqa: S311  # reproducible, not secret
    used = 0
    for passage in dict.fromkeys(passages):
        spans = [s for s in sentences(passage) if 8 <= len(passage[s.start : s.end].split()) <= 30]
        if not spans or used == LIMIT:
            continue
        used += 1
        span = rng.choice(spans)
        sentence = passage[span.start : span.end]
        other = rng.choice(passages)
        for kind, text in _changes(sentence, other, glossary, rng):
            yield Altered(kind, text, sentence, passage)


def _changes(sentence: str, other: str, glossary: Glossary, rng: random.Random) -> Iterator[tuple[str, str]]:
    twin = _shortened(sentence)
    yield "twin: shortened", twin
    moved = _moved(twin)
    if moved:
        yield "twin: clause moved", moved
        twin = moved
    digits = [t for t in tokens(twin) if t.text.isdigit() and len(t.text) <= 4]
    if digits:
        number = rng.choice(digits)
        changed = str(int(number.text) + rng.choice((2, 3, 11)))
        yield "year" if len(number.text) == 4 else "number", twin[: number.start] + changed + twin[number.end :]
    names = [m.text for m in read(twin, "id", glossary).mentions]
    strangers = [m.text for m in read(other[:400], "id", glossary).mentions if m.text not in sentence]
    if names and strangers:
        yield "foreign name", twin.replace(rng.choice(names), rng.choice(strangers), 1)
    if len(set(names)) >= 2:
        one, two = names[0], next(n for n in names if n != names[0])
        if one not in two and two not in one:
            yield "names swapped", twin.replace(one, "\0").replace(two, one).replace("\0", two)
    verb = next((t for t in tokens(twin) if t.start and is_verb(fold(t.text)) and t.text[0].islower()), None)
    if verb and not re.search(r"\b(?:tidak|bukan|belum|tanpa)\b", twin):
        yield "negation", f"{twin[: verb.start]}tidak {twin[verb.start :]}"
    words = [t.text for t in tokens(other) if t.text.islower() and len(t.text) > 5][-3:]
    if len(words) == 3:
        yield "addition", f"{twin.rstrip('.')} serta {' '.join(words)}."


def _shortened(sentence: str) -> str:
    """Without parentheses, footnote marks and small words that add nothing."""
    text = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", sentence)
    return re.sub(r"\s+(?:tersebut|juga|kemudian|adalah merupakan)\b", "", text)


def _moved(sentence: str) -> str | None:
    """The last phrase of time or place at the beginning."""
    match = re.fullmatch(r"(.{25,}?)\s((?:pada|di|dalam|sejak|selama)\s[^,]{4,40})\.?", sentence)
    if match is None or re.search(r"[,;:]", match[1]):
        return None
    start = match[1] if match[1].split()[0].istitle() else match[1][0].lower() + match[1][1:]
    return f"{match[2][0].upper()}{match[2][1:]}, {start}."
