"""The examples of docs/api.md run as they are written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api_server import copy_of, serving
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every curl command, and what is printed into a file for one."""
    lines = "\n".join(blocks("sh")).replace("\\\n", " ").split("\n")
    return [line for line in lines if line.startswith(("curl", "printf"))]


@pytest.fixture(scope="module")
def url(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(copy_of(seeds_home, tmp_path_factory.mktemp("docs") / "home")) as url:
        yield url


def test_curl(url: str, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is needed to run the documented commands"
    ran = 0
    for command in commands():
        done = subprocess.run(
            ["sh", "-c", command.replace("curl -s", "curl --fail-with-body -sS", 1).replace(ADDRESS, url)],
            capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        if "stream" in command:
            assert re.findall("^event: (.*)", done.stdout, re.MULTILINE)[-1] == "answer"
        elif command.startswith("curl"):
            assert json.loads(done.stdout)
            ran += 1
    assert ran >= 8


@pytest.mark.parametrize("example", blocks("python"), ids=["httpx", "openai", "mcp"])
def test_python(url: str, example: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example.replace(ADDRESS, url)],
        capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "sarung tangan" in done.stdout


def test_a_key_can_be_made(tmp_path: Path) -> None:
    from rag.settings import Secret
    from ui.api.keys import Keys

    script = next(block for block in blocks("sh") if "sha256sum" in block)
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=60)
    given, setting = done.stdout.strip().split("\n")
    keys = Keys.read(Secret(setting.removeprefix("KUTIP_API_KEYS=")))
    assert keys.name_of(f"Bearer {given.rpartition(' ')[2]}") == "desk"
