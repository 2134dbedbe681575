"""Suites made from news-like passages: true claims, their rewordings, and false twins of every kind.

Entailed IndoNLI hypotheses (people's own short wordings of a passage) and FacQA questions turned into statements come
in with their passages, `Probe` records go out. Nothing is copied out of a passage, so no order feature looks perfect.
"""

from __future__ import annotations

import ast
import csv
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from evals.edits import FALSE, Ground, names, speaker
from evals.probes import CLEAN, Probe, pairs
from evals.rewordings import rewordings
from rag.errors import InputError

FOREIGN = 12
"""Names of other passages that an edit may choose from."""
_RATHER = re.compile(r"\s+([.,;:!?)\]])|([(\[])\s+")

_AMOUNTS = frozenset({"jumlah", "harga", "luas", "panjang", "tinggi", "nilai"})

Claim = tuple[str, str, str]
"""A true claim, its passage, and what it shares with its like."""


def indonli_claims(path: Path) -> list[Claim]:
    """Entailed hypotheses of at least four words with their premises."""
    return [(p.claim, p.evidence, p.group) for p in pairs(path) if p.supported and len(p.claim.split()) >= 4]


def facqa_claims(path: Path) -> list[Claim]:
    """FacQA questions and answers turned into statements, with their passages; other questions are left out.

    So are questions that name or count what their passage does not: what they take for granted stood elsewhere in the
    article, and the statement is not true to the passage.

    Raises:
        InputError: when the file is not FacQA's.
    """
    found: list[Claim] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                question, passage, labels = (ast.literal_eval(row[n]) for n in ("question", "passage", "seq_label"))
                answer = " ".join(w for w, label in zip(passage, labels, strict=True) if label != "O")
                text = detokenised(passage)
                claim = statement(detokenised(question), _RATHER.sub(r"\1\2", answer))
                if claim and _within(claim, text):
                    found.append((claim, text, text))
    except (OSError, KeyError, ValueError, SyntaxError) as error:
        raise InputError(f"Expected FacQA's columns question, passage, seq_label in {path}, saw {error!r}.") from error
    return found


def _within(claim: str, passage: str) -> bool:
    """Whether all capitalised words but the first, and all figures, of a claim stand in its passage."""
    told = re.findall(r"\w+", claim)[1:]
    known = {word.lower() for word in re.findall(r"\w+", passage)}
    return all(word.lower() in known for word in told if word[0].isupper() or word[0].isdigit())


def detokenised(tokens: Sequence[str]) -> str:
    """Tokens as running text."""
    return _RATHER.sub(r"\1\2", " ".join(tokens)).replace("( ", "(").replace(" )", ")")


def statement(question: str, answer: str) -> str | None:
    """``Siapakah ketua X?`` and ``Y`` → ``Ketua X adalah Y.``; None for forms that do not turn around safely."""
    match = re.match(r"(?i)(?:siapa|apa|berapa)(?:kah)?\s+(?P<rest>.+?)\s*\??$", question.strip())
    if match is None or not answer:
        return None
    rest = match["rest"]
    opener = rest.split(" ", 1)[0].lower()
    if opener.startswith(("me", "ber", "di", "ter")) or re.search(r"(?i)\b(?:apakah|siapakah|berapakah|mana)\b", rest):
        return None
    if question.lower().startswith("berapa") and opener not in _AMOUNTS:
        return None
    return f"{rest[0].upper()}{rest[1:]} adalah {answer}."


def probes(claims: Sequence[Claim], suite: str) -> Iterator[Probe]:
    """For each claim with two rewordings or more: itself, its rewordings, and its false twins."""
    pool = [(name, group) for _, passage, group in claims for name in names(passage) if len(name) > 3]
    for number, (claim, passage, group) in enumerate(claims):
        others = rewordings(claim)
        if len(others) < 2:
            continue
        rng = random.Random(f"{suite} {claim}")  # noqa: S311  (repeatable choice, no secret)
        strangers = tuple(c[0] for c in rng.sample(list(claims), min(FOREIGN, len(claims))) if c[2] != group)
        foreign = _foreign(pool, passage, rng)
        ground = Ground(claim=claim, passage=passage, foreign=foreign, others=strangers, rng=rng)
        elsewhere = next((c[1] for c in (*claims[number + 1 :], *claims) if c[2] != group), None)
        for kind, supported, text, evidence in _all(ground, others, elsewhere):
            yield Probe(
                suite=suite, kind=kind, supported=supported, claim=text, evidence=evidence, language="id", group=group
            )


def _all(ground: Ground, others: Sequence[str], elsewhere: str | None) -> Iterator[tuple[str, bool, str, str]]:
    yield CLEAN, True, ground.claim, ground.passage
    for wording in others:
        yield "reworded", True, wording, ground.passage
    for kind, edit in FALSE.items():
        edited = edit(ground)
        if edited is not None and edited != ground.claim:
            yield kind, False, edited, ground.passage
    attributed = speaker(ground)
    if attributed is not None:
        yield "reworded", True, attributed[0], ground.passage
        yield "speaker", False, attributed[1], ground.passage
    if elsewhere is not None:
        yield "wrong_passage", False, ground.claim, elsewhere


def _foreign(pool: Sequence[tuple[str, str]], passage: str, rng: random.Random) -> tuple[str, ...]:
    picked = (rng.choice(pool)[0] for _ in range(4 * FOREIGN)) if pool else iter(())
    return tuple(dict.fromkeys(name for name in picked if name not in passage))[:FOREIGN]
