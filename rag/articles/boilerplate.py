"""What in an article is not news: notices, datelines, links to other articles, captions' file names, signatures.

The text of an article comes in, spans that must never be quoted go out; ordinary prose is left alone. The patterns
follow the habits of Indonesian and English outlets; each is bound to the start or end of a line or sentence, so that
the same words inside a sentence stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from rag.articles.datelines import find_dateline
from rag.articles.notices import is_notice, lines
from rag.types import Span


def boilerplate(text: str) -> tuple[Span, ...]:
    """Spans of ``text`` that are never to be quoted: disjoint, in order, without white space at their ends."""
    spans: list[Span] = []
    for start, end in _found(text):
        raw = text[start:end]
        left = start + len(raw) - len(raw.lstrip())
        if raw.strip():
            spans.append(Span(left, left + len(raw.strip())))
    return tuple(spans)


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Spans in order, without overlaps; white space may be at their ends."""
    front = _FRONT_MATTER.match(text)
    done = front.end() if front else 0
    if front:
        yield front.span()
    dateline = find_dateline(text)
    for start, end in lines(text):
        if start < done:
            continue
        if is_notice(text[start:end]):
            yield start, end
            continue
        if dateline and dateline.start() == start:
            yield dateline.span()
            start = dateline.end()
        for left, done in _links_and_tail(text, start, end):
            yield left, done


_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?:[\w-]+:.*\r?\n|[ \t-].*\r?\n){1,50}---[ \t]*(?:\r?\n|$)")
_LINK = re.compile(
    r"(?P<open>[(\[]\s*)?(?:(?:BACA JUGA|Baca [Jj]uga)\s*:"
    r"|(?P<line>(?i:(?:baca|lihat|simak|tonton|saksikan|read|see|watch) (?:juga|also|more|selengkapnya|video(?:nya)?)"
    r"|pilihan editor|(?:berita|artikel) (?:terkait|lainnya)|related(?: stories| news| articles?)?)\s*:)"
    r"|(?P<bare>(?:BACA|Baca)\s*:))"
)
_BREAK_BEFORE = re.compile(r"[.!?…”\"’')\]]\s*$")
# A headline ends where a small letter, figure, full stop or quotation mark touches a capital, or at a full stop.
_HEADLINE_END = re.compile(
    r"(?<=[^\W_A-Z])(?=[A-Z][a-z])|(?<=[a-z]{2}\.)(?=[A-Z][a-z]*\s)|(?<=[^\s(\[“\"‘'«][”\"’'»)\]!?])(?=[“\"]?[A-Z])"
    r"|(?<=[.!?…])[”\"’']?\s+(?=[“\"‘]?[A-Z])"
)
_STOP = r"(?:(?<=[.!?…])|(?<=[.!?…,][”\"’')\]]))"
_TAILS = (
    re.compile(  # signatures: (dam), [lt/ab], ***
        rf"{_STOP}(?:\s*(?:\((?:[A-Za-z]{{2,5}}(?:[/-]\w{{1,6}}){{0,4}}|\*+)\)|\[[A-Za-z]{{2,5}}(?:[/-]\w{{1,6}}){{0,4}}\]))+$"
        rf"|{_STOP}\s*\*{{1,3}}$"
    ),
    re.compile(  # credits: Foto: Al Jazeera
        rf"{_STOP}\s*(?:[Ff]oto|FOTO|[Pp]hoto|Dok|Gambar|Ilustrasi|Sumber(?: foto)?|Image)\s*:\s*[^.!?\n]{{1,60}}\.?$"
    ),
    re.compile(
        r"\s*\((?:[Ff]oto|FOTO|[Pp]hoto|[Dd]ok|[Gg]ambar|[Ii]lustrasi|[Ss]umber|[Ii]st)\b[^()\n]{0,80}\)\.?(?:\s*\(\w{2,5}\))?$"
    ),
    re.compile(
        r"\s*\((?:ANTARA(?: FOTO)?|REUTERS|Reuters|AFP|AP|EPA|Getty|KOMPAS\.com|TEMPO|Shutterstock)/[^()\n]{2,60}\)$"
    ),
    re.compile(r"\s[-–|]\s(?:[^.!?\n]{1,80}\s[-–|]\s)?(?:https?://)?www\.\S+$"),  # captions: putin kim IP - www.x.id
    re.compile(r"(?<!\S)[\w()-]+\.(?:jpe?g|png|webp|gif)$"),
)
_CREDIT_LINE = re.compile(r"(?:foto|photo|dok|ilustrasi|image|gambar)\s*:\s*[^.!?]{1,60}", re.IGNORECASE)


def _links_and_tail(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is no news inside a line that is otherwise: links anywhere, captions' remains at its end."""
    tail = _tail(text, start, end)
    colon = text.find(":", start, tail) >= 0  # no link is without one; nearly every line is
    links = [m for m in _LINK.finditer(text, start, tail) if _opens_link(text, start, tail, m)] if colon else []
    right = start
    for link, limit in zip(links, [*(m.start() for m in links[1:]), tail], strict=False):
        right = _link_end(text, link, limit)
        yield link.start(), right
    if max(tail, right) < end:
        yield max(tail, right), end


def _opens_link(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """``Baca Juga:`` does anywhere, its rarer kin after a full stop, a bare ``Baca:`` before a headline alone."""
    if match["bare"]:
        return match.start() == start and text[match.end() :][:2].strip()[:1].isupper() and text[end - 1] not in '.!?”"'
    if match["line"] and match.start() > start:
        return _BREAK_BEFORE.search(text, max(start, match.start() - 4), match.start()) is not None
    return True


def _tail(text: str, start: int, end: int) -> int:
    """Where a line's signature, credits and captions' file names begin; its end if it has none."""
    found = end
    while match := _tail_match(text, start, found):
        found = match.start()
        if "www." in match.group() and text[found - 1 : found] not in tuple('.!?…”"'):
            found = start  # a caption without a full stop is the headline once more
        if found <= start:
            return start
    return start if _CREDIT_LINE.fullmatch(text, start, found) else found


def _tail_match(text: str, start: int, end: int) -> re.Match[str] | None:
    window = text[max(start, end - 200) : end]
    if not (window.endswith(_TAIL_ENDS) or ":" in window or "www." in window):
        return None  # nearly every line; saves six searches
    return next(filter(None, (tail.search(text, max(start, end - 300), end) for tail in _TAILS)), None)


_TAIL_ENDS = (")", "]", "*", ").", ".jpg", ".jpeg", ".png", ".webp", ".gif")


def _link_end(text: str, link: re.Match[str], end: int) -> int:
    """Where the headline after ``link`` ends: at its bracket, before the prose glued to it, or with its lines."""
    if link["open"]:
        close = text.find(")" if link["open"][0] == "(" else "]", link.end(), end)
        if close >= 0:
            return close + 1
    end -= len(text[link.end() : end]) - len(text[link.end() : end].rstrip())
    if end == link.end():
        return _headlines_below(text, end) if _LINE_END.match(text, end) else end
    for match in islice(_HEADLINE_END.finditer(text, link.end(), end), 30):
        glued = match.end() == match.start()
        if not (glued and _inside_brand(text, match.start())) and _is_prose(text, match.end(), end):
            return match.start() + len(match.group().rstrip())
    return end


def _inside_brand(text: str, position: int) -> bool:
    """Whether the capital at ``position`` belongs to a word like WhatsApp or McDonald."""
    word = re.compile(r"\w*$").search(text, max(0, position - 30), position)
    left = word.group() if word else ""
    right = re.compile(r"\w*").match(text, position)
    whole = (left + (right.group() if right else "")).lower()
    return left in ("Mc", "Mac", "De", "Di", "La", "Le", "e", "i") or whole.startswith(_CAMEL_CASE)


_CAMEL_CASE = (
    "airasia", "blackrock", "chatgpt", "deepmind", "deepseek", "gopay", "javascript", "kontras", "linkedin",
    "mastercard", "onedrive", "openai", "paypal", "playstation", "powerpoint", "shopeepay", "snapchat", "soundcloud",
    "spacex", "tiktok", "whatsapp", "wordpress", "youtube",
)  # fmt: skip


def _is_prose(text: str, start: int, end: int) -> bool:
    """A sentence rather than more of a headline: it ends like one, and small initials are not rare in it."""
    words = text[start : min(end, start + 400)].split()
    small = sum(word[0].islower() for word in words)
    return len(words) >= 4 and small >= 0.35 * len(words) and text[end - 1] in '.!?…”"’'


_LINE_END = re.compile(r"[^\S\n]*(?:\n|$)")


def _headlines_below(text: str, end: int) -> int:
    """The end of the headlines that stand on the lines below a bare ``Baca juga:``, three at most."""
    for number, match in enumerate(re.compile(r"\n\s*([^\n]+)").finditer(text, end)):
        line = match.group(1).strip()
        blank = match.group().count("\n") > 1
        if number == 3 or len(line) > 160 or line.endswith(tuple('.!?…”"')) or (number and blank):
            return end
        end = match.end()
    return end
