"""`icp-sync run`: plan and apply in one, as cron does it."""

from __future__ import annotations

from pathlib import Path

import click

from icp_sync.cli.options import CommonOptions, allow_option, because_option, common_options, full_extract_option
from icp_sync.cli.output import warn
from icp_sync.cli.report_page import report_option, require_one_profile
from icp_sync.cli.run_result import finish_run
from icp_sync.cli.wiring import open_session
from icp_sync.runs.deal_sync import sync_deals_after_run
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.run import run


@click.command("run")
@allow_option
@full_extract_option
@because_option
@report_option
@common_options
def run_command(
    *, common: CommonOptions, allow: frozenset[str], full: bool, because: str | None, page: Path | None
) -> int:
    """Read the portal, plan, check the guardrails, apply, keep the lists. Run it nightly.

    Where the profile says outcomes.nightly: true, the deals that changed are read too, for backtest; a failure of that
    is a warning.

    \b
    Example: icp-sync run --quiet --report icp.html
    """
    require_one_profile(common, page)
    with open_session(common, RunOptions("run", allow=allow, full=full, because=because)) as (session, stop):
        results = run(session)
        warning = sync_deals_after_run(session)
    if warning:
        warn(warning)
    return finish_run(results, common, session.connection, stop, page=page)
