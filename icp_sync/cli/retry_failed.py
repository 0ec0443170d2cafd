"""`icp-sync retry-failed`: try the companies in quarantine once more, and no others."""

from __future__ import annotations

from dataclasses import replace

import click

from icp_sync.cli.exit import finish
from icp_sync.cli.options import Common, allow_option, common_options
from icp_sync.cli.wiring import RunOptions, open_runs
from icp_sync.runs.run import run


@click.command("retry-failed")
@allow_option
@common_options
def retry_failed_command(*, common: Common, allow: frozenset[str]) -> int:
    """Write the companies in quarantine, whatever HubSpot refused them for; who lands leaves the quarantine.

    Other companies are not written, and lists change only by the companies tried. Guardrails hold as in any run.

    \b
    Example: mend the property in HubSpot, then icp-sync retry-failed
    """
    with open_runs("retry-failed", common, RunOptions(allow=allow)) as (runs, stop):
        results = run([replace(profile_run, retry_failed=True) for profile_run in runs])
    return finish(results, common, runs[0].connection, stop)
