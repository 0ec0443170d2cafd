"""`icp-sync check`: lint profiles and run their tests, with no portal or against one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import platformdirs

from icp_sync.cli.option_types import FilePath
from icp_sync.cli.options import CommonOptions, as_of_option, common_options, is_on_command_line
from icp_sync.cli.output import print_document, print_error, print_view
from icp_sync.cli.profile_loading import load_profile
from icp_sync.errors import PreflightFailed, ProfileInvalid, UsageError
from icp_sync.plan.multi_profile import profile_conflicts
from icp_sync.profile import lint
from icp_sync.profile.findings import LocatedFinding
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.vocabulary_names import covering_names
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.state.backtest_verdicts import read_verdicts
from icp_sync.views.findings import CheckResult, TierSizes, findings_document, findings_view

if TYPE_CHECKING:
    from icp_sync.runs.portal_session import PortalSession


@click.command("check")
@click.option(
    "--portal", is_flag=True, envvar="ICP_SYNC_PORTAL", help="Also against the portal: properties, values, shares."
)
@click.option(
    "--fleet", type=FilePath(path_type=Path, dir_okay=False), envvar="ICP_SYNC_FLEET",
    help="Check this fleet file instead, with the secrets and profiles it names.",
)  # fmt: skip
@click.option("--strict", is_flag=True, envvar="ICP_SYNC_STRICT", help="Warnings end in exit 2 too.")
@partial(as_of_option, default="today in UTC; against the portal, in its time zone")
@common_options
def check_command(
    *, common: CommonOptions, portal: bool, fleet: Path | None, strict: bool, as_of: dt.datetime | None
) -> int:
    """Read the profile, name every problem with file, line and remedy, and run the tests in it.

    \b
    Example: icp-sync check --strict
    Example: icp-sync check --portal --profile config/icp.yaml --profile config/ecp.yaml
    Example: icp-sync check --fleet fleet.yaml
    """
    # A profile that somebody names is meant, whatever a variable says.
    if fleet is not None and not (common.names_profile and not is_on_command_line("fleet")):
        _require_fleet_alone()
        from icp_sync.cli.check_fleet import check_fleet  # brings the settings, which a profile has none of

        return check_fleet(fleet, common, lambda files: _load_profiles(files)[1:])
    day = (as_of or dt.datetime.now(dt.UTC)).date()
    loaded, problems, error = _load_profiles(common.profile_files)
    findings = CheckResult(tuple(problems), ())
    if error is None:
        measured, sizes = _measure_portal(common, as_of) if portal else ([], ())
        advice = [*_lint_findings(loaded, day), *_verdict_findings(common, loaded), *measured]
        tests = tuple(result for profile in loaded for result in run_profile_tests(profile.profile, day))
        names = tuple(dict.fromkeys(name for profile in loaded for name in covering_names(profile.profile)))
        problems = [*(warning for profile in loaded for warning in profile.warnings), *advice]
        findings = CheckResult(tuple(dict.fromkeys(problems)), tests, names, sizes)
    return _print_findings(findings, common, error, strict=strict)


def _require_fleet_alone() -> None:
    """Raise UsageError for an option of the command line that a fleet file has no use for."""
    names = {"portal": "--portal", "strict": "--strict", "as_of": "--as-of", "profiles": "--profile"}
    if unused := [option for name, option in names.items() if is_on_command_line(name)]:
        raise UsageError(f"--fleet checks a fleet file and loads the profiles it names; leave out {', '.join(unused)}")


def _load_profiles(files: Sequence[Path]) -> tuple[list[LoadedProfile], list[LocatedFinding], ProfileInvalid | None]:
    """The profiles that load, the problems of those that do not or that cannot run together, and the first error."""
    loaded: list[LoadedProfile] = []
    problems: list[LocatedFinding] = []
    error = None
    for file in files:
        try:
            loaded.append(load_profile(file))
        except ProfileInvalid as invalid:
            error = error or invalid
            problems.extend(detail for detail in invalid.details if isinstance(detail, LocatedFinding))
    if error is None and (clashes := profile_conflicts(loaded)):
        error = ProfileInvalid("these profiles cannot run together", details=clashes)
        problems.extend(clashes)
    return loaded, problems, error


def _lint_findings(loaded: Sequence[LoadedProfile], day: dt.date) -> list[LocatedFinding]:
    """The linter's findings for each profile on that day, and for an ECP compared with its ICP."""
    findings = [problem for profile in loaded for problem in profile.locate(lint.lint_on_day(profile.profile, day))]
    ecps = [profile for profile in loaded if profile.profile.profile.kind == "ecp"]
    icps = [profile for profile in loaded if profile.profile.profile.kind == "icp"]
    for ecp in ecps:
        for icp in icps:
            findings.extend(ecp.locate(lint.lint_ecp_against_icp(ecp.profile, icp.profile)))
    return findings


def _verdict_findings(common: CommonOptions, loaded: Sequence[LoadedProfile]) -> list[LocatedFinding]:
    """What the last backtests said and nobody answered, as far as a state is at hand; none is opened or made."""
    directory = common.state or _user_state_directory()
    if directory is None:
        return []
    return [
        finding
        for profile in loaded
        for verdict in read_verdicts(directory, profile.profile.name)
        if verdict.code == "wins_less"
        for finding in profile.locate(lint.lint_backtest_verdict(profile.profile, verdict.day))
    ]


def _user_state_directory() -> Path | None:
    """The user's own state directory, None without a home: `check` needs no state."""
    try:
        return platformdirs.user_state_path("icp_sync")
    except RuntimeError:
        return None


def _measure_portal(
    common: CommonOptions, as_of: dt.datetime | None
) -> tuple[list[LocatedFinding], tuple[TierSizes, ...]]:
    """Errors for what the portal lacks, since a run would fail; the linter's findings for the values it has.

    And how many companies each tier of each profile would hold.
    """
    from icp_sync.cli.wiring import open_session
    from icp_sync.runs.portal_session import RunOptions

    options = RunOptions("check", as_of=as_of.date() if as_of else None)
    with open_session(common, options, verdicts=False) as (session, _):
        session.connect()
        measured = [_measure_profile(session, loaded) for loaded in session.profiles]
    return [problem for problems, _ in measured for problem in problems], tuple(sizes for _, sizes in measured if sizes)


def _measure_profile(
    session: PortalSession, loaded: LoadedProfile
) -> tuple[tuple[LocatedFinding, ...], TierSizes | None]:
    from icp_sync.runs.measure_portal import measure_portal

    try:
        facts = measure_portal(session, loaded.profile)
    except PreflightFailed as failed:
        return tuple(_misfit_finding(str(detail), loaded) for detail in failed.details), None
    tiers = {tier: round(share * facts.scored) for tier, share in facts.tiers.items()}
    undecided = round((facts.undecided or 0) * facts.scored)
    sizes = TierSizes(loaded.profile.name, facts.scored, tiers, undecided)
    return loaded.locate(lint.lint_portal(loaded.profile, facts)), sizes


def _misfit_finding(detail: str, loaded: LoadedProfile) -> LocatedFinding:
    """A preflight error as a finding; its text begins with its place: `write.tier: this portal has no …`."""
    path, _, message = detail.partition(": ")
    return LocatedFinding(loaded.file, loaded.lines.line_of_text_path(path), path, message, rule="portal")


def _print_findings(findings: CheckResult, common: CommonOptions, error: ProfileInvalid | None, *, strict: bool) -> int:
    error = error or findings.error(strict=strict)
    if common.as_json:
        print_document(findings_document(findings, error))
    elif error is not None or not common.quiet:
        print_view(findings_view(findings, ", ".join(map(str, common.profile_files)), ok=error is None))
    if error is None:
        return 0
    print_error(ProfileInvalid(error.message) if findings.problems else error)
    return error.exit_code
