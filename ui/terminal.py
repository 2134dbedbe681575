"""What every command needs of a terminal: printing text and JSON, reading files and lists of questions."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def console(*, stderr: bool = False) -> Console:
    """A console that takes nothing in a text for markup or highlighting."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False)


def show(text: Text) -> None:
    """Print for a reader: wrapped and coloured on a terminal, one line per paragraph and plain in a pipe."""
    out = console()
    out.print(text, soft_wrap=not out.is_terminal)


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def read_text(file: Path) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises:
        InputError: when it cannot be read as UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"Expected a file at {file}, saw {error.strerror}: check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"Expected UTF-8 text in {file}, saw other bytes at {error.start}: convert it.") from error


def one_question(question: str | None) -> str:
    """The question of the command line.

    Raises:
        InputError: when there is none.
    """
    if question is None:
        raise InputError('Expected a question, saw none: run kutip ask "…", or give --file FILE.')
    return question


def questions(question: str | None, file: Path) -> list[str]:
    """The questions of a file, one a line, empty lines left out.

    Raises:
        InputError: when the file cannot be read, or a question is given besides.
    """
    if question is not None:
        raise InputError("Expected either a question or --file, saw both: leave one out.")
    return [line.strip() for line in read_text(file).split("\n") if line.strip()]


def batch(lines: Sequence[str], work: Callable[[str], Any]) -> None:
    """Print one JSON object per line, in order; one that cannot be used gets an object with ``error``.

    Raises:
        InputError: at the end, when there were such lines.
    """
    bad = 0
    for text in lines:
        try:
            print_json(work(text))
        except InputError as error:
            bad += 1
            print_json({"question": text[:200], "error": str(error)})
    if bad:
        raise InputError(f"Expected usable questions only, saw {bad} of {len(lines)} that are not: see their 'error'.")
