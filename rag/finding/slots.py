"""What the answer to a question would be made of: a price, a length of time, a name, words of somebody, a reason.

The folded words of a question with its kind and measure come in, the name of a slot goes out; `rag.answering.fillers`
finds what may fill it in a text. A sentence that has all words of *what did the filters cost* and no price does not
answer it.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.finding.asking import Kind
from rag.finding.expecting import Measure
from rag.types import Language

Slot = Literal[
    "money", "mass", "length", "area", "age", "speed", "time", "share", "amount", "count", "clock", "date", "said",
    "person", "name", "place", "cause", "definition", "open",
]  # fmt: skip
"""``share`` is a percentage, ``amount`` of anything, ``said`` what somebody says; ``open`` when nothing can be told."""

_PATTERNS: dict[Language, tuple[tuple[Slot, re.Pattern[str]], ...]] = {
    "id": (
        ("clock", re.compile(r"\b(jam|pukul) berapa\b")),
        ("share", re.compile(r"\bberapa persen\b|^persentase\b")),
        ("date", re.compile(r"\b(tanggal|tahun|hari) berapa\b|^(tanggal|jadwal)\b")),
        ("amount", re.compile(r"\bberapa(kah)?\W*$|^jumlah\b|\bukuran(nya)?\b")),
        (
            "cause",
            re.compile(
                r"\b(mengapa|kenapa)\b|\b(apa|atas) (yang )?(jadi |menjadi )?(alasan|sebab|penyebab|pertimbangan|dasar)"
                r"|^(alasan|sebab|penyebab)\b|\b(gara[- ]gara|karena|sebab|akibat) apa\b|\bkok bisa\b"
                r"|\bapa yang (membuat|menyebabkan|memicu|mendorong)\b"
            ),
        ),
        (
            "said",
            re.compile(
                r"\b(apa|bagaimana)(kah)?( saja)?( isi)? (kata|ucapan|komentar|tanggapan|reaksi|pendapat|respons?|"
                r"pernyataan|jawaban|penjelasan|pesan|pandangan|sikap|pidato|sambutan|janji|permintaan)(nya)?\b"
                r"|\bapa yang (di|ter)?(kata|sampai|ucap|jelas|nyata|ungkap|janji|minta|tegas|seru)\w*"
                r"|\b(bilang|berkata|mengatakan|ngomong|menjawab|berjanji|berpesan) apa\b"
                r"|^(komentar|tanggapan|reaksi|respons?|pernyataan)\b"
            ),
        ),
        (
            "person",
            re.compile(
                r"\bsiapa\b|\bnama (\w+ )?(orang|penumpang|korban|pengawal|siswa|mahasiswa|warga|anak|istri|suami)\b"
            ),
        ),
        (
            "name",
            re.compile(
                r"\b(nama|bernama|merek|merk|judul|julukan)(nya)?\b|\b\w+ mana\b|\b(maskapai|bank|perusahaan|klub|tim"
                r"|partai|kampus|universitas|sekolah|hotel|stasiun|kapal|media|lembaga|organisasi|film|lagu) apa\b"
            ),
        ),
    ),
    "en": (
        ("clock", re.compile(r"\b(what|which) (time|hour)\b")),
        ("share", re.compile(r"\bper ?cent(age)?\b")),
        ("date", re.compile(r"\bat what point\b|\bhow soon\b|^date of\b")),
        ("amount", re.compile(r"\bhow (much|big|large)\b|\bdimensions?\b|^(size|number|amount) of\b")),
        (
            "cause",
            re.compile(
                r"\b(why|how come)\b|\b(what|which) (\w+ )*?(reasons?|grounds|motive)\b|\bon what grounds\b"
                r"|\bwhat (made|prompted|led|drove)\b|^(the )?reasons? (for|why)\b"
            ),
        ),
        (
            "said",
            re.compile(
                r"\bwhat (did|does|do|has|have|had|was|were|is) .*\b(say|said|tell|told|comment|respond|response|reply"
                r"|reaction|promise|announce|answer|warn|think|statement|opinion|view|message|explain|explanation|urge)\b"
                r"|^(\w+(?:['’]s)? )*?(own )?(comment|reaction|response|reply|statement)\b"
                r"|\bhow (did|has|have) .* (react|respond)(ed)?\b"
            ),
        ),
        (
            "person",
            re.compile(
                r"\b(who|whos|whom|whose)\b|\bnames? of the (\w+ )*?(man|woman|men|women|passengers?|victims?|guards?"
                r"|students?|wife|husband|child|children|lawyers?|people)\b"
            ),
        ),
        (
            "name",
            re.compile(
                r"\b(name|names|named|called|brand|make|title|nickname)\b|\bwhich\b|\bwhat (airline|bank|company|firm"
                r"|club|team|party|university|school|hotel|ship|hospital|model|song|film|newspaper)\b"
            ),
        ),
    ),
}
_BY_KIND: dict[Kind, Slot] = {
    "when": "date", "where": "place", "how_many": "count", "how_long": "time", "why": "cause", "who": "person",
    "definition": "definition",
}  # fmt: skip

_VAGUE: dict[Slot, frozenset[Kind]] = {
    "name": frozenset({"when", "where", "how_many", "how_long"}), "amount": frozenset({"when", "where", "how_long"}),
}  # fmt: skip
"""Slots that say less than these kinds do."""


def slot_of(plain: str, language: Language, kind: Kind, measure: Measure | None) -> Slot:
    """The slot of a question.

    Args:
        plain: the question in folded words.
        language: of the question.
        kind: of answer, by the question word.
        measure: what an amount asked for is measured in.
    """
    if measure:
        return measure
    found = next((slot for slot, pattern in _PATTERNS[language] if pattern.search(plain)), None)
    if found in _VAGUE and kind in _VAGUE[found]:
        found = None
    return found or _BY_KIND.get(kind, "open")
