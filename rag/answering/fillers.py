"""Where a text has what may fill the slot of a question: an amount of money for a price, a speaker for words said.

A slot, a read text and what the question itself says come in; spans of the text go out, in no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from rag.finding.question import Query
from rag.finding.slots import Slot
from rag.finding.views import word_class
from rag.language import cues
from rag.language.quantities import Number, clocks
from rag.language.words import fold
from rag.types import Span
from rag.verifying.facts import TIME_UNITS, durations
from rag.verifying.roles import speakers
from rag.verifying.statements import Mention, Statement

_MONEY = frozenset({"rupiah", "dolar", "euro", "pound", "yen", "yuan", "won", "rubel", "ringgit", "baht", "peso"})
_TIME = TIME_UNITS | {"malam"}
_UNITS: dict[Slot, frozenset[str]] = {
    "money": _MONEY,
    "mass": frozenset({"kilogram", "gram", "ton"}),
    "length": frozenset({"meter", "kilometer", "sentimeter", "milimeter", "mil", "kaki", "inci"}),
    "area": frozenset({"meter persegi", "kilometer persegi", "hektare"}),
    "speed": frozenset({"kilometer per jam"}),
    "share": frozenset({"persen", "poin persentase"}),
    "time": _TIME,
}
_MEASURED = frozenset[str]().union(*_UNITS.values())
_OLD_BEFORE = re.compile(r"(?:\b(?:usia|umur|berusia|berumur|aged?)|[A-Z][\w.’']+,|\()\s*$")
_OLD_AFTER = re.compile(r"\s*(?:\)|,|tahun\b|years?\b)")
_RELATIVE = re.compile(r"\W*(?:\w+\W+)?(?:setelah|sesudah|usai|sebelum|lalu|silam|kemudian|after|before|ago|later)\b")
_SAID_WHEN = re.compile(r"(?:\b[A-Z][\w.]*,?\s+|\bpada\s+|\bon\s+)\(?$")
_CLAUSE_WORDS = 14
"""Words before a date among which a verb of saying makes it the date of the statement."""


def fillers(slot: Slot, said: Statement, query: Query) -> list[Span]:
    """Places that may fill the slot and are not words of the question.

    Args:
        slot: what is asked for.
        said: a few sentences of an article.
        query: the question; its names tell whose words are asked for.
    """
    own = _words(query.text)
    spans = _FINDERS[slot](said, query) if slot in _FINDERS else _amounts(slot, said)
    return [span for span in spans if slot in _TOLD_ANYWAY or not _words(said.text[span.start : span.end]) <= own]


_TOLD_ANYWAY = frozenset({"said", "cause"})
"""A speaker stands in the question, and so may *karena*."""


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in re.findall(r"\w+", text))


def _amounts(slot: Slot, said: Statement) -> Iterator[Span]:
    for number in said.numbers:
        if not number.ordinal and number.unit in _UNITS.get(slot, ()):
            yield number.span


def _times(said: Statement, query: Query) -> Iterator[Span]:
    yield from _amounts("time", said)
    yield from _unnumbered(said)


def _unnumbered(said: Statement) -> Iterator[Span]:
    yield from (duration.span for duration in durations(said))


def _ages(said: Statement, query: Query) -> Iterator[Span]:
    for number in said.numbers:
        before, after = said.text[max(0, number.span.start - 30) : number.span.start], said.text[number.span.end :]
        if _OLD_BEFORE.search(before) and _OLD_AFTER.match(after):
            yield number.span


def _counts(said: Statement, query: Query) -> Iterator[Span]:
    yield from (n.span for n in said.numbers if not n.ordinal and n.unit not in _MEASURED)


def _any_amounts(said: Statement, query: Query) -> Iterator[Span]:
    yield from (n.span for n in said.numbers if not n.ordinal)


def _clocks(said: Statement, query: Query) -> Iterator[Span]:
    yield from (clock.span for clock in clocks(said.text))


def _dates(said: Statement, query: Query) -> Iterator[Span]:
    """Dates and what stands for one, without those that only tell when something was said."""
    yield from (date.span for date in said.dates if not _of_statement(said, date.span))
    yield from _unnumbered(said)
    yield from _clocks(said, query)
    yield from (n.span for n in said.numbers if n.unit in _TIME and _relative(n, said))


def _relative(number: Number, said: Statement) -> bool:
    return _RELATIVE.match(said.text[number.span.end : number.span.end + 40]) is not None


def _of_statement(said: Statement, span: Span) -> bool:
    """``kata X di Jakarta, Senin (1/5)``."""
    clause = re.split(r"[.!?]\s|\n", said.text[: span.start])[-1]
    told = any(fold(word) in cues.words("speech", said.language) for word in clause.split()[-_CLAUSE_WORDS:])
    return told and _SAID_WHEN.search(clause) is not None


def _named(said: Statement, query: Query) -> Iterator[Span]:
    yield from (_span(said, mention) for mention in said.mentions)


def _places(said: Statement, query: Query) -> Iterator[Span]:
    for mention in said.mentions:
        before = said.words[mention.first - 1].folded if mention.first else ""
        if before in word_class("place") or before in {"in", "at", "from", "to"}:
            yield _span(said, mention)


def _causes(said: Statement, query: Query) -> Iterator[Span]:
    yield from (Span(word.start, word.end) for word in said.words if word.folded in word_class("cause"))


def _definitions(said: Statement, query: Query) -> Iterator[Span]:
    """*Adalah* and its like."""
    yield from (Span(word.start, word.end) for word in said.words if word.folded in word_class("defining"))


def _speakers(said: Statement, query: Query) -> Iterator[Span]:
    """Those who say something and whom the question names; a pronoun when the text names them."""
    asked = frozenset[str]().union(*(_words(name) for name in query.names))
    for mention in speakers(said):
        if not asked or asked & set(mention.names):
            yield _span(said, mention)
    if any(asked & set(mention.names) for mention in said.mentions):
        pronouns, verbs = (cues.words(kind, said.language) for kind in ("pronoun", "speech"))
        for word, verb in pairwise(said.words):
            if word.folded in pronouns and verb.folded in verbs:
                yield Span(word.start, word.end)


def _span(said: Statement, mention: Mention) -> Span:
    return Span(said.words[mention.first].start, said.words[mention.last].end)


_FINDERS: dict[Slot, Callable[[Statement, Query], Iterator[Span]]] = {
    "time": _times, "age": _ages, "amount": _any_amounts, "count": _counts, "clock": _clocks, "date": _dates,
    "said": _speakers, "definition": _definitions, "person": _named, "name": _named, "place": _places, "cause": _causes,
    "open": lambda said, query: iter(()),
}  # fmt: skip
