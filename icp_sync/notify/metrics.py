"""Metrics of the latest run as a file for Prometheus' textfile collector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from icp_sync.errors import ExtraMissing

LABELS: Final = ("profile", "portal_id")


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What the metrics tell of one profile's run.

    `last_success`: the end of the latest run with exit code 0, this one included; None when there is none. `portal_id`
    0 where the run failed before it knew the portal. The mappings are name → companies.
    """

    profile: str
    portal_id: int
    ended_at: dt.datetime
    exit_code: int
    seconds: float
    calls: int
    last_success: dt.datetime | None = None
    tiers: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    held_companies: int = 0
    overrides: int = 0
    pins: int = 0


# name, help text, further label; its value is read by `_single_values`.
_SINGLE: Final = {
    "last_run_timestamp_seconds": "End of the latest run, in seconds since 1970.",
    "last_success_timestamp_seconds": "End of the latest run with exit code 0, in seconds since 1970.",
    "exit_code": "Exit code of the latest run.",
    "duration_seconds": "Duration of the latest run.",
    "calls": "HTTP calls the latest run sent to HubSpot, retries included.",
    "held_companies": "Companies scored with an input that was lost.",
    "overrides": "Open overrides: values of people and automations that stand.",
    "pins": "Open pins: members of lists that people put on or took off.",
}
_BY: Final = {
    "companies_by_tier": ("Companies by fit tier on their records.", "tier"),
    "companies_by_outcome": ("Companies in scope by outcome.", "outcome"),
    "changes_by_cause": ("Companies the latest plan changes, by cause.", "cause"),
}


def metrics_text(runs: Sequence[RunFigures]) -> bytes:
    """The metrics of the runs in Prometheus' text format. Raises ExtraMissing."""
    try:
        from prometheus_client import CollectorRegistry, Gauge, generate_latest
    except ImportError as error:
        raise ExtraMissing(
            "metrics need prometheus_client, which is not installed; pip install 'icp-sync[notify]'"
        ) from error
    registry = CollectorRegistry()
    single = {name: Gauge(f"icp_sync_{name}", text, LABELS, registry=registry) for name, text in _SINGLE.items()}
    by_name = {
        name: Gauge(f"icp_sync_{name}", text, (*LABELS, label), registry=registry)
        for name, (text, label) in _BY.items()
    }
    for run in runs:
        labels = (run.profile, str(run.portal_id))
        for name, value in _single_values(run).items():
            single[name].labels(*labels).set(value)
        for name, counts in _counts_by_label(run).items():
            for key, companies in counts.items():
                by_name[name].labels(*labels, key).set(companies)
    return generate_latest(registry)


def _single_values(run: RunFigures) -> dict[str, float]:
    values: dict[str, float] = {
        "last_run_timestamp_seconds": run.ended_at.timestamp(),
        "exit_code": run.exit_code,
        "duration_seconds": run.seconds,
        "calls": run.calls,
        "held_companies": run.held_companies,
        "overrides": run.overrides,
        "pins": run.pins,
    }
    if run.last_success is not None:
        values["last_success_timestamp_seconds"] = run.last_success.timestamp()
    return values


def _counts_by_label(run: RunFigures) -> dict[str, Mapping[str, int]]:
    return {
        "companies_by_tier": run.tiers,
        "companies_by_outcome": run.outcomes,
        "changes_by_cause": run.changes,
    }
