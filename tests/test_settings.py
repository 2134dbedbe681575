from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import DEFAULT_MODEL, Secret, Settings
from tests.conftest import ROOT

KEY = "sk-very-secret-0123456789"


def test_defaults_need_no_service() -> None:
    settings = Settings.from_env({"KUTIP_HOME": "somewhere"})
    assert (settings.answerer, settings.embedder, settings.model) == ("auto", "builtin", DEFAULT_MODEL)
    assert not settings.has_model


@pytest.mark.parametrize(
    ("env", "has_model"),
    [
        ({"OPENAI_API_KEY": KEY}, True),
        ({"OPENAI_API_KEY": "  "}, False),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1"}, False),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1", "KUTIP_MODEL": "openai:llama3.2:3b"}, True),
        ({"KUTIP_MODEL": "openai:some"}, False),
        ({"KUTIP_MODEL": "anthropic:some"}, True),
    ],
)
def test_when_there_is_a_model(env: dict[str, str], has_model: bool) -> None:
    assert Settings.from_env(env).has_model is has_model


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KUTIP_MODEL", "gpt-6-luna"),
        ("KUTIP_MODEL", "llama3.2:3b"),
        ("KUTIP_EMBEDDER", "text-embedding-3-small"),
        ("KUTIP_ANSWERER", "magic"),
        ("KUTIP_VERIFY", "yes"),
        ("KUTIP_TIMEOUT", "0"),
        ("KUTIP_TIMEOUT", "soon"),
        ("KUTIP_RETRIES", "-1"),
        ("KUTIP_CONTEXT", "10"),
        ("KUTIP_READ_ONLY", "maybe"),
        ("OPENAI_BASE_URL", "localhost:11434"),
        ("OPENAI_BASE_URL", "http://me:secret@localhost/v1"),
        ("KUTIP_MODLE", "openai:x"),
    ],
)
def test_bad_values_are_one_sentence_that_names_them(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    assert "secret" not in message


def test_a_typo_gets_a_suggestion() -> None:
    with pytest.raises(SettingsError, match="did you mean KUTIP_MODEL"):
        Settings.from_env({"KUTIP_MODLE": "openai:x"})


def test_values_are_read() -> None:
    settings = Settings.from_env(
        {"KUTIP_TIMEOUT": "5", "KUTIP_RETRIES": "0", "KUTIP_CONTEXT": "4096", "OPENAI_BASE_URL": "http://h:1/v1/"}
    )
    assert (settings.timeout, settings.retries, settings.context) == (5, 0, 4096)
    assert settings.openai_base_url == "http://h:1/v1"


def test_the_key_prints_masked() -> None:
    settings = Settings.from_env({"OPENAI_API_KEY": KEY})
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.reveal() == KEY
    for shown in (repr(settings), str(settings.openai_api_key), f"{settings.openai_api_key}", repr({1: Secret(KEY)})):
        assert "very-secret" not in shown


def test_every_setting_is_documented() -> None:
    document = "".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"KUTIP_QQQQQQQQQQQQ": "1"})
    names = [word.strip(",.") for word in str(caught.value).partition("known are ")[2].split()]
    assert len(names) >= 11
    missing = [name for name in names if f"`{name}`" not in document]
    assert missing == []


def test_the_default_model_is_documented() -> None:
    assert DEFAULT_MODEL in (ROOT / "docs" / "models.md").read_text("utf-8")


def test_home_is_absolute() -> None:
    assert Settings.from_env({"KUTIP_HOME": "here"}).home == Path.cwd() / "here"


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("true", True), ("Yes", True), ("0", False), ("FALSE", False), ("no", False), ("", False)],
)
def test_flags_are_read(value: str, meant: bool) -> None:
    assert Settings.from_env({"KUTIP_READ_ONLY": value}).read_only is meant
