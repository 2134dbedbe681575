"""Which measure a question asks for (money, mass, a length of time, …), so that an answer can be told to have none.

The folded words of a question come in, the name of a measure goes out; the same name is a class of words in
`rag.finding.views`, for the units in which articles tell it.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from rag.types import Language

Measure = Literal["money", "mass", "length", "area", "age", "speed", "time"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

_AMOUNT: dict[Language, re.Pattern[str]] = {
    "id": re.compile(
        r"\b(se)?berapa(kah)?\b|^(umur|usia|harga|biaya|tarif|ongkos|gaji|honor|anggaran|nilai|berat|bobot|panjang|tinggi"
        r"|lebar|jarak|luas|kecepatan|lama)(nya)?\b"
    ),
    "en": re.compile(
        r"\bhow (much|old|tall|high|far|deep|wide|heavy|fast|long|expensive|many)\b"
        r"|\bwhat(?:'?s)?(?: \w+)*? (price|cost|weight|age|distance|speed|salary|budget|fee|fine|height|length"
        r"|duration|value|amount|sum)\b|\bworth\b|\bprice tag\b"
        r"|^(?:the )?(?:price|cost|fee|fare|salary|budget)\b"
        r"|^(?:the )?(?:weight|age|distance|speed|height|length|duration) of\b"
    ),
}
_NO_AMOUNT = re.compile(r"\b(tahun|tanggal|pukul|jam|abad|nomor) (ke ?)?berapa\b")
"""Asks when, or which one."""
_WORDS: dict[Language, tuple[tuple[Measure, re.Pattern[str]], ...]] = {
    "id": (
        ("age", re.compile(r"\b(umur|umurnya|usia|usianya|berumur|berusia)\b")),
        ("time", re.compile(r"\bberapa (lama|tahun|hari|bulan|jam|menit|minggu|pekan|detik|malam)\b|\blama(nya)?\b")),
        ("mass", re.compile(r"\b(berat|beratnya|bobot|bobotnya|kilo|kilogram|kg|ton|gram)\b")),
        ("speed", re.compile(r"\bkecepatan(nya)?\b")),
        ("area", re.compile(r"\b(luas|luasnya|seluas|hektare?)\b")),
        (
            "length",
            re.compile(r"\b(se|ke)?(panjang|tinggi|lebar|jauh|jarak|dalam)(an)?(nya)?\b|\b(km|kilometer|meter)\b"),
        ),
        (
            "money",
            re.compile(
                r"\b((se)?harga|nilai|biaya|ongkos|tarif|gaji|upah|denda|penalti|anggaran|dana|kerugian|uang|duit|suap|bayaran"
                r"|santunan|kompensasi|modal|investasi|ganti rugi|tebusan|bonus|honor|utang|pinjaman|laba|rugi|omzet"
                r"|pendapatan|penghasilan|kekayaan|pajak|mahar|sewa|hadiah uang)(nya)?\b"
                r"|\b(mem|di)bayar\w*|\b(rupiah|dolar)\b"
            ),
        ),
    ),
    "en": (
        (
            "time",
            re.compile(r"\bhow (long|many (years|days|hours|minutes|weeks|months|seconds|nights))\b|\bduration\b"),
        ),
        ("mass", re.compile(r"\b(weighs?|weighed|weight|heavy|kilos?|kilograms?|kg|tons?|tonnes?)\b")),
        ("age", re.compile(r"\bhow old\b|\bage\b")),
        ("speed", re.compile(r"\bhow fast\b|\bspeed\b")),
        ("area", re.compile(r"\b(hectares?|acres?|square)\b")),
        (
            "length",
            re.compile(
                r"\bhow (tall|high|far|deep|wide)\b|\b(distance|height|length|miles|kilomet\w+|met(?:er|re)s|km)\b"
            ),
        ),
        (
            "money",
            re.compile(
                r"\b(costs?|prices?|worth|pay|paid|pays|salary|wages?|fines?|fined|budget|expensive|money|fees?|fares?|bribes?"
                r"|compensation|rupiah|dollars?|investment|ransom|loans?|debt|spend|spent|damages?|value|funds?|funding"
                r"|ow(?:e|es|ed|ing)|earn(?:s|ed|ing)?|income|revenue|turnover|profit|tax|rent|donat\w+|charged?)\b"
            ),
        ),
    ),
}  # fmt: skip


def measure_of(plain: str, language: Language) -> Measure | None:
    """The measure that a question asks for, from the question in folded words; None when it asks for none of them."""
    if not _AMOUNT[language].search(plain) or _NO_AMOUNT.search(plain):
        return None
    return next((measure for measure, pattern in _WORDS[language] if pattern.search(plain)), None)
