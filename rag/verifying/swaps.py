"""Two names of a source in each other's places in a claim, seen by the words that stand beside them.

For claims in the language of their source. Says something only when each of the two has lost every neighbour it had
in the source and has one of the other's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rag.verifying.evidence import Source
from rag.verifying.problems import Problem
from rag.verifying.statements import Mention, Statement

_NAMES = 6
"""Mentions of a claim that are compared."""


def swap_problems(claim: Statement, source: Source) -> Iterator[Problem]:
    """The first pair of names that changed places."""
    said = source.said
    if claim.language != said.language:
        return
    placed = [(m, _beside(claim, m), _neighbours(said, m)) for m in claim.mentions[:_NAMES]]
    for (one, near, own), (other, other_near, other_own) in combinations(placed, 2):
        if own is None or other_own is None or set(one.names) & set(other.names) or _joined(claim, one, other):
            continue
        if near & other_own and other_near & own and not near & own and not other_near & other_own:
            yield Problem("role", f"'{one.text}' and '{other.text}' stand the other way round in the source", True, 0.5)
            return


def _joined(claim: Statement, one: Mention, other: Mention) -> bool:
    """``Putin dan Kim`` says the same as ``Kim dan Putin``."""
    return {w.folded for w in claim.words[one.last + 1 : other.first]} <= {"dan", "and", "serta"}


def _beside(statement: Statement, mention: Mention) -> set[tuple[int, str]]:
    """The words right before (-1) and right after (1) a mention."""
    places = ((-1, mention.first - 1), (1, mention.last + 1))
    return {(side, statement.words[n].stem) for side, n in places if 0 <= n < len(statement.words)}


def _neighbours(said: Statement, mention: Mention) -> set[tuple[int, str]] | None:
    """What stands beside a claim's name wherever the source has it; None when it has not."""
    found = [_beside(said, m) for m in said.mentions if m.names == mention.names]
    return set().union(*found) if found else None
