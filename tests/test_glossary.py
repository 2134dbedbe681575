from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.language.glossary import Glossary, irregular, parse

SMALL = Glossary([("hadiah", ("gift", "prize")), ("memberi", ("give",)), ("karunia", ("grace", "gift"))])


def test_best_translation_first() -> None:
    assert SMALL.to_indonesian("gift") == ("hadiah", "karunia")
    assert SMALL.to_english("Hadiah") == ("gift", "prize")
    assert SMALL.to_indonesian("rocket") == ()
    assert SMALL.to_english("roket") == ()


@pytest.mark.parametrize(("asked", "found"), [("gifts", "hadiah"), ("Gave", "memberi"), ("giving", "memberi")])
def test_inflected_english_is_found(asked: str, found: str) -> None:
    assert SMALL.to_indonesian(asked)[0] == found


def test_irregular_forms_lead_to_bases() -> None:
    assert irregular()["bought"] == ("buy",)
    assert "be" in irregular()["was"]


def test_own_entries_go_before_the_built_in_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("# mine\n\nkado\tgift\n", "utf-8")
    glossary = Glossary.load(own)
    assert glossary.to_indonesian("gift")[0] == "kado"
    assert "hadiah" in glossary.to_indonesian("gift")


@pytest.mark.parametrize("line", ["hadiah gift", "hadiah\t", "\tgift", "hadiah\t ; "])
def test_a_line_that_is_no_entry_is_named(line: str) -> None:
    with pytest.raises(SettingsError, match=r"own\.tsv:2: expected"):
        parse(f"senapan\trifle\n{line}\n", "own.tsv")


def test_an_unreadable_file_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KUTIP_GLOSSARY"):
        Glossary.load(tmp_path / "missing.tsv")
    latin = tmp_path / "latin.tsv"
    latin.write_bytes(b"caf\xe9\tcoffee shop\n")
    with pytest.raises(SettingsError, match="KUTIP_GLOSSARY"):
        Glossary.load(latin)


def test_multi_word_terms_both_ways() -> None:
    glossary = Glossary.load()
    assert "juru bicara" in glossary.to_indonesian("spokesperson")
    assert "lunch" in glossary.to_english("makan siang")
    assert any(word in glossary.to_indonesian("United Nations") for word in ("PBB", "Perserikatan Bangsa-Bangsa"))


def test_further_translations_are_for_finding_only(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("huyula\tgoing\n", "utf-8")
    glossary = Glossary.load(own)
    sure, wide = glossary.to_indonesian("going"), glossary.wide.to_indonesian("going")
    assert sure[0] == wide[0] == "huyula"
    assert set(sure) < set(wide)
    assert Glossary([("hadiah", ("gift",))]).wide.to_indonesian("going") == ()


def test_a_sure_translation_goes_before_a_further_one() -> None:
    glossary = Glossary([("hadiah", ("gift",)), ("memberi", ("gifts",))], sure=1)
    assert glossary.to_indonesian("gifts") == ("hadiah", "memberi")
    assert Glossary([("hadiah", ("gift",)), ("memberi", ("gifts",))]).to_indonesian("gifts") == ("memberi", "hadiah")
