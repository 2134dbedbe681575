"""``kutip verify``: a text in, what the archive backs of it out."""

from __future__ import annotations

import sys
from pathlib import Path

from rag.checking import CheckedSentence, check_text
from rag.errors import InputError
from rag.pipeline import Kutip


def read_text(file: Path) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises:
        InputError: when it cannot be read as UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"Expected a text at {file}, saw {error.strerror}: check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"Expected UTF-8 text in {file}, saw other bytes at {error.start}: convert it.") from error


def check_file(pipeline: Kutip, file: Path) -> tuple[CheckedSentence, ...]:
    """Check a file's sentences against an archive.

    Raises:
        InputError: when the file cannot be read, or holds no text or too much.
    """
    return check_text(
        read_text(file),
        search=lambda sentence: pipeline.search(sentence),
        articles=pipeline.index.articles_by_id,
        glossary=pipeline.glossary,
    )
