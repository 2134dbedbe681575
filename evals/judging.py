"""Judging the judges: how often they tell what evidence supports from what it does not, per kind of error.

Probes and judges come in, a `Standing` per suite, language, kind and judge goes out, with intervals; chance, word
coverage and guessing from the claim alone stand beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from evals import corruptions
from evals.cache import Cache, key
from evals.judge_baselines import hypothesis_only
from evals.judges import Judge, Judgement
from evals.probes import CLEAN, KINDS, Probe, article_probes, english_probes, pairs
from evals.stats import Estimate, auc, balanced_accuracy, labelled, mean
from rag.errors import InputError

HYPOTHESIS = "hypothesis-only"
TRUE_KINDS = (CLEAN, "reworded")
ALL = "all"
"""The kind of a file of pairs."""

Verdicts = Mapping[str, Sequence[tuple[bool | None, float | None]]]
"""For each judge, its verdict and score on every probe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One judge on one kind of claim, against the true claims of the same suite and language."""

    suite: str
    language: str
    kind: str
    """A kind of error, or ``all`` pairs of a file, or ``clean`` and ``reworded``: then only ``rejected`` is told."""
    judge: str
    auc: Estimate | None
    accuracy: Estimate | None
    """Balanced accuracy of the judge's own verdicts."""
    rejected: Estimate
    """Share not called supported: errors caught, or false alarms on true claims."""
    unscored: int
    n: int
    """Claims of this kind; of a file of pairs all of them."""


def collect(data: Path | None) -> list[Probe]:
    """The probes: the hand-written suite, and with ``data`` what its folders hold.

    ``data/indonli/*.jsonl`` other than train files are pairs; of ``val.jsonl`` and ``data/facqa/valid.csv`` corruption
    suites are made as well; ``train.jsonl`` has the premises of the English suites.

    Raises:
        InputError: when ``data`` is not a folder or a file in it is not as expected.
    """
    found = list(article_probes())
    if data is None:
        return found
    if not data.is_dir():
        raise InputError(f"Expected a folder with indonli/ and facqa/, saw none at {data}.")
    for path in sorted((data / "indonli").glob("*.jsonl")):
        if not path.stem.startswith("train"):
            found += pairs(path)
    if (data / "indonli" / "val.jsonl").exists():
        found += corruptions.probes(corruptions.indonli_claims(data / "indonli" / "val.jsonl"), "indonli-edited")
    if (data / "indonli" / "train.jsonl").exists():
        found += english_probes(data / "indonli" / "train.jsonl")
    if (data / "facqa" / "valid.csv").exists():
        found += corruptions.probes(corruptions.facqa_claims(data / "facqa" / "valid.csv"), "facqa-edited")
    return found


def ask(
    judge: Judge, probes: Sequence[Probe], *, jobs: int = 1, show: bool = False, cache: Cache | None = None
) -> list[tuple[bool | None, float | None]]:
    """Verdict and score of a judge on every probe; with ``cache`` nothing is asked twice."""

    def one(probe: Probe) -> tuple[bool | None, float | None]:
        def make() -> dict[str, object]:
            return judge.verdict(probe.claim, [probe.evidence]).as_json()

        if cache is None:
            found: Judgement = judge.verdict(probe.claim, [probe.evidence])
            return found.supported, found.score
        kept = cache.get(key("probe", judge.name, judge.version, probe.claim, probe.evidence), make)
        return kept["supported"], kept["score"]

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        done = pool.map(one, probes)
        return list(tqdm(done, total=len(probes), unit="claim", desc=judge.name, disable=not show, leave=False))


def with_baseline(verdicts: Verdicts, probes: Sequence[Probe]) -> Verdicts:
    """The verdicts, and those of guessing from the claim alone, learnt within each suite and language."""
    guessed: list[tuple[bool | None, float | None]] = [(None, None)] * len(probes)
    for places in _split(range(len(probes)), lambda i: (probes[i].suite, probes[i].language)).values():
        for place, score in zip(places, hypothesis_only([probes[i] for i in places]), strict=True):
            guessed[place] = (score > 0, score)
    return {**verdicts, HYPOTHESIS: guessed}


def standings(probes: Sequence[Probe], verdicts: Verdicts, *, resamples: int = 999) -> Iterator[Standing]:
    """Every judge on every kind, suite by suite; in suites of pairs all labels together.

    Args:
        probes: all of them.
        verdicts: of each judge, in the order of the probes.
        resamples: bootstrap samples of each interval, > 0.
    """
    board = _Board(probes, verdicts, resamples)
    for places in _split(range(len(probes)), lambda i: (probes[i].suite, probes[i].language)).values():
        kinds = {probes[i].kind for i in places}
        true = [i for i in places if probes[i].supported]
        if kinds & set(KINDS):
            for kind in (*TRUE_KINDS, *(k for k in KINDS if k in kinds)):
                for judge in verdicts:
                    yield board.standing(judge, kind, [i for i in places if probes[i].kind == kind], true)
        else:
            for judge in verdicts:
                false = [i for i in places if not probes[i].supported]
                yield board.standing(judge, ALL, false, true)


@dataclass(frozen=True, slots=True)
class _Board:
    """Works out standings."""

    probes: Sequence[Probe]
    verdicts: Verdicts
    resamples: int

    def standing(self, judge: str, kind: str, chosen: Sequence[int], true: Sequence[int]) -> Standing:
        found, both = self.verdicts[judge], kind not in TRUE_KINDS
        rejected = [None if found[i][0] is None else float(not found[i][0]) for i in chosen]
        ranked = [*true, *chosen]
        accepted = [None if found[i][0] is None else float(bool(found[i][0])) for i in ranked]
        return Standing(
            suite=self.probes[chosen[0]].suite,
            language=self.probes[chosen[0]].language,
            kind=kind,
            judge=judge,
            auc=self._labelled(auc, [found[i][1] for i in ranked], ranked) if both else None,
            accuracy=self._labelled(balanced_accuracy, accepted, ranked) if both else None,
            rejected=mean(rejected, [self.probes[i].group for i in chosen], resamples=self.resamples),
            unscored=sum(found[i][0] is None for i in chosen),
            n=len(ranked) if kind == ALL else len(chosen),
        )

    def _labelled(
        self, statistic: Callable[..., float], scores: Sequence[float | None], places: Sequence[int]
    ) -> Estimate:
        labels = [self.probes[i].supported for i in places]
        clusters = [self.probes[i].group for i in places]
        return labelled(statistic, scores, labels, clusters, resamples=self.resamples)


def _split(places: Sequence[int], by: Callable[[int], tuple[str, str]]) -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for place in places:
        groups.setdefault(by(place), []).append(place)
    return groups
