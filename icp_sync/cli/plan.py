"""`icp-sync plan`: show what a run would change, and save it for `apply`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from icp_sync.cli.option_types import OUTPUT_FILE
from icp_sync.cli.options import CommonOptions, allow_option, as_of_option, common_options, full_extract_option
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.report_page import finish_reports, report_option, require_one_profile
from icp_sync.cli.run_result import (
    forecast_apply_of_report,
    print_run_error_and_save_csv,
    result_json,
    warn_of_short_quota,
)
from icp_sync.cli.wiring import open_session
from icp_sync.errors import CHANGES_PENDING
from icp_sync.files import write_private_file
from icp_sync.plan import plan_file
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.run_report import RunReport
from icp_sync.runs.daily_ceiling import quota_left_today
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.run import RunResult, preview_run
from icp_sync.views.plan_csv import plan_csv
from icp_sync.views.plan_terminal import plan_view


@click.command("plan")
@click.option(
    "--out",
    type=OUTPUT_FILE,
    envvar="ICP_SYNC_OUT",
    help="Save the plan for apply.",
)
@click.option(
    "--csv", "table", type=OUTPUT_FILE, envvar="ICP_SYNC_CSV",
    help="Write a table to review: one row a company, with tiers, scores and reasons before and after.",
)  # fmt: skip
@click.option(
    "--exit-code", "by_exit_code", is_flag=True, envvar="ICP_SYNC_EXIT_CODE",
    help="Exit 3 when changes are pending, 4 when a guardrail holds them.",
)  # fmt: skip
@as_of_option
@allow_option
@full_extract_option
@report_option
@common_options
def plan_command(
    *,
    common: CommonOptions,
    out: Path | None,
    table: Path | None,
    by_exit_code: bool,
    as_of: dt.datetime | None,
    allow: frozenset[str],
    full: bool,
    page: Path | None,
) -> int:
    """Show every change a run would make, with causes, guardrails and cost. Writes nothing to the portal.

    \b
    Example: icp-sync plan --out plan.jsonl --csv plan.csv, then icp-sync apply plan.jsonl
    """
    if (out is not None or table is not None) and len(common.profile_files) > 1:
        raise click.UsageError("--out and --csv are for one profile; name one --profile")
    require_one_profile(common, page)
    options = RunOptions("plan", allow=allow, as_of=as_of.date() if as_of else None, full=full)
    with open_session(common, options) as (session, _):
        results = preview_run(session)
        day = quota_left_today(
            session.connection, fetch=any(result.report.plan.has_pending_writes for result in results)
        )
    _save_files(results[0], out, table)
    forecasts = [forecast_apply_of_report(result.report, session.connection, day) for result in results]
    if common.as_json:
        print_document(result_json(results, session.connection, day))
    else:
        _print_plans(results, common, forecasts)
    for forecast in forecasts:
        warn_of_short_quota(forecast, common)
    for result in results:
        print_run_error_and_save_csv(result)
    finish_reports(results, page)
    return max(_exit_code(result.report) for result in results) if by_exit_code else 0


def _save_files(result: RunResult, out: Path | None, table: Path | None) -> None:
    if out is not None:
        write_private_file(out, plan_file.plan_file_lines(result.report.plan))
    if table is not None and result.preview is not None:
        write_private_file(table, [plan_csv(result.preview, result.ui_domain).encode()])


def _print_plans(results: Sequence[RunResult], common: CommonOptions, forecasts: Sequence[Forecast]) -> None:
    for result, forecast in zip(results, forecasts, strict=True):
        if result.preview is not None and not (common.quiet and not result.report.plan.has_pending_writes):
            print_view(plan_view(result.preview, forecast, result.report))


def _exit_code(report: RunReport) -> int:
    if report.error is not None:
        return report.error.exit_code
    return CHANGES_PENDING if report.plan.has_pending_writes else 0
