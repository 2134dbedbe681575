from __future__ import annotations

import pytest

from rag.language.stemming import readings, root
from rag.language.words import stem


@pytest.mark.parametrize(
    ("family", "shared"),
    [
        ("menulis ditulis penulis tulisan menuliskannya", "tulis"),
        ("memberi memberikan diberikan pemberian", "beri"),
        ("bertemu pertemuan ditemui", "temu"),
        ("meluncurkan diluncurkan peluncuran", "luncur"),
        ("mengunjungi dikunjungi kunjungan", "kunjung"),
        ("memimpin pemimpin dipimpin kepemimpinan", "pimpin"),
        ("hadiah menghadiahkan menghadiahkannya", "hadiah"),
    ],
)
def test_a_family_has_one_stem(family: str, shared: str) -> None:
    assert {stem(word) for word in family.split()} == {shared}


def test_words_that_only_look_alike_stay_apart() -> None:
    assert stem("meninggal") != stem("tinggal")
    assert stem("selatan") != stem("selat")
    assert stem("menteri") == "menteri"


def test_unknown_words_have_no_root() -> None:
    assert root("vladivostok") is None
    assert root("ber") is None
    assert root("menggoreng", frozenset({"goreng"})) == "goreng"
    assert root("menggoreng", frozenset()) is None


def test_readings_undo_the_nasal() -> None:
    assert {"tulis", "sapu", "pukul"} <= {r for word in ("menulis", "menyapu", "memukul") for r in readings(word)}
