"""Whole lines that are no news: bylines, time stamps, notices, navigation, advertisements, signatures of their own.

A line comes in, whether it is one goes out; ordinary prose that only starts alike stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def is_notice(line: str) -> bool:
    """Whether a line, without white space around it, is no news as a whole."""
    return len(line) <= 600 and (_NOTICE.fullmatch(line) is not None or _is_byline(line))


def author_in(text: str) -> str | None:
    """The author that a byline names, as written there; None without one. Editors are no authors."""
    for start, end in lines(text):
        match = _AUTHOR.match(text, start, end)
        if match and is_notice(text[start:end]):
            return match["name"].strip(" ,;-")
    return None


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of lines that are not empty, without white space around them."""
    return (match.span() for match in re.finditer(r"[^\s\ufeff](?:[^\n]*[^\s])?", text))


_ROLE = (
    r"(?:reporter|penulis|pewarta|wartawan|jurnalis|kontributor|koresponden|writer|author|editor|redaktur|penyunting"
    r"|penyelia|fotografer|uploader|publisher|penerjemah|sumber foto)s?\s*:\s*"
)
_BYLINE_SPLIT = re.compile(rf"(?:^|[\s|,;/(]+){_ROLE}", re.IGNORECASE)
_NAME_JOINTS = frozenset(["dan", "and", "bin", "binti", "van", "de", "al", "&", "/", "-", "|", "with"])
_AUTHOR = re.compile(
    r"(?:(?:reporter|penulis|pewarta|wartawan|jurnalis|kontributor|writer|author)s?\s*:\s*|(?:oleh|by)\s*:?\s+)"
    rf"(?P<name>[^|\n]+?)(?=\s*(?:[|/;]|$)|[\s,(]+{_ROLE})",
    re.IGNORECASE,
)
_DAY = (
    r"(?:(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|\w{3,6}day),?\s*)?"
    r"(?:\d{1,2}[\s/-](?:\d{1,2}|[a-z]{3,9})[\s/-]\d{4}|[a-z]{3,9}\s\d{1,2},?\s\d{4})"
)
_TIME = r"(?:(?:pukul\s)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:wib|wita|wit|gmt|[ap]m)?)?"
_NOTICE = re.compile(
    rf"""
      exit\ mobile\ version
    # reprints, rights, first publication
    | dilarang\ (?:keras\ )?(?:meng|mem|men|me)\w+\b.*\b(?:artikel|konten|isi\ berita|redaksi|hak\ cipta)\b.*
    | (?:artikel|berita|tulisan)\ ini\ (?:telah|sudah|pernah|pertama\ kali)\ (?:di|ter)?(?:tayang|terbit|muat|publi).*
    | this\ (?:article|story|post)\ (?:was|has\ been)\ (?:originally\ |first\ )*(?:re)?(?:published|posted|produced)\b.*
    | (?:copyright|hak\ cipta)\b\s*(?:[©:]|\(c\)|\d{{4}}|by\b|dilindungi).* | ©.* | all\ rights\ reserved\b.*
    # advertisements, sharing, channels
    | (?:advertisements?|iklan|sponsored) | scroll\ (?:to|untuk|ke)\b.{{0,60}}
    | lanjutkan\ membaca\b.{{0,40}}iklan.{{0,40}}
    | (?:share|bagikan|tweet|print|cetak|komentar|comments?)\s*:? | share\ (?:this|on|via|to)\b[^.]{{0,80}}
    | bagikan\ (?:ini|artikel|berita|ke|di|via|lewat)\b[^.]{{0,80}}
    | follow\ (?:us|our)\b.{{0,40}}\b(?:on|at|channel|google|instagram|twitter|facebook|whatsapp|telegram)\b.{{0,100}}
    | (?:ikuti|cek|baca|simak|dapatkan|temukan|gabung|yuk|mari)\b.{{0,100}}\b(?:google\ news|whatsapp\ channel
      |(?:kanal|saluran|grup)\ (?:whatsapp|telegram)|aplikasi\ \S+|breaking\ news\ setiap\ hari
      |update\ (?:berita|informasi)\ pilihan)\b.{{0,300}}
    | (?:subscribe|sign\ up|berlangganan)\b[^.]{{0,60}}\b(?:newsletter|updates?|gratis|sekarang|buletin)\b.{{0,60}}
    # navigation and labels
    | (?:baca\ )?selengkapnya(?:\ (?:di\ sini|klik\b.{{0,40}}|di\ \S+))?[\s.»>…]*
    | (?:read\ more|continue\ reading|load\ more|muat\ lagi|next\ page|previous\ page|loading)[\s.»>…]*
    | (?:berita|artikel|konten|topik)\ (?:terkait|lainnya|terpopuler|pilihan|rekomendasi)\s*:?
    | related\ (?:articles?|stories|news|posts?|topics?)\s*:?
    | (?:halaman|page)\ (?:selanjutnya|berikutnya|\d+(?:\ (?:dari|of)\ \d+)?)[\s»>]*
    | (?:tags?|topik|kata\ kunci|keywords?|kategori|category|topics?)\s*:[^.]{{1,200}}
    | (?:sumber|source|via)\s*:\s*[^.!?]{{1,60}}(?:\.\w{{2,4}}[^.]*)?
    | (?-i:BACA\ JUGA|Baca\ Juga)\b(?!\s*:).*[^.!?”"]
    # time stamps
    | (?:published|updated|last\ updated|posted|diperbarui|diterbitkan|dipublikasikan|tayang|terbit)\b[^.!?]{{0,20}}\d
      [^!?]{{0,50}}(?<!\.)
    | (?:[\w.-]{{3,30}}\s*[-–,|]\s*)?{_DAY}[\s,|–-]*{_TIME}
    # bylines without a colon
    | laporan\ wartawan\b[^.!?]{{0,20}}(?:\.(?:com|co\.id|id)\b)?[^.!?]{{0,60}} | oleh\s*:\s*[^.!?]{{2,60}}
    | (?:(?-i:By)|(?-i:Oleh):?)(?:\ (?-i:[A-Z])[\w.'’-]*){{1,5}}(?:,\ [^.]{{2,60}})?
    # marks of page makers and Markdown, signatures
    | \[?gambas\s*:[^\]]*\]? | \(?(?:window\.)?adsbygoogle\b.*
    | \#{{1,6}}\ .* | !\[[^\]]*\]\([^)]*\) | (?:-{{3,}}|\*{{3,}}|_{{3,}}|={{3,}})
    | \((?:[a-z]{{2,5}}(?:[/-]\w{{1,6}}){{0,4}}|\*+)\) | \[[a-z]{{2,5}}(?:[/-]\w{{1,6}}){{0,4}}\]
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _is_byline(line: str) -> bool:
    """``Reporter: Ani Budi | Editor: …``: nothing but roles with names; an answer in an interview has more words."""
    if ":" not in line:
        return False
    first, *values = _BYLINE_SPLIT.split(line)
    if first or not values or line.endswith((".", "?", "!")):
        return False
    return all(0 < len(value.split()) <= 12 and _is_name(value.split()) for value in values)


def _is_name(words: list[str]) -> bool:
    return len(words) <= 3 or all(not word[0].islower() or word.lower() in _NAME_JOINTS for word in words)
