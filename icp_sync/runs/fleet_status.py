"""What is remembered of a fleet's portals: their last runs by ledger and state, without a call and without a token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from icp_sync.errors import IcpSyncError, ReportUnusable, UnknownRun, UsageError
from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, refusal, sum_tiers
from icp_sync.plan.run_record import RunRecord
from icp_sync.state.home import StateHome
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class _LastRun:
    """The newest run of one profile, with the tiers of its report and when a run last ended well."""

    record: RunRecord
    tiers: dict[str, int]
    last_success: dt.datetime | None


def portal_status(portal: Portal, profiles: Sequence[str], home: StateHome) -> PortalOutcome:
    """How the portal's last runs of these profiles (by name) ended; one that has not run yet has no exit code.

    What cannot be read is the portal's error; nothing is raised.
    """
    nothing = PortalOutcome(portal.name, portal.portal_id, None)
    try:
        last = [run for profile in profiles for run in _last_runs(portal, profile, home)]
    except IcpSyncError as error:
        return refusal(portal.name, portal.portal_id, error)
    if not last:
        return nothing
    records = [run.record for run in last]
    codes = [record.exit_code for record in records if record.exit_code is not None]
    successes = [run.last_success for run in last if run.last_success is not None]
    return replace(
        nothing,
        portal_id=records[0].portal_id,
        # While one profile's run has no end, nobody can say how the portal's night ends.
        exit_code=max(codes) if len(codes) == len(records) else None,
        tiers=sum_tiers(run.tiers for run in last),
        changes=sum(record.changes for record in records),
        guardrails=tuple(dict.fromkeys(name for record in records for name in _holding(record))),
        seconds=sum(record.seconds for record in records),
        error=next(filter(None, map(_error, records)), None),
        last_run=max(record.started_at for record in records),
        # The earliest of them: a portal is as fresh as what is stalest on it.
        last_success=min(successes) if len(successes) == len(last) else None,
    )


def _last_runs(portal: Portal, profile: str, home: StateHome) -> Iterator[_LastRun]:
    """The profile's last run; none where it has not run on the portal."""
    portals = home.portals(profile)
    if portal.portal_id is not None:
        portals = (portal.portal_id,) if portal.portal_id in portals else ()
    # Where the fleet file leaves the id out, it is the only portal the profile ever ran on.
    if len(portals) > 1:
        listed = ", ".join(map(str, portals))
        raise UsageError(f"profile {profile} has run on the portals {listed}; give {portal.name} its portal_id")
    for portal_id in portals:
        store = home.open(portal_id, profile)
        record = store.runs.last()
        if record is not None:
            yield _LastRun(record, _tiers(store, record.run_id), store.runs.last_success())


def _tiers(store: StateStore, run_id: str) -> dict[str, int]:
    """Companies by tier as the run's report has them; none where it is not kept here."""
    try:
        return {str(tier): count for tier, count in store.reports.find(run_id).tiers.items()}
    except (UnknownRun, ReportUnusable):
        return {}


def _holding(record: RunRecord) -> list[str]:
    return [str(check["name"]) for check in record.guardrails if check.get("blocks")]


def _error(record: RunRecord) -> dict[str, Any] | None:
    """What a run left as its error; one without an end is at work, or died."""
    if record.ended_at is None:
        message = f"run {record.run_id} has not ended: it is at work, or died; the next run does what is left"
        return {"code": "unfinished", "message": message, "details": []}
    if record.error is None:
        return None
    return {"code": record.error, "message": f"run {record.run_id} ended with {record.error}", "details": []}
