from __future__ import annotations

import numpy as np
import pytest

from rag.finding.confidence import CONFIDENCE_FEATURES, confidence_features, confidence_model
from rag.finding.features import Statistics, sentence_features
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from tests.test_views import chunk_of

GLOSSARY = Glossary([("bertemu", ("meet",))])
CHUNKS = (chunk_of("Kim tiba di Rusia.", "Ia bertemu Putin.", id="a"), chunk_of("Putin pulang.", id="b"))


def features(question: str, scores: list[float]) -> dict[str, float]:
    query = analyse(question, GLOSSARY)
    rows, seen = sentence_features(query, CHUNKS, Statistics(rarity=lambda stem: 0.01, links={}))
    values = confidence_features(query, rows, seen, np.array(scores), size=2)
    return dict(zip(CONFIDENCE_FEATURES, values.tolist(), strict=True))


def test_leads_over_the_next_sentence_and_chunk() -> None:
    row = features("Di mana Kim bertemu Putin?", [1.0, 3.0, 0.5])
    assert (row["score"], row["score_2"], row["score_3"]) == (3.0, 1.0, 0.5)
    assert (row["lead_sentence"], row["lead_chunk"]) == (2.0, 2.5)
    assert row["share"] == row["most_share"]  # the second sentence has two of the three words


def test_what_is_nowhere() -> None:
    row = features("Did Zelensky meet Putin?", [3.0, 1.0, 0.0])
    assert row["absent"] == pytest.approx(1 / 3, abs=0.02)
    assert (row["absent_names"], row["english"], row["guessed"]) == (1, 1, 2)
    assert features("Di mana Kim bertemu Putin?", [1.0, 2.0, 0.0])["absent"] == 0


def test_more_evidence_never_lowers_the_probability() -> None:
    model = confidence_model()
    row = np.array(list(features("Di mana Kim bertemu Putin?", [1.0, 3.0, 0.5]).values()))
    place = CONFIDENCE_FEATURES.index("share_names_chunk")
    chances = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        row[place] = share
        chances.append(model(row))
    assert chances == sorted(chances)
    assert all(0 < chance < 1 for chance in chances)
