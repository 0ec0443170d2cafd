"""`icp-sync apply FILE`: write exactly a saved plan."""

from __future__ import annotations

from pathlib import Path

import click

from icp_sync.cli.option_types import FilePath
from icp_sync.cli.options import CommonOptions, allow_option, because_option, common_options
from icp_sync.cli.run_result import finish_run
from icp_sync.cli.wiring import open_session
from icp_sync.errors import PlanUnusable
from icp_sync.plan import plan_file
from icp_sync.plan.plan import Plan
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.run import apply_saved_plan


@click.command("apply")
@click.argument("file", type=FilePath(path_type=Path, dir_okay=False))
@allow_option
@because_option
@common_options
def apply_command(*, common: CommonOptions, file: Path, allow: frozenset[str], because: str | None) -> int:
    """Write exactly the plan in FILE, and nothing else.

    Companies somebody changed since are skipped and said; another portal's, another profile's or a day-old plan is
    refused.

    \b
    Example: icp-sync apply plan.jsonl
    """
    with open_session(common, RunOptions("apply", allow=allow, because=because), several=False) as (session, stop):
        result = apply_saved_plan(session, _read_plan_file(file))
    return finish_run([result], common, session.connection, stop)


def _read_plan_file(file: Path) -> Plan:
    try:
        with file.open("rb") as lines:
            return plan_file.parse_plan_file(lines)
    except OSError as error:
        raise PlanUnusable(
            f"the plan file {file} cannot be read ({error.strerror}); make one with icp-sync plan --out"
        ) from error
