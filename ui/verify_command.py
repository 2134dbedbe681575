"""``kutip verify``: a text in, what the archive backs of it out."""

from __future__ import annotations

from pathlib import Path

from rag.errors import InputError
from rag.pipeline import Kutip
from rag.verifying.checking import check_text
from ui.present_check import check_markdown, check_object, check_text_table
from ui.terminal import print_json, read_text, show


def verify_file(pipeline: Kutip, file: Path, *, as_json: bool, markdown: bool) -> None:
    """Check a file's sentences against an archive and print the verdicts.

    Raises:
        InputError: when the file cannot be read, holds no text or too much, or two formats are asked for.
    """
    if as_json and markdown:
        raise InputError("Expected one of --json and --markdown, saw both: leave one out.")
    checked = check_text(
        read_text(file),
        search=pipeline.search,
        articles=pipeline.index.articles_by_id,
        glossary=pipeline.glossary,
    )
    if as_json:
        print_json(check_object(checked))
    elif markdown:
        print(check_markdown(checked), end="")  # noqa: T201
    else:
        show(check_text_table(checked))
