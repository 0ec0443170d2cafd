"""`icp-sync fleet`: plan, run, doctor and status of many portals, and the same as a Kubernetes Job."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any, Final

import click

from icp_sync.cli.fleet_alerts import FleetAlerts
from icp_sync.cli.fleet_manifest import print_manifest
from icp_sync.cli.fleet_processes import ProcessBackend, run_portals
from icp_sync.cli.fleet_status import read_status
from icp_sync.cli.option_types import FilePath, RepeatableOption
from icp_sync.cli.options import (
    CommonOptions,
    allow_option,
    because_option,
    common_options,
    full_extract_option,
    hide_options,
    is_on_command_line,
)
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.ray_engine_option import EngineChoice, engine_options
from icp_sync.errors import UsageError
from icp_sync.fleet.load import LoadedFleet, read_fleet
from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, highest_exit_code
from icp_sync.settings import read_alert_settings
from icp_sync.views.fleet import fleet_document, fleet_view
from icp_sync.vocabulary.name_suggestions import did_you_mean

DEFAULT_FLEET: Final = Path("fleet.yaml")
AT_ONCE: Final = 4
MAX_NAMED: Final = 10
PLANNING: Final = frozenset({"plan", "run"})


@click.command("fleet")
@click.argument("action", type=click.Choice(["plan", "run", "doctor", "status", "manifest"]))
@click.option(
    "--fleet", "file", type=FilePath(path_type=Path, dir_okay=False), default=DEFAULT_FLEET, show_default=True,
    envvar="ICP_SYNC_FLEET",
    help="The fleet file.",
)  # fmt: skip
@click.option(
    "--only", cls=RepeatableOption, multiple=True, metavar="NAME", envvar="ICP_SYNC_ONLY",
    help="Only the portal of this name. Repeatable.",
)  # fmt: skip
@click.option(
    "--index", type=click.IntRange(min=0), metavar="N", envvar="ICP_SYNC_INDEX",
    help="Only the portal at this place of the file, from 0, as the Indexed Job of a manifest counts.",
)  # fmt: skip
@click.option(
    "--at-once", type=click.IntRange(1, 100), default=AT_ONCE, show_default=True, metavar="N",
    envvar="ICP_SYNC_AT_ONCE",
    help="So many portals side by side; each takes about 600 MiB for 100,000 companies.",
)  # fmt: skip
@click.option(
    "--image", metavar="NAME", envvar="ICP_SYNC_IMAGE",
    help="With manifest: the container image.  [default: icp-sync of this version]",
)  # fmt: skip
@click.option(
    "--schedule", metavar="CRON", default="17 2 * * *", show_default=True, envvar="ICP_SYNC_SCHEDULE",
    help="With manifest: when the nights begin, UTC.",
)  # fmt: skip
@engine_options
@full_extract_option
@allow_option
@because_option
@hide_options("profiles")
@common_options
def fleet_command(
    *,
    common: CommonOptions,
    engine: EngineChoice,
    action: str,
    file: Path,
    only: tuple[str, ...],
    index: int | None,
    at_once: int,
    **rest: Any,
) -> int:
    """Work on many portals from one file, each by the ordinary command in a process of its own.

    plan, run and doctor do what the commands of these names do; status reads what is remembered, without a call or a
    token; manifest prints a Kubernetes CronJob. One portal's failure, hold or crash touches no other. The exit code is
    the highest of the portals', 5 for one whose process was killed. With --engine ray each is a task of a Ray cluster,
    which is handed no secret; it needs the extra: pip install 'icp-sync[ray]'.

    \b
    Example: icp-sync fleet run --quiet
    Example: icp-sync fleet run --only acme --allow leaving_tier_1 --because "agreed with sales"
    Example: icp-sync fleet manifest --at-once 10 | kubectl apply -f -
    """
    words = _portal_arguments(action, rest)
    # First of all, so that a fleet file that is not good can be told of.
    alerts = FleetAlerts(read_alert_settings().notify_urls if action == "run" else (), file, common)
    with alerts.of_failure():
        fleet = read_fleet(file)
        if action == "manifest":
            if only or index is not None or is_on_command_line("as_json"):
                raise UsageError("fleet manifest prints the YAML of all portals; leave out --only, --index and --json")
            return print_manifest(fleet, at_once, rest["image"], rest["schedule"])
        portals = _select_portals(fleet, only, index)
        if action == "status":
            return _print_outcomes(read_status(fleet, portals, common), common, status=True)
        outcomes, signals = run_portals(fleet, portals, words, common, ProcessBackend(at_once, engine))
    if action != "run":
        return _print_outcomes(outcomes, common)
    # Whoever presses Ctrl-C was there, and is told nothing.
    notified = None if signal.SIGINT in signals else alerts.send_after_run(fleet, outcomes)
    return _print_outcomes(outcomes, common, notified=notified)


def _portal_arguments(action: str, rest: dict[str, Any]) -> tuple[str, ...]:
    """The words of each portal's own command. Raises UsageError for an option it has not."""
    full, allow, because = rest["full"], rest["allow"], rest["because"]
    if action not in PLANNING and (full or allow):
        raise UsageError(f"--full and --allow are for fleet plan and fleet run; fleet {action} has no use for them")
    if because and action != "run":
        raise UsageError(f"--because is for fleet run, whose ledgers keep it; fleet {action} has no use for it")
    allowed = [word for name in sorted(allow) for word in ("--allow", name)]
    return (action, *(["--full"] if full else []), *allowed, *(["--because", because] if because else []))


def _select_portals(fleet: LoadedFleet, only: tuple[str, ...], index: int | None) -> list[Portal]:
    """The portals that `--only` and `--index` leave. Raises UsageError for a name or a place there is not."""
    names = [portal.name for portal in fleet.portals]
    for name in only:
        if name not in names:
            advice = did_you_mean(name, names, f"it names {', '.join(names[:MAX_NAMED])}")
            raise UsageError(f"--only {name}: {fleet.path} names no such portal; {advice}")
    if index is not None and index >= len(names):
        raise UsageError(f"--index {index}: {fleet.path} has {len(names)} portals, 0 to {len(names) - 1}")
    portals = fleet.portals if index is None else fleet.portals[index : index + 1]
    return [portal for portal in portals if not only or portal.name in only]


def _print_outcomes(
    outcomes: tuple[PortalOutcome, ...], common: CommonOptions, *, status: bool = False, **more: Any
) -> int:
    code = highest_exit_code(outcomes)
    if common.as_json:
        print_document(fleet_document(outcomes, status=status, **more))
    elif code or not common.quiet:
        print_view(fleet_view(outcomes, status=status))
    return code
