"""Who may log in to the page: entries, passwords, sessions, and those who guess."""

from __future__ import annotations

import asyncio
import os
import pty
import stat
import subprocess
import sys
import time
from pathlib import Path

import argon2
import pytest

from rag.errors import InputError, SettingsError
from rag.settings import Secret
from tests.conftest import ROOT
from ui.chat.door import REMEMBERED, WINDOW, WRONG_BY_ADDRESS, WRONG_BY_NAME, Attempts, Door, NotLetInError, network
from ui.chat.users import LASTING, Sessions, Users, entry, session_key

WORD = "rahasia sekali"
SARI = entry("sari", WORD)
BUDI = entry("budi.s", "lain lagi saja")
KEY = b"k" * 32


def quick(name: str, password: str) -> str:
    """An entry whose password is checked at once."""
    return f"{name}:{argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)}"


def users(*entries: str) -> Users:
    return Users.read(Secret(" ".join(entries)))


def test_an_entry_lets_its_user_in_and_nobody_else() -> None:
    known = users(SARI, "\n", BUDI)
    assert known.right("sari", WORD)
    assert known.right("budi.s", "lain lagi saja")
    for name, password in (("sari", "lain lagi saja"), ("sari", ""), ("Sari", WORD), ("", WORD), ("nobody", WORD)):
        assert not known.right(name, password)
    assert not Users.read(None)
    assert known


def test_the_hash_is_all_that_is_kept() -> None:
    assert WORD not in SARI
    assert SARI.startswith("sari:$argon2id$")
    assert entry("sari", WORD) != SARI  # another salt
    assert WORD not in repr(vars(users(SARI)))


def test_a_name_that_nobody_has_costs_as_much() -> None:
    known = users(SARI)

    def cost(name: str) -> float:
        def once() -> float:
            began = time.process_time()  # of all threads, so that a busy machine changes nothing
            known.right(name, "wrong password")
            return time.process_time() - began

        return min(once() for _ in range(4))

    assert 0.5 < cost("nobody") / cost("sari") < 2


@pytest.mark.parametrize(
    "bad", ["sari", "sari:secret-word", ":" + SARI.partition(":")[2], "a b:x", f"{SARI}x {SARI}", f"{BUDI} {BUDI}"]
)
def test_bad_entries_are_refused_and_not_shown(bad: str) -> None:
    with pytest.raises(SettingsError) as caught:
        users(bad)
    message = str(caught.value)
    assert "KUTIP_USERS" in message
    assert "\n" not in message
    assert "secret-word" not in message
    assert "argon2id" not in message


@pytest.mark.parametrize(("name", "password"), [("", WORD), ("a b", WORD), ("a:b", WORD), ("sari", "short")])
def test_what_cannot_be_an_entry(name: str, password: str) -> None:
    with pytest.raises(InputError):
        entry(name, password)


def test_the_command_reads_a_pipe(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "password", "sari"], input=f"{WORD}\n",
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert users(done.stdout).right("sari", WORD)
    assert WORD not in done.stdout


@pytest.mark.parametrize(("second", "code"), [(WORD, 0), ("something else", 2)])
def test_the_command_asks_twice_and_shows_nothing(second: str, code: int) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "password", "sari"], cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, preexec_fn=os.setsid,
    )  # fmt: skip
    assert process.stderr is not None
    shown = ""
    for typed in (WORD, second):
        while not shown.endswith(": "):
            shown += process.stderr.read(1)
        shown += "|"
        os.write(ours, f"{typed}\n".encode())
    printed, told = process.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == code
    assert WORD not in shown + printed + told
    assert users(printed).right("sari", WORD) if code == 0 else "same password twice" in told


def test_a_session_is_that_of_its_user_until_it_ends() -> None:
    now = 1_000.0
    sessions = Sessions(users(SARI, BUDI), KEY, clock=lambda: now)
    cookie = sessions.begin("sari")
    assert sessions.name_of(cookie) == "sari"
    now += LASTING - 1
    assert sessions.name_of(cookie) == "sari"
    now += 1
    assert sessions.name_of(cookie) is None


def test_a_session_cannot_be_made_elsewhere() -> None:
    sessions = Sessions(users(SARI, BUDI), KEY)
    cookie = sessions.begin("sari")
    name, end, signature = cookie.split(":")
    for bad in (
        None, "", ":", "::", cookie[:-1], f"{cookie}0",
        f"budi.s:{end}:{signature}", f"{name}:{int(end) + 1}:{signature}",
        f"nobody:{end}:{signature}", f"{name}:{end}:", f"{name}::{signature}", "sari:x:é", signature,
        Sessions(users(SARI), b"x" * 32).begin("sari"),
    ):  # fmt: skip
        assert sessions.name_of(bad) is None, bad


def test_a_new_password_ends_the_sessions_of_its_user_only() -> None:
    before = Sessions(users(SARI, BUDI), KEY)
    after = Sessions(users(entry("sari", WORD), BUDI), KEY)
    assert after.name_of(before.begin("sari")) is None
    assert after.name_of(before.begin("budi.s")) == "budi.s"


def test_processes_of_one_home_share_a_key(tmp_path: Path) -> None:
    key = session_key(tmp_path / "home")
    assert len(key) == 32
    assert session_key(tmp_path / "home") == key
    assert session_key(tmp_path / "other") != key
    file = tmp_path / "home" / "page.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["page.key"]
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="KUTIP_HOME"):
        session_key(tmp_path / "file")


def test_wrong_attempts_are_counted_and_forgotten() -> None:
    now = 0.0
    attempts = Attempts(2, clock=lambda: now)
    attempts.begin("a")
    assert attempts.wait("a") == 0
    now = 10.0
    attempts.begin("a")
    assert attempts.wait("a") == WINDOW - 10
    assert attempts.wait("b") == 0
    now = WINDOW
    assert attempts.wait("a") == 0  # the first one is over
    attempts.begin("a")
    attempts.forgive("a")
    assert attempts.wait("a") == 0
    for number in range(REMEMBERED + 10):
        attempts.begin(str(number))
    assert len(attempts._seen) <= REMEMBERED


def test_who_guesses_has_to_wait() -> None:
    known = users(quick("sari", WORD))
    now = 0.0

    async def main() -> None:
        nonlocal now
        door = Door(known, Sessions(known, KEY), clock=lambda: now)
        try:
            for _ in range(3):  # the right one is not counted
                await door.enter("sari", WORD, "10.0.0.9")
            guesses = [door.enter("sari", "wrong password", "10.0.0.1") for _ in range(WRONG_BY_ADDRESS + 5)]
            waits = [error.wait for error in await asyncio.gather(*guesses, return_exceptions=True)]  # type: ignore[union-attr]
            assert waits == [0] * WRONG_BY_ADDRESS + [WINDOW] * 5
            with pytest.raises(NotLetInError) as caught:
                await door.enter("sari", WORD, "10.0.0.1")
            assert caught.value.wait == WINDOW
            assert door.sessions.name_of(await door.enter("sari", WORD, "10.0.0.2")) == "sari"
            left = WRONG_BY_NAME - WRONG_BY_ADDRESS
            for number in range(left):
                with pytest.raises(NotLetInError):
                    await door.enter("sari", "wrong password", f"10.0.1.{number}")
            with pytest.raises(NotLetInError) as caught:
                await door.enter("sari", WORD, "10.0.2.1")
            assert caught.value.wait == WINDOW
            now = WINDOW
            assert await door.enter("sari", WORD, "10.0.0.1")
        finally:
            door.close()

    asyncio.run(main())


def test_neighbours_of_one_household_are_one() -> None:
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2::9") != network("2001:db8:1:3::9")
    assert network("10.0.0.1") != network("10.0.0.2")
    assert network("") == ""
