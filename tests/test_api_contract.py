"""What the OpenAPI document says is what happens: generated requests, good and bad, to every operation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.api_server import copy_of, serving

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_schemathesis(seeds_home: Path, tmp_path: Path) -> None:
    with serving(copy_of(seeds_home, tmp_path / "home")) as url:
        done = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--checks", CHECKS,
                "--seed", "5",
                "--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--suppress-health-check", "all",
                "--no-color",
            ],
            capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr
    assert "Selected: 13/13" in done.stdout
