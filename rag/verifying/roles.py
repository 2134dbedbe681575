"""Who did what to whom: light frames of a statement, and where two statements' frames disagree.

Rules for active and passive (``me-``, ``di-`` … ``oleh``; ``was`` … ``by``), for giving and receiving in both
directions, and for speakers. Where the rules see no clear roles they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.language import cues
from rag.language.glossary import Glossary
from rag.verifying.alignment import Match, Unit, is_verb
from rag.verifying.evidence import Source
from rag.verifying.names import is_person, same
from rag.verifying.problems import Problem
from rag.verifying.statements import Mention, Statement

_TO = frozenset({"kepada", "ke", "untuk", "pada", "bagi", "terhadap", "to", "for"})
_FROM = frozenset({"dari", "oleh", "from", "by"})
_BY = frozenset({"oleh", "by"})
_OTHERS = cues.words("preposition", "id") | cues.words("preposition", "en")
_PASSED = cues.words("passed", "id") | cues.words("passed", "en")
_NEAR, _PLACES = 6, 12
"""Mentions on each side of an event, and places of an event in a source, that are looked at."""
_BEFORE_NOUNS = frozenset({"a", "an", "the", "of", "his", "her", "its", "their", "any", "no", "s"})
_NOUN_ENDS = ("ly", "tion", "sion", "ment", "ship", "ity", "ance", "ence")
_BE = frozenset({"was", "were", "is", "are", "been", "being", "be"})
_TAKEN = frozenset({"accepted", "received", "obtained", "diterima", "diperoleh"})
"""In the passive, who is named after ``oleh`` or ``by`` takes and does not give."""
_SINGLE = frozenset({"dia", "ia", "beliau", "mereka", "he", "she", "they"})
_AND = frozenset({"dan", "and", "serta", "the"})
_CLAUSE = re.compile(r"[.!?;:\n]\s|\n|\b(?:sementara|while|ketika|when|yang|who|meski|though|although|setelah|after)\b")


class Frame(NamedTuple):
    """One event: who is on its giving and on its taking side."""

    at: int
    """Number of the event's word."""
    agents: tuple[Mention, ...]
    patients: tuple[Mention, ...]

    @property
    def sides(self) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
        """Agents and patients."""
        return self.agents, self.patients


def frame(statement: Statement, at: int) -> Frame:
    """The roles around the event word ``at``, passive and receiving turned round."""
    word, language = statement.words[at].folded.removesuffix("nya"), statement.language
    before, after = _before(statement, at), _after(statement, at)
    receiving = word in cues.words("receive", language)
    led = {m: _lead(statement, m) for m in after}
    sources = tuple(m for m in after if led[m] in _BY or (receiving and led[m] in _FROM))
    targets = tuple(m for m in after if led[m] in _TO)[:1]
    if word in _TAKEN and _passive(statement, at):
        takers = tuple(m for m in after if led[m] in _BY)
        return Frame(at, tuple(m for m in sources if m not in takers), takers)
    bare = tuple(m for m in after if not led[m] and _object(statement, at, m))[:1]
    if _passive(statement, at):
        doer = sources or (bare if language == "id" and bare and bare[0].first == at + 1 else ())
        return Frame(at, doer, targets or before)
    if receiving:
        return Frame(at, sources, before)
    return Frame(at, before, targets or bare)


def _object(statement: Statement, at: int, mention: Mention) -> bool:
    """Whether a mention without preposition can be the verb's object: near, no comma and no pronoun between."""
    between = statement.text[statement.words[at].end : statement.words[mention.first].start]
    return (
        "," not in between
        and len(between.split()) <= 6
        and not re.search(r"\b(?:him|her|them|it|dia|mereka)\b", between)
    )


def _passive(statement: Statement, at: int) -> bool:
    word = statement.words[at].folded
    if statement.language == "id":
        return word.startswith("di") and len(word) > 4
    return any(w.folded in _BE for w in statement.words[max(0, at - 3) : at]) and not word.endswith("ing")


def _before(statement: Statement, at: int) -> tuple[Mention, ...]:
    """The nearest subject before a word in its sentence, with those joined to it by ``dan``, ``and``.

    After ``agar`` the one who is asked is the subject (``memperingatkan kepada A agar tidak memberi B``).
    """
    earlier = [m for m in statement.mentions if m.last < at][-_NEAR:]
    earlier = [m for m in earlier if not _ended(statement, m.last, at)]
    earlier = [m for m in earlier if ")" not in statement.text[statement.words[m.last].end : statement.words[at].start]]
    subjects = [m for m in earlier if _lead(statement, m) not in _TO | _FROM | _OTHERS]
    if earlier and _asked([w.folded for w in statement.words[earlier[-1].last + 1 : at]]):
        subjects = earlier
    if not subjects or _SINGLE & {w.folded for w in statement.words[subjects[-1].last + 1 : at]}:
        return ()
    found = [subjects[-1]]
    for mention in reversed(subjects[:-1]):
        between = {w.folded for w in statement.words[mention.last + 1 : found[0].first]}
        if not between or not between <= _AND:
            break
        found.insert(0, mention)
    return tuple(found)


def _asked(between: Sequence[str]) -> bool:
    return "agar" in between or "supaya" in between or list(between[-2:]) == ["not", "to"]


def _after(statement: Statement, at: int) -> tuple[Mention, ...]:
    end = statement.words[at].end
    following = [m for m in statement.mentions if m.first > at][:_NEAR]
    return tuple(m for m in following if not _CLAUSE.search(statement.text[end : statement.words[m.first].start]))


def _ended(statement: Statement, left: int, right: int) -> bool:
    """Whether a sentence ends between two words."""
    return (
        re.search(r"[.!?;:\n]\W*\s|\n", statement.text[statement.words[left].end : statement.words[right].start])
        is not None
    )


def _lead(statement: Statement, mention: Mention) -> str:
    """The preposition before a mention, articles passed over; empty when there is none."""
    place = next((m for m in statement.mentions if m.last == mention.first - 1), None)
    beside = statement.text[statement.words[place.last].end : statement.words[mention.first].start] if place else ""
    if place and beside == ", " and not _tells(statement, mention):
        return _lead(statement, place)  # Komsomolsk-on-Amur, Rusia
    for number in range(mention.first - 1, max(0, mention.first - 2) - 1, -1):
        word = statement.words[number]
        if word.folded == "to" and number > 0 and statement.words[number - 1].folded == "according":
            return "menurut"
        if word.folded not in _PASSED:
            return word.folded if word.folded in _TO | _FROM | _OTHERS else ""
    return ""


def _tells(statement: Statement, mention: Mention) -> bool:
    """Whether a mention is followed by what it says or hopes: ``…, Kyiv says``."""
    following = statement.words[mention.last + 1 : mention.last + 3]
    return any(w.folded in cues.words(kind, statement.language) for w in following for kind in ("speech", "hedge"))


def speakers(statement: Statement) -> tuple[Mention, ...]:
    """Who is said to have said something."""
    found: list[Mention] = []
    for at, word in enumerate(statement.words):
        if word.folded.removesuffix("nya") not in cues.words("speech", statement.language):
            continue
        after = [m for m in statement.mentions if 0 < m.first - at <= 4 and _follows(statement, at, m)]
        subject = _before(statement, at)
        close = [m for m in subject if _close(statement, m, at)]
        only_after = word.folded in {"menurut", "according"}
        if after and word.folded in cues.words("speech_after", statement.language) and (only_after or not close):
            found.append(after[0])
        elif not only_after and not (statement.language == "id" and word.folded.startswith("di")):
            found.extend(subject if close else ())
    return tuple(dict.fromkeys(found))


def _follows(statement: Statement, at: int, mention: Mention) -> bool:
    """A speaker after the verb: at most two small words between, no comma or quotation mark."""
    between = statement.text[statement.words[at].end : statement.words[mention.first].start]
    return re.fullmatch(r"\s+(?:to\s+)?(?:the\s+)?(?:[a-z]+\s+){0,2}", between) is not None and " that " not in between


def _close(statement: Statement, mention: Mention, at: int) -> bool:
    """Whether a subject stands by its verb: few words between, or a description between commas."""
    between = statement.text[statement.words[mention.last].end : statement.words[at].start]
    described = re.fullmatch(r",[^\"“”]+,\s+(?:\w+\s+)?", between) is not None
    return described or (len(between.split()) <= 4 and not re.search(r"[\"“”,]", between))


def _doer(statement: Statement, mention: Mention, at: int, person: bool) -> bool:
    """Whether a subject is surely the verb's: beside it, or before ``dan`` and the verb; for places beside it only."""
    if _passive(statement, at):
        return False
    joined = statement.words[at - 1].folded in {"dan", "and"}
    return at - mention.last <= 3 or (person and (joined or _close(statement, mention, at)))


def role_problems(
    claim: Statement, source: Source, pairs: Sequence[tuple[Unit, Match]], glossary: Glossary
) -> Iterator[Problem]:
    """An event that the source tells with the roles the other way round, or with another doer; the first one found."""
    ignored, known = (
        cues.words("symmetric", language) | cues.words("speech", language) | cues.words("intransitive", language)
        for language in (claim.language, source.language)
    )
    for unit, found in pairs:
        word = claim.words[unit.words[0]].folded
        if found.at is None or found.score < 0.6 or not unit.verb or unit.name or word in ignored:
            continue
        if claim.language == "en" and _noun(claim, unit.words[0]):
            continue
        said = source.said.words[found.at]
        if (
            said.folded in known
            or _mutual(source.said, found.at)
            or not (source.language == "en" or is_verb(said.folded))
        ):
            continue
        places = {*source.said.places[said.stem]}
        transfer = unit.words[0] in claim.places.get("@transfer", ())
        if transfer:
            places |= {*source.said.places.get("@transfer", ())}
        told, frames = frame(claim, unit.words[0]), [frame(source.said, place) for place in sorted(places)[:_PLACES]]
        problem = _compare(told, frames, source, glossary, word=word, sure=transfer or all(told.sides))
        if problem is not None:
            yield problem
            return


def _noun(claim: Statement, at: int) -> bool:
    """Whether an English word that could be a verb is none here: ``the plan``, ``reportedly``, ``confirmation``."""
    before = claim.words[at - 1].folded if at > 0 else ""
    return before in _BEFORE_NOUNS or claim.words[at].folded.endswith(_NOUN_ENDS)


def _mutual(statement: Statement, at: int) -> bool:
    """``berbatasan dengan``: what one does with the other, the other does with it."""
    after = {w.folded for w in statement.words[at + 1 : at + 3]}
    return statement.words[at].folded.startswith("ber") and "dengan" in after


def _compare(
    told: Frame, frames: Sequence[Frame], source: Source, glossary: Glossary, *, word: str, sure: bool
) -> Problem | None:
    """A doer or receiver of the claim that no frame of the source has in that role, but one has in the other.

    Unless it is ``sure`` who is on which side, only a frame with both sides filled counts for the second.
    """
    for side in (0, 1):
        for mention in told.sides[side]:
            there = [same(mention, m, source, glossary) for f in frames for m in f.sides[side]]
            if any(answer is not False for answer in there):
                continue
            clear = [f for f in frames if sure or all(f.sides)]
            if any(same(mention, m, source, glossary) for f in clear for m in f.sides[1 - side]):
                return Problem("role", f"'{mention.text}' is on the other side of '{word}' in the source", True, 0.5)
            instead = [m for f in frames for m in f.agents if _doer(source.said, m, f.at, is_person(mention, glossary))]
            if instead and side == 0 and not any(_opens(mention, f, source, glossary) for f in frames):
                return Problem("role", f"claim says {mention.text}, source says {instead[0].text}", True, 0.45)
    return None


def _opens(mention: Mention, found: Frame, source: Source, glossary: Glossary) -> bool:
    """Whether a source's sentence begins with a mention and goes on to the event: its subject may be far from it."""
    said = source.said
    first = next((m for m in said.mentions if m.last < found.at and not _ended(said, m.last, found.at)), None)
    return first is not None and not _lead(said, first) and same(mention, first, source, glossary) is True


def speaker_problems(claim: Statement, source: Source, glossary: Glossary) -> Iterator[Problem]:
    """A claim that names another speaker than its source."""
    told, known = speakers(claim), speakers(source.said)
    for speaker in told if known else ():
        if all(same(speaker, m, source, glossary) is False for m in known):
            yield Problem("speaker", f"claim says {speaker.text}, source says {known[0].text}", True, 0.5)
            return
