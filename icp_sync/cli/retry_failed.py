"""`icp-sync retry-failed`: try the companies in quarantine once more, and no others."""

from __future__ import annotations

import click

from icp_sync.cli.options import CommonOptions, allow_option, common_options
from icp_sync.cli.run_result import finish_run
from icp_sync.cli.wiring import open_session
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.run import run


@click.command("retry-failed")
@allow_option
@common_options
def retry_failed_command(*, common: CommonOptions, allow: frozenset[str]) -> int:
    """Write the companies in quarantine, whatever HubSpot refused them for; who lands leaves the quarantine.

    Other companies are not written, and lists change only by the companies tried. Guardrails hold as in any run.

    \b
    Example: mend the property in HubSpot, then icp-sync retry-failed
    """
    options = RunOptions("retry-failed", allow=allow, retry_failed=True)
    with open_session(common, options) as (session, stop):
        results = run(session)
    return finish_run(results, common, session.connection, stop)
