"""A sentence of an article → the questions that it answers, in Indonesian or English, by rules for news of any kind.

A question is made where a sentence tells an event plainly: who did it, to whom, when, where, how many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.language import cues
from rag.language.glossary import Glossary
from rag.language.words import fold, is_stop_word
from rag.types import Language
from rag.verifying.roles import frame, speakers
from rag.verifying.statements import Mention, Statement
from ui.chat.names import Names
from ui.chat.verbs import BODIES, GIVING, LOST, PEOPLE, Verb, verb

_UNSURE = re.compile(r"\b(?:apakah|jika|bila|apabila|kalau|whether|if)\b", re.I)
_WEEKDAYS = frozenset(["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"])
_RELAYED = frozenset({
    "melansir", "mengutip", "menurut", "dilansir", "dikutip", "kepada", "dari", "seperti", "oleh",
    "according", "to", "from", "quoted", "told", "by",
})  # fmt: skip
"""Words before the name of somebody who passes on what was said, or hears it."""
_DEFINING = re.compile(r"(?:\s*\([^)]{1,80}\),?)?\s+(?:adalah|ialah|merupakan|is|was)\s+(?P<what>(?:\w+\s+){1,3})")
_PERSON = frozenset({"seorang", "somebody", "politician", "writer", "singer", "actor", "scientist", "player"})
_PLACE_WORDS = frozenset({"kota", "wilayah", "provinsi", "kabupaten", "the", "city", "of"})

Made = tuple[str, str, tuple[str, ...]]
"""Kind, question without its mark, names in it."""


@dataclass(slots=True)
class Maker:
    """Makes the questions of one sentence."""

    said: Statement
    names: Names
    glossary: Glossary
    wanted: Language
    whole: bool
    """Whether names are given in full: an article that says ``Putin`` is found better by that."""
    _turned: frozenset[int] = field(default=frozenset())
    _meant: dict[str, str] = field(default_factory=dict)
    """Names as the archive mostly has them, by label."""

    def __post_init__(self) -> None:
        turns = (*self.said.negations, *self.said.hedges, *self.said.futures)
        self._turned = frozenset(at for turn in turns for at in turn.scope)

    def questions(self) -> Iterator[Made]:
        """Questions with the names that they are about, as the archive mostly has them."""
        for kind, text, labels in self._all():
            parts = (part for label in labels for part in re.split(r" (?:dan|and) ", label))
            yield kind, text, tuple(self._meant.get(part, part) for part in parts)

    def _all(self) -> Iterator[Made]:
        if _UNSURE.search(self.said.text) or self.said.text.rstrip().endswith("?"):
            return
        yield from self._people()
        yield from self._defined()
        yield from self._said()
        yield from self._counted()
        for at, word in enumerate(self.said.words):
            if at in self._turned:
                continue
            if word.folded in GIVING[self.said.language]:
                yield from self._given(at)
            event = verb(word.text, self.said.language)
            if event is not None:
                yield from self._event(at, event)

    def _label(self, mention: Mention) -> str | None:
        """What a mention is called; see `Names.label`."""
        label = self.names.label(mention, self.said.language, self.wanted, whole=self.whole)
        if label is not None:
            self._meant[label] = self.names.whole(self.names.own(mention)[0])
        return label

    def _people(self) -> Iterator[Made]:
        """Who somebody is, where the sentence has the office beside the name."""
        for mention in self.said.mentions:
            own, titled = self.names.own(mention)
            name = self.names.whole(own)
            if titled and len(own.split()) > 1 and mention.last - mention.first >= len(own.split()):
                yield "person", f"siapa {name}" if self.wanted == "id" else f"who is {name}", (name,)

    def _defined(self) -> Iterator[Made]:
        """Who or what something is, where a sentence begins with its name and tells it."""
        first = self.said.mentions[0] if self.said.mentions else None
        if first is None or first.first > 0 or first.title:
            return
        told = _DEFINING.match(self.said.text, self.said.words[first.last].end)
        name = self._label(first)
        if told is None or name is None:
            return
        described = {word.casefold() for word in told["what"].split()}
        if not described.isdisjoint(cues.words("title", self.said.language) | _PERSON):
            yield "person", f"siapa {name}" if self.wanted == "id" else f"who is {name}", (name,)
        elif name.isupper():
            yield "person", f"apa itu {name}" if self.wanted == "id" else f"what is {name}", (name,)

    def _said(self) -> Iterator[Made]:
        """What a person said, about something else that the sentence names: the rarest of it."""
        told = speakers(self.said)
        for speaker in told:
            name = self._label(speaker)
            if name is None or not self.names.is_person(self.names.whole(name)):
                continue
            others = [m for m in self.said.mentions if m not in told and not self._relayed(m)]
            topics = sorted({o for o in map(self._label, others) if o and o != name and self._weight(o) > 1})
            about = min(topics, key=self._weight, default=None)
            if self.wanted == "id":
                yield "said", f"apa kata {name}" + (f" tentang {about}" if about else ""), (name,)
            else:
                yield "said", f"what did {name} say" + (f" about {about}" if about else ""), (name,)

    def _weight(self, label: str) -> float:
        return self.names.weight(self._meant.get(label, label))

    def _relayed(self, mention: Mention) -> bool:
        return any(w.folded in _RELAYED for w in self.said.words[max(0, mention.first - 2) : mention.first])

    def _counted(self) -> Iterator[Made]:
        """How many people something happened to, where."""
        words = self.said.words
        for number in self.said.numbers:
            after = next((n for n, w in enumerate(words) if w.start >= number.span.end), None)
            if after is None or after + 1 >= len(words) or words[after].folded not in PEOPLE:
                continue
            lost = next((LOST[w.folded] for w in words[after + 1 : after + 4] if w.folded in LOST), None)
            place = next((p for p in (self._label(m) for m in self._places(after)) if p), None)
            if lost and place:
                text = (f"berapa orang yang {lost[0]} di {place}", f"how many people {lost[1]} in {place}")
                yield "how_many", text[self.wanted == "en"], (place,)

    def _given(self, at: int) -> Iterator[Made]:
        """What somebody gave somebody."""
        told = frame(self.said, at)
        giver = self._subject(at, told.agents)
        taker = next((label for label in map(self._label, told.patients[:1]) if label), None)
        if giver and taker and taker not in giver:
            text = (f"apa yang diberikan {giver} kepada {taker}", f"what did {giver} give {taker}")
            yield "give", text[self.wanted == "en"], (giver, taker)

    def _event(self, at: int, event: Verb) -> Iterator[Made]:
        subject = self._subject(at, frame(self.said, at).agents)
        if subject is None:
            return
        found = self._object(at, event)
        label = self._label(found) if found else None
        if found is None:
            yield from self._things(at, event, subject)
        if (found is not None and label is None) or (label is not None and label in subject):
            return
        together = " dan " in subject or " and " in subject
        if label is None and (event.passive or (event.to and event.aux != "was" and not together)):
            return
        mentioned = (subject, label) if label else (subject,)
        told = self._told(event, subject, label)
        still = event.to in ("", "dengan", "dari")
        for word, kind in self._circumstances(at, found):
            if still or kind != "where":
                yield kind, f"{word} {told}", mentioned
        if label is not None and still and not together:
            yield "who", self._who(event, label), mentioned

    def _told(self, event: Verb, subject: str, label: str | None) -> str:
        """``Putin mengundang Kim``, ``did Putin invite Kim``."""
        if self.wanted == "id":
            return " ".join(filter(None, (subject, event.active, event.to if label else "", label)))
        return " ".join(filter(None, (event.aux, subject, event.base, event.en_to if label else "", label)))

    def _who(self, event: Verb, label: str) -> str:
        if self.wanted == "id":
            return " ".join(filter(None, ("siapa yang", event.active, event.to, label)))
        return " ".join(filter(None, ("who", "was" if event.aux == "was" else "", event.past, event.en_to, label)))

    def _circumstances(self, at: int, found: Mention | None) -> Iterator[tuple[str, str]]:
        """Question words that the rest of the sentence answers, with their kinds."""
        english = self.wanted == "en"
        text = self.said.text
        dated = [text[d.span.start : d.span.end] for d in self.said.dates]
        if any(fold(day) not in _WEEKDAYS or re.search(r"\d", day) for day in dated):
            yield ("when" if english else "kapan"), "when"
        if any(m is not found for m in self._places(at)):
            yield ("where" if english else "di mana"), "where"
        if re.search(r"\b(?:karena|lantaran|sebab|because)\b", text[self.said.words[at].end :]):
            yield ("why" if english else "mengapa"), "why"

    def _things(self, at: int, event: Verb, subject: str) -> Iterator[Made]:
        """What or how many things somebody promised, launched, found."""
        words = self.said.words
        if not event.thing or not event.passive or at + 1 >= len(words):
            return
        text = (f"apa yang {event.passive} {subject}", f"what {event.aux} {subject} {event.base}")
        following = words[at + 1]
        gap = self.said.text[words[at].end : following.start]
        if not following.name and not gap.strip() and not is_stop_word(following.text, self.said.language):
            yield "what", text[self.wanted == "en"], (subject,)
        counted = self._noun(at)
        if counted:
            text = (
                f"berapa {counted} yang {event.passive} {subject}",
                f"how many {counted} {event.aux} {subject} {event.base}",
            )
            yield "how_many", text[self.wanted == "en"], (subject,)

    def _noun(self, at: int) -> str | None:
        """What is counted right after a verb, in the question's language."""
        words = self.said.words
        number = next((n for n in self.said.numbers if 0 < n.span.start - words[at].end < 12 and n.unit), None)
        noun = next((w for w in words if number and w.start >= number.span.end), None)
        if noun is None or not noun.folded.isalpha() or noun.name or not noun.content:
            return None
        if self.wanted == self.said.language:
            return noun.text.lower()
        there = (self.glossary.to_english if self.wanted == "en" else self.glossary.to_indonesian)(noun.text)
        plain = there[0] if there and there[0].isalpha() and there[0].islower() else None
        return _plural(plain) if plain and self.wanted == "en" else plain

    def _subject(self, at: int, agents: Sequence[Mention]) -> str | None:
        """Who does it, as a question has it; None where that is not plain."""
        words = self.said.words
        found = agents or [m for m in self.said.mentions if m.last < at][-1:]
        if not found or not self._beside(found[-1], at):
            body = BODIES.get(words[at - 1].folded) if at else None
            return body[self.wanted == "en"] if body else None
        labels = [self._label(mention) for mention in found]
        if None in labels or len(labels) > 2 or len(set(labels)) < len(labels) or self._part_of(found[0]):
            return None
        return (" and " if self.wanted == "en" else " dan ").join(filter(None, labels))

    def _beside(self, mention: Mention, at: int) -> bool:
        """Whether there is little but a date between a name and a verb."""
        start, end = self.said.words[mention.last].end, self.said.words[at].start
        dates = [d.span for d in self.said.dates if start <= d.span.start and d.span.end <= end]
        kept = "".join(
            c for i, c in enumerate(self.said.text[start:end], start) if not any(s <= i < e for s, e in dates)
        )
        kept = re.sub(r"\(?\)| pada ", " ", kept) if dates else kept
        return len(kept.split()) <= 3 and not re.search(r"[,;:()\"“”]|\byang\b|\bwho\b", kept)

    def _part_of(self, mention: Mention) -> bool:
        """Whether a name only says whose or where: ``media Korea Utara``, ``delegasi Putin``, ``di Rusia``."""
        if mention.first == 0 or mention.title:
            return False
        before = self.said.words[mention.first - 1]
        gap = self.said.text[before.end : self.said.words[mention.first].start]
        prepositions = cues.words("preposition", self.said.language) | _RELAYED
        return not gap.strip() and ((before.content and not before.name) or before.folded in prepositions)

    def _object(self, at: int, event: Verb) -> Mention | None:
        """The name right after the verb, with the verb's preposition or none between."""
        to = event.to if self.said.language == "id" else event.en_to
        mention = next((m for m in self.said.mentions if m.first > at), None)
        if mention is None or mention.first - at > 3:
            return None
        words = self.said.words
        gap = self.said.text[words[at].end : words[mention.first].start].split()
        return mention if [w for w in gap if fold(w) not in _PLACE_WORDS] in ([], [to]) else None

    def _places(self, at: int) -> Iterator[Mention]:
        """Names after ``di`` or ``in`` that come later than a word."""
        for mention in self.said.mentions:
            before = [w.folded for w in self.said.words[max(at + 1, mention.first - 3) : mention.first]]
            while before and before[-1] in _PLACE_WORDS:
                before.pop()
            if mention.first > at and before and before[-1] in {"di", "in", "at"}:
                yield mention


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
