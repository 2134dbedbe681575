"""Training pairs for the support check, beside IndoNLI's own: true claims and false twins of known kinds.

In: the train splits of IndoNLI and IDK-MRC, and English wordings of some IDK-MRC questions. Out: `Pair` records. True
claims are entailed hypotheses, and questions put together with their answers; false twins have one thing changed by
rule. The rules are not those of ``evals/edits.py``, so that a judge is not measured by what it was fitted to.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rag.language.words import sentences

_NAME = re.compile(r"(?<![\w-])[A-Z][\w’'-]+(?: (?:bin |al-|de |van )?[A-Z][\w’'-]+)*")
_FIGURE = re.compile(r"(?<![\w.,/-])\d[\d.,]*(?![\w/-])")
_DATE = re.compile(r"(?:(\d{1,2}) )?(?:([A-Z][a-z]+) )?(1\d{3}|20\d\d)")
_MONTHS = (
    ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
     "Desember"],
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"],
)  # fmt: skip
_UNSURE = {
    "akan": "sudah", "diduga": "terbukti", "mungkin": "pasti", "kemungkinan": "dipastikan", "dapat": "pasti",
    "diperkirakan": "dipastikan", "berencana": "telah", "sebagian": "semua", "beberapa": "semua", "sering": "selalu",
}  # fmt: skip
_JOINTS = ("dan", "serta", "karena", "sebelum", "untuk", "setelah", "dengan", "sehingga", "bersama")
_TAILS_EN = (
    "and drew many protests", "and was broadcast live on television", "for health reasons", "at a very high cost",
    "together with his family", "for the first time", "in secret", "in front of hundreds of guests",
    "although residents objected", "before going home", "and won several awards", "with the help of volunteers",
)  # fmt: skip


class Pair(NamedTuple):
    """A claim beside evidence."""

    kind: str
    """``true``, or what was done to the claim."""
    supported: bool
    claim: str
    evidence: str
    group: str
    """Pairs of one passage share it."""


def nli_pairs(rows: Sequence[dict[str, str]]) -> Iterator[Pair]:
    """False twins of the entailed hypotheses of IndoNLI rows."""
    pool = sorted({name for row in rows for name in names(row["premise"]) if len(name) > 3})
    tails = _tails(rows)
    for row in rows:
        claim, passage = row["hypothesis"], row["premise"]
        if row["label"] != "e" or len(claim.split()) < 4:
            continue
        rng = random.Random(f"twin {claim}")
        for kind, twin in _twins(claim, passage, pool, rng, tails):
            yield Pair(kind, False, twin, passage, passage)


def _tails(rows: Sequence[dict[str, str]]) -> list[str]:
    """How hypotheses end: what may be added to others."""
    ends = (row["hypothesis"].rstrip(" .").split() for row in rows)
    return sorted({" ".join(words[-4:]) for words in ends if len(words) > 6 and words[-4].islower()})


def question_pairs(
    entries: Sequence[dict[str, Any]], english: dict[str, str], tails: Sequence[str]
) -> Iterator[tuple[str, Pair]]:
    """Questions of IDK-MRC put together with their answers, and twins with another answer: language and pair."""
    pool = sorted({name for entry in entries for name in names(str(entry["context"])) if len(name) > 3})
    for entry in entries:
        context = str(entry["context"])
        for asked in entry["qas"]:
            if not asked["answers"]:
                continue
            answer, start = asked["answers"][0]["text"], asked["answers"][0]["answer_start"]
            rng = random.Random(f"asked {asked['id']}")
            evidence = _around(context, start, rng)
            if answer not in evidence:
                continue
            for language, question, turn in (("id", asked["question"], _said), ("en", english.get(asked["id"]), _told)):
                if question is None:
                    continue
                for pair in _answered(question, answer, evidence, context, turn, pool, rng, language, tails):
                    yield language, pair


def _answered(
    question: str, answer: str, evidence: str, group: str, turn: Callable[[str, str], str | None],
    pool: Sequence[str], rng: random.Random, language: str, tails: Sequence[str],
) -> Iterator[Pair]:  # fmt: skip
    shown = answer if language == "id" else _in_english(answer)
    claim = turn(question, shown) if shown else None
    if not claim or not shown:
        return
    yield Pair("true", True, claim, evidence, group)
    for other in _others(answer, question, evidence, rng):
        put = other if language == "id" else _in_english(other)
        if put and put not in claim:
            yield Pair("same passage", False, claim.replace(shown, put), evidence, group)
            break
    for kind, twin in _twins(claim, evidence, pool, rng, tails if language == "id" else ()):
        if kind != "same passage":
            yield Pair(kind, False, twin, evidence, group)


def names(text: str) -> list[str]:
    """Runs of capitalised words that do not open a sentence, or have two words and more; each once."""
    found = []
    for match in _NAME.finditer(text):
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in '.!?:"“'
        if not opens or " " in match.group():
            found.append(match.group())
    return [name for name in dict.fromkeys(found) if name not in _MONTHS[0] and name not in _MONTHS[1]]


def _others(answer: str, question: str, evidence: str, rng: random.Random) -> list[str]:
    """Names, years or figures of the evidence that could be taken for the answer, in random order."""
    if _DATE.fullmatch(answer):
        found = [m.group() for m in _DATE.finditer(evidence) if m.group(3) not in answer]
    elif answer[0].isdigit():
        found = [m.group() for m in _FIGURE.finditer(evidence)]
    else:
        found = names(evidence)
    told = {*answer.lower().split(), *question.lower().replace("?", "").split()}
    found = [f for f in dict.fromkeys(found) if not told & set(f.lower().split())]
    return rng.sample(found, len(found))


def _twins(
    claim: str, passage: str, pool: Sequence[str], rng: random.Random, tails: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Kinds and twins; English ones where there are no ``tails``."""
    body, english = claim.rstrip(" ."), not tails
    mine = [n for n in names(f"- {body}") if n in passage]
    told = {w for n in mine for w in n.split()}
    if mine:
        old = rng.choice(mine)
        inside = [n for n in names(passage) if n not in body and not told & set(n.split())]
        if inside:
            yield "same passage", body.replace(old, rng.choice(inside), 1)
        yield "foreign", body.replace(old, next(n for n in iter(lambda: rng.choice(pool), "") if n not in passage), 1)
    if len(mine) > 1 and not re.search(rf"{re.escape(mine[0])},? (?:dan|and|serta) {re.escape(mine[1])}", body):
        swapped = body.replace(mine[0], "\0", 1).replace(mine[1], mine[0], 1).replace("\0", mine[1], 1)
        yield "swap", swapped
    figures = [m for m in _FIGURE.finditer(body) if m.group() in passage]
    if figures:
        match = rng.choice(figures)
        changed = _changed(match.group(), rng)
        if changed not in passage:
            yield "figure", f"{body[: match.start()]}{changed}{body[match.end() :]}"
    negated = _negated_en(body) if english else _negated(body)
    if negated:
        yield "negation", negated
    others = [n for n in pool if n not in passage]
    tail = rng.choice(_TAILS_EN) if english else f"{rng.choice(_JOINTS)} {rng.choice(tails)}"
    yield "addition", f"{body} {tail}."
    if others and mine and rng.random() < 0.5:
        yield "addition", body.replace(mine[-1], f"{mine[-1]} {'and' if english else 'dan'} {rng.choice(others)}", 1)
    if not english:
        sure = re.sub(r"\w+", lambda m: _UNSURE.get(m.group(), m.group()), body)
        if sure != body and "tidak" not in body:
            yield "certainty", sure


def _changed(figure: str, rng: random.Random) -> str:
    place = rng.choice([i for i, c in enumerate(figure) if c.isdigit()])
    digit = str((int(figure[place]) + rng.randint(1, 8)) % 10)
    return figure[:place] + (digit if place or digit != "0" else "7") + figure[place + 1 :]


def _negated(body: str) -> str | None:
    found = re.search(r"\b(?:tidak|bukan|belum) ", body)
    if found:
        return body[: found.start()] + body[found.end() :]
    found = re.search(r" (?=adalah |merupakan )", body)
    if found:
        return f"{body[: found.start()]} bukanlah {body[found.end() :].split(' ', 1)[1]}"
    found = re.search(r" (?=(?:me|ber|di|ter)[a-z]{4,}|akan |telah |sudah |bisa |dapat |memiliki |ada )", body)
    return f"{body[: found.start()]} {'belum' if 'telah' in body else 'tidak'} {body[found.end() :]}" if found else None


def _negated_en(body: str) -> str | None:
    found = re.search(r" (?:is|was|are|were) ", body)
    return f"{body[: found.end()]}not {body[found.end() :]}" if found else None


def _around(context: str, start: int, rng: random.Random) -> str:
    """The sentence of an answer, often with its neighbours, sometimes with all."""
    spans = list(sentences(context))
    at = next((i for i, s in enumerate(spans) if s.start <= start < s.end), None)
    if at is None or rng.random() < 0.1:
        return context
    wide = rng.choice((0, 0, 1, 2))
    first = context[spans[0].start : spans[0].end] + "\n" if at > wide else ""  # names what the rest is about
    return first + context[spans[max(0, at - wide)].start : spans[min(len(spans) - 1, at + wide)].end]


_SAID = (
    (r"(?:siapa|apa)(?:kah)? yang (?P<x>.+)", "{A} {x}"),
    (r"(?:siapa|apa)(?:kah)? (?:nama )?(?P<x>(?!itu|di|me|ber).+)", "{X} adalah {A}"),
    (r"berapa(?:kah)? (?P<x>(?:luas|jumlah|panjang|tinggi|harga|lama) .+)", "{X} adalah {A}"),
    (r"(?:kapan(?:kah)?|(?:pada )?tahun berapa(?:kah)?) (?P<x>.+)", "{X} pada {A}"),
    (r"di ?mana(?:kah)? (?:letak )?(?P<x>.+)", "{X} di {A}"),
    (r"dari ?mana(?:kah)? (?:asal )?(?P<x>.+)", "{X} dari {A}"),
)


def _said(question: str, answer: str) -> str | None:
    """An Indonesian question with its short answer as a statement."""
    if len(answer.split()) > 8:
        return None
    for pattern, form in _SAID:
        match = re.fullmatch(rf"(?i){pattern}", question.strip(" ?"))
        if match:
            rest = match["x"]
            return form.format(A=answer, x=rest, X=rest[0].upper() + rest[1:]) + "."
    return None


_TOLD = (
    (r"(?:what|who|where) (?P<v>is|was|were|are) (?P<x>(?:the|\w+’s|\w+'s) .+?)(?P<l> located| situated)?",
     "{X} {v}{l} {in_}{A}"),
    (r"(?:when|where) (?P<v>was|were|is) (?P<x>.+) (?P<l>\w+ed|born|built|held|written|founded|made)",
     "{X} {v} {l} {in_}{A}"),
    (r"who (?P<x>(?:\w+ed|wrote|won|built|led|made|sang) .+)", "{A} {x}"),
    (r"who (?P<v>is|was) (?P<x>.+)", "{X} {v} {A}"),
    (r"when did (?P<x>.+)", "It was in {A} that {x}"),
    (r"how many (?P<x>.+) are there (?P<l>in .+)", "There are {A} {x} {l}"),
    (r"how (?P<x>tall|long|high|big) (?P<v>is|was) (?P<l>.+)", "{L} {v} {A} {x}"),
)  # fmt: skip


def _told(question: str, answer: str) -> str | None:
    """An English question with its answer as a statement."""
    asked = question.strip(" ?")
    for pattern, form in _TOLD:
        match = re.fullmatch(rf"(?i){pattern}", asked)
        if match:
            part = {name: value or "" for name, value in match.groupdict().items()}
            place = asked.lower().startswith(("when", "where")) and not answer.startswith(("on ", "in "))
            rest = {"X": part.get("x", ""), "L": part.get("l", ""), "x": part.get("x", ""), "l": part.get("l", "")}
            rest |= {key: rest[key][:1].upper() + rest[key][1:] for key in ("X", "L")}
            return form.format(A=answer, v=part.get("v", ""), in_="in " if place else "", **rest) + "."
    return None


def _in_english(answer: str) -> str | None:
    """A name, figure or date as English writes it; None for what would have to be translated."""
    date = _DATE.fullmatch(answer)
    if date:
        day, month, year = date.groups()
        if month and month not in _MONTHS[0]:
            return None
        return " ".join(part for part in (day, month and _MONTHS[1][_MONTHS[0].index(month)], year) if part)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})*(?:,\d+)?", answer):
        return answer.translate(str.maketrans(".,", ",."))
    return answer if all(w[0].isupper() for w in answer.split()) and len(answer.split()) < 5 else None


def load(indonli: Path, idk_mrc: Path, english: Path) -> tuple[list[Pair], list[Pair]]:
    """All Indonesian pairs, and all English ones."""
    rows = [json.loads(line) for line in (indonli / "train.jsonl").read_text("utf-8").splitlines()]
    entries = json.loads((idk_mrc / "train.json").read_text("utf-8"))
    wordings = {row["id"]: row["question"] for row in map(json.loads, english.read_text("utf-8").splitlines())}
    asked = list(question_pairs(entries, wordings, _tails(rows)))
    indonesian = [*nli_pairs(rows), *(pair for language, pair in asked if language == "id")]
    return indonesian, [pair for language, pair in asked if language == "en"]
