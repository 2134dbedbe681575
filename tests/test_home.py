"""The archive's folder: replaced as a whole, one writer, clear words when it cannot be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rag.archive.home import Home
from rag.errors import BusyIndexError, SettingsError
from tests.conftest import ROOT


def published(home: Home, word: str, *, copy: bool = True) -> Path:
    """Publish a draft with one more file."""
    draft = home.draft(copy=copy)
    (draft / word).write_text(word, "utf-8")
    home.publish(draft)
    return draft


def test_nothing_is_current_before_the_first_archive(tmp_path: Path) -> None:
    assert Home(tmp_path / "none").current() is None


def test_a_draft_shows_only_when_it_is_published(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = published(home, "one")
    draft = home.draft(copy=True)
    (draft / "two").write_text("two", "utf-8")
    assert home.current() == first
    assert sorted(p.name for p in first.iterdir()) == ["one"]
    home.publish(draft)
    assert home.current() == draft
    assert sorted(p.name for p in draft.iterdir()) == ["one", "two"]


def test_a_draft_can_begin_empty(tmp_path: Path) -> None:
    home = Home(tmp_path)
    published(home, "one")
    assert sorted(p.name for p in published(home, "two", copy=False).iterdir()) == ["two"]


def test_the_archive_before_stays_for_readers_and_older_ones_go(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, second, third = (published(home, word) for word in ("one", "two", "three"))
    assert not first.exists()
    assert second.exists()
    assert third == home.current()


def test_what_a_killed_run_left_goes_with_the_next_lock(tmp_path: Path) -> None:
    home = Home(tmp_path)
    kept = published(home, "one")
    left = home.draft(copy=True)
    with home.lock():
        assert not left.exists()
        assert home.current() == kept


def test_a_deleted_archive_is_none(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder = published(home, "one")
    (folder / "one").unlink()
    folder.rmdir()
    assert home.current() is None


HOLD = "import sys\nfrom pathlib import Path\nfrom rag.archive.home import Home\nwith Home(Path(sys.argv[1])).lock():\n"


def test_a_second_writer_waits_with_a_word_and_then_says_so(tmp_path: Path) -> None:
    script = HOLD + "    print('held', flush=True)\n    sys.stdin.read()\n"
    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(BusyIndexError, match="wait until it has ended"),
            Home(tmp_path).lock(wait=0.2, tell=told.append),
        ):
            pass
        with pytest.raises(BusyIndexError), Home(tmp_path).lock():
            pass
        assert len(told) == 1
        assert "waiting up to" in told[0]
        other.kill()
    with Home(tmp_path).lock():  # free at once: the other was killed, it never let go
        pass


def test_a_waiting_writer_goes_on_when_the_other_ends(tmp_path: Path) -> None:
    script = HOLD + "    print('held', flush=True)\n    sys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with Home(tmp_path).lock(wait=30, tell=lambda _: other.kill()):
            pass


def test_a_home_under_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    home = Home(tmp_path / "file" / "home")
    assert home.current() is None
    with pytest.raises(SettingsError, match="KUTIP_HOME"), home.lock():
        pass
    with pytest.raises(SettingsError, match="KUTIP_HOME"):
        home.draft(copy=False)


def test_a_torn_line_stays_by_itself(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.append("lines", '{"n": 1}')
    with (tmp_path / "lines").open("ab") as torn:
        torn.write(b'{"n": 2, "comm')
    home.append("lines", '{"n": 3}')
    home.append("lines", '{"n": 4}')
    assert (tmp_path / "lines").read_text() == '{"n": 1}\n{"n": 2, "comm\n{"n": 3}\n{"n": 4}\n'


def test_processes_share_a_file_of_lines(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom rag.archive.home import Home\n"
        "for n in range(50): Home(Path(sys.argv[1])).append('lines', sys.argv[2] * 20_000)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), letter], cwd=ROOT) for letter in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    lines = (tmp_path / "lines").read_text().splitlines()
    assert sorted(set(lines)) == ["a" * 20_000, "b" * 20_000]
    assert len(lines) == 100
