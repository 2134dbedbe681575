from __future__ import annotations

import math

from rag.language.rarity import background, idf, rarity


def test_a_small_archive_leans_on_the_background() -> None:
    assert rarity("yang", count=1, size=5) > 0.3
    assert rarity("vladivostok", count=1, size=5) < 0.01


def test_a_large_archive_speaks_for_itself() -> None:
    assert math.isclose(rarity("vladivostok", count=500_000, size=1_000_000), 0.5, rel_tol=1e-3)


def test_shares_and_idf() -> None:
    shares, least = background()
    assert 0 < least <= min(shares["indonesia"], shares["yang"]) < 1
    assert idf(0.01) == math.log(100)
    assert idf(1.0) > 0
    assert idf(0.0) == math.log(1e7)
