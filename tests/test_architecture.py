"""The shape of the house: imports only go up the packages, a vendor has its one file, nothing heavy is on --help."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

OURS = {"rag", "ui", "evals"}
PACKAGES = ("", "language", "articles", "models", "archive", "verifying", "finding", "answering", "together")
"""The packages of rag: each imports from those before it; the first are the records, the last one the pipeline."""
TOGETHER = {"pipeline", "streaming"}

VENDORS = {
    "chromadb": {"rag.archive.store", "rag.archive.server", "rag.archive.lease"},
    "langchain_chroma": {"rag.archive.store"},
    "tantivy": {"rag.archive.lexical", "rag.archive.live_terms"},
    "filelock": {"rag.archive.home"},
    "openai": {"rag.models.faults", "rag.archive.remote_embeddings"},
    "langchain_openai": {"rag.models.chat"},
    "langchain": {"rag.models.chat"},
    "tiktoken": {"rag.models.tokens"},
    "model2vec": {"rag.archive.embeddings"},
    "trafilatura": {"rag.articles.pages"},
    "Stemmer": {"rag.language.words"},
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
            if (node.module or "").split(".")[0] in OURS:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _package(name: str) -> str:
    """Of a dotted module of rag: its package, for `PACKAGES`."""
    parts = name.split(".")
    if (ROOT / "rag" / parts[1]).is_dir():
        return parts[1]
    return "together" if parts[1] in TOGETHER else ""


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", _modules("rag"), ids=_dotted)
def test_packages_import_from_those_before_them(path: Path) -> None:
    own = PACKAGES.index(_package(_dotted(path)))
    for name in _imports(path):
        assert not name.startswith(("ui", "evals")), f"{path} imports {name}"
        if name.startswith("rag."):
            assert PACKAGES.index(_package(name)) <= own, f"{path} imports {name}, which comes after it"


def test_no_module_of_rag_needs_itself() -> None:
    graph = {_dotted(path): _imports(path) for path in _modules("rag")}
    graph = {name: needed & set(graph) for name, needed in graph.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


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
            assert _dotted(path) in homes, f"{path} imports {name}"


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
