"""A run as its `--json` document (design: section 5); it has the same keys for every exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from icp_sync.plan import change_frame as change
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.document.list_changes_document import lists_document
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.guardrails import GUARDRAILS, GuardrailCheck
from icp_sync.plan.plan import Plan
from icp_sync.plan.run_report import RunReport, SkippedItem

MOST_LISTED: Final = 1_000


def run_document(
    report: RunReport, forecast: Forecast, preview: PlanPreview | None = None, listed: int = MOST_LISTED
) -> dict[str, Any]:
    """The document of `plan`, `run`, `apply` and `backfill`, but for its error.

    `preview` is None where the plan came from a file. `listed`: at most so many skipped, refused and quarantined.
    """
    plan, applied = report.plan, report.applied
    document: dict[str, Any] = {
        "run_id": plan.origin.run_id,
        "portal_id": plan.origin.portal_id,
        "profile": {"name": plan.origin.profile_name, "digest": plan.origin.profile_digest},
        "as_of": plan.origin.as_of.isoformat(),
        "companies": {
            "read": plan.population.read,
            "scored": plan.population.scored,
            "foreign": plan.population.foreign,
        },
        "outcomes": dict(plan.population.outcomes),
        "tiers": dict(plan.population.tiers),
        "changes": _changes(plan, preview),
        "causes": dict(change.cause_counts(plan.changes)),
        "put_back": change.count_put_back(plan.changes),
        "to_make": _missing_objects(plan),
        "forecast": _apply_forecast(forecast),
        "applied": {"companies": applied.companies, "lists": applied.lists, "failed": applied.failed},
        "already": applied.unchanged,
        "made": list(applied.created),
        "skipped": _skipped(applied.skipped, listed),
        "rejected": _skipped(applied.rejected, listed),
        "rejected_total": len(applied.rejected),
        "quarantined": _quarantined(report, listed),
        "quarantined_total": len(report.quarantined),
        "lists_failed": [{"name": items.id, "reason": items.reason} for items in applied.lists_failed],
        "calls": {"total": sum(report.calls.values()), "by_route": dict(sorted(report.calls.items()))},
        "seconds": round(report.seconds, 2),
        "guardrails": [_guardrail(one) for one in plan.guardrails],
        "allowed": list(plan.allowed),
        "unrecognised": dict(plan.population.unrecognised),
        "unrecognised_examples": {name: list(examples) for name, examples in plan.population.examples.items()},
    }
    document |= _exemption_counts(report)
    if report.extract is not None:
        document["reading"] = {
            "whole": report.extract.whole,
            "companies": report.extract.companies,
            "notes": list(report.extract.notes),
        }
    if report.interrupted is not None:
        document["goes_on_with"] = {"run_id": report.interrupted.run_id, "batches": report.interrupted.batches}
    return document


def _quarantined(report: RunReport, listed: int) -> list[dict[str, str]]:
    entries = report.quarantined[:listed]
    return [{"id": str(entry.id), "reason": entry.reason, "since": entry.since} for entry in entries]


def _exemption_counts(report: RunReport) -> dict[str, Any]:
    """What others set and what was lost, and stands or counts all the same."""
    lost, overrides = report.held_inputs, report.overrides
    return {
        "held": {
            "companies": lost.companies,
            "properties": dict(lost.properties),
            "outages": list(lost.outages),
            "emptied": [
                {
                    "property": emptied.property_name,
                    "companies": emptied.companies,
                    "at": emptied.at.isoformat(),
                    "by": emptied.by,
                }
                for emptied in lost.emptied
            ],
        },
        "overrides": {"open": overrides.open, "opened": overrides.opened, "ended": overrides.ended},
        "tiers_set": [asdict(move) for move in overrides.tiers_set],
        "pins": {"in": report.pins.inside, "out": report.pins.outside},
    }


def _changes(plan: Plan, preview: PlanPreview | None) -> dict[str, Any]:
    lists = lists_document(plan.lists, preview)
    return {"companies": plan.changes.height, "properties": change.property_counts(plan.changes), "lists": lists}


def _apply_forecast(forecast: Forecast) -> dict[str, Any]:
    share = forecast.share_of_day
    return {
        "calls": forecast.calls,
        "minutes": round(forecast.minutes, 2),
        "share_of_day": None if share is None else round(share, 6),
        "left_today": forecast.day.left,
        "history": forecast.history,
    }


def _missing_objects(plan: Plan) -> dict[str, Any]:
    options = {name: list(values) for name, values in plan.to_make.options.items()}
    return {"properties": list(plan.to_make.properties), "options": options}


def _skipped(items: Sequence[SkippedItem], listed: int) -> list[dict[str, str]]:
    return [{"id": one.id, "reason": one.reason} for one in items[:listed]]


def _guardrail(guardrail: GuardrailCheck) -> dict[str, Any]:
    document = {
        "name": guardrail.name,
        "limit": float(guardrail.limit),
        "actual": guardrail.actual,
        "bound": GUARDRAILS[guardrail.name].bound,
        "held": guardrail.blocks,
        "part": guardrail.part,
        "whole": guardrail.whole,
        "allowed": guardrail.allowed,
    }
    return document if guardrail.list_name is None else document | {"list": guardrail.list_name}
