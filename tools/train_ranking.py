"""Fits the ranker and the confidence on the train splits, and writes ``rag/data/``.

``python tools/train_ranking.py --data DIR`` (folders ``idk_mrc``, ``facqa``, ``indonli``). Run it again whenever the
glossary, the language rules or the features change; about ten minutes on two cores. Needs lightgbm and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from confidence_examples import Asked, Case, confidence_cases, small_archives
from fit_confidence import Outcome, calibrate, cross_judged, fit_confidence, judged, report_confidence
from fit_second_look import Found, fit_second_look
from fit_second_look import rows as second_rows
from practice_examples import ALL, all_events, answered, practice_cases, practice_events
from ranking_examples import Example, Links, example, learn_links
from training_data import FOLDS, Archive, Question, background_texts, facqa, idk_mrc, in_english

from rag.answering.second_look import FEATURES, LOOKED_AT, SEEN, Place, place, spread
from rag.finding.confidence import CONFIDENCE_FEATURES
from rag.finding.features import SENTENCE_FEATURES
from rag.finding.question import analyse
from rag.finding.ranking import with_rare_words
from rag.language.glossary import Glossary
from rag.language.words import fold, stem, tokens

ROOT = Path(__file__).parent.parent
OUT = ROOT / "rag/data"
K = 40
DENSE = 1.0
"""Score points per unit of cosine, chosen on valid (``docs/embedding.md`` has the built-in embedder's numbers)."""
RANKER = {
    "n_estimators": 160, "learning_rate": 0.09, "num_leaves": 15, "max_depth": 6, "min_child_samples": 50,
    "colsample_bytree": 0.5, "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 5.0,
    "lambdarank_truncation_level": 20,
    "random_state": 4, "n_jobs": 2, "verbose": -1,
}  # fmt: skip
_archives: dict[str, Archive] = {}
"""The large archives, by name."""
_links: list[Links]
"""Of each fold, learnt without it; the last one is learnt from all."""


def write_background(data: Path) -> None:
    """``background.tsv`` and ``usage.tsv``: in how many passages a stem and a word occur, when in three or more."""
    texts = background_texts(data)
    for name, form in (("background.tsv", stem), ("usage.tsv", fold)):
        counts = Counter(word for text in texts for word in {form(token.text) for token in tokens(text)})
        lines = [f"{word}\t{count}" for word, count in sorted(counts.items()) if count >= 3]
        (OUT / name).write_text("\n".join([f"#\t{len(texts)}", *lines]) + "\n", "utf-8")


def _slim(one: Example | None) -> Example | None:
    """Without the words, so that it is cheap to send between processes and to keep."""
    if one is None:
        return None
    nothing = np.zeros(0, dtype=np.int64)
    return replace(
        one, rows=one.rows.astype(np.float32), seen=replace(one.seen, views=(), sentence=nothing, match=nothing)
    )


def _one(asked: Asked) -> Example | None:
    question, query, archive, without = asked
    links = _links[FOLDS if question.passage.startswith("valid") else question.fold]
    place = _archives[archive] if isinstance(archive, str) else archive
    return _slim(example(question, query, place, links, k=K, without=without))


def examples(asked: Sequence[Asked]) -> list[Example | None]:
    """Features of every question, on two processes."""
    with ProcessPoolExecutor(2, initializer=os.nice, initargs=(5,)) as pool:
        return list(pool.map(_one, asked, chunksize=64))


def fit_ranker(data: Sequence[Example]) -> lightgbm.Booster:
    """LambdaMART over sentences: the gold one first, then others that hold the answer and some of the question."""
    rng = np.random.default_rng(0)
    rows, gold, groups, weights = [], [], [], []
    for one in data:
        if not one.gold.any():
            continue
        kept = (one.seen.chunk < 12) | one.gold | (rng.random(len(one.rows)) < 0.15) | (one.seen.chunk == one.passage)
        rows.append(one.rows[kept])
        gold.append(_grades(one)[kept])
        groups.append(int(kept.sum()))
        weights.append(np.full(groups[-1], _weight(one)))
    model = lightgbm.LGBMRanker(**RANKER, label_gain=[0, 1, 3])
    model.fit(np.vstack(rows), np.concatenate(gold), group=groups, sample_weight=np.concatenate(weights))
    return model.booster_


def _grades(one: Example) -> np.ndarray[Any, Any]:
    """2 for a sentence of the gold passage that holds the answer, 1 for one that does and has part of the question."""
    likely = one.holds & (one.rows[:, SENTENCE_FEATURES.index("share")] > 0.3)
    return np.where(one.gold | (one.holds & (one.seen.chunk == one.passage)), 2, likely.astype(int))


def _weight(one: Example) -> float:
    """English questions are few; news passages and small archives are there to steady what Wikipedia teaches.

    The practice archives are what Kutip is for; their weight was chosen by cross-validation over their events,
    more costs Wikipedia more than it gains.
    """
    if one.question.places:
        return 4.0 if one.size < 100 else 2.0
    if one.question.passage.startswith("facqa") or one.size < 100:
        return 0.5
    return 2.0 if one.query.language == "en" else 1.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything that is fitted on and reported."""

    ranked: list[Example]
    """To fit the ranker on."""
    fitted: list[tuple[Example | None, Case]]
    """To fit the confidence on; those of the practice archives are reported too, by models that have not seen them."""
    tested: list[tuple[Example | None, Case]]
    """To report the confidence and to calibrate it."""
    valid: dict[str, list[Example | None]]
    """To report the ranker, by language."""


def gather(data: Path) -> Gathered:
    """Read, search and take features."""
    global _links
    asked, questions = read_all(data)
    events = practice_events()
    _archives[ALL] = all_events(events)
    train = asked["train_id"] + asked["train_en"] + asked["news"]
    _links = all_links(asked["train_id"] + asked["news"])
    topics = [case.asked for case in small_archives(train, _archives, seed=3, archives=1500) if case.name == "there"]
    fitted, tested = confidence_cases(asked, questions, _archives)
    fitted += practice_cases(events, seed=6)
    return Gathered(
        ranked=[one for one in examples(train + topics + answered(events)) if one],
        fitted=list(zip(examples([case.asked for case in fitted]), fitted, strict=True)),
        tested=list(zip(examples([case.asked for case in tested]), tested, strict=True)),
        valid={name: examples(asked[name]) for name in ("valid_id", "valid_en")},
    )


def fit(found: Gathered) -> None:
    """Fit, write, and print what valid and the practice archives say."""
    out_of_fold = [fit_ranker([one for one in found.ranked if one.question.fold != fold]) for fold in range(FOLDS)]
    ranker = fit_ranker(found.ranked)
    write("ranking.json", {"dense": DENSE} | as_trees(ranker, SENTENCE_FEATURES))
    report_ranking(ranker, found.valid)
    report_practice(found, out_of_fold)
    model = fit_confidence(found.fitted, lambda one: out_of_fold[one.question.fold])
    crossed = cross_judged(found.fitted, lambda one: out_of_fold[one.question.fold], FOLDS)
    outcomes = judged(found.tested, model, ranker) + [out for out in crossed if out.case.setting == "practice"]
    head = calibrate(outcomes)
    report_confidence(outcomes, head)
    write("confidence.json", head | as_trees(model, CONFIDENCE_FEATURES))
    best = [_best(one, case, out_of_fold[one.question.fold]) if one else ((), 0.0) for one, case in found.fitted]
    seen = [
        Found(out.case, places, _chance(out, head), wide) for out, (places, wide) in zip(crossed, best, strict=True)
    ]
    numbers, trees = fit_second_look(second_rows(seen))
    write("second_look.json", numbers | as_trees(trees, FEATURES))


def _best(one: Example, case: Case, ranker: lightgbm.Booster) -> tuple[tuple[Place, ...], float]:
    """The best sentences, best first, and the spread of the best chunks."""
    scores = _scored(one, ranker)
    archive = _archives[case.asked[2]] if isinstance(case.asked[2], str) else case.asked[2]
    order = np.argsort(-scores, kind="stable")[:LOOKED_AT]
    chunks = one.seen.chunk[order]
    numbers = order - one.seen.first[chunks]
    places = tuple(place(archive.chunks[one.ids[c]], n) for c, n in zip(chunks.tolist(), numbers.tolist(), strict=True))
    ranked = np.argsort(-np.maximum.reduceat(scores, one.seen.first), kind="stable")[:SEEN]
    return places, spread([archive.chunks[one.ids[c]].article_id for c in ranked.tolist()])


def _chance(out: Outcome, head: dict[str, float]) -> float:
    """The calibrated confidence, 0..1."""
    return 1 / (1 + math.exp(-(head["slope"] * out.raw + head["offset"])))


def main() -> None:
    """Read, fit, write, and print what valid says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    write_background(data)
    found = gather(data)
    links = [f"{json.dumps(cue)}: {json.dumps(row)}" for cue, row in _links[FOLDS].items()]
    (OUT / "links.json").write_text("{\n" + ",\n".join(links) + "\n}\n", "utf-8")
    fit(found)


def read_all(data: Path) -> tuple[dict[str, list[Asked]], dict[str, list[Question]]]:
    """Questions with their analyses, by split and language; fills ``_archives``."""
    chunks, questions = idk_mrc(data / "idk_mrc", ("train", "valid"))
    news, news_questions = facqa(data / "facqa", "train")
    _archives.update(wiki=Archive(list(chunks.values())), news=Archive(list(news.values())))
    glossary = Glossary.load()
    asked: dict[str, list[Asked]] = {
        "news": [(q, analyse(q.text, glossary), "news", None) for q in news_questions],
    }
    for split in ("train", "valid"):
        answerable = [q for q in questions[split] if q.answers]
        english = in_english(answerable, ROOT / f"evals/cases/idk_mrc_{split}_en.jsonl")
        for language, chosen in (("id", answerable), ("en", english)):
            asked[f"{split}_{language}"] = [(q, analyse(q.text, glossary), "wiki", None) for q in chosen]
    return asked, questions


def all_links(asked: Sequence[Asked]) -> list[Links]:
    """Association tables without each fold's questions; the last one of all."""
    items = [(q, query, _archives[str(archive)]) for q, query, archive, _ in asked]
    return [learn_links([item for item in items if item[0].fold != fold]) for fold in range(FOLDS + 1)]


def report_ranking(ranker: lightgbm.Booster, valid: dict[str, list[Example | None]]) -> None:
    """Print R@1, MRR and the answer-sentence rates on valid."""
    for name, found in valid.items():
        rows = []
        for one in found:
            if one is None:
                rows.append((0.0, 0.0, 0.0, 0.0))
                continue
            scores = _scored(one, ranker)
            best = np.argsort(-scores, kind="stable")
            whole = np.maximum.reduceat(scores, one.seen.first)
            rank = 1 + int((whole > whole[one.passage]).sum()) if one.passage >= 0 else 10**9
            rows.append((rank == 1, 1 / rank, one.holds[best[0]], one.holds[best[:3]].any()))
        measures = zip(("R@1", "MRR", "first sentence", "first three"), np.mean(rows, axis=0), strict=True)
        print(name, len(rows), *(f"{measure} {value:.3f}" for measure, value in measures), flush=True)


def report_practice(found: Gathered, out_of_fold: Sequence[lightgbm.Booster]) -> None:
    """Print how often a gold sentence is first and among the first three, by rankers that have not seen its event."""
    rows: dict[str, list[tuple[bool, bool]]] = {}
    for one, case in found.fitted:
        if case.setting == "practice" and case.name == "there":
            order = [] if one is None else np.argsort(-_scored(one, out_of_fold[one.question.fold]), kind="stable")
            first = [False] if one is None else one.gold[order[:3]].tolist()
            where = "all events" if isinstance(case.asked[2], str) else "own event"
            rows.setdefault(f"practice {case.asked[0].language}, {where}", []).append((first[0], any(first)))
    for name, values in sorted(rows.items()):
        print(
            name, len(values), "first sentence {:.3f} first three {:.3f}".format(*np.mean(values, axis=0)), flush=True
        )


def _scored(one: Example, ranker: lightgbm.Booster) -> np.ndarray[Any, Any]:
    return with_rare_words(ranker.predict(one.rows), one.rows)


if __name__ == "__main__":
    main()
