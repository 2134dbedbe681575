"""Fits the ranker and the confidence on the train splits, and writes ``rag/data/``.

``python tools/train_ranking.py --data DIR`` (folders ``idk_mrc``, ``facqa``, ``indonli``). Run it again whenever the
glossary, the language rules or the features change; about five minutes on two cores. Needs lightgbm and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from confidence_examples import Asked, small_archives
from ranking_examples import Example, Links, example, learn_links
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from training_data import FOLDS, Archive, Question, background_texts, idk_mrc, in_english

from rag.confidence import CONFIDENCE_FEATURES, confidence_features
from rag.features import SENTENCE_FEATURES
from rag.glossary import Glossary
from rag.language import stem, tokens
from rag.question import Query, analyse

ROOT = Path(__file__).parent.parent
OUT = ROOT / "rag/data"
K = 40
RANKER = {
    "n_estimators": 120, "learning_rate": 0.1, "num_leaves": 15, "max_depth": 6, "min_child_samples": 50,
    "colsample_bytree": 0.5, "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 5.0, "lambdarank_truncation_level": 20,
    "random_state": 1, "n_jobs": 2, "verbose": -1,
}  # fmt: skip
CONFIDENCE = {
    "n_estimators": 150, "learning_rate": 0.06, "num_leaves": 8, "min_child_samples": 60, "colsample_bytree": 0.4,
    "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 10.0, "random_state": 1, "n_jobs": 2, "verbose": -1,
}  # fmt: skip
NEVER_WORSE = {
    "share", "share_chunk", "share_before", "share_opening", "share_names", "share_names_chunk", "share_names_opening",
    "share_rest", "share_rest_chunk", "rarest_chunk", "exact", "exact_chunk", "fit_near", "fit_nearest", "nearness",
    "score", "lead_chunk", "most_share", "most_share_chunk", "most_names_chunk", "link_near",
}  # fmt: skip
NEVER_BETTER = {"missing", "missing_chunk", "absent", "absent_names"}

_archive: Archive
_links: list[Links]
"""Of each fold, learnt without it; the last one is learnt from all."""


def write_background(data: Path) -> None:
    """``rag/data/background.tsv``: in how many passages of the train splits a stem occurs, when in three or more."""
    texts = background_texts(data)
    counts = Counter(s for text in texts for s in {stem(token.text) for token in tokens(text)})
    lines = [f"{word}\t{count}" for word, count in sorted(counts.items()) if count >= 3]
    (OUT / "background.tsv").write_text("\n".join([f"#\t{len(texts)}", *lines]) + "\n", "utf-8")


def _slim(one: Example | None) -> Example | None:
    """Without the words, so that it is cheap to send between processes and to keep."""
    if one is None:
        return None
    nothing = np.zeros(0, dtype=np.int64)
    return replace(one, rows=one.rows.astype(np.float32), seen=replace(one.seen, views=(), sentence=nothing, match=nothing))


def _one(asked: Asked) -> Example | None:
    question, query, archive, without = asked
    links = _links[question.fold if question.passage.startswith("train") else FOLDS]
    return _slim(example(question, query, archive or _archive, links, k=K, without=without))


def examples(asked: Sequence[Asked]) -> list[Example | None]:
    """Features of every question, on two processes."""
    with ProcessPoolExecutor(2, initializer=os.nice, initargs=(5,)) as pool:
        return list(pool.map(_one, asked, chunksize=64))


def fit_ranker(data: Sequence[Example]) -> lightgbm.Booster:
    """LambdaMART over sentences: the gold one before all others of the same question."""
    rng = np.random.default_rng(0)
    rows, gold, groups, weights = [], [], [], []
    for one in data:
        if not one.gold.any():
            continue
        kept = (one.seen.chunk < 15) | one.gold | (rng.random(len(one.rows)) < 0.25) | (one.seen.chunk == one.passage)
        rows.append(one.rows[kept])
        gold.append(one.gold[kept])
        groups.append(int(kept.sum()))
        weights.append(np.full(groups[-1], 2.0 if one.query.language == "en" else 1.0))
    model = lightgbm.LGBMRanker(**RANKER)
    model.fit(np.vstack(rows), np.concatenate(gold).astype(int), group=groups, sample_weight=np.concatenate(weights))
    return model.booster_


def as_trees(booster: lightgbm.Booster, features: Sequence[str]) -> dict[str, Any]:
    """The form that ``rag.trees`` reads."""
    return {
        "features": list(features),
        "trees": [_flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]],
    }


def _flat(root: dict[str, Any]) -> dict[str, list[Any]]:
    tree: dict[str, list[Any]] = {"feature": [], "limit": [], "left": [], "right": [], "value": []}

    def add(node: dict[str, Any]) -> int:
        number = len(tree["feature"])
        leaf = "leaf_value" in node
        tree["feature"].append(-1 if leaf else node["split_feature"])
        tree["limit"].append(0 if leaf else float(f"{node['threshold']:.6g}"))
        tree["value"].append(float(f"{node['leaf_value']:.4g}") if leaf else 0)
        tree["left"].append(0)
        tree["right"].append(0)
        if not leaf:
            tree["left"][number] = add(node["left_child"])
            tree["right"][number] = add(node["right_child"])
        return number

    add(root)
    return tree


def write(name: str, model: dict[str, Any]) -> None:
    """A model as JSON, one tree a line."""
    head = {key: value for key, value in model.items() if key != "trees"}
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in model["trees"])
    (OUT / name).write_text(json.dumps(head)[:-1] + ', "trees": [\n' + trees + "\n]}\n", "utf-8")


def confidence_row(one: Example, score: Callable[[Any], Any]) -> np.ndarray[Any, Any]:
    """Confidence features of an example under a ranker."""
    return confidence_features(one.query, one.rows, one.seen, score(one.rows), one.size)


def main() -> None:
    """Read, fit, write, and print what valid says."""
    global _archive, _links
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    write_background(data)
    chunks, questions = idk_mrc(data / "idk_mrc", ("train", "valid"))
    _archive = Archive(list(chunks.values()))
    glossary = Glossary.load()
    cases = ROOT / "evals/cases"
    asked: dict[str, list[Asked]] = {}
    for split in ("train", "valid"):
        for language in ("id", "en"):
            answerable = [q for q in questions[split] if q.answers]
            chosen = answerable if language == "id" else in_english(answerable, cases / f"idk_mrc_{split}_en.jsonl")
            asked[f"{split}_{language}"] = [(q, analyse(q.text, glossary), None, None) for q in chosen]
    train = asked["train_id"] + asked["train_en"]
    parts = [[(q, query, _archive) for q, query, *_ in asked["train_id"] if q.fold != fold] for fold in range(FOLDS + 1)]
    _links = [learn_links(part) for part in parts]
    found = examples(train)
    usable = [one for one in found if one]
    out_of_fold = [fit_ranker([one for one in usable if one.question.fold != fold]) for fold in range(FOLDS)]
    ranker = fit_ranker(usable)
    write("ranking.json", {"dense": 0.0} | as_trees(ranker, SENTENCE_FEATURES))
    links = [f"{json.dumps(cue)}: {json.dumps(row)}" for cue, row in _links[FOLDS].items()]
    (OUT / "links.json").write_text("{\n" + ",\n".join(links) + "\n}\n", "utf-8")
    report_ranking(ranker, asked)
    fit_confidence(asked, questions, glossary, out_of_fold, ranker, usable)


def report_ranking(ranker: lightgbm.Booster, asked: dict[str, list[Asked]]) -> None:
    """Print R@1, MRR and the answer-sentence rates on valid."""
    for name in ("valid_id", "valid_en"):
        rows = []
        for one in examples(asked[name]):
            if one is None:
                rows.append((0.0, 0.0, 0.0, 0.0))
                continue
            scores = ranker.predict(one.rows)
            best = np.argsort(-scores, kind="stable")
            whole = np.maximum.reduceat(scores, one.seen.first)
            rank = 1 + int((whole > whole[one.passage]).sum()) if one.passage >= 0 else 10**9
            rows.append((rank == 1, 1 / rank, one.holds[best[0]], one.holds[best[:3]].any()))
        print(name, len(rows), "R@1 %.3f MRR %.3f sentence %.3f three %.3f" % tuple(np.mean(rows, axis=0)), flush=True)


def _answers(question: Question, label: int) -> tuple[str, int]:
    return question.language, label


def fit_confidence(
    asked: dict[str, list[Asked]], questions: dict[str, list[Question]], glossary: Glossary,
    out_of_fold: list[lightgbm.Booster], ranker: lightgbm.Booster, usable: list[Example],
) -> None:  # fmt: skip
    """Fit on train with rankers that have not seen the question, calibrate and report on valid."""
    sets: dict[str, list[tuple[Asked, int]]] = {"train": [], "small": []}
    train = asked["train_id"] + asked["train_en"]
    impossible = [q for q in questions["train"] if not q.answers][::3]
    sets["train"] += [((q, query, None, q.passage), 0) for q, query, *_ in train]
    sets["train"] += [((q, analyse(q.text, glossary), None, None), 0) for q in impossible]
    sets["small"] = small_archives(train, _archive, seed=1, archives=700)
    fitted = {name: (examples([a for a, _ in pairs]), [label for _, label in pairs]) for name, pairs in sets.items()}
    rows: list[Any] = [confidence_row(one, out_of_fold[one.question.fold].predict) for one in usable]
    labels, weights = [1] * len(rows), [1.0] * len(rows)
    for name, (found, wanted) in fitted.items():
        for one, label in zip(found, wanted, strict=True):
            if one is not None:
                rows.append(confidence_row(one, out_of_fold[one.question.fold].predict))
                labels.append(label)
                weights.append(1.0 if one.question.answers or name == "small" else 0.3)
    signs = [1 if n in NEVER_WORSE else -1 if n in NEVER_BETTER else 0 for n in CONFIDENCE_FEATURES]
    model = lightgbm.LGBMClassifier(**CONFIDENCE, monotone_constraints=signs)
    model.fit(np.array(rows), labels, sample_weight=weights)
    valid = asked["valid_id"] + asked["valid_en"]
    tests = {
        "full": [(a, 1) for a in valid] + [((q, query, None, q.passage), 0) for q, query, *_ in valid],
        "small": small_archives(valid, _archive, seed=2, archives=250),
    }
    raw: dict[str, list[tuple[float, int, str]]] = {}
    for name, pairs in tests.items():
        found = examples([a for a, _ in pairs])
        raw[name] = [
            (float(model.booster_.predict(confidence_row(one, ranker.predict)[None], raw_score=True)[0]) if one else -9.0,
             label, asked_one[0].language)
            for one, (asked_one, label) in zip(found, pairs, strict=True)
        ]  # fmt: skip
        for language in ("id", "en"):
            part = [(s, label) for s, label, spoken in raw[name] if spoken == language]
            print(name, language, len(part), f"AUC {roc_auc_score([p[1] for p in part], [p[0] for p in part]):.3f}", flush=True)
    every = [item for part in raw.values() for item in part]
    line = LogisticRegression(C=1e6).fit([[item[0]] for item in every], [item[1] for item in every])
    slope, offset = float(line.coef_[0][0]), float(line.intercept_[0])
    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        cut = (np.log(threshold / (1 - threshold)) - offset) / slope
        shown = []
        for name in raw:
            for language in ("id", "en"):
                for label in (1, 0):
                    scores = [s for s, wanted, spoken in raw[name] if wanted == label and spoken == language]
                    shown.append(f"{name} {language} {'wrongly' if label else 'rightly'} {np.mean(np.array(scores) < cut):.3f}")
        print(threshold, " | ".join(shown), flush=True)
    head = {"slope": round(slope, 4), "offset": round(offset, 4), "threshold": 0.25}
    write("confidence.json", head | as_trees(model.booster_, CONFIDENCE_FEATURES))


if __name__ == "__main__":
    main()
