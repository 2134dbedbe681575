from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from rag.types import Answer, Citation, Claim
from ui.growing import show_growing
from ui.present import answer_text

CITED = Citation(
    id=1, article_id="a", source="a.txt", title="Judul", publisher=None, published=None, quote="kata", start=0, end=4
)
SUPPORTED = Claim(text="Satu.", citations=(1,), verdict="supported")
PARTLY = Claim(text="Dua.", citations=(1,), verdict="partly", problems=("date: claim says 2 May, source does not",))
FALSE = Claim(text="Tiga.", citations=(), verdict="unsupported", problems=("quote: not found",))


def answer(*claims: Claim, withheld: tuple[Claim, ...] = (), degraded: str | None = None) -> Answer:
    return Answer(
        question="q", language="en", abstained=not claims, reason=None if claims else "No.", claims=claims,
        citations=(CITED,) if claims else (), withheld=withheld, answerer="m", embedder="builtin", degraded=degraded,
    )  # fmt: skip


def on_terminal(text: Text) -> str:
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=100, highlight=False, markup=False
    )
    with console.capture() as captured:
        console.print(text)
    return captured.get()


def test_partly_supported_statements_are_marked_with_the_reason() -> None:
    plain = answer_text(answer(SUPPORTED, PARTLY)).plain
    assert "Satu. [1]\n" in plain
    assert "Dua. [1] (only partly supported; date: claim says 2 May, source does not)" in plain


def test_withheld_statements_are_struck_out_only_on_demand() -> None:
    made = answer(SUPPORTED, withheld=(FALSE, FALSE))
    assert "2 statements withheld: not supported by the articles." in answer_text(made).plain
    assert "Tiga." not in answer_text(made).plain
    shown = on_terminal(answer_text(made, show_withheld=True))
    assert "\x1b[2;9mTiga." in shown  # SGR 9 strikes out
    assert "quote: not found" in shown


def test_an_abstention_counts_what_was_withheld() -> None:
    plain = answer_text(answer(withheld=(FALSE,))).plain
    assert plain.startswith("Not in the archive. No.")
    assert "1 statement withheld" in plain
    assert "Sources" not in plain


def grown(*answers: Answer) -> str:
    shown: list[str] = []
    show_growing((answer for answer in answers), lambda text: shown.append(text.plain))
    return "\n".join(shown)


def test_growing_prints_what_the_whole_would_print() -> None:
    whole = answer(SUPPORTED, PARTLY, withheld=(FALSE,))
    assert grown(answer(SUPPORTED), whole, whole) == answer_text(whole).plain.rstrip("\n")


def test_another_answer_at_the_end_is_printed_whole() -> None:
    other = answer(PARTLY, degraded="The model failed.")
    text = grown(answer(SUPPORTED), other)
    assert text.startswith("Satu.")
    assert text.endswith(answer_text(other).plain.rstrip("\n"))


def test_nothing_to_print_is_nothing() -> None:
    assert grown() == ""
