"""Tokens → US dollars, by a small dated table of list prices; a model that is not in it has no price."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from rag.types import Usage

_DATED = re.compile(r"-20\d\d-\d\d-\d\d$")


@cache
def _table() -> dict[str, dict[str, float]]:
    table: dict[str, Any] = json.loads(files("rag").joinpath("data/prices.json").read_text("utf-8"))
    prices: dict[str, dict[str, float]] = table["models"]
    return prices


def usage(model: str, input_tokens: int, output_tokens: int, *, hosted: bool = True) -> Usage:
    """What a number of tokens costs.

    Args:
        model: the name as the service knows it; a date at its end is left out of account.
        input_tokens: tokens sent, >= 0.
        output_tokens: tokens received, >= 0.
        hosted: whether OpenAI itself runs the model; the prices are not those of other servers.
    """
    price = _table().get(_DATED.sub("", model)) if hosted else None
    cost = (input_tokens * price["input"] + output_tokens * price["output"]) / 1e6 if price else None
    return Usage(input_tokens=input_tokens, output_tokens=output_tokens, cost_usd=cost)
