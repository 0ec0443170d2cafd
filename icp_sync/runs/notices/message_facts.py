"""Facts for the messages about a run: what happened in numbers, who it is about, the command to go on with."""

from __future__ import annotations

import datetime as dt
import platform
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.errors import GuardrailHeld, IcpSyncError, PartlyApplied, ProfileInvalid, StateUnusable
from icp_sync.notify.messages import MOST_COMPANIES, CompanyLine, MessageFacts
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import cause_counts
from icp_sync.plan.notices_to_send import Topic
from icp_sync.plan.plurals import count_noun
from icp_sync.plan.preview import pick_examples
from icp_sync.plan.run_report import HeldInputs
from icp_sync.runs.notices.topics import (
    overrides_topic,
    property_outage_topic,
    quarantine_topic,
    review_topic,
    run_outcome_topic,
)
from icp_sync.runs.profile_run import run_start_time
from icp_sync.runs.run import RunResult
from icp_sync.state.ledger.overrides import Override

Link = Callable[[int], str]
"""Company id → the address of its record in HubSpot."""


@dataclass(frozen=True, slots=True)
class RunNotices:
    """What there is to tell of a run: its topics, and the facts for messages about them."""

    topics: tuple[Topic, ...]
    facts: MessageFacts


def notices_of_result(
    result: RunResult,
    review_by: dt.date | None,
    link: Link,
    overrides: Sequence[Override] = (),
    again: Sequence[str] = (),
) -> RunNotices:
    """The notices of a run that got as far as a report. `review_by`: of its profile; `overrides`: those open.

    `again`: the options that the next command needs, as words.
    """
    report, origin = result.report, result.report.plan.origin
    holding = report.plan.blocked_by
    topics = (
        run_outcome_topic(report.error, [check.title for check in holding]),
        overrides_topic([run_start_time(override.found_by) for override in overrides]),
        property_outage_topic(report.held_inputs.outages),
        review_topic(review_by, origin.as_of),
        quarantine_topic(report.quarantined),
    )
    refused = [CompanyLine(entry.id, entry.reason, link(entry.id)) for entry in report.quarantined[:MOST_COMPANIES]]
    changing = pick_examples(result.preview, MOST_COMPANIES) if result.preview else ()
    facts = MessageFacts(
        profile=origin.profile_name,
        portal_id=origin.portal_id,
        run_id=result.run_id,
        host=platform.node(),
        what={
            "run": _failure_sentence(report.error, [check.sentence for check in holding]),
            "overrides": _overrides_sentence(len(overrides)),
            "outage": _input_outage_sentence(report.held_inputs),
            "review": f"the profile was to be looked at again by {review_by}",
            "quarantine": f"HubSpot refuses {count_noun(len(report.quarantined), 'company', 'companies')}, left alone",
        },
        causes=dict(cause_counts(report.plan.changes).items()),
        companies={
            "run": [CompanyLine(company.id, company.name, link(company.id)) for company in changing],
            "overrides": companies_of_latest_overrides(overrides, result.preview, link),
            "quarantine": refused,
        },
        next={
            "run": _next_command(result, again),
            "overrides": _command_line("overrides", *again),
            "outage": _command_line("overrides", *again),
            "review": f"{_command_line('check', *again)}, then write the next review_by",
            "quarantine": _command_line("retry-failed", *again),
        },
    )
    return RunNotices(topics, facts)


def notices_of_error(error: IcpSyncError, profile: str, portal_id: int | None, again: Sequence[str] = ()) -> RunNotices:
    """The notices of a run that ended before it had a report. `profile`: the names of all its profiles.

    `again`: the options by which a command finds the profile and its state, where there is one.
    """
    facts = MessageFacts(
        profile=profile,
        portal_id=portal_id,
        run_id="",
        host=platform.node(),
        what={"run": _failure_sentence(error)},
        next={"run": _command_line("check" if isinstance(error, ProfileInvalid) else "doctor", *again)},
    )
    return RunNotices((run_outcome_topic(error),), facts)


def _failure_sentence(error: IcpSyncError | None, exceeded: Sequence[str] = ()) -> str:
    """What went wrong; of a held plan each guardrail's numbers with its limit."""
    if isinstance(error, GuardrailHeld):
        return f"Nothing was written: {'; '.join(exceeded)} is allowed."
    return error.message if error else ""


def companies_of_latest_overrides(
    overrides: Sequence[Override], preview: PlanPreview | None, link: Link
) -> list[CompanyLine]:
    """The companies of the overrides found by the latest run first, by name where the plan was made by this run.

    Those of one run by record id: the moments HubSpot gives differ by milliseconds where an import set them.
    """
    by_company = sorted(overrides, key=lambda override: override.company_id)
    latest = sorted(by_company, key=lambda override: override.found_by, reverse=True)
    ids = list(dict.fromkeys(override.company_id for override in latest))[:MOST_COMPANIES]
    names: dict[int, str] = {}
    if preview is not None and "name" in preview.companies.columns:
        names = dict(preview.companies.filter(pl.col("id").is_in(ids)).select("id", "name").iter_rows())
    return [CompanyLine(company, names.get(company) or "", link(company)) for company in ids]


def _input_outage_sentence(lost_inputs: HeldInputs) -> str:
    """How many companies lost what; the old text counts until it is back."""
    known = {emptied.property_name: emptied.sentence for emptied in lost_inputs.emptied}
    counts = {name: lost_inputs.properties.get(name, 0) for name in lost_inputs.outages}
    lost = (known.get(name, f"{name} vanished from {count:,} companies") for name, count in counts.items())
    return f"{', '.join(lost)}. They are scored by what stood there until it is back, so no tier changes by it."


def _overrides_sentence(count: int) -> str:
    stand = count_noun(count, "tier or target flag stands", "tiers and target flags stand")
    return f"{stand} as people or automations set {'it' if count == 1 else 'them'}"


def _next_command(result: RunResult, again: Sequence[str]) -> str:
    """What to type after a run that stands in the ledger."""
    error, show = result.report.error, _command_line("show", result.run_id, *again)
    if isinstance(error, GuardrailHeld):
        return f"{show}, then {error.command}"
    if isinstance(error, StateUnusable):
        return _command_line("doctor", *again)
    return f"{show}, then {_command_line('run', *again)}" if isinstance(error, PartlyApplied) else show


def _command_line(*words: str) -> str:
    return shlex.join(["icp-sync", *words])
