from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from evals import edits
from evals.corruptions import detokenised, facqa_claims, indonli_claims, probes, statement
from evals.edits import Ground
from evals.probes import ARTICLES, KINDS, article_probes, pairs
from evals.rewordings import passive, rewordings
from rag.errors import InputError
from tests.conftest import SEEDS

PASSAGE = (
    "Menurut Budi Santoso, Joko Widodo menemui 12 petani di Solo pada 5 Mei 2019. Panen diperkirakan naik 3 persen."
)


def ground(claim: str, passage: str = PASSAGE) -> Ground:
    foreign, others = ("Lionel Messi",), ("Para raja membangun candi.",)
    return Ground(claim=claim, passage=passage, foreign=foreign, others=others, rng=random.Random(1))  # noqa: S311


@pytest.mark.parametrize(
    ("edit", "claim", "edited"),
    [
        (edits.foreign_entity, "Panen naik, kata Joko Widodo.", "Panen naik, kata Lionel Messi."),
        (
            edits.passage_entity,
            "Panen naik, kata Joko Widodo.",
            {"Panen naik, kata Budi Santoso.", "Panen naik, kata Solo."},
        ),
        (edits.date, "Panen terjadi pada 5 Mei.", "Panen terjadi pada 5 Februari."),
        (edits.unit, "Panen naik 3 persen.", "Panen naik 3 juta."),
        (edits.negation, "Petani adalah warga Solo.", "Petani bukan warga Solo."),
        (edits.negation, "Petani menemui Joko.", "Petani tidak menemui Joko."),
        (edits.negation, "Petani tidak menemui Joko.", "Petani menemui Joko."),
        (edits.addition, "Panen naik.", "Panen naik, dan para raja membangun candi."),
        (edits.certainty, "Panen diperkirakan naik.", "Panen dipastikan naik."),
    ],
)
def test_false_twins_by_hand(edit: edits.Edit, claim: str, edited: str | set[str]) -> None:
    found = edit(ground(claim))
    assert found in edited if isinstance(edited, set) else found == edited


def test_an_amount_changes_but_no_date_does() -> None:
    found = edits.number(ground("Ia menemui 12 petani pada 5 Mei 2019."))
    assert found is not None
    assert "12 petani" not in found
    assert found.endswith("petani pada 5 Mei 2019.")
    assert edits.number(ground("Ia datang pada 5 Mei 2019.")) is None


def test_roles_are_swapped_only_around_a_verb_that_has_two() -> None:
    passage = "Barcelona mengalahkan Real Madrid."
    assert edits.role_swap(ground(passage, passage)) == "Real Madrid mengalahkan Barcelona."
    turned = "Real Madrid dikalahkan oleh Barcelona."
    assert edits.role_swap(ground(turned, passage)) == "Barcelona dikalahkan oleh Real Madrid."
    assert edits.role_swap(ground("Barcelona merupakan lawan Real Madrid.", passage)) is None


def test_a_wrong_speaker_beside_the_right_one() -> None:
    assert edits.speaker(ground("Panen naik.")) == (
        "Menurut Budi Santoso, Panen naik.",
        "Menurut Joko Widodo, Panen naik.",
    )
    assert edits.speaker(ground("Menurut Budi, panen naik.")) is None


@pytest.mark.parametrize(
    ("body", "turned"),
    [
        ("Pemerintah Daerah membangun sebuah jembatan", "Sebuah jembatan dibangun oleh Pemerintah Daerah"),
        ("Ayu menjual tiga ekor kambing", "Tiga ekor kambing dijual oleh Ayu"),
        ("Ayu memakan nasi", None),  # the root could begin with p or m
        ("Ayu membeli beras dan gula", None),  # what follows may be another clause
    ],
)
def test_active_and_passive(body: str, turned: str | None) -> None:
    assert passive(body) == turned


def test_rewordings_keep_the_words_that_matter() -> None:
    found = rewordings("Pada tahun 2010, Ayu memiliki lima ekor kambing.")
    assert found == [
        "Ayu memiliki lima ekor kambing pada tahun 2010.",
        "Pada tahun 2010, Ayu memiliki 5 ekor kambing.",
        "Pada tahun 2010, Ayu mempunyai lima ekor kambing.",
    ]


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Siapakah ketua umum PBNU ?", "Hasyim Muzadi", "Ketua umum PBNU adalah Hasyim Muzadi."),
        ("Berapa jumlah korban ?", "12 orang", "Jumlah korban adalah 12 orang."),
        ("Siapa memimpin rapat ?", "Ayu", None),
        ("Berapa korban yang tewas ?", "12", None),
        ("Kapan rapat itu ?", "Senin", None),
    ],
)
def test_questions_turned_into_statements(question: str, answer: str, said: str | None) -> None:
    assert statement(question, answer) == said


def test_tokens_become_text() -> None:
    assert detokenised(["Harga", "naik", "(", "3", "persen", ")", ",", "kata", "dia", "."]) == (
        "Harga naik (3 persen), kata dia."
    )


def test_suites_from_files(tmp_path: Path) -> None:
    rows = [
        {"premise": PASSAGE, "hypothesis": "Joko Widodo menemui 12 petani di Solo.", "label": "e", "premise_id": 1},
        {"premise": "Lain sekali.", "hypothesis": "Gubernur Bali membuka pasar itu.", "label": "e", "premise_id": 2},
        {"premise": PASSAGE, "hypothesis": "Panen turun.", "label": "c", "premise_id": 1},
    ]
    path = tmp_path / "val.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    assert [(p.supported, p.kind) for p in pairs(path)] == [(True, "e"), (True, "e"), (False, "c")]
    made = list(probes(indonli_claims(path), "x"))
    assert made == list(probes(indonli_claims(path), "x"))  # the same every time
    counts = Counter(p.kind for p in made if p.group == "1")
    assert counts["clean"] == 1
    assert counts["reworded"] >= 2
    assert {"number", "negation", "addition", "wrong_passage"} <= set(counts)
    assert all(p.supported == (p.kind in {"clean", "reworded"}) for p in made)
    path.write_text('{"premise": "x"}\n', "utf-8")
    with pytest.raises(InputError, match=r"val\.jsonl:1"):
        pairs(path)


def test_facqa(tmp_path: Path) -> None:
    path = tmp_path / "valid.csv"
    path.write_text(
        "question,passage,seq_label\n"
        "\"['Siapakah', 'ketua', 'PBNU', '?']\",\"['Hasyim', 'Muzadi', 'ketua', 'PBNU', '.']\","
        "\"['B', 'I', 'O', 'O', 'O']\"\n"
        "\"['Siapakah', 'ketua', 'Muhammadiyah', '?']\",\"['Hasyim', 'Muzadi', 'ketua', 'PBNU', '.']\","
        "\"['B', 'I', 'O', 'O', 'O']\"\n",  # takes for granted what the passage does not say
        "utf-8",
    )
    assert facqa_claims(path) == [
        ("Ketua PBNU adalah Hasyim Muzadi.", "Hasyim Muzadi ketua PBNU.", "Hasyim Muzadi ketua PBNU.")
    ]
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputError, match="FacQA's columns"):
        facqa_claims(path)


def test_the_hand_written_suite() -> None:
    items = [json.loads(line) for line in ARTICLES.read_text("utf-8").splitlines()]
    for item in items:
        text = (SEEDS / f"{item['article']}.txt").read_text("utf-8")
        assert text.count(item["evidence"]) == 1
        assert len(set(item["clean"])) >= 3  # itself and two rewordings
        assert item["evidence"] not in item["clean"]
        assert not {bad["text"] for bad in item["corrupted"]} & set(item["clean"])
    counts = Counter((p.kind, p.language) for p in article_probes())
    assert all(counts[kind, language] >= 8 for kind in KINDS for language in ("id", "en"))
