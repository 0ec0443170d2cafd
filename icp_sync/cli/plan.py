"""`icp-sync plan`: show what a run would change, and save it for `apply`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from icp_sync.cli.finish import forecast_for, print_run_error, print_warning, result_json
from icp_sync.cli.options import Common, allow_option, as_of_option, common_options, full_option
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.session import RunOptions, open_runs
from icp_sync.plan import planfile
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.report import Report
from icp_sync.runs.daily_quota import day_left
from icp_sync.runs.run import RunResult, preview
from icp_sync.state.plans import write_private
from icp_sync.views.plan_csv import plan_csv
from icp_sync.views.plan_terminal import plan_view

PENDING = 3


@click.command("plan", short_help="Show, and save, what a run would change.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="ICP_SYNC_OUT",
    help="Save the plan for apply.",
)
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), envvar="ICP_SYNC_CSV",
    help="Write a table to review: one row a company, with tiers, scores and reasons before and after.",
)  # fmt: skip
@click.option(
    "--exit-code", "by_exit_code", is_flag=True, envvar="ICP_SYNC_EXIT_CODE",
    help="Exit 3 when changes are pending, 4 when a guardrail holds them.",
)  # fmt: skip
@as_of_option
@allow_option
@full_option
@common_options
def plan_command(
    *,
    common: Common,
    out: Path | None,
    table: Path | None,
    by_exit_code: bool,
    as_of: dt.datetime | None,
    allow: frozenset[str],
    full: bool,
) -> int:
    """Show every change a run would make, with causes, guardrails and cost. Writes nothing to the portal.

    \b
    Example: icp-sync plan --out plan.jsonl --csv plan.csv, then icp-sync apply plan.jsonl
    """
    if (out is not None or table is not None) and len(common.files) > 1:
        raise click.UsageError("--out and --csv are for one profile; name one --profile")
    with open_runs("plan", common, RunOptions(allow=allow, as_of=as_of, full=full)) as (todo, _):
        finished = preview(todo)
        day = day_left(todo[0].connection, fetch=any(one.report.plan.pending for one in finished))
    _save(finished[0], out, table)
    costs = [forecast_for(one.report.plan, todo[0].connection, day) for one in finished]
    if common.as_json:
        print_document(result_json(finished, todo[0].connection, day))
    else:
        _show(finished, common, costs)
    for one in costs:
        print_warning(one, common)
    for ended in finished:
        print_run_error(ended)
    return max(_exit_code(one.report) for one in finished) if by_exit_code else 0


def _save(finished: RunResult, out: Path | None, table: Path | None) -> None:
    if out is not None:
        write_private(out, planfile.lines(finished.report.plan))
    if table is not None and finished.drawing is not None:
        write_private(table, [plan_csv(finished.drawing, finished.ui_domain).encode()])


def _show(finished: Sequence[RunResult], common: Common, costs: Sequence[Forecast]) -> None:
    for one, forecast in zip(finished, costs, strict=True):
        if one.drawing is not None and not (common.quiet and not one.report.plan.pending):
            print_view(plan_view(one.drawing, forecast, one.report.intake))


def _exit_code(report: Report) -> int:
    if report.error is not None:
        return report.error.exit_code
    return PENDING if report.plan.pending else 0
