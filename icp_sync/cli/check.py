"""`icp-sync check`: lint the profile and run its tests, with no portal or against one."""

from __future__ import annotations

import datetime as dt

import click

from icp_sync.cli.options import Common, as_of_option, common_options
from icp_sync.cli.output import complain, print_document, print_view
from icp_sync.cli.session import job, load_profile
from icp_sync.errors import PreflightFailed, ProfileInvalid
from icp_sync.profile.loading import Loaded
from icp_sync.profile.problem import Problem
from icp_sync.runs.preflight import greet, preflight
from icp_sync.scoring.cases import run_cases
from icp_sync.views.findings import Findings, findings_document, findings_view


@click.command("check", short_help="Lint the profile and run its tests.")
@click.option(
    "--portal",
    is_flag=True,
    envvar="ICP_SYNC_PORTAL",
    help="Also hold the profile against the portal's properties.",
)
@click.option("--strict", is_flag=True, envvar="ICP_SYNC_STRICT", help="Warnings end in exit 2 too.")
@as_of_option
@common_options
def check_command(*, common: Common, portal: bool, strict: bool, as_of: dt.datetime | None) -> int:
    """Read the profile, name every problem with file, line and remedy, and run the tests in it.

    \b
    Example: icp-sync check --strict
    """
    day = (as_of or dt.datetime.now(dt.UTC)).date()
    error = None
    try:
        loaded = load_profile(common.profile)
        misfits = _misfits(common, loaded) if portal else ()
        findings = Findings((*loaded.warnings, *misfits), run_cases(loaded.profile, day))
    except ProfileInvalid as invalid:
        error = invalid
        findings = Findings(tuple(one for one in invalid.details if isinstance(one, Problem)), ())
    return _say(findings, common, error, strict=strict)


def _say(findings: Findings, common: Common, error: ProfileInvalid | None, *, strict: bool) -> int:
    error = error or findings.error(strict=strict)
    if common.as_json:
        print_document(findings_document(findings, error))
    elif error is not None or findings.problems or not common.quiet:
        print_view(findings_view(findings, str(common.profile), ok=error is None))
    if error is None:
        return 0
    complain(ProfileInvalid(error.message) if findings.problems else error)
    return error.exit_code


def _misfits(common: Common, loaded: Loaded) -> tuple[Problem, ...]:
    """What the portal lacks, as findings: it is an error, since a run would end on it."""
    with job("check", common) as (todo, _):
        account = greet(todo.connection, todo.expected_portal)
        try:
            preflight(todo.connection, loaded.profile, account)
        except PreflightFailed as failed:
            return tuple(_misfit(str(detail), loaded, str(common.profile)) for detail in failed.details)
    return ()


def _misfit(said: str, loaded: Loaded, file: str) -> Problem:
    """A misfit names the place in the profile first: `write.tier: this portal has no …`."""
    path, _, message = said.partition(": ")
    return Problem(file, loaded.lines.line(path), path, message, rule="portal")
