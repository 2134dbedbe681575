"""``kutip password``: a name and a password come in, an entry of ``KUTIP_USERS`` goes out."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from rag.errors import InputError

Name = Annotated[str, typer.Argument(help="Who is to log in: letters, digits, '.', '_' or '-'.")]


def password(name: Name) -> None:
    """Make an entry of KUTIP_USERS, for those who may log in to the page.

    Asks for the password twice; reads it from standard input when that is no terminal. Only its hash is printed.
    """
    from ui.chat.users import entry

    typer.echo(entry(name, _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")))


def _asked() -> str:
    """The password, typed twice without being shown.

    Raises:
        InputError: the two are not the same.
    """
    given = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != given:
        raise InputError("Expected the same password twice, saw two: run the command again.")
    return given
