"""`icp-sync check --fleet FILE`: lints a fleet file, what its references lead to, and the profiles it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
from rich.console import Group, RenderableType

from icp_sync.cli.fleet_processes import secret_resolver
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import print_document, print_error, print_view
from icp_sync.errors import FleetInvalid, IcpSyncError
from icp_sync.fleet.lint import missing_secrets, repeated_tokens
from icp_sync.fleet.load import LoadedFleet, read_fleet
from icp_sync.fleet.portal_command import profile_paths
from icp_sync.plan.plurals import count_noun
from icp_sync.profile.findings import LocatedFinding
from icp_sync.views.findings import CheckResult, findings_document
from icp_sync.views.sanitise import sanitise

ProfileProblems = Callable[[tuple[Path, ...]], tuple[list[LocatedFinding], IcpSyncError | None]]
"""Profile files → the problems of those that do not load or cannot run together, and the first error."""


def check_fleet(path: Path, common: CommonOptions, profile_problems: ProfileProblems) -> int:
    """Print every problem of the fleet file at `path`; returns the exit code."""
    try:
        fleet = read_fleet(path)
        problems, error = tuple(dict.fromkeys(_problems(fleet, profile_problems))), None
        if problems:
            error = FleetInvalid(f"{path} is not good: {count_noun(len(problems), 'finding')}", details=problems)
    except FleetInvalid as invalid:
        problems = tuple(detail for detail in invalid.details if isinstance(detail, LocatedFinding))
        error = invalid
    if common.as_json:
        print_document(findings_document(CheckResult(problems, ()), error))
    elif error is not None or not common.quiet:
        print_view(_problems_view(problems, path))
    if error is None:
        return 0
    print_error(FleetInvalid(error.message) if problems else error)
    return error.exit_code


def _problems_view(problems: Sequence[LocatedFinding], path: Path) -> RenderableType:
    lines = [sanitise(f"{problem.severity}: {problem}") for problem in problems]
    return Group(
        *lines, sanitise(f"{path} is {'not ' if problems else ''}good: {count_noun(len(problems), 'finding')}")
    )


def _problems(fleet: LoadedFleet, profile_problems: ProfileProblems) -> Iterator[LocatedFinding]:
    vault = secret_resolver()
    for number, key, message in (*missing_secrets(fleet.portals, vault), *repeated_tokens(fleet.portals, vault)):
        yield fleet.finding_at(("portals", number, key), message)
    checked: set[tuple[str, ...] | None] = set()
    for number, portal in enumerate(fleet.portals):
        if portal.profiles in checked:
            continue
        checked.add(portal.profiles)
        try:
            paths = tuple(profile_paths(portal, fleet.folder))
            files = CommonOptions(paths, None, as_json=False, quiet=False).profile_files
            problems, error = profile_problems(files)
        except (IcpSyncError, click.UsageError) as unusable:
            yield fleet.finding_at(("portals", number, "profiles"), unusable.message)
            continue
        # Which portal is meant, since a profile says only what is wrong with itself.
        if error is not None:
            yield fleet.finding_at(("portals", number, "profiles"), error.message)
        yield from problems
