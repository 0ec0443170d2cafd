"""The end of plan, run, apply and backfill: prints the JSON document or the report, returns the exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from icp_sync.cli.notifications import ALERTS
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import print_document, print_error, print_error_detail, print_view, warn
from icp_sync.cli.report_page import finish_reports
from icp_sync.cli.stop_signals import StopRequest
from icp_sync.errors import GuardrailHeld, RunInterrupted, RunStopped
from icp_sync.files import write_private_file
from icp_sync.plan.forecast import Forecast, QuotaLeft
from icp_sync.plan.run_report import RunReport
from icp_sync.portal.client.connection import Connection
from icp_sync.runs.daily_ceiling import forecast_apply
from icp_sync.runs.run import RunResult
from icp_sync.views.plan_csv import plan_csv
from icp_sync.views.plan_terminal import report_view
from icp_sync.views.report_json import profiles_document, report_document


def result_json(
    results: Sequence[RunResult],
    connection: Connection,
    day: QuotaLeft | None = None,
    *,
    notified: bool | None = None,
) -> dict[str, Any]:
    """The `--json` document of a run; of several profiles, each one's under `profiles`.

    `notified`: whether the messages that were due were delivered, None where none was.
    """
    documents = [
        report_document(result.report, forecast_apply_of_report(result.report, connection, day), result.preview)
        | _run_ids(result)
        for result in results
    ]
    errors = [result.report.error for result in results if result.report.error is not None]
    document = documents[0] if len(documents) == 1 else profiles_document(documents, errors)
    return document | {"notified": notified}


def forecast_apply_of_report(report: RunReport, connection: Connection, day: QuotaLeft | None = None) -> Forecast:
    """What applying the plan of a report takes; `day`: see `forecast_apply`."""
    return forecast_apply(report.plan, connection, day, history=report.history_calls)


def _run_ids(result: RunResult) -> dict[str, Any]:
    """The run itself, and the one that drew the plan where that came from a file."""
    planned_by = result.report.plan.origin.run_id
    return {"run_id": result.run_id} | ({"plan_of": planned_by} if planned_by != result.run_id else {})


def finish_run(
    results: Sequence[RunResult],
    common: CommonOptions,
    connection: Connection,
    stop: StopRequest,
    beside: Mapping[str, Any] = MappingProxyType({}),
    page: Path | None = None,
) -> int:
    """Send what is due, print what the runs did and return the exit code; `--quiet` hides successes, never failures.

    `beside`: what else the JSON document holds. `page`: where the report of the run is to be written.
    """
    reports = [result.report for result in results]
    interrupted = stop.interrupted and any(_was_stopped(report) for report in reports)
    notified = ALERTS.send_after_runs(results, interrupted=interrupted)
    if common.as_json:
        print_document(result_json(results, connection, notified=notified) | dict(beside))
    for report in reports:
        if not common.as_json and (report.error is not None or not common.quiet):
            print_view(report_view(report))
    for result in results:
        print_run_error_and_save_csv(result)
    finish_reports(results, page)
    return RunInterrupted.exit_code if interrupted else max(report.exit_code for report in reports)


def warn_of_short_quota(forecast: Forecast, common: CommonOptions) -> None:
    """Print one line to stderr when today's calls will not suffice, unless `--quiet`."""
    if forecast.warning and not common.quiet:
        warn(forecast.warning)


def print_run_error_and_save_csv(result: RunResult) -> None:
    """Print the run's error to stderr; for a plan blocked by a guardrail also write it as CSV beside the saved plan."""
    error = result.report.error
    if error is None:
        return
    print_error(error)
    if isinstance(error, GuardrailHeld) and result.preview is not None:
        table = error.plan.with_suffix(".csv")
        write_private_file(table, [plan_csv(result.preview, result.ui_domain).encode()])
        print_error_detail(f"the same as a table: {table}")


def _was_stopped(report: RunReport) -> bool:
    return report.applied.stopped is not None or isinstance(report.refused, RunStopped)
