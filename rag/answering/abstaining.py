"""Why the archive does not answer, in one sentence of the question's language."""

from __future__ import annotations

from collections.abc import Sequence

from rag.finding.question import Query
from rag.finding.slots import Slot
from rag.finding.terms import TermGroup
from rag.finding.views import view
from rag.language.words import fold, stop_words
from rag.types import Hit, Language

MOST = 3
"""Words named in a reason, at most."""

_REASONS: dict[Language, tuple[str, str, str]] = {
    "id": (
        "Arsip tidak menyebut {}.",
        "Bagian yang ditemukan memuat kata-kata pertanyaan, tetapi tidak menjawabnya.",
        "Arsip tidak memuat apa pun tentang ini.",
    ),
    "en": (
        "The archive does not mention {}.",
        "The passages found have the words of the question but do not answer it.",
        "The archive has nothing about this.",
    ),
}

_UNFILLED: dict[Language, str] = {
    "id": "Bagian yang ditemukan memuat kata-kata pertanyaan, tetapi tidak {} yang ditanyakan.",
    "en": "The passages found have the words of the question, but not the {} it asks for.",
}
SLOT_NAMES: dict[Slot, dict[Language, str]] = {
    "money": {"id": "jumlah uang", "en": "sum of money"},
    "mass": {"id": "berat", "en": "weight"},
    "length": {"id": "ukuran", "en": "length"},
    "area": {"id": "luas", "en": "area"},
    "age": {"id": "umur", "en": "age"},
    "speed": {"id": "kecepatan", "en": "speed"},
    "time": {"id": "lama waktu", "en": "length of time"},
    "share": {"id": "persentase", "en": "percentage"},
    "amount": {"id": "jumlah", "en": "amount"},
    "count": {"id": "jumlah", "en": "number"},
    "clock": {"id": "jam", "en": "time of day"},
    "date": {"id": "waktu", "en": "date"},
    "said": {"id": "perkataan", "en": "words"},
    "person": {"id": "nama", "en": "name"},
    "name": {"id": "nama", "en": "name"},
    "place": {"id": "tempat", "en": "place"},
    "cause": {"id": "alasan", "en": "reason"},
    "definition": {"id": "penjelasan", "en": "definition"},
}
"""What a reason calls the answer that is lacking; ``open`` lacks nothing."""


def reason(query: Query, hits: Sequence[Hit], *, unfilled: bool) -> str:
    """Names what is missing: names first, then the other words; else the kind of answer, or just that there is none.

    Args:
        query: the question.
        hits: what was found.
        unfilled: the best sentences have nothing of the kind that is asked for.
    """
    missing, unanswered, nothing = _REASONS[query.language]
    if not query.groups or not hits:
        return nothing
    there = {stem for hit in hits for stem in view(hit.chunk).stems}
    absent = [group for group in query.groups if not _mentioned(group, there) and _named(group, query)]
    if not absent:
        language = query.language
        return _UNFILLED[language].format(SLOT_NAMES[query.slot][language]) if unfilled else unanswered
    if len(absent) == len(query.groups) > MOST:
        return nothing
    named = [group for group in absent if group.name] or absent
    words = list(dict.fromkeys(f"“{phrase}”" for phrase in _phrases(query, named)))[:MOST]
    joined = (" atau " if query.language == "id" else " or ").join(words)
    return missing.format(joined)


def _named(group: TermGroup, query: Query) -> bool:
    """Whether the question names it: not a word that asks (*how old*), nor one that only stands for such a word."""
    words = fold(group.text).split()
    return words[0] not in stop_words(query.language, question=True) and words[0] in fold(query.text)


def _mentioned(group: TermGroup, there: set[str]) -> bool:
    return any(set(way.stems) <= there for way in group.alternatives)


def _phrases(query: Query, absent: Sequence[TermGroup]) -> list[str]:
    """The absent words as the question has them; a name of which no word is there stands as a whole."""
    words = [group.text for group in absent]
    phrases: list[str] = []
    for word in words:
        whole = next((name for name in query.names if word in name and _all_in(name, words)), word)
        phrases.append(whole)
    return phrases


def _all_in(name: str, words: Sequence[str]) -> bool:
    return all(part in words for part in name.replace("-", " ").split())
