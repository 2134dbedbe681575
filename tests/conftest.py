"""Shared fixtures. No test may reach beyond this machine: connections are refused at the socket."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import hypothesis
import pytest

from tests.wire_server import WireServer

if TYPE_CHECKING:
    from rag.pipeline import Kutip

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

hypothesis.settings.register_profile(
    "patient", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # a busy machine is no fault of what is tested
hypothesis.settings.load_profile("patient")


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _LoopbackSocket(socket.socket):
    def connect(self, address: Any) -> None:
        self._refuse_others(address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        self._refuse_others(address)
        return super().connect_ex(address)

    @staticmethod
    def _refuse_others(address: Any) -> None:
        if not _is_local(address):
            raise AssertionError(f"a test tried to reach {address!r}; tests use loopback only")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    original = socket.socket
    socket.socket = _LoopbackSocket  # type: ignore[misc]
    yield
    socket.socket = original  # type: ignore[misc]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting and no key of the developer's reaches a test; the home is a fresh folder."""
    for name in list(os.environ):
        if name.startswith(("KUTIP_", "OPENAI_", "LANGCHAIN_", "LANGSMITH_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KUTIP_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def seeds_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the five bundled articles are indexed; read only."""
    from rag.archive.access import index_paths
    from rag.settings import Settings

    home = tmp_path_factory.mktemp("seeds") / "home"
    index_paths(Settings.from_env({"KUTIP_HOME": str(home)}), [SEEDS])
    return home


@pytest.fixture
def wire() -> Iterator[WireServer]:
    """A server that speaks OpenAI's wire, on loopback."""
    with WireServer().running() as server:
        yield server
    assert server.surprises == []


@pytest.fixture(scope="session")
def archive(seeds_home: Path) -> dict[str, Any]:
    """The parts of a pipeline over the five articles that are the same with any model; opened once."""
    from rag.archive.embeddings import BuiltinEmbeddings
    from rag.archive.index import Index
    from rag.archive.lexical import TermIndex
    from rag.finding.retrieval import KutipRetriever
    from rag.language.glossary import Glossary

    embedder, glossary = BuiltinEmbeddings(), Glossary.load(None)
    index = Index.open(seeds_home, embedder)
    terms = TermIndex.open(seeds_home, index)
    retriever = KutipRetriever(index=index, terms=terms, embedder=embedder, glossary=glossary)
    return {"index": index, "retriever": retriever, "glossary": glossary, "embedder": embedder}


class OpenAt(Protocol):
    """Opens a pipeline over the five articles with the model of a server; further variables as keywords."""

    def __call__(self, wire: WireServer, **more: str) -> Kutip: ...


@pytest.fixture
def open_at(archive: dict[str, Any]) -> OpenAt:
    """See `OpenAt`."""
    from rag.answering.writing import open_writing
    from rag.pipeline import Kutip
    from rag.settings import Settings

    def opened(wire: WireServer, **more: str) -> Kutip:
        settings = Settings.from_env({"KUTIP_RETRIES": "1", **wire.env(), **more})
        return Kutip(**archive, writing=open_writing(settings), answerer=settings.answerer)

    return opened


@pytest.fixture(scope="session")
def api(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an HTTP API over the five articles, without keys; tests leave the archive as it was."""
    from tests.api_server import copy_of, serving

    with serving(copy_of(seeds_home, tmp_path_factory.mktemp("api") / "home")) as url:
        yield url
