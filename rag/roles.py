"""Who did what to whom: light frames of a statement, and where two statements' frames disagree.

Rules for active and passive (``me-``, ``di-`` … ``oleh``; ``was`` … ``by``), for giving and receiving in both
directions, and for speakers. Where the rules see no clear roles they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag import cues
from rag.alignment import Match, Unit, is_verb
from rag.evidence import Source
from rag.facts import Problem, says_name
from rag.glossary import Glossary
from rag.statements import Mention, Statement

_TO = frozenset("kepada ke untuk pada bagi terhadap to for".split())
_FROM = frozenset("dari oleh dari from by".split())
_BY = frozenset({"oleh", "by"})
_PREPOSITIONS = frozenset(
    "di ke dari pada dengan kepada untuk dalam oleh terhadap antara tentang menurut selama bagi atas in to from with at on by "
    "for of about between against into during near".split()
)
_BE = frozenset("was were is are been being be".split())


class Frame(NamedTuple):
    """One event: who is on its giving and on its taking side."""

    at: int
    """Number of the event's word."""
    agents: tuple[Mention, ...]
    patients: tuple[Mention, ...]


def frame(statement: Statement, at: int) -> Frame:
    """The roles around the event word ``at``, passive and receiving turned round."""
    word = statement.words[at].folded
    language = statement.language
    before, after = _before(statement, at), _after(statement, at)
    receiving = word in cues.words("receive", language)
    giving = word in cues.words("give", language)
    passive = _passive(statement, at)
    led = {m: _lead(statement, m) for m in after}
    sources = tuple(m for m in after if led[m] in _BY or (receiving and led[m] in _FROM))
    targets = tuple(m for m in after if led[m] in _TO)
    if passive and giving:
        return Frame(at, sources, targets or before)
    if passive:
        return Frame(at, sources or _bare(after, led, statement, at), before)
    if receiving:
        return Frame(at, sources, before)
    if giving:
        return Frame(at, before, targets or tuple(m for m in after if not led[m])[:1])
    return Frame(at, before, tuple(m for m in after if not led[m])[:1])


def _bare(after: Sequence[Mention], led: dict[Mention, str], statement: Statement, at: int) -> tuple[Mention, ...]:
    """``dikunjungi Kim``: in Indonesian the doer may follow a passive verb at once."""
    return tuple(m for m in after if statement.language == "id" and not led[m] and m.first == at + 1)


def _passive(statement: Statement, at: int) -> bool:
    word = statement.words[at].folded
    if statement.language == "id":
        return word.startswith("di") and len(word) > 4
    return any(w.folded in _BE for w in statement.words[max(0, at - 3) : at]) and not word.endswith("ing")


def _before(statement: Statement, at: int) -> tuple[Mention, ...]:
    """The nearest subject before a word in its sentence, with those joined to it by ``dan``, ``and``."""
    earlier = [m for m in statement.mentions if m.last < at and not _broken(statement, m.last, at, strong=True)]
    subjects = [m for m in earlier if _lead(statement, m) not in _PREPOSITIONS]
    if not subjects or any(
        w.folded in {"dia", "ia", "beliau", "mereka", "he", "she", "they"}
        for w in statement.words[subjects[-1].last + 1 : at]
    ):
        return ()
    found = [subjects[-1]]
    for mention in reversed(subjects[:-1]):
        between = [w.folded for w in statement.words[mention.last + 1 : found[0].first]]
        if between not in (["dan"], ["and"], ["serta"], ["dan", "the"]):
            break
        found.insert(0, mention)
    return tuple(found)


def _after(statement: Statement, at: int) -> tuple[Mention, ...]:
    return tuple(m for m in statement.mentions if m.first > at and not _broken(statement, at, m.first, strong=False))[
        :4
    ]


def _broken(statement: Statement, left: int, right: int, *, strong: bool) -> bool:
    """Whether a boundary of sentence or clause lies between two words."""
    between = statement.text[statement.words[left].end : statement.words[right].start]
    return (
        re.search(
            r"[.!?;:\n]\s|\n" if strong else r"[.!?;:\n]\s|\n|\b(?:dan|and|sementara|while|ketika|when|yang|who)\b",
            between,
        )
        is not None
    )


def _lead(statement: Statement, mention: Mention) -> str:
    """The function word before a mention, articles passed over."""
    for word in reversed(statement.words[max(0, mention.first - 2) : mention.first]):
        if word.folded not in {"the", "a", "an", "para", "sang"}:
            return word.folded if word.folded in _PREPOSITIONS | _TO | _BY else ""
    return ""


def speakers(statement: Statement) -> tuple[Mention, ...]:
    """Who is said to have said something."""
    language = statement.language
    found: list[Mention] = []
    for at, word in enumerate(statement.words):
        if word.folded not in cues.words("speech", language):
            continue
        following = [m for m in statement.mentions if 0 < m.first - at <= 3 and _touches(statement, at, m)]
        bare = word.folded in cues.words("speech_after", language)
        if bare and following:
            found.append(following[0])
        elif word.folded not in {"menurut", "according"} and not (language == "id" and word.folded.startswith("di")):
            found.extend(_before(statement, at))
    return tuple(dict.fromkeys(found))


def _touches(statement: Statement, at: int, mention: Mention) -> bool:
    between = statement.text[statement.words[at].end : statement.words[mention.first].start]
    return re.fullmatch(r"[\s“\"]*(?:to\s+|the\s+|oleh\s+|to the\s+)?", between) is not None


def same(one: Mention, other: Mention, source: Source, glossary: Glossary) -> bool | None:
    """Whether two mentions mean the same; None when they cannot be told apart or together."""
    names = [n for n in other.names]
    alias = {n for run in source.names for n in run if any(o in run for o in names)} if other.title else set()
    told = [n for n in one.names if n in names or n in alias or _translates(n, names, glossary)]
    if told:
        return True
    return None if one.title or other.title else False


def _translates(name: str, names: Sequence[str], glossary: Glossary) -> bool:
    from rag.statements import read

    return says_name(name, read(" ".join(names), "id", glossary), glossary)


def role_problems(
    claim: Statement, source: Source, units: Sequence[Unit], matches: Sequence[Match], glossary: Glossary
) -> Iterator[Problem]:
    """Events that the source tells with the roles the other way round, or with another doer."""
    symmetric = cues.words("symmetric", claim.language)
    speech = cues.words("speech", claim.language)
    for unit, found in zip(units, matches, strict=True):
        at = unit.words[0]
        word = claim.words[at]
        if found.at is None or found.score < 0.6 or unit.name or word.folded in symmetric | speech:
            continue
        if not (unit.verb and _verb(source.said, found.at)):
            continue
        if source.said.words[found.at].folded in cues.words("symmetric", source.language):
            continue
        told = frame(claim, at)
        places = source.said.places.get(source.said.words[found.at].stem, (found.at,))
        frames = [frame(source.said, place) for place in places]
        if "@transfer" in _keys(claim, at):
            frames += [frame(source.said, p) for p in source.said.places.get("@transfer", ())]
        problem = _compare(told, frames, claim, source, glossary)
        if problem is not None:
            yield problem
            return


def _verb(statement: Statement, at: int) -> bool:
    return statement.language == "en" or is_verb(statement.words[at].folded)


def _keys(statement: Statement, at: int) -> set[str]:
    return {key for key, places in statement.places.items() if key.startswith("@") and at in places}


def _compare(
    told: Frame, frames: Sequence[Frame], claim: Statement, source: Source, glossary: Glossary
) -> Problem | None:
    flipped: Mention | None = None
    for one in frames:
        for agent in told.agents:
            is_agent = [same(agent, m, source, glossary) for m in one.agents]
            is_patient = [same(agent, m, source, glossary) for m in one.patients]
            if True in is_agent or (not one.agents and not one.patients):
                return None
            if True in is_patient and None not in is_agent:
                flipped = flipped or agent
        for patient in told.patients:
            as_agent = [same(patient, m, source, glossary) for m in one.agents]
            as_patient = [same(patient, m, source, glossary) for m in one.patients]
            if True in as_patient:
                return None
            if True in as_agent and None not in as_patient:
                flipped = flipped or patient
    if flipped is None:
        return None
    return Problem("role", f"the source tells of '{flipped.text}' on the other side of this", True, 0.5)


def speaker_problems(claim: Statement, source: Source, glossary: Glossary) -> Iterator[Problem]:
    """A claim that names another speaker than its source."""
    told, known = speakers(claim), speakers(source.said)
    if not told or not known:
        return
    for speaker in told:
        answers = [same(speaker, m, source, glossary) for m in known]
        if answers and not any(a is not False for a in answers):
            yield Problem("speaker", f"claim says {speaker.text}, source says {known[0].text}", True, 0.5)
            return
