"""`icp-sync backfill`: a full re-read and re-score by hand, forecast first, with a safe stop."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from icp_sync.cli.option_types import NUMBER_FROM_1
from icp_sync.cli.options import CommonOptions, allow_option, common_options, full_extract_option
from icp_sync.cli.output import print_view
from icp_sync.cli.report_page import report_option, require_one_profile
from icp_sync.cli.run_result import finish_run, warn_of_short_quota
from icp_sync.cli.stop_signals import StopRequest
from icp_sync.cli.wiring import open_session
from icp_sync.plan.builder import PlanPreview
from icp_sync.runs.daily_ceiling import forecast_apply, quota_left_today
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.run import run
from icp_sync.runs.run_outcome import Confirm
from icp_sync.views.plan_terminal import plan_view


@click.command("backfill")
@click.option(
    "--limit", type=NUMBER_FROM_1, envvar="ICP_SYNC_LIMIT", metavar="N",
    help="A canary: write only the N best companies by fit score that change; lists are left alone.",
)  # fmt: skip
@click.option("--yes", is_flag=True, envvar="ICP_SYNC_YES", help="Do not ask; needed where there is no terminal.")
@allow_option
@full_extract_option
@report_option
@common_options
def backfill_command(
    *,
    common: CommonOptions,
    limit: int | None,
    yes: bool,
    allow: frozenset[str],
    full: bool,  # noqa: ARG001 - a backfill is always full
    page: Path | None,
) -> int:
    """Read and score every company anew, show what it takes, ask, then write.

    Ctrl-C stops safely; running it again continues where it stopped.

    \b
    Example: icp-sync backfill --limit 50, look at the fifty in HubSpot, then icp-sync backfill
    """
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; add --yes")
    require_one_profile(common, page)
    options = RunOptions("backfill", allow=allow, limit=limit, full=True)
    with open_session(common, options) as (session, stop):
        results = run(session, _terminal_confirm_callback(session, common, stop, must_confirm=not yes))
    return finish_run(results, common, session.connection, stop, page=page)


def _terminal_confirm_callback(
    session: PortalSession, common: CommonOptions, stop: StopRequest, *, must_confirm: bool
) -> Confirm:
    """Show the plan and its forecast, then ask; `--yes` skips the question, `--quiet` with it the plan."""

    def agree(preview: PlanPreview) -> bool:
        with session.progress.pause():
            forecast = forecast_apply(
                preview.plan, session.connection, quota_left_today(session.connection, fetch=True)
            )
            if not common.as_json and (must_confirm or not common.quiet):
                print_view(plan_view(preview, forecast))
            warn_of_short_quota(forecast, common)
            with stop.prompting():
                return not must_confirm or click.confirm("Write this?", err=True)

    return agree
