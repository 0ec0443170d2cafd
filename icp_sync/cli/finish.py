"""How plan, run, apply and backfill end: the document or the words, and the exit code."""

from __future__ import annotations

from icp_sync.cli.options import Common
from icp_sync.cli.output import complain, print_document, print_view
from icp_sync.cli.stopping import Stop
from icp_sync.errors import Interrupted
from icp_sync.plan.forecast import Forecast, forecast
from icp_sync.plan.plan import Plan
from icp_sync.portal.connection import Connection
from icp_sync.portal.pacing import SHARE
from icp_sync.runs.run import Finished
from icp_sync.views.plan_terminal import report_view
from icp_sync.views.report_json import report_document


def cost(plan: Plan, connection: Connection) -> Forecast:
    """Calls and minutes at the pace this portal allows (its burst limit is per ten seconds)."""
    return forecast(plan, connection.burst_limit() * SHARE / 10)


def finish(finished: Finished, common: Common, connection: Connection, stop: Stop) -> int:
    """Say what a run did: quiet about a success when asked to be, never about a failure."""
    report = finished.report
    if common.as_json:
        print_document(report_document(report, cost(report.plan, connection)))
    elif report.error is not None or not common.quiet:
        print_view(report_view(report))
    if report.error is not None:
        complain(report.error)
    interrupted = stop.interrupted and report.applied.stopped is not None
    return Interrupted.exit_code if interrupted else report.exit_code
