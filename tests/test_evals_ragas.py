from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from evals.ragas import export, sample
from tests.evals_rows import row


def test_a_sample_by_hand() -> None:
    assert sample(row("q")) == {
        "user_input": "Berapa lama? <q>",
        "response": "40 detik",
        "retrieved_contexts": ["lain", "jabat tangan selama 40 detik"],
        "retrieved_context_ids": ["b:0-50", "a:90-200"],
        "reference_contexts": ["jabat tangan selama 40 detik"],
        "reference_context_ids": ["a:90-200"],
        "reference": "40 detik",
    }


def test_an_abstention_and_a_conversation() -> None:
    abstained = sample(row("q", type="off_topic", said=None))
    assert abstained is not None
    assert abstained["response"] == "Arsip tidak menjawab."
    assert abstained["reference"] == "The archive does not answer this question."
    talk = row("q")
    talk["case"]["history"] = ["Siapa bertemu?"]
    found = sample(talk)
    assert found is not None
    assert found["user_input"] == "Siapa bertemu?\nBerapa lama? <q>"


def test_gold_that_was_not_found_has_an_id_of_its_own() -> None:
    missed = row("q")
    missed["hits"] = missed["hits"][:1]
    found = sample(missed)
    assert found is not None
    assert found["reference_context_ids"] == ["a:100-115"]
    assert found["reference_contexts"] == ["selama 40 detik"]


def test_a_failure_is_no_sample(tmp_path: Path) -> None:
    assert export([row("q1"), row("q2", error="gone")], tmp_path / "out.jsonl") == 1
    (line,) = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["response"] == "40 detik"


@pytest.mark.skipif(importlib.util.find_spec("ragas") is None, reason="the ragas extra is not installed")
def test_ragas_reads_and_scores_it(tmp_path: Path) -> None:
    from ragas import EvaluationDataset
    from ragas.metrics import NonLLMContextRecall

    export([row("q1"), row("q2", said=None, type="off_topic")], tmp_path / "out.jsonl")
    samples = EvaluationDataset.from_jsonl(str(tmp_path / "out.jsonl")).samples
    assert [s.response for s in samples] == ["40 detik", "Arsip tidak menjawab."]
    assert NonLLMContextRecall().single_turn_score(samples[0]) == 1
