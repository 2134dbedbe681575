"""Trains the built-in embedding and writes it in Model2Vec's format.

``python tools/train_embedding.py --data DIR --out rag/data/embedding`` (``DIR`` has the folders ``idk_mrc``, ``facqa``
and ``indonli``; only their train splits are read). About two minutes on one core; needs torch and scipy beside the
project. The same input gives the same files. How it works and what it measures is told in ``docs/embedding.md``.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from model2vec import StaticModel
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers
from training_data import background_texts, idk_mrc, in_english

from rag.archive.embeddings import BUCKETS, UNKNOWN, buckets
from rag.finding.question import analyse
from rag.language.glossary import Glossary
from rag.language.words import terms

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests/data/embedding_vectors.json"
GOLDEN_TEXTS = ("presiden indonesia", "#1 #2 #8191", "banjir jakarta 2024 #77", "bukanstem presiden", "")
Floats = NDArray[np.float32]
Leave = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that was chosen; by cross-fitting on train, see ``docs/embedding.md``."""

    dimensions: int = 256
    steps: int = 120
    batch: int = 512
    rate: float = 0.003
    """Learning rate of Adam at its highest; 20 steps up, then straight down to 0."""
    scale: float = 20.0
    """Inverse temperature at the start; learnt."""
    lexical: float = 1.0
    """Weight of the standardised BM25 score beside the scaled cosine at the start; learnt."""
    pull: float = 0.003
    """Weight of the squared distance from the random start: what keeps it general."""
    drop_passage: float = 0.3
    drop_question: float = 0.1
    """Share of words left out at random, 0..1."""
    frequent: int = 5
    """Words in at least so many passages get a vector of their own in the file; the others are made of n-grams."""
    rare: float = 2.5
    """Passages that a word outside the vocabulary is taken to be in."""
    seed: int = 2


class Words:
    """The words of the training texts with their n-grams and weights."""

    def __init__(self, passages: Sequence[Sequence[str]], others: Sequence[Sequence[str]], settings: Settings) -> None:
        counts = Counter(word for text in passages for word in set(text))
        everything = set(counts) | {word for text in others for word in text}
        self.names = sorted(everything)
        self.number = {word: n for n, word in enumerate(self.names)}
        self.count = np.array([counts[word] for word in self.names])
        self.frequent = self.count >= settings.frequent
        self.rare_idf = math.log(1 + len(passages) / settings.rare)
        self.idf = np.where(self.frequent, np.log(1 + len(passages) / np.maximum(self.count, 1)), self.rare_idf)
        pairs = [(row, bucket) for row, word in enumerate(self.names) for bucket in buckets(word)]
        rows, columns = np.array(pairs).T
        shape = (len(self.names), BUCKETS)
        self.grams = sp.csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), shape=shape)

    def matrix(self, texts: Sequence[Sequence[str]], *, once: bool = False) -> sp.csr_matrix:
        """``(n_texts, n_words) float32``: how often each word stands in each text, or only whether (``once``)."""
        words = [sorted(Counter(self.number[word] for word in text if word in self.number).items()) for text in texts]
        cells = [(row, word, 1 if once else n) for row, found in enumerate(words) for word, n in found]
        rows, columns, values = np.array(cells).T
        return sp.csr_matrix((values.astype(np.float32), (rows, columns)), shape=(len(texts), len(self.names)))


def bm25(questions: sp.csr_matrix, passages: sp.csr_matrix, k1: float = 1.2, b: float = 0.9) -> Floats:
    """Okapi BM25, ``(n_questions, n_passages)``, https://doi.org/10.1561/1500000019."""
    length = np.asarray(passages.sum(1)).ravel()
    have = np.asarray((passages > 0).sum(0)).ravel()
    idf = np.log(1 + (len(length) - have + 0.5) / (have + 0.5))
    rows = np.repeat(np.arange(len(length)), np.diff(passages.indptr))
    weights = passages.copy()
    norm = k1 * (1 - b + b * length / length.mean())
    weights.data = (weights.data * (k1 + 1) / (weights.data + norm[rows]) * idf[weights.indices]).astype(np.float32)
    return np.asarray((questions @ weights.T).todense(), dtype=np.float32)


def standardised(scores: Floats) -> Floats:
    """Each row with mean 0 and standard deviation 1."""
    return (scores - scores.mean(1, keepdims=True)) / (scores.std(1, keepdims=True) + 1e-9)


class _Sum(torch.autograd.Function):
    """Sparse times dense, with the gradient of the dense side."""

    @staticmethod
    def forward(ctx: Any, left: sp.csr_matrix, right: torch.Tensor) -> torch.Tensor:
        ctx.left = left
        return torch.from_numpy(left @ right.detach().numpy())

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[None, torch.Tensor]:  # type: ignore[override]
        return None, torch.from_numpy(ctx.left.T @ gradient.numpy())


def start(settings: Settings) -> Floats:
    """Random n-gram vectors, ``(BUCKETS, dimensions)``: an embedding of its own, to be compared with."""
    shape = (BUCKETS, settings.dimensions)
    return np.random.default_rng(settings.seed).standard_normal(shape).astype(np.float32) / np.float32(32.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Training questions and their passages, as words."""

    passages: list[list[str]]
    questions: list[list[str]]
    gold: NDArray[np.int64]
    """(n_questions,) number of the passage each question was asked of."""
    background: list[list[str]]
    """Passages of all train splits, for document frequencies."""


def read(data: Path, leave: Leave) -> Pairs:
    """Questions of IDK-MRC train, unanswerable ones too, and English wordings; not of passages that ``leave`` names."""
    chunks, by_split = idk_mrc(data / "idk_mrc", ("train",))
    asked = [question for question in by_split["train"] if not leave(question.passage)]
    out = {" ".join(terms(chunk.text)) for id, chunk in chunks.items() if leave(id)}
    ids = [id for id in chunks if not leave(id)]
    number = {id: n for n, id in enumerate(ids)}
    glossary = Glossary.load()
    english = in_english(asked, ROOT / "evals/cases/idk_mrc_train_en.jsonl")
    texts = [(q.text, q.passage) for q in asked] + [
        (analyse(q.text, glossary).embedding_text, q.passage) for q in english
    ]
    questions = [(terms(text, question=True), number[passage]) for text, passage in texts]
    kept = [(words, gold) for words, gold in questions if words]
    return Pairs(
        passages=[terms(chunks[id].text) for id in ids],
        questions=[words for words, _ in kept],
        gold=np.array([gold for _, gold in kept]),
        background=[words for text in background_texts(data) if " ".join(words := terms(text)) not in out],
    )


def train(pairs: Pairs, words: Words, settings: Settings) -> tuple[Floats, Floats]:
    """N-gram vectors ``(BUCKETS, dimensions)`` and word weights ``(n_words,)``.

    Softmax over all passages with cosine and BM25 together, so that the cosine learns what BM25 misses (the idea of
    residual training: https://arxiv.org/abs/2004.13969).
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(settings.seed)
    passages, questions = words.matrix(pairs.passages), words.matrix(pairs.questions, once=True)
    lexical = standardised(bm25(questions, passages))
    origin = torch.from_numpy(start(settings))
    grams, weights = origin.clone().requires_grad_(), torch.zeros(len(words.names), 1, requires_grad=True)
    scale, share = (torch.tensor(x, requires_grad=True) for x in (math.log(settings.scale), settings.lexical))
    idf = torch.from_numpy(words.idf.astype(np.float32))[:, None]
    frequent = torch.from_numpy(words.frequent.astype(np.float32))[:, None]
    adam = torch.optim.Adam([grams, weights, scale, share], lr=settings.rate)
    for step in range(settings.steps):
        adam.param_groups[0]["lr"] = settings.rate * min(1, (step + 1) / 20) * (1 - step / settings.steps)
        chosen = rng.choice(len(pairs.gold), min(settings.batch, len(pairs.gold)), replace=False)
        table = _Sum.apply(words.grams, grams) * idf * torch.exp(weights * frequent)
        left = _Sum.apply(_dropped(questions[chosen], settings.drop_question, rng), table)
        right = _Sum.apply(_dropped(passages, settings.drop_passage, rng), table)
        cosine = torch.nn.functional.normalize(left, dim=1) @ torch.nn.functional.normalize(right, dim=1).T
        scores = cosine * torch.exp(scale) + share * torch.from_numpy(lexical[chosen])
        loss = torch.nn.functional.cross_entropy(scores, torch.from_numpy(pairs.gold[chosen]))
        adam.zero_grad()
        (loss + settings.pull * (grams - origin).pow(2).sum()).backward()
        adam.step()
        if step % 20 == 19:
            print(f"step {step + 1}: loss {loss.item():.3f}, BM25's weight {share.item():.2f}", flush=True)
    learnt = torch.exp(weights * frequent).detach().numpy().ravel()
    return grams.detach().numpy(), (words.idf * learnt).astype(np.float32)


def _dropped(matrix: sp.csr_matrix, share: float, rng: np.random.Generator) -> sp.csr_matrix:
    matrix = matrix.copy()
    matrix.data = matrix.data * (rng.random(len(matrix.data)) >= share)
    return matrix


def as_static_model(grams: Floats, weights: Floats, words: Words) -> StaticModel:
    """One vector for every frequent word, made of its n-grams, and one for every n-gram bucket, in eight bits."""
    chosen = np.flatnonzero(words.frequent)
    own = (words.grams[chosen] @ grams) * weights[chosen, None]
    names = [UNKNOWN, *(words.names[n] for n in chosen), *(f"#{n}" for n in range(BUCKETS))]
    vectors = np.vstack([np.zeros((1, grams.shape[1]), np.float32), own, grams * np.float32(words.rare_idf)])
    limit = np.quantile(np.abs(vectors), 0.9999)
    eight = np.rint(np.clip(vectors / limit, -1, 1) * 127).astype(np.int8)
    tokenizer = Tokenizer(models.WordLevel({name: n for n, name in enumerate(names)}, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return StaticModel(eight, tokenizer, normalize=True, max_length=None)


def build(data: Path, settings: Settings, leave: Leave = lambda passage: False) -> StaticModel:
    """Read, train and pack; passages that ``leave`` names, and their questions, are not looked at."""
    pairs = read(data, leave)
    words = Words(pairs.background, [*pairs.passages, *pairs.questions], settings)
    return as_static_model(*train(pairs, words, settings), words)


def write(model: StaticModel, out: Path) -> None:
    """The three files of Model2Vec's loader."""
    model.save_pretrained(out)
    for name in ("README.md", "modules.json"):
        (out / name).unlink(missing_ok=True)


def write_golden(out: Path) -> None:
    """First eight coordinates of a few texts, for the tests."""
    vectors = StaticModel.from_pretrained(out, quantize_to="float32").encode(list(GOLDEN_TEXTS))
    rows = {text: [round(float(x), 5) for x in v[:8]] for text, v in zip(GOLDEN_TEXTS, vectors, strict=True)}
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def passages_of_fold(fold: int | None, folds: int = 5) -> Leave:
    """The folds of ``training_data.Question.fold``; None leaves nothing out."""
    return lambda passage: fold is not None and zlib.crc32(passage.encode()) % folds == fold


def main(arguments: Collection[str] | None = None) -> None:
    """Train on everything, or without one fold for those who fit something on top of the cosine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "rag/data/embedding")
    parser.add_argument("--without-fold", type=int, choices=range(5))
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    settings = Settings()
    print(asdict(settings))
    write(build(chosen.data, settings, passages_of_fold(chosen.without_fold)), chosen.out)
    if chosen.without_fold is None:
        write_golden(chosen.out)
    print(f"{sum(f.stat().st_size for f in chosen.out.iterdir()) / 1e6:.1f} MB in {chosen.out}")


if __name__ == "__main__":
    main()
