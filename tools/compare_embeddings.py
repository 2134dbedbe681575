"""Compares the trained embedding with simpler ones beside BM25, on IDK-MRC.

``python tools/compare_embeddings.py --data DIR`` prints the tables of ``docs/embedding.md``. Train questions are
measured by models that have not seen their passage, nor one that resembles it; valid questions by models of all of
train. The archive is always all passages of train and valid. About six minutes on one core.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sklearn.utils.extmath import randomized_svd
from train_embedding import (
    ROOT,
    Floats,
    Pairs,
    Settings,
    Words,
    as_static_model,
    bm25,
    read,
    standardised,
    start,
    train,
)
from training_data import Question, idk_mrc, in_english

from rag.archive.embeddings import buckets
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from rag.language.words import terms

FOLDS, ALIKE = 4, 0.3
SHARES = np.arange(0, 0.75, 0.05)
Encoder = Callable[[Sequence[Sequence[str]]], Floats]
Maker = Callable[[Pairs, Words, Settings], Encoder]


def nothing(pairs: Pairs, words: Words, settings: Settings) -> Encoder:
    """BM25 alone."""
    return lambda texts: np.zeros((len(texts), 1), np.float32)


def hashed(pairs: Pairs, words: Words, settings: Settings) -> Encoder:
    """Random n-gram vectors with inverse document frequencies: the start of training."""
    return _encoder(words, start(settings), words.idf.astype(np.float32))


def trained(pairs: Pairs, words: Words, settings: Settings) -> Encoder:
    """What is shipped."""
    return _encoder(words, *train(pairs, words, settings))


def cooccurrence(pairs: Pairs, words: Words, settings: Settings, share: float) -> Encoder:
    """Word vectors from co-occurrence, and hashed ones for the share of the length that is left."""
    table = _unit(words.grams @ start(settings)) * (1 - share)
    table += _word_vectors(pairs, words, settings.dimensions) * share
    table *= words.idf.astype(np.float32)[:, None]
    return lambda texts: _unit(words.matrix(texts) @ table)


@lru_cache(maxsize=1)
def _word_vectors(pairs: Pairs, words: Words, dimensions: int) -> Floats:
    """SVD of the positive pointwise mutual information of words within ten of each other, ``(n_words, dimensions)``.

    Contexts are smoothed with the exponent 0.75: https://aclanthology.org/Q15-1016.
    """
    near: Counter[tuple[int, int]] = Counter()
    for text in pairs.background:
        ids = [words.number[word] for word in text]
        near.update((ids[left], right) for place, right in enumerate(ids) for left in range(max(0, place - 10), place))
    rows, columns = np.array(list(near)).T
    one_way = sp.csr_matrix((np.array(list(near.values()), float), (rows, columns)), shape=(len(words.names),) * 2)
    counts = (one_way + one_way.T).tocoo()
    total = np.asarray(counts.sum(1)).ravel()
    smooth = total**0.75 / (total**0.75).sum()
    value = np.log(counts.data / total[counts.row] / smooth[counts.col])
    positive = value > 0
    cells = (value[positive], (counts.row[positive], counts.col[positive]))
    left, strength, _ = randomized_svd(sp.csr_matrix(cells, shape=counts.shape), dimensions, n_iter=2, random_state=0)
    return _unit((left * np.sqrt(strength)).astype(np.float32))


def _encoder(words: Words, grams: Floats, weights: Floats) -> Encoder:
    model = as_static_model(grams, weights, words)
    model.embedding = model.embedding.astype(np.float32)
    known = set(model.tokens)
    spelled = lambda w: w if w in known else " ".join(f"#{b}" for b in buckets(w))  # noqa: E731
    return lambda texts: model.encode([" ".join(map(spelled, text)) for text in texts])


def _unit(vectors: Floats) -> Floats:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def reciprocal_ranks(scores: Floats, gold: NDArray[np.int64]) -> Floats:
    """1 / rank of the gold passage, ``(n_questions,)``; ties count against it."""
    own = scores[np.arange(len(gold)), gold][:, None]
    return np.asarray(1 / (scores >= own).sum(1), dtype=np.float32)


def kin(texts: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Group of each passage: those with a tf-idf cosine of ALIKE or more are in one, over any number of steps."""
    words = Words(texts, [], Settings(frequent=1))
    matrix = words.matrix(texts)
    matrix.data = np.log1p(matrix.data) * words.idf[matrix.indices].astype(np.float32)
    matrix = sp.diags(1 / np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())) @ matrix
    alike = (matrix @ matrix.T).tocsr()
    alike.data[alike.data < ALIKE] = 0
    alike.eliminate_zeros()
    return np.asarray(connected_components(alike)[1])


class Bench:
    """Questions of train and valid over one archive."""

    def __init__(self, data: Path) -> None:
        chunks, asked = idk_mrc(data / "idk_mrc", ("train", "valid"))
        self.data, self.ids = data, list(chunks)
        self.texts = [terms(chunk.text) for chunk in chunks.values()]
        self.number = {id: n for n, id in enumerate(self.ids)}
        answerable = {split: [q for q in asked[split] if q.answers] for split in asked}
        english = in_english(answerable["valid"], ROOT / "evals/cases/idk_mrc_valid_en.jsonl")
        self.asked = {"train": answerable["train"], "valid": answerable["valid"], "english": english}
        glossary = Glossary.load()
        self.words = {name: [self._words(q, glossary) for q in qs] for name, qs in self.asked.items()}
        self.gold = {name: np.array([self.number[q.passage] for q in qs]) for name, qs in self.asked.items()}
        everything = Words(self.texts, [t for texts in self.words.values() for t in texts], Settings(frequent=1))
        passages = everything.matrix(self.texts)
        self.lexical = {n: bm25(everything.matrix(t, once=True), passages) for n, t in self.words.items()}
        groups = kin([text for id, text in zip(self.ids, self.texts, strict=True) if id.startswith("train")])
        fold_of_group = np.random.default_rng(0).integers(0, FOLDS, groups.max() + 1)
        self.fold = {id: int(fold_of_group[g]) for id, g in zip(self.ids, groups, strict=False)}

    def _words(self, question: Question, glossary: Glossary) -> list[str]:
        text = question.text if question.language == "id" else analyse(question.text, glossary).embedding_text
        return terms(text, question=True)

    def cosines(self, makers: dict[str, Maker], settings: Settings) -> dict[str, dict[str, Floats]]:
        """Of each maker, ``(n_questions, n_passages)`` for train (out of fold), valid and english."""
        found: dict[str, dict[str, Floats]] = {name: {"train": np.zeros_like(self.lexical["train"])} for name in makers}
        folds = np.array([self.fold[q.passage] for q in self.asked["train"]])
        for fold in [*range(FOLDS), None]:
            pairs = read(self.data, lambda id, out=fold: out is not None and self.fold[id] == out)
            others = [*pairs.passages, *pairs.questions, *self.texts, *chain.from_iterable(self.words.values())]
            words = Words(pairs.background, others, settings)
            for name, maker in makers.items():
                began = time.perf_counter()
                encode = maker(pairs, words, settings)
                passages = encode(self.texts)
                if fold is None:
                    found[name] |= {s: encode(self.words[s]) @ passages.T for s in ("valid", "english")}
                else:
                    mine = np.flatnonzero(folds == fold)
                    found[name]["train"][mine] = encode([self.words["train"][n] for n in mine]) @ passages.T
                print(f"fold {fold}, {name}: {time.perf_counter() - began:.0f} s", flush=True)
        return found


MAKERS: dict[str, Maker] = {
    "BM25 alone": nothing,
    "hashed": hashed,
    "hashed + PPMI": partial(cooccurrence, share=0.5),
    "PPMI": partial(cooccurrence, share=0.95),
    "trained": trained,
}


def main() -> None:
    """Print one row for each kind of embedding and set of questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    bench = Bench(parser.parse_args().data)
    ranks: dict[tuple[str, str], Floats] = {}
    print("questions | embedding | its share | alone R@1, MRR | with BM25 R@1, MRR | MRR against BM25 alone; hashed")
    for name, by_set in bench.cosines(MAKERS, Settings()).items():
        mixed = {asked: [_mixed(bench.lexical[asked], one, x) for x in SHARES] for asked, one in by_set.items()}
        best = int(np.argmax([reciprocal_ranks(one, bench.gold["train"]).mean() for one in mixed["train"]]))
        for asked, cosines in by_set.items():
            alone = reciprocal_ranks(cosines, bench.gold[asked])
            both = ranks[asked, name] = reciprocal_ranks(mixed[asked][best], bench.gold[asked])
            others = [ranks[asked, other] for other in ("BM25 alone", "hashed") if (asked, other) in ranks]
            gains = "; ".join(difference(both, other) for other in others)
            print(f"{asked} ({len(both)}) | {name} | {SHARES[best]:.2f} | {_two(alone)} | {_two(both)} | {gains}")


def _mixed(lexical: Floats, cosines: Floats, share: float) -> Floats:
    return standardised(lexical) * np.float32(1 - share) + standardised(cosines) * np.float32(share)


def _two(ranks: Floats) -> str:
    return f"{(ranks == 1).mean():.3f}, {ranks.mean():.3f}"


def difference(mine: Floats, other: Floats) -> str:
    """Paired difference of the mean reciprocal rank with its 95 % bootstrap interval (2,000 draws, seed 0)."""
    gap = mine - other
    drawn = gap[np.random.default_rng(0).integers(0, len(gap), (2000, len(gap)))].mean(1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{gap.mean():+.4f} [{low:+.4f}, {high:+.4f}]"


if __name__ == "__main__":
    main()
