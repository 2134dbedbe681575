"""Why the archive does not answer, in one sentence of the question's language."""

from __future__ import annotations

from collections.abc import Sequence

from rag.question import Query, TermGroup
from rag.types import Hit, Language
from rag.views import view

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


def reason(query: Query, hits: Sequence[Hit]) -> str:
    """Names what is missing: names first, then the other words; or says that the words are there but no answer is."""
    missing, unanswered, nothing = _REASONS[query.language]
    if not query.groups or not hits:
        return nothing
    there = {stem for hit in hits for stem in view(hit.chunk).stems}
    absent = [group for group in query.groups if not _mentioned(group, there)]
    if not absent:
        return unanswered
    if len(absent) == len(query.groups) > MOST:
        return nothing
    named = [group for group in absent if group.name] or absent
    words = list(dict.fromkeys(f"“{phrase}”" for phrase in _phrases(query, named)))[:MOST]
    joined = (" atau " if query.language == "id" else " or ").join(words)
    return missing.format(joined)


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
