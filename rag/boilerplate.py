"""What in an article is not news: bylines, datelines, links to other articles, notices, captions' file names.

The text of an article comes in, spans that must never be quoted go out; ordinary prose is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.types import Span

_WHOLE_LINE = re.compile(
    r"""(?:
      (?:Reporter|Penulis|Editor|Pewarta|Redaktur|Kontributor|Penyunting|Writer|Author)s?\s*:\s*\S.{0,150}
    | (?:By|Oleh:?)(?:\ [A-Z][\w.'’-]*){1,5}
    | Exit\ mobile\ version
    | Dilarang\ (?:mengambil|menyalin|mengutip|keras)\b.*
    | Artikel\ ini\ (?:telah|sudah)\ (?:tayang|terbit)\b.*
    | (?:Copyright\ ?)?©.*
    | Copyright\b.{0,150}
    | (?:ADVERTISEMENT|Advertisement|Iklan|IKLAN|SCROLL\ TO\ .*)
    | (?:Share\ (?:this|on)|Follow\ us|Ikuti\ kami)\b.{0,150}
    )""",
    re.VERBOSE,
)
_LINK = re.compile(
    r"(?:^|(?<=[.!?”\"'’\s]))(?:BACA|Baca|LIHAT|Lihat|SIMAK|Simak|READ|Read|See)"
    r" (?:JUGA|[Jj]uga|[Ss]elengkapnya|ALSO|[Aa]lso|[Mm]ore)\s*:",
    re.MULTILINE,
)
_GLUE = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=\S[’”'\")])(?=[A-Z])")
_CAPTION_TAIL = re.compile(r"^[^.!?\n]* [-–] [^\n]{1,80} [-–] www\.\S+$", re.MULTILINE)
_CREDIT = re.compile(r"(?:Foto|Photo|Sumber foto|FOTO|Dok|Gambar)\s*:\s*[^.\n]{1,60}$", re.MULTILINE)
_SIGNATURE = re.compile(
    r"(?<=[.!?”\"])[ \t]*(?:\([a-z]{2,4}(?:/[a-z]{2,4})*\)|\[[a-z]{2,4}(?:/[a-z]{2,4})*\])$", re.MULTILINE
)
_DATELINE = re.compile(
    r"""^(?:
      [A-Z0-9][A-Z0-9-]*\.(?:CO\.ID|CO|COM|ID|NET|TV)(?:\s*[-–—]{1,2}\s*[A-Z][A-Z ]+\.|\s*[-–—]{1,2}|,)
    )\s*""",
    re.VERBOSE | re.MULTILINE,
)


def boilerplate(text: str) -> tuple[Span, ...]:
    """Spans of ``text`` that are never to be quoted: disjoint, in order, without surrounding white space."""
    spans: list[Span] = []
    for start, end in sorted(_found(text)):
        left, right = _strip(text, start, end)
        if spans and left < spans[-1].end:
            left = spans.pop().start
            right = max(right, spans[-1].end if spans else right)
        if left < right:
            spans.append(Span(left, right))
    return tuple(spans)


def _found(text: str) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n]+", text):
        if _WHOLE_LINE.fullmatch(line.group().strip()):
            yield line.span()
    for match in _LINK.finditer(text):
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        glue = _GLUE.search(text, match.end(), end)
        yield match.start(), glue.start() if glue and text[:end].rstrip()[-1] in '.!?”"' else end
    for pattern in (_CAPTION_TAIL, _CREDIT, _SIGNATURE, _DATELINE):
        yield from (match.span() for match in pattern.finditer(text))


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    raw = text[start:end]
    left = start + len(raw) - len(raw.lstrip())
    return left, left + len(raw.strip())


def publisher_in(text: str) -> str | None:
    """The publisher that the dateline names, as written there; None when there is no dateline."""
    match = _DATELINE.search(text)
    return re.split(r"[\s,]", match.group())[0] if match else None
