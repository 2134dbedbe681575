"""One run from options to files: opens the archive, the systems and the judges, runs a shard of the plan, writes it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals import plan as plans
from evals.cache import Cache
from evals.commands import load_cases
from evals.dataset import SEEDS
from evals.engine import Archive, make
from evals.judge_model import Model
from evals.judges import JUDGES, Coverage, Judge, Lexical
from evals.plan import ANSWERERS
from evals.runner import Runner, write
from rag.errors import InputError, SettingsError
from rag.language.glossary import Glossary
from rag.settings import Settings
from rag.types import Usage

NO_MODEL = "Expected a model, saw none: set OPENAI_API_KEY, or OPENAI_BASE_URL and KUTIP_MODEL."


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to run."""

    answerers: tuple[str, ...] = ("extractive", "nothing", "lead")
    judges: tuple[str, ...] = ("lexical",)
    splits: tuple[str, ...] = ("dev", "test")
    cases: Path | None = None
    articles: Path | None = None
    out: Path
    shard: tuple[int, int] = (1, 1)
    jobs: int | None = None
    """Examples at once; default 1 without a model (times are then those of one question at a time), else 8."""
    cache: Path | None = None
    """None keeps nothing."""
    show: bool = True


def run(options: Options, settings: Settings) -> tuple[plans.Plan, list[dict[str, Any]]]:
    """Make a run, or a shard of one, and write it to ``options.out``.

    Raises:
        KutipError: for unknown names, a broken eval set, an archive that cannot be made, a model that is not set.
    """
    check_names("answerer", options.answerers, ANSWERERS)
    check_names("judge", options.judges, JUDGES)
    cases = load_cases(options.cases, options.splits)
    needs_model = "model" in (*options.answerers, *options.judges)
    if needs_model and not settings.has_model:
        raise SettingsError(NO_MODEL)
    with tempfile.TemporaryDirectory(prefix="kutip-evals-") as home:
        archive = Archive.build(replace(settings, home=Path(home)), [options.articles or SEEDS])
        judges = make_judges(options.judges, settings)
        plan = plans.make(
            cases,
            archive.articles.values(),
            {name: settings.model if name == "model" else "-" for name in options.answerers},
            {judge.name: judge.version for judge in judges},
        )
        runner = Runner(
            plan,
            answerers={name: make(name, archive) for name in options.answerers},
            judges=judges,
            articles=archive.articles,
            cache=Cache(options.cache) if options.cache else None,
        )
        rows = runner.run(plan.shard(*options.shard), jobs=options.jobs or (8 if needs_model else 1), show=options.show)
    write(options.out, plan, rows)
    return plan, rows


def make_judges(names: Sequence[str], settings: Settings) -> list[Judge]:
    """The judges by name.

    Raises:
        SettingsError: when the model is asked for and none is set.
    """
    glossary = Glossary.load(settings.glossary)
    version = plans.engine_version()
    made: Mapping[str, Judge] = {"lexical": Lexical(glossary, version), "coverage": Coverage(glossary, version)}
    return [model_judge(settings) if name == "model" else made[name] for name in names]


def model_judge(settings: Settings) -> Model:
    """The judge that asks the configured chat model.

    Raises:
        SettingsError: when none is set.
    """
    if not settings.has_model:
        raise SettingsError(NO_MODEL)
    from rag.models.chat import chat_model

    chat = chat_model(
        settings.model,
        key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout=settings.timeout,
        retries=settings.retries,
    )

    def ask(instructions: str, content: str) -> tuple[str, Usage | None]:
        meter = chat.meter()
        reply = chat.ask([("system", instructions), ("user", content)], meter=meter)
        return reply, meter.usage

    return Model(ask, settings.model)


def check_names(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    """Check names given by the user.

    Raises:
        InputError: when one is not known or comes twice, or there is none.
    """
    for name in names:
        if name not in known:
            raise InputError(f"Expected {what}s among {', '.join(known)}, saw {name!r}.")
    if len(set(names)) < len(names) or not names:
        raise InputError(f"Expected {what}s, each once, saw {', '.join(names) or 'none'}.")
