"""Rewordings of an Indonesian claim that keep its meaning: what a good judge must not stumble over.

A claim comes in, other wordings of it go out: active and passive, clauses moved, numbers written out, synonyms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from evals.edits import lower_first, words

_TAIL = re.compile(r"^(?P<body>.{12,}?)\s+(?P<tail>(?:pada|sejak|selama|di|dari)\s+(?:\S+\s?){1,4})$")
_HEAD = re.compile(r"^(?P<head>(?:Pada|Sejak|Selama|Di|Dari|Dalam)\s[^,]{2,40}),\s+(?P<body>.{8,})$")
_ACTIVE = re.compile(
    r"^(?P<doer>(?:[A-Z][\w’'-]*\s+){1,4})(?P<verb>me(?:m(?=b)|n(?=[cdj])|ng(?=[gh])|(?=[lrw]))\w{4,})\s+(?P<object>[^,]+)$"
)
_FRAME = "Disebutkan bahwa"


def rewordings(claim: str, most: int = 3) -> list[str]:
    """Up to ``most`` other wordings, the most different first; the last resort is a frame that reports the claim."""
    body = claim.rstrip(" .")
    synonyms = _replace(body, words()["synonym"])
    found = [passive(body), _moved(body), _replace(body, words()["digits"]), synonyms]
    if synonyms:
        found.append(_moved(synonyms))
    found.append(f"{_FRAME} {lower_first(body)}")
    different = [wording for wording in dict.fromkeys(found) if wording and wording != body]
    return [f"{wording}." for wording in different[:most]]


def passive(body: str) -> str | None:
    """``A membangun B`` → ``B dibangun oleh A``; only for verbs whose root is beyond doubt, and a named doer."""
    match = _ACTIVE.match(body)
    if match is None or (match["verb"].endswith(("i", "kan")) and " " not in match["object"]):
        return None
    if re.search(r"\b(?:dan|yang|karena|untuk|bahwa|dengan|pada|di|ke|dari|sebagai)\b", match["object"]):
        return None
    root = re.sub(r"^me(?:m(?=b)|n(?=[cdj])|ng(?=[gh])|(?=[lrw]))", "", match["verb"])
    thing = match["object"].strip()
    return f"{thing[0].upper()}{thing[1:]} di{root} oleh {match['doer'].strip()}"


def _moved(body: str) -> str | None:
    """A phrase of time or place moves from the front to the end, or the other way."""
    head = _HEAD.match(body)
    if head:
        moved = head["head"][0].lower() + head["head"][1:]
        return f"{head['body'][0].upper()}{head['body'][1:]} {moved}"
    tail = _TAIL.match(body)
    if tail is None or "," in body or re.search(r"\b(?:yang|adalah|berasal|terletak|berada)\b", body):
        return None
    phrase = tail["tail"].strip()
    return f"{phrase[0].upper()}{phrase[1:]}, {lower_first(tail['body'])}"


def _replace(body: str, table: Mapping[str, str]) -> str | None:
    """All words of the table replaced; None when there is none."""
    changed = re.sub(r"(?<![\w.,/-])\w+(?![\w/-]|[.,]\d)", lambda m: table.get(m.group(), m.group()), body)
    return changed if changed != body else None
