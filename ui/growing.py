"""An answer as it grows → a screen: each claim is printed as soon as it is verified, what follows at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from rich.text import Text

from rag.types import Answer, Claim
from ui.present import answer_text, claim_text, note_text, rest_text


def show_growing(
    answers: Iterator[Answer],
    show: Callable[[Text], None],
    *,
    show_withheld: bool = False,
    keep: Callable[[Answer], None] = lambda answer: None,
) -> Answer | None:
    """Print an answer while it is made.

    Args:
        answers: growing answers; closed at the end, however it comes.
        show: prints one piece, which ends with a line break.
        show_withheld: print withheld claims too, struck out.
        keep: told each answer, so that one that is stopped is not lost.

    Returns:
        The complete answer; None when there was none.
    """
    printed: tuple[Claim, ...] = ()
    answer: Answer | None = None
    with closing(answers):  # type: ignore[type-var]  # a generator
        for answer in answers:
            keep(answer)
            if answer.claims[: len(printed)] != printed:
                continue  # the model failed in between: the last answer is another one, and is printed whole
            if answer.claims and not printed:
                _print(note_text(answer), show)
            for claim in answer.claims[len(printed) :]:
                _print(claim_text(claim, answer), show)
            printed = answer.claims
    if answer is not None:
        begun = bool(printed) and answer.claims == printed
        _print((rest_text if begun else answer_text)(answer, show_withheld=show_withheld), show)
    return answer


def _print(text: Text, show: Callable[[Text], None]) -> None:
    """Print what there is, without the line break that printing adds."""
    if text.plain:
        show(text[:-1] if text.plain.endswith("\n") else text)
