"""What a claim says and its evidence does not: numbers, units, dates, names, negation, opposites, certainty.

A claim and a source, both read, go in; problems come out. Each check speaks only when it has something to point at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from rag import cues
from rag.alignment import Match, Unit
from rag.evidence import Source
from rag.glossary import Glossary
from rag.language import fold, stem, tokens
from rag.quantities import Date, Number, compare_dates, compare_numbers
from rag.statements import Mention, Statement, Turn

Kind = Literal[
    "number", "unit", "date", "name", "role", "speaker", "negation", "opposite", "certainty", "scope", "addition",
    "quote", "length",
]  # fmt: skip


class Problem(NamedTuple):
    """Something in a claim that its evidence does not bear out."""

    kind: Kind
    text: str
    conflict: bool
    """The source says otherwise; False when it just does not say it."""
    weight: float = 1.0
    """How sure and how grave, 0..1; from 0.5 on a claim is not supported, below it is marked."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


def number_problems(claim: Statement, source: Source) -> Iterator[Problem]:
    """Numbers that the source tells otherwise, or not at all."""
    known = source.said.numbers
    years = {str(d.year) for d in source.said.dates if d.year}
    digits = {w.folded for w in source.said.words if w.folded[0].isdigit()}
    for number in claim.numbers:
        answers = [compare_numbers(number, other) for other in known]
        raw = claim.text[number.span.start : number.span.end]
        if "agree" in answers or raw in years or (raw.isdigit() and raw in digits and not number.unit):
            continue
        same = [o for o in known if o.value == number.value and o.unit and number.unit and not o.ordinal]
        other = next((o for o, a in zip(known, answers, strict=True) if a == "conflict"), None)
        if other is not None:
            yield Problem(
                "number", f"claim says {_shown(claim, number)}, source says {_shown(source.said, other)}", True
            )
        elif same:
            yield Problem(
                "unit", f"claim says {_shown(claim, number)}, source says {_shown(source.said, same[0])}", True
            )
        elif (number.value > 2 or raw[0].isdigit()) and not number.ordinal:
            instead = [o for o in known if not o.ordinal and (o.unit is None or number.unit is None)]
            told = f"claim says {_shown(claim, number)}, " + (
                f"source says {_shown(source.said, instead[0])}" if instead else "source does not"
            )
            yield Problem("number", told, bool(instead))
        elif number.ordinal and any(o.ordinal for o in known):
            first = next(o for o in known if o.ordinal)
            yield Problem(
                "number", f"claim says {_shown(claim, number)}, source says {_shown(source.said, first)}", True
            )
        elif number.ordinal:
            yield Problem("number", f"'{raw}' is not in the cited passage", False, 0.4)


def _shown(statement: Statement, number: Number) -> str:
    raw = statement.text[number.span.start : number.span.end]
    tail = statement.text[number.span.end :].split()
    return f"{raw} {tail[0].strip('.,;:)”')}" if number.unit and tail and raw[-1].isalnum() else raw


def date_problems(claim: Statement, source: Source) -> Iterator[Problem]:
    """Dates that the source, or the passage around it, tells otherwise or not at all."""
    near, far = source.said.dates, source.around.dates
    years = source.years | {d.year for d in (*near, *far) if d.year}
    for date in claim.dates:
        raw = claim.text[date.span.start : date.span.end]
        agreeing = [d for d in near if compare_dates(date, d) == "agree"]
        if agreeing:
            untold = date.year and not any(d.year for d in agreeing) and years and date.year not in years
            if untold:
                yield Problem("date", f"claim says {raw}, source says {min(years)}", True)
            continue
        other = next((d for d in near if compare_dates(date, d) == "conflict"), None)
        if other is not None:
            said = source.said.text[other.span.start : other.span.end]
            yield Problem("date", f"claim says {raw}, source says {said}", True)
        elif any(compare_dates(date, d) == "agree" for d in far) or (_only_year(date) and date.year in years):
            continue
        elif not (date.weekday is not None and date.day is None and near):
            yield Problem("date", f"{raw} is not in the cited passage", False, 0.6 if date.day or date.year else 0.45)
        else:
            yield Problem("date", f"{raw} is not in the cited passage", False, 0.45)


def _only_year(date: Date) -> bool:
    return date.year is not None and date.month is None


def name_problems(claim: Statement, source: Source, glossary: Glossary) -> Iterator[Problem]:
    """Names that stand neither in the quoted sentences nor, for a pronoun there, just before them."""
    pronoun = any(
        w.folded in cues.words("pronoun", source.language) or w.folded.endswith("nya") for w in source.said.words
    )
    for mention in claim.mentions:
        missing = [n for n in mention.names if not says_name(n, source.said, glossary)]
        if not missing or _abbreviated(mention, source.said) or _translated(mention, source, glossary):
            continue
        if _completes(mention, missing, source, glossary):
            continue
        left = [n for n in missing if not (pronoun and says_name(n, source.around, glossary))]
        if left:
            shown = mention.text if len(left) == len(mention.names) else _as_written(claim, mention, left)
            yield Problem("name", f"'{shown}' is not in the cited passage", False)


def _as_written(claim: Statement, mention: Mention, names: Sequence[str]) -> str:
    words = [w for w in claim.words[mention.first : mention.last + 1] if w.folded in names]
    return claim.text[words[0].start : words[-1].end] if words else mention.text


def says_name(name: str, text: Statement, glossary: Glossary) -> bool:
    """Whether a text has a word of a name, in its own spelling, a close one, or in translation."""
    written = {w.folded for w in text.words}
    if name in written:
        return True
    forms = {fold(t.text) for p in (*glossary.to_indonesian(name), *glossary.to_english(name)) for t in tokens(p)}
    if forms & written:
        return True
    stems = {stem(name, "id"), stem(name, "en")}
    return any(
        w.stem in stems
        or (len(name) > 4 and len(w.folded) > 4 and Levenshtein.normalized_similarity(name, w.folded) >= 0.83)
        for w in text.words
        if w.content
    )


def _translated(mention: Mention, source: Source, glossary: Glossary) -> bool:
    look = glossary.to_indonesian if source.language == "id" else glossary.to_english
    other = glossary.to_english if source.language == "id" else glossary.to_indonesian
    phrases = {*look(mention.text), *(p for q in other(mention.text) for p in look(q))}
    written = {w.folded for w in source.said.words}
    return any(all(fold(t.text) in written for t in tokens(phrase)) for phrase in phrases)


def _abbreviated(mention: Mention, text: Statement) -> bool:
    """An acronym beside its expansion, either way round."""
    if len(mention.names) == 1 and mention.text.isupper():
        initials = "".join(w.folded[0] for w in text.words)
        return len(mention.text) > 2 and fold(mention.text) in initials
    acronym = "".join(n[0] for n in mention.names)
    return len(acronym) > 2 and any(w.folded == acronym and w.text.isupper() for w in text.words)


def _completes(mention: Mention, missing: Sequence[str], source: Source, glossary: Glossary) -> bool:
    """The source has part of a name (``Kim``), and the claim the article's usual full form of it (``Kim Jong Un``)."""
    had = [n for n in mention.names if n not in missing]
    title = [w.folded for w in source.around.words]
    for part in had:
        full = next((run for run in source.names if part in run), ())
        if full and all(m in full or any(m in run and part in run for run in source.names[:1]) for m in missing):
            return True
    return bool(had) and all(m in title for m in missing) and all(h in title for h in had)


def turned_problems(
    claim: Statement, source: Source, units: Sequence[Unit], matches: Sequence[Match]
) -> Iterator[Problem]:
    """Negation on one side only, and facts that the source only hedges or announces."""
    aligned = _aligned(units, matches)
    said = source.said
    for turn in claim.negations:
        heads = [aligned[i] for i in turn.scope[:2] if i in aligned]
        if heads and not any(_near(said.negations, at) for at in heads):
            yield Problem("negation", f"claim says '{claim.words[turn.at].text}', source does not", True)
            break
    else:
        yield from _dropped_negation(claim, source, aligned)
    yield from _certainty(claim, source, aligned)


def _aligned(units: Sequence[Unit], matches: Sequence[Match]) -> dict[int, int]:
    """Word of the claim → word of the source."""
    return {
        i: m.at for u, m in zip(units, matches, strict=True) if m.at is not None and m.score >= 0.5 for i in u.words
    }


def _near(turns: Sequence[Turn], at: int) -> bool:
    return any(at in t.scope or abs(t.at - at) <= 1 for t in turns)


def _covered(turn: Turn, said: Statement, back: dict[int, int], depth: int) -> list[int]:
    """Words of the claim that say what a turn of the source turns; empty unless they say most of it."""
    stems = {i: said.words[i].stem for i in turn.scope[:depth]}
    told = {said.words[at].stem: claim_word for at, claim_word in back.items()}
    hits = [told[s] for s in stems.values() if s in told]
    return hits if stems and len(hits) / len(stems) >= 0.6 else []


def _elsewhere(turn: Turn, turns: Sequence[Turn], said: Statement) -> bool:
    """Whether what is turned here is also said straight in another place of the source."""
    turned = {i for t in turns for i in t.scope}
    return all(any(p not in turned for p in said.places[said.words[i].stem]) for i in turn.scope[:2]) and bool(
        turn.scope
    )


def _dropped_negation(claim: Statement, source: Source, aligned: dict[int, int]) -> Iterator[Problem]:
    back = {at: word for word, at in aligned.items()}
    said = source.said
    for turn in said.negations:
        hits = _covered(turn, said, back, 3)
        told = turn.at in back
        if hits and not told and not claim.negations and not _elsewhere(turn, said.negations, said):
            yield Problem("negation", f"source says '{said.words[turn.at].text}', claim does not", True)
            return


def _certainty(claim: Statement, source: Source, aligned: dict[int, int]) -> Iterator[Problem]:
    said = source.said
    back = {at: word for word, at in aligned.items()}
    unsure = bool(claim.hedges or claim.futures)
    hedge = next((said.words[t.at].text for t in (*said.hedges, *said.futures) if _covered(t, said, back, 3)), None)
    sure = [i for i in claim.certain if i not in aligned]
    if sure and not said.certain:
        told = f"source says '{hedge}'" if hedge else "source does not"
        yield Problem("certainty", f"claim says '{claim.words[sure[0]].text}', {told}", bool(hedge), 0.5)
    elif (
        hedge
        and not unsure
        and not any(said.words[t.at].text == hedge and t.at in back for t in (*said.hedges, *said.futures))
    ):
        yield Problem("certainty", f"claim states as fact what the source says with '{hedge}'", True, 0.4)


def opposite_problems(
    claim: Statement, source: Source, units: Sequence[Unit], matches: Sequence[Match]
) -> Iterator[Problem]:
    """Words whose opposite the source says instead."""
    table = cues.opposites(source.language)
    for unit, found in zip(units, matches, strict=True):
        if found.score >= 0.7 or unit.name:
            continue
        against = [o for stems, weight in unit.forms if weight >= 0.7 for s in stems for o in table.get(s, ())]
        at = next((source.said.places[o][0] for o in against if o in source.said.places), None)
        if at is not None:
            shown = claim.text[claim.words[unit.words[0]].start : claim.words[unit.words[-1]].end]
            yield Problem("opposite", f"claim says '{shown}', source says '{source.said.words[at].text}'", True, 0.5)
            return


def scope_problems(claim: Statement, source: Source, aligned: Sequence[tuple[Unit, Match]]) -> Iterator[Problem]:
    """``semua``, ``only`` and the like that the source does not say."""
    wide = cues.words("universal", claim.language)
    for unit, found in aligned:
        word = claim.words[unit.words[0]]
        if len(unit.words) == 1 and word.folded in wide and found.score < 0.5:
            yield Problem("scope", f"claim says '{word.text}', source does not", False, 0.3)
            return
