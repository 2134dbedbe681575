"""What Prometheus is told: requests, stages, abstentions, withheld claims, tokens; of this process."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from rag.types import Answer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.requests = Counter(
            "kutip_requests", "Requests.", ("method", "route", "status"), registry=registry
        )  # fmt: skip
        self.seconds = Histogram(
            "kutip_request_seconds", "Time to the last byte.", ("route",), buckets=_SECONDS, registry=registry
        )
        self.stages = Histogram(
            "kutip_stage_seconds", "Time of an answer's stage.", ("stage",), buckets=_SECONDS, registry=registry
        )
        self.answers = Counter("kutip_answers", "Answers.", ("answerer", "outcome"), registry=registry)
        self.degraded = Counter("kutip_degraded_answers", "Answers by a lesser answerer.", registry=registry)
        self.claims = Counter(
            "kutip_claims", "Claims by verdict; withheld are unsupported.", ("verdict",), registry=registry
        )
        self.tokens = Counter("kutip_tokens", "Tokens of the hosted model.", ("direction",), registry=registry)
        self.cost = Counter("kutip_cost_usd", "List price of those tokens.", registry=registry)
        self.abandoned = Counter("kutip_abandoned_answers", "Answers that nobody waited for.", registry=registry)
        self.held = Gauge("kutip_work_held", "Calls under way or waiting.", registry=registry)
        self.jobs = Counter("kutip_upload_jobs", "Uploads and deletions by outcome.", ("status",), registry=registry)

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        self.answers.labels(answer.answerer, "abstained" if answer.abstained else "answered").inc()
        for name, ms in answer.timings_ms.items():
            self.stages.labels(name).observe(ms / 1000)
        for claim in (*answer.claims, *answer.withheld):
            self.claims.labels(claim.verdict).inc()
        if answer.degraded:
            self.degraded.inc()
        if answer.usage:
            self.tokens.labels("input").inc(answer.usage.input_tokens)
            self.tokens.labels("output").inc(answer.usage.output_tokens)
            self.cost.inc(answer.usage.cost_usd or 0.0)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)
