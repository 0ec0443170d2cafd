"""What the metrics tell of a run, of its report or of the error that left none, and of what stands in the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from icp_sync.notify.metrics import RunFigures
from icp_sync.plan.change_frame import cause_counts
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.run import RunResult
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """What the ledger tells of a profile: the end of its latest run with exit code 0, and how much stands open."""

    last_success: dt.datetime | None = None
    overrides: int = 0
    pins: int = 0


def read_ledger_figures(store: StateStore) -> LedgerFigures:
    """The figures of a profile's ledger; pins are those of its own lists. Raises StateUnusable."""
    # Profiles of a portal share the ledger, and each is a line of its own in the metrics; records of older versions
    # name no profile.
    lists = {record.id for record in store.lists.records().values() if record.profile in (None, store.profile)}
    pins = sum(pin.list_id in lists for pin in store.membership_pins.list_open())
    return LedgerFigures(store.runs.last_success_at(), len(store.overrides.list_open()), pins)


def figures_of_result(result: RunResult, exit_code: int, known: LedgerFigures) -> RunFigures:
    """The figures of a run that has a report."""
    report, origin = result.report, result.report.plan.origin
    # By this machine's clock, as whoever watches the metrics compares it with theirs.
    ended_at = dt.datetime.now(dt.UTC)
    return RunFigures(
        profile=origin.profile_name,
        portal_id=origin.portal_id,
        ended_at=ended_at,
        exit_code=exit_code,
        seconds=report.seconds,
        calls=sum(report.calls.values()),
        last_success=known.last_success if exit_code else ended_at,
        tiers=report.tier_counts,
        outcomes=report.plan.population.outcomes,
        changes=dict(cause_counts(report.plan.changes).items()),
        held_companies=report.held_inputs.companies,
        overrides=known.overrides,
        pins=known.pins,
    )


def figures_of_failure(profile: str, session: PortalSession | None, exit_code: int, known: LedgerFigures) -> RunFigures:
    """The figures of a run that ended before it had a report. `session` None: before its settings were read."""
    return RunFigures(
        profile=profile,
        portal_id=session.known_portal_id or 0 if session else 0,
        ended_at=dt.datetime.now(dt.UTC),
        exit_code=exit_code,
        seconds=session.elapsed_seconds() if session else 0.0,
        calls=session.connection.calls.total if session else 0,
        last_success=known.last_success,
        overrides=known.overrides,
        pins=known.pins,
    )
