"""What the metrics tell of a run, of its report or of the error that left none."""

from __future__ import annotations

import datetime as dt

from icp_sync.notify.metrics import RunFigures
from icp_sync.plan.changes import cause_counts
from icp_sync.runs.run import RunResult
from icp_sync.runs.session import PortalSession


def figures_of_result(result: RunResult, exit_code: int, last_success: dt.datetime | None) -> RunFigures:
    """The figures of a run that has a report. `last_success`: of the runs before."""
    report, origin = result.report, result.report.plan.origin
    ended_at = dt.datetime.now(dt.UTC)
    return RunFigures(
        profile=origin.profile_name,
        portal_id=origin.portal_id,
        ended_at=ended_at,
        exit_code=exit_code,
        seconds=report.seconds,
        calls=sum(report.calls.values()),
        last_success=last_success if exit_code else ended_at,
        tiers=report.tiers,
        outcomes=report.plan.population.outcomes,
        changes=dict(cause_counts(report.plan.changes).items()),
        held=report.held.companies,
        overrides=report.overrides.open,
        pins=report.pins.inside + report.pins.outside,
    )


def figures_of_failure(
    profile: str, session: PortalSession | None, exit_code: int, last_success: dt.datetime | None
) -> RunFigures:
    """The figures of a run that ended before it had a report. `session` None: before its settings were read."""
    return RunFigures(
        profile=profile,
        portal_id=session.known_portal or 0 if session else 0,
        ended_at=dt.datetime.now(dt.UTC),
        exit_code=exit_code,
        seconds=session.seconds() if session else 0.0,
        calls=session.connection.calls.total if session else 0,
        last_success=last_success,
    )
