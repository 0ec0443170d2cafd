"""What is remembered of a fleet's portals: their last runs by ledger and state, without a call and without a token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from icp_sync.errors import FleetProcessDied, IcpSyncError, UsageError
from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, error_outcome, sum_tiers
from icp_sync.plan.run_record import RunRecord
from icp_sync.state.home import StateHome
from icp_sync.state.store import StateStore

UNFINISHED: Final = "unfinished"
MOMENT: Final = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class _LastRun:
    """The newest run of one profile, with the tiers of its report and when a run last ended well.

    `exit_code` None: it is at work. `error`: what it left, or that it has no end.
    """

    record: RunRecord
    tiers: dict[str, int]
    last_success: dt.datetime | None
    exit_code: int | None
    error: dict[str, Any] | None


def portal_status(portal: Portal, profiles: Sequence[str], home: StateHome, now: dt.datetime) -> PortalOutcome:
    """How the portal's last runs of these profiles (by name) ended; one that has not run yet has no exit code.

    One that died counts 5, as its process would have. What cannot be read is the portal's error; nothing is raised.
    """
    nothing = PortalOutcome(portal.name, portal.portal_id, None)
    try:
        last = [run for profile in profiles for run in _last_runs(portal, profile, home, now)]
    except IcpSyncError as error:
        return error_outcome(portal.name, portal.portal_id, error)
    if not last:
        return nothing
    records = [run.record for run in last]
    codes = [run.exit_code for run in last if run.exit_code is not None]
    successes = [run.last_success for run in last if run.last_success is not None]
    return replace(
        nothing,
        portal_id=records[0].portal_id,
        # While one profile's run has no end, nobody can say how the portal's night ends.
        exit_code=max(codes) if len(codes) == len(last) else None,
        tiers=sum_tiers(run.tiers for run in last),
        changes=sum(record.changes for record in records),
        guardrails=tuple(dict.fromkeys(name for record in records for name in record.blocking_guardrails)),
        seconds=sum(record.seconds for record in records),
        error=next((run.error for run in last if run.error is not None), None),
        last_run=max(record.started_at for record in records),
        # The earliest of them: a portal is as fresh as what is stalest on it.
        last_success=min(successes) if len(successes) == len(last) else None,
    )


def _last_runs(portal: Portal, profile: str, home: StateHome, now: dt.datetime) -> Iterator[_LastRun]:
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
            ended = _run_exit_code(record), _run_error(record)
            code, error = ended if record.ended_at else _unfinished_status(store, record, now)
            yield _LastRun(record, _report_tiers(store, record.run_id), store.runs.last_success_at(), code, error)


def _report_tiers(store: StateStore, run_id: str) -> dict[str, int]:
    """Companies by tier as the run's report has them; none where it is not kept here."""
    document = store.reports.find_exact(run_id)
    return {str(tier): count for tier, count in document.tiers.items()} if document else {}


def _run_exit_code(record: RunRecord) -> int:
    """The exit code of a run that has ended; one that another closed died while it wrote."""
    return FleetProcessDied.exit_code if record.exit_code is None else record.exit_code


def _run_error(record: RunRecord) -> dict[str, Any] | None:
    """What a run that has ended left as its error."""
    if record.error is None:
        return None
    return {"code": record.error, "message": f"run {record.run_id} ended with {record.error}", "details": []}


def _unfinished_status(store: StateStore, record: RunRecord, now: dt.datetime) -> tuple[int | None, dict[str, Any]]:
    """Of a run without an end: None while it is at work, and since when it has not been heard of."""
    since = f"unfinished since {record.started_at:{MOMENT}} UTC on {record.host}"
    if store.is_running(record, now):
        return None, {"code": UNFINISHED, "message": f"{since}: at work (run {record.run_id})", "details": []}
    died = f"{since}: it died after {store.last_activity_of_run(record):%H:%M:%S}, and the next run does what is left"
    return FleetProcessDied.exit_code, {"code": UNFINISHED, "message": died, "details": [f"run {record.run_id}"]}
