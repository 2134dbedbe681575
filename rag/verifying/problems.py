"""What can be wrong with a claim, beside its evidence."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "number", "unit", "date", "name", "role", "speaker", "negation", "opposite", "certainty", "scope", "addition",
    "quote", "length", "model",
]  # fmt: skip


class Problem(NamedTuple):
    """Something in a claim that its evidence does not bear out."""

    kind: Kind
    text: str
    conflict: bool
    """The source says otherwise; False when it just does not say it."""
    weight: float = 1.0
    """How sure and how grave, 0..1; from 0.5 on a claim is not supported, below it is marked."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
