"""Names, amounts and clauses of a claim in their places in the source, or in another's."""

from __future__ import annotations

import pytest

from rag.language.glossary import Glossary
from rag.verifying.alignment import align
from rag.verifying.binding import binding
from rag.verifying.statements import read

GLOSSARY = Glossary.load()
LEFT = "Pemimpin Korea Utara Kim Jong Un meninggalkan Rusia setelah enam hari."
LAKES = "Wisatawan datang ke Danau Toba (Indonesia), Danau Biwa (Jepang) dan Danau Baikal (Rusia)."
PRICES = "Harga beras naik 12 persen. Menurut pedagang, harga cabai turun 30 persen."


def seen(claim: str, source: str) -> dict[str, float]:
    told, said = read(claim, "id", GLOSSARY), read(source, "id", GLOSSARY)
    return binding(told, said, align(told, said, GLOSSARY, lambda number: True))


def test_a_name_beside_its_word_fits_fully() -> None:
    found = seen("Kim Jong Un meninggalkan Rusia.", LEFT)
    assert found["fit_least"] == 1.0  # both names stand right beside "meninggalkan" in the source
    assert found["rivals"] == 0.0


@pytest.mark.parametrize(
    ("true", "false", "feature"),
    [
        ("Kim Jong Un meninggalkan Rusia.", "Kim Jong Un meninggalkan Korea Utara.", "rival_most"),
        ("Kim Jong Un meninggalkan Rusia.", "Kim Jong Un meninggalkan Korea Utara.", "verb_rival"),
    ],
)
def test_a_left_out_name_that_fits_better_is_a_rival(true: str, false: str, feature: str) -> None:
    assert seen(false, LEFT)[feature] > 0.0 >= seen(true, LEFT)[feature]


def test_names_that_belong_together_are_near_each_other() -> None:
    right, wrong = (seen(f"Danau Biwa ada di {place}.", LAKES) for place in ("Jepang", "Rusia"))
    assert right["couple_least"] > wrong["couple_least"]
    assert wrong["couple_rival"] > right["couple_rival"]


def test_an_amount_belongs_to_what_it_is_said_of() -> None:
    right, wrong = (seen(f"Harga cabai turun {share} persen.", PRICES) for share in (30, 12))
    assert right["amount_least"] > wrong["amount_least"]


def test_the_clause_that_is_said_least_counts() -> None:
    found = seen("Kim Jong Un meninggalkan Rusia, lalu membeli kapal pesiar.", LEFT)
    assert (found["clause_least"], found["longest_missing"]) == (0.0, 3.0)
    assert seen("Kim Jong Un meninggalkan Rusia setelah enam hari.", LEFT)["clause_least"] == 1.0


def test_without_names_and_amounts_nothing_is_amiss() -> None:
    found = seen("Hujan turun.", "Hujan turun.")
    assert (found["fit_least"], found["amount_least"], found["couple_least"]) == (1.0, 1.0, 1.0)
    assert found["rival_most"] == -1.0
