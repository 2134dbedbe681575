"""What turns a claim against its evidence: negation, opposites, more certainty or more scope than the source has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.language import cues
from rag.language.words import stem
from rag.verifying.alignment import Match, Unit
from rag.verifying.evidence import Source
from rag.verifying.problems import Kind, Problem
from rag.verifying.statements import Statement, Turn

_IF = frozenset({"jika", "apabila", "bila", "kalau", "if", "unless"})
"""What is not so only on a condition is not denied."""
_OF_NOUNS = frozenset({"no", "none", "neither", "nobody"})

Pairs = Sequence[tuple[Unit, Match]]


def turn_problems(claim: Statement, source: Source, pairs: Pairs) -> Iterator[Problem]:
    """All of them, at most one of each kind."""
    sure = [(u, m) for u, m in pairs if m.at is not None and m.score >= 0.5]
    aligned = {i: m.at for u, m in sure for i in u.words if m.at is not None}
    back = {at: u.words[-1] for u, m in sure for at in (*m.others, m.at) if at is not None}
    for found in (
        _negation(claim, source, aligned, back),
        _certainty(claim, source, aligned, back, pairs),
        _opposite(claim, source, pairs),
        _scope(claim, pairs),
    ):
        if found is not None:
            yield found


def _negation(claim: Statement, source: Source, aligned: dict[int, int], back: dict[int, int]) -> Problem | None:
    said = source.said
    for turn in claim.negations:
        denial = claim.words[turn.at].folded in cues.words("denial", claim.language)
        if denial and said.negations:
            continue
        reach = 4 if claim.words[turn.at].folded in _OF_NOUNS else 2  # no deal has been signed
        heads = [aligned[i] for i in turn.scope[:reach] if i in aligned]
        if heads and any(t.at == heads[0] for t in said.negations):
            heads = heads[:1]  # "does not deny" beside "denies"
        places = [place for at in heads for place in said.places[said.words[at].stem]]
        if heads and not any(_turned(said.negations, place) for place in places):
            return Problem("negation", f"claim says '{claim.words[turn.at].text}', source does not", True)
    if claim.negations:
        return None
    return _dropped(source, back)


def _turned(turns: Sequence[Turn], at: int) -> bool:
    return any(at in t.scope or abs(t.at - at) == 1 for t in turns)


def _dropped(source: Source, back: dict[int, int]) -> Problem | None:
    said = source.said
    for turn in said.negations:
        before = said.words[turn.at - 1].folded if turn.at > 0 else ""
        if before in _IF or turn.at in back or _elsewhere(turn, said, said.negations):
            continue
        if _covered(turn, said, back, 3):
            return Problem("negation", f"source says '{said.words[turn.at].text}', claim does not", True)
    return None


def _covered(turn: Turn, said: Statement, back: dict[int, int], depth: int) -> bool:
    """Whether the claim says most of what a word of the source turns."""
    stems = [said.words[i].stem for i in turn.scope[:depth]]
    told = {said.words[at].stem for at in back}
    return bool(stems) and sum(s in told for s in stems) / len(stems) >= 0.6


def _elsewhere(turn: Turn, said: Statement, turns: Sequence[Turn]) -> bool:
    """Whether what is turned here is also said straight in another place of the source."""
    turned = {i for t in turns for i in t.scope}
    return all(any(p not in turned for p in said.places[said.words[i].stem]) for i in turn.scope[:2])


def _certainty(
    claim: Statement, source: Source, aligned: dict[int, int], back: dict[int, int], pairs: Pairs
) -> Problem | None:
    said = source.said
    unsure = [
        t for t in (*said.hedges, *said.futures) if t.at == 0 or said.words[t.at - 1].folded not in {"yang", "that"}
    ]
    events = {m.at for u, m in pairs if u.verb and m.at is not None and m.score >= 0.5}
    over = [
        t for t in unsure if (_covered(t, said, back, 3) and t.scope[0] in back) or events & set(t.scope)
    ]  # fmt: skip
    over = [t for t in over if not _elsewhere(t, said, unsure)]
    hedge = next((said.words[t.at].text for t in over), None)
    proven = _affirmed(said)
    sure = [i for i in _affirmed(claim) if aligned.get(i) not in proven]
    if sure and not proven:
        told = f"source says '{hedge}'" if hedge else "source does not"
        return Problem("certainty", f"claim says '{claim.words[sure[0]].text}', {told}", bool(hedge), 0.5)
    soft = any(w.folded in cues.words("soft", claim.language) for w in claim.words)
    if hedge is None or soft or claim.negations or claim.hedges or claim.futures or any(t.at in back for t in over):
        return None
    return Problem("certainty", f"claim states as fact what the source says with '{hedge}'", True, 0.4)


def _affirmed(statement: Statement) -> tuple[int, ...]:
    """Words that say something is proven, where that is not denied."""
    return tuple(i for i in statement.certain if not _turned(statement.negations, i))


def _opposite(claim: Statement, source: Source, pairs: Pairs) -> Problem | None:
    """A word whose opposite the source says instead."""
    table = cues.opposites(source.language)
    for unit, found in pairs:
        if found.score >= 0.5:
            continue
        against = [o for stems, weight in unit.forms if weight >= 0.85 for s in stems[-1:] for o in table.get(s, ())]
        at = next((source.said.places[o][0] for o in against if o in source.said.places), None)
        if at is not None and not source.said.words[at].folded.endswith("nya"):  # akhirnya, sebelumnya
            shown = claim.text[claim.words[unit.words[0]].start : claim.words[unit.words[-1]].end]
            named = any(m.first <= unit.words[0] <= m.last for m in claim.mentions)
            kind: Kind = "name" if named else "opposite"
            return Problem(kind, f"claim says '{shown}', source says '{source.said.words[at].text}'", True, 0.5)
    return _order(claim, source)


_ORDER: dict[str, dict[str, frozenset[str]]] = {
    "before": {"id": frozenset({"sebelum", "jelang", "menjelang"}), "en": frozenset({"before", "ahead", "prior"})},
    "after": {
        "id": frozenset({"setelah", "sesudah", "usai", "pasca"}),
        "en": frozenset({"after", "following", "since"}),
    },
}


def _order(claim: Statement, source: Source) -> Problem | None:
    """``sebelum`` where the source only has ``setelah``, or the other way round."""
    told, known = (
        {sort: [w.text for w in s.words if w.folded in words[s.language]] for sort, words in _ORDER.items()}
        for s in (claim, source.said)
    )
    for one, other in (("before", "after"), ("after", "before")):
        if told[one] and not told[other] and known[other] and not known[one]:
            return Problem("opposite", f"claim says '{told[one][0]}', source says '{known[other][0]}'", True, 0.5)
    return None


def _scope(claim: Statement, pairs: Pairs) -> Problem | None:
    """``semua``, ``only`` and the like that the source does not say."""
    wide = cues.words("universal", claim.language)
    for unit, found in pairs:
        word = claim.words[unit.words[0]]
        if len(unit.words) == 1 and word.folded in wide and found.score < 0.5 and stem(word.text) != "pertama":
            return Problem("scope", f"claim says '{word.text}', source does not", False, 0.3)
    return None
