"""What kind of answer a question asks for, by its question words: Kutip's kinds, lists, and the word that is asked for.

Folded text of a question comes in; a kind (``when``), whether it asks for several things, and its focus go out. A
passage that has the question's names but not its focus talks about them without answering.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.types import Language

Kind = Literal["who", "when", "where", "how_many", "how_long", "why", "how", "definition", "yes_no", "what"]

_KINDS: dict[Language, tuple[tuple[Kind, str], ...]] = {
    "id": (
        (
            "when",
            r"\b(kapan|bilamana|tahun berapa|tanggal berapa|(pada|di) (hari|bulan|tahun|abad) (apa|mana|berapa)"
            r"|(hari|bulan) apa|(pukul|jam) berapa|abad (ke ?)?berapa)",
        ),
        ("how_long", r"\b(berapa lama|seberapa lama|berapa (tahun|hari|bulan|jam|menit))"),
        ("how_many", r"\b(se)?berapa"),
        (
            "where",
            r"\b(di ?mana|ke ?mana|dari ?mana|(negara|kota|daerah|tempat|provinsi|pulau|benua) (mana|apa)(kah)?\b)",
        ),
        ("who", r"\bsiapa"),
        ("why", r"\b(mengapa|kenapa|apa(kah)? (yang menjadi )?(penyebab|sebab|alasan)|atas alasan)"),
        ("how", r"\bbagaimana"),
        ("definition", r"\b(apa(kah)? (itu|yang di ?maksud|arti|definisi|pengertian|maksud)|(itu|adalah) apa)\b"),
        ("yes_no", r"^(apakah|benarkah|adakah|bisakah|sudahkah)\b(?!.* (itu|yang|nama)\b)(?! nama)"),
    ),
    "en": (
        ("when", r"\b(when|(what|which) (year|date|day|month|century|time)|since when)\b"),
        ("how_long", r"\bhow (long|many (years|days|months|hours|minutes|weeks))\b"),
        ("how_many", r"\bhow (many|much|old|far|tall|high|big|large|deep|wide|fast|heavy|often|hot|cold)\b"),
        ("where", r"\b(where|(what|which) (country|city|place|region|town|province|island|continent|state))\b"),
        ("who", r"\b(who|whom|whose|which person)\b"),
        ("why", r"\b(why|what (is|was|are|were) the (cause|reason)s?|what (caused|causes)|for what reason)\b"),
        ("how", r"\bhow\b"),
        (
            "definition",
            r"\b(what (is|are|was) meant by|what does .* mean|(meaning|definition) of|what (is|are) (an? )?\S+ ?\?*$)",
        ),
        ("yes_no", r"^(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"),
    ),
}
_SEVERAL: dict[Language, str] = {
    "id": r"\b(saja(kah)?|sebutkan|daftar)\b|\b(apa-apa|siapa-siapa)\b"
    r"|\b(berita|artikel|laporan|media|sumber|versi|keterangan|angka|pihak)(nya)?\b.*\b(sepakat|sama|setuju|beda|berbeda"
    r"|cocok|selisih|bertentangan)(nya)?\b|\bversi\b|\b(kedua|semua|masing-masing) (belah )?(pihak|kubu)\b"
    r"|\bmenurut (siapa|masing)|\b(mana|siapa) yang (benar|betul)\b|\b(bandingkan|bandingin|dibanding(kan)?)\b",
    "en": r"\b(list|name the|(what|which) (are|were|all)|who (are|were))"
    r"|\b(what|which) (?!(?:is|was|does|has|did|do)\b)([a-z]+ )?\w+[^s\W]s\b"
    r"|\b(articles?|reports?|sources?|papers?|media|accounts?|versions?|sides?|figures?|they)\b.*"
    r"\b(agree|differ|disagree|contradict|conflict|tally|match|the same|consistent)"
    r"|\b(both|all|each|two|different) (sides?|camps?|accounts?|versions?|stories|parties)\b|\bversions? of\b"
    r"|\bconflicting\b|\bdiscrepanc|\bcompared? (to|with)\b|^compare\b",
}
# What an English question word asks for, in the words an Indonesian article would use.
ASKED: tuple[tuple[str, str], ...] = (
    (r"\bhow many\b", "jumlah"),
    (r"\bhow (big|large)\b", "luas"),
    (r"\bhow old\b", "usia"),
    (r"\bhow (tall|high)\b", "tinggi"),
    (r"\bhow far\b", "jarak"),
    (r"\bhow long\b", "lama"),
    (r"\bstands? for\b|\babbreviation\b|\bacronym\b", "singkatan"),
    (r"\bhow (much|expensive)\b", "harga"),
)
_QUESTION_WORD = re.compile(
    r"(siapa|apa|mana|dimana|kemana|berapa|seberapa|keberapa|kapan|bilamana|mengapa|kenapa|bagaimana)(kah)?"
    r"|who|whom|whose|what|which|when|where|why|how"
)
_SAYS_LITTLE = frozenset(
    ["nama", "namanya", "jumlah", "jumlahnya", "banyak", "banyaknya", "tahun", "tanggal", "bulan", "hari", "orang",
     "kali", "jenis", "macam", "name", "names", "number", "year", "years", "date", "month", "day", "days", "people",
     "times", "kind", "type"]
)  # fmt: skip

_NEGATED: dict[Language, str] = {
    "id": r"\b(tidak(kah)?|bukan(kah)?|belum|tak|tanpa|jangan)\b",
    "en": r"\b(not|never|no|without)\b|n['’]t\b",
}


def is_negated(plain: str, language: Language) -> bool:
    """Whether the question asks about what is not so, from the question in folded words."""
    return bool(re.search(_NEGATED[language], plain))


def kind_of(plain: str, language: Language) -> Kind:
    """The kind of answer, from the question in folded words."""
    return next((kind for kind, pattern in _KINDS[language] if re.search(pattern, plain)), "what")


def asks_for_several(plain: str, language: Language) -> bool:
    """Whether a list is asked for, from the question in folded words."""
    return bool(re.search(_SEVERAL[language], plain))


def focus(words: Sequence[str], groups: Sequence[tuple[str, bool]]) -> int:
    """Number of the group that says what is asked for, -1 when there is none.

    The word right before the question word (``universitas apa``), else the first after it, else the first before it;
    names and words that only repeat what the question word says do not count.

    Args:
        words: folded words of the question, in order.
        groups: folded text of each group, and whether it is (part of) a name, in order.
    """
    asked = next((place for place, word in enumerate(words) if _QUESTION_WORD.fullmatch(word)), -1)
    places = _places(words, groups)
    before: list[int] = []
    after: list[int] = []
    for number, (place, (text, name)) in enumerate(zip(places, groups, strict=True)):
        opens = place == 0 and asked == 1  # its capital may only open the question
        if place >= 0 and (opens or not name) and text not in _SAYS_LITTLE:
            (before if place < asked else after).append(number)
    if before and places[before[-1]] + len(groups[before[-1]][0].split()) == asked:
        return before[-1]
    return after[0] if after else before[0] if before else -1


def _places(words: Sequence[str], groups: Sequence[tuple[str, bool]]) -> list[int]:
    """Where each group starts among the words; -1 for one that the question does not have (``harga`` of *how much*)."""
    places, position = [], 0
    for text, _ in groups:
        first = text.split()[0]
        place = next((p for p in range(position, len(words)) if words[p] == first), -1)
        places.append(place)
        position = place + 1 if place >= 0 else position
    return places
