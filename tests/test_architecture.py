"""The shape of the house: imports only go up the rows, each vendor has its one file, heavy imports stay off --help."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

LAYERS: tuple[set[str], ...] = (
    {"types", "errors", "stemming", "stopping"},
    {
        "schema",
        "settings",
        "language",
        "prompts",
        "rows",
        "home",
        "numerals",
        "notices",
        "pages",
        "jsonlines",
        "tokens",
        "pricing",
        "replies",
        "problems",
        "rarity",
        "trees",
        "expecting",
        "premises",
    },
    {
        "dates",
        "datelines",
        "passages",
        "faults",
        "cues",
        "transliteration",
        "views",
        "informal",
        "scoring",
        "asking",
        "synonyms",
    },
    {"slots"},
    {"quantities", "glossary", "boilerplate", "locating"},
    {"articles", "chunking", "question", "statements"},
    {"embeddings", "models", "store", "remote_embeddings", "evidence", "alignment", "sightings"},
    {"index", "lexical", "store_process", "facts", "names", "turns", "binding", "swaps", "clues"},
    {"edition", "telling", "likeness"},
    {"meanings"},
    {"features"},
    {"confidence"},
    {"indexing", "ranking", "roles"},
    {"abstaining", "retrieval", "support", "fillers", "reading"},
    {"filling"},
    {"second_look"},
    {"extractive", "generative", "followup", "judging"},
    {"verification", "engines", "parts"},
    {"quoting"},
    {"server"},
    {"lease", "live_terms"},
    {"server_writing"},
    {"archive"},
    {"checking"},
    {"pipeline"},
    {"streaming"},
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}

VENDORS = {
    "chromadb": {"store", "server", "lease"},
    "langchain_chroma": {"store"},
    "tantivy": {"lexical", "live_terms"},
    "filelock": {"home"},
    "openai": {"faults", "remote_embeddings"},
    "langchain_openai": {"models"},
    "langchain": {"models"},
    "tiktoken": {"tokens"},
    "model2vec": {"embeddings"},
    "trafilatura": {"pages"},
    "Stemmer": {"language"},
}


def _modules(package: str) -> list[Path]:
    return sorted(p for p in (ROOT / package).rglob("*.py") if p.name != "__init__.py")


def _imports(path: Path) -> set[str]:
    """Full dotted names of every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module in {"rag", "ui", "evals"}}
    return found


def test_every_module_of_rag_has_a_row() -> None:
    assert {p.stem for p in _modules("rag")} <= set(LEVEL)


@pytest.mark.parametrize("path", _modules("rag"), ids=lambda p: p.stem)
def test_imports_go_up_the_rows(path: Path) -> None:
    for name in _imports(path):
        assert not name.startswith(("ui", "evals")), f"rag.{path.stem} imports {name}"
        parts = name.split(".")
        if parts[0] == "rag" and len(parts) > 1 and parts[1] in LEVEL:
            assert LEVEL[parts[1]] < LEVEL[path.stem], f"rag.{path.stem} imports rag.{parts[1]}, not above it"


@pytest.mark.parametrize("path", _modules("ui") + _modules("evals"), ids=lambda p: f"{p.parent.name}.{p.stem}")
def test_ui_and_evals_do_not_know_each_other(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    other = {"ui": "evals", "evals": "ui"}[package]
    assert not {name for name in _imports(path) if name.split(".")[0] == other}


@pytest.mark.parametrize("path", _modules("rag") + _modules("ui") + _modules("evals"), ids=lambda p: p.stem)
def test_each_vendor_has_its_one_file(path: Path) -> None:
    for name in _imports(path):
        homes = VENDORS.get(name.split(".")[0])
        if homes is not None:
            assert path.parent.name == "rag", f"{path} imports {name}"
            assert path.stem in homes, f"{path} imports {name}"


@pytest.mark.parametrize("path", _modules("ui"), ids=lambda p: f"{p.parent.name}.{p.stem}")
def test_gradio_belongs_to_the_chat_page(path: Path) -> None:
    if path.parent.name != "chat":
        assert not {name for name in _imports(path) if name.partition(".")[0].startswith("gradio")}


@pytest.mark.parametrize("path", _modules("rag") + _modules("ui") + _modules("evals"), ids=lambda p: p.stem)
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_nothing_heavy_on_the_way_of_help() -> None:
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'chromadb', 'langchain_core', 'openai', 'gradio', 'tantivy', 'numpy', 'model2vec', 'tiktoken'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "ask" in done.stdout
