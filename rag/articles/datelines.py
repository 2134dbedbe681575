"""Datelines: the place and outlet at the head of an article, ``KONTAN.CO.ID - MOSKOW.`` or ``Jakarta (ANTARA) -``.

The text of an article comes in, where its dateline stands and which publisher it names go out.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from rag.articles.notices import is_notice, lines

LINES = 6
"""How many lines, notices not counted, are looked through."""


def find_dateline(text: str) -> re.Match[str] | None:
    """The dateline of an article, with the white space after it; None without one."""
    seen = 0
    for start, end in lines(text):
        if not is_notice(text[start:end]):
            if match := _pattern().match(text, start, end):
                return match
            seen += 1
        if seen >= LINES:
            break
    return None


def publisher_in(text: str) -> str | None:
    """The publisher that the dateline names, as written there; None without one."""
    match = find_dateline(text)
    return next((name for name in match.groupdict().values() if name), None) if match else None


@cache
def _alternatives(name: str) -> str:
    """A list of ``rag/data/datelines.json`` as a regular expression, in its own letters and in capitals."""
    words = json.loads(files("rag").joinpath("data/datelines.json").read_text("utf-8"))[name]
    both = {*words, *(word.upper() for word in words)}
    return "|".join(re.escape(word) for word in sorted(both, key=lambda word: (-len(word), word)))


@cache
def _pattern() -> re.Pattern[str]:
    """All forms; what stands for the publisher is in a group. Where no outlet is named, only known places count."""
    agency, known = _alternatives("agencies"), _alternatives("cities")
    top = r"(?:(?i:co\.id|com|id|net|tv|org)|CO|co|NEWS|news)"
    domain = rf"\w[\w-]*(?:\.[\w-]+)*\.{top}"
    place = r"[A-Z][\w'’.]*(?:[ /-][A-Z][\w'’]*){0,3}"
    capitals = r"[A-Z][A-Z'’]{4,}(?:[ /][A-Z'’]{2,}){0,2}"
    dash = r"(?:\s*(?:--|—|\|)\s*|\s+[-–]\s*|[-–]\s+)"
    date = r"(?:,\s[\w./ ]{1,15})?"
    start = r"(?=[\"“‘'(]?[A-Z0-9]|\s*$)"
    return re.compile(
        rf"""(?:
          (?P<a>{domain})(?:,\s{place})?{dash}(?:[A-Z][A-Z'’]+(?:[ /][A-Z'’]+){{0,3}}\.\s+)?
        | (?P<b>[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.(?:CO|ID|COM|NET|TV|ORG|NEWS)),\s{start}
        | {place}{date},\s(?P<c>{domain}|{agency}){dash}
        | {place}{date},?\s\((?P<d>{agency}|[A-Z]{{3,}})\){dash}
        | (?:{known}|{capitals}){date},?\s\((?P<e>[A-Z][\w. -]{{1,25}})\){dash}
        | \((?P<f>{agency}|[A-Z]{{3,}})\){dash}
        | (?P<g>{agency})(?:,\s{place})?{dash}{start}
        | (?:(?:{known})(?:,\s{place})?|{capitals}){date}{dash}(?!(?:{known})\b){start}
        )""",
        re.VERBOSE,
    )
