"""``kutip chat``: questions in, answers out, each claim as soon as it is verified, with what was said in mind."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from rag.errors import InputError
from rag.pipeline import Kutip
from rag.types import Answer, Request, Turn
from ui.growing import show_growing
from ui.present import one_line, rest_text
from ui.present_markdown import session_markdown

HISTORY = 6
"""Turns that a question is understood with."""
HELP = """\
Ask in Indonesian or English; a follow-up is understood from what was said before.
/sources       the sources of the last answer again
/save FILE.md  the conversation as Markdown with footnotes
/help          this list
/quit          leave (also Ctrl-D; Ctrl-C stops an answer, and leaves at the prompt)"""


@dataclass(slots=True)
class Chat:
    """One conversation."""

    pipeline: Kutip
    console: Console
    source: TextIO = field(default_factory=lambda: sys.stdin)
    k: int | None = None
    show_withheld: bool = False
    answers: list[Answer] = field(default_factory=list)
    _saved: set[Path] = field(default_factory=set)

    def run(self) -> None:
        """Answer until the reader leaves.

        Raises:
            ServiceError: the model's key or name is wrong.
        """
        if self._typed:
            import readline  # noqa: F401  # line editing and history for input()

            self._say("Kutip. /help lists what else can be done here.")
        try:
            self._converse()
        except KeyboardInterrupt:  # of which the second of two may come at any time
            self._say("")

    def _converse(self) -> None:
        while (line := self._read()) is not None:
            if line.startswith("/"):
                if line in {"/quit", "/exit", "/q"}:
                    return
                self._command(line)
            elif line:
                self._ask(line)

    @property
    def _typed(self) -> bool:
        return self.source.isatty()

    def _read(self) -> str | None:
        """The next line; None when the reader leaves."""
        try:
            if self._typed:
                return self.console.input("\n? ").strip()
            line = self.source.readline()
        except EOFError:
            self._say("")
            return None
        if line.strip():
            self._say(f"> {one_line(line)}\n")
        return line.strip() if line else None

    def _ask(self, question: str) -> None:
        turns = tuple(Turn(question=a.understood or a.question, answer=a.text) for a in self.answers[-HISTORY:])
        kept: list[Answer] = []
        try:
            answers = self.pipeline.stream(Request(text=question, history=turns, k=self.k))
            show_growing(answers, self._print, show_withheld=self.show_withheld, keep=kept.append)
        except KeyboardInterrupt:
            self._say("(stopped)")
        except InputError as error:
            self._say(one_line(str(error)))
        if kept:
            self.answers.append(kept[-1])
        self._say("")

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "/help":
            self._say(HELP)
        elif name == "/sources":
            self._print(rest_text(self.answers[-1]) if self.answers else Text("Nothing has been answered yet."))
        elif name == "/save":
            self._save(rest.strip())
        else:
            self._say(f"{one_line(name)} is not known here: /help lists what is.")

    def _save(self, name: str) -> None:
        path = Path(name).expanduser().absolute()
        if not name or not self.answers:
            return self._say("Expected /save FILE.md after an answer.")
        if path.exists() and path not in self._saved:
            return self._say(f"{one_line(name)} is there already: choose another name.")
        try:
            path.write_text(session_markdown(self.answers), "utf-8")
        except OSError as error:
            return self._say(f"{one_line(name)} cannot be written ({error.strerror}): choose another place.")
        self._saved.add(path)
        return self._say(f"Saved {len(self.answers)} answers to {one_line(name)}.")

    def _say(self, text: str) -> None:
        self._print(Text(text))

    def _print(self, text: Text) -> None:
        self.console.print(text, soft_wrap=not self.console.is_terminal)
