from __future__ import annotations

import pytest

from rag.articles.datelines import LINES, find_dateline, publisher_in


@pytest.mark.parametrize(
    ("dateline", "publisher"),
    [
        ("KONTAN.CO.ID - MOSKOW.", "KONTAN.CO.ID"), ("KONTAN.CO.ID - WASHINGTON/LONDON.", "KONTAN.CO.ID"),
        ("INDOPOS.CO.ID –", "INDOPOS.CO.ID"), ("AKURAT.CO,", "AKURAT.CO"), ("KOMPAS.com -", "KOMPAS.com"),
        ("JAKARTA, KOMPAS.TV –", "KOMPAS.TV"), ("BANDUNG, KOMPAS.com –", "KOMPAS.com"),
        ("TEMPO.CO, Jakarta -", "TEMPO.CO"),
        ("Liputan6.com, Jakarta -", "Liputan6.com"), ("detik.com, Jakarta -", "detik.com"),
        ("REPUBLIKA.CO.ID, JAKARTA --", "REPUBLIKA.CO.ID"), ("TRIBUN-MEDAN.com, MEDAN -", "TRIBUN-MEDAN.com"),
        ("Bisnis.com, JAKARTA—", "Bisnis.com"), ("Jakarta, CNN Indonesia --", "CNN Indonesia"),
        ("Jakarta (ANTARA) -", "ANTARA"),
        ("(ANTARA) -", "ANTARA"), ("WASHINGTON (Reuters) -", "Reuters"), ("MOSCOW, Sept 15 (Reuters) -", "Reuters"),
        ("VIVA –", "VIVA"), ("JAKARTA -", None), ("Jakarta -", None), ("New York -", None), ("KOMSOMOLSK —", None),
    ],
)  # fmt: skip
def test_datelines(dateline: str, publisher: str | None) -> None:
    for text in (f"{dateline} Presiden tiba.", f"Judul Berita\n\nReporter: Ani\n{dateline} “Siap,” kata Kim."):
        match = find_dateline(text)
        assert match is not None
        assert match.group().strip() == dateline
        assert publisher_in(text) == publisher


@pytest.mark.parametrize(
    "text",
    [
        "Jakarta adalah ibu kota.", "Jakarta, Indonesia, menjadi tuan rumah.", "Amazon.com, Google dan Meta bertemu.",
        "Persib - Persija bermain imbang 1-1.", "Moskow - Beijing akan bekerja sama erat.",
        "Rusia - Korea Utara bersatu.",
        "Kim (Korea Utara) - Putin (Rusia) bertemu.", "Komsomolsk-on-Amur dikunjungi Kim.",
        "U.S., Russia and China met.",
        "Presiden Rusia - yang tiba kemarin - pulang.", "Reuters melaporkan hal itu.", "",
        "CNN - siaran itu dihentikan.",
    ],
)  # fmt: skip
def test_prose_has_no_dateline(text: str) -> None:
    assert find_dateline(text) is None
    assert publisher_in(text) is None


def test_a_dateline_stands_near_the_head() -> None:
    line = "Kim tiba di kota itu.\n"
    assert publisher_in(line * (LINES - 1) + "KOMPAS.com - Presiden tiba.") == "KOMPAS.com"
    assert publisher_in(line * LINES + "KOMPAS.com - Presiden tiba.") is None
