from __future__ import annotations

import json

import pytest

from rag.models.pricing import usage
from rag.settings import DEFAULT_MODEL
from tests.conftest import ROOT


def test_a_price_by_hand() -> None:
    # 0.10 and 0.50 dollars a million: 1,000,000 in and 200,000 out are 0.10 + 0.10
    assert usage("gpt-6-luna", 1_000_000, 200_000).cost_usd == pytest.approx(0.20)


def test_a_dated_name_has_the_price_of_its_model() -> None:
    assert usage("gpt-4o-mini-2024-07-18", 1_000_000, 0).cost_usd == pytest.approx(0.15)


def test_no_price_is_guessed() -> None:
    assert usage("llama3.2:3b", 10, 10).cost_usd is None
    assert usage("gpt-6-luna", 10, 10, hosted=False).cost_usd is None


def test_the_default_model_has_a_price_and_the_table_a_date() -> None:
    assert usage(DEFAULT_MODEL.partition(":")[2], 1, 1).cost_usd is not None
    table = json.loads((ROOT / "rag" / "data" / "prices.json").read_text("utf-8"))
    assert table["checked"] >= "2026-01-01"
    assert all(set(price) == {"input", "output"} for price in table["models"].values())
