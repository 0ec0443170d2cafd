"""The processes of `icp-sync fleet`: started, listened to, and stopped as one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import print_note
from icp_sync.cli.ray_engine_option import EngineChoice
from icp_sync.cli.stop_signals import handling_stop_signals, write_unbuffered
from icp_sync.errors import FleetInvalid
from icp_sync.fleet.lint import repeated_tokens
from icp_sync.fleet.load import LoadedFleet
from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, error_outcome
from icp_sync.fleet.portal_command import PortalCommand, profile_paths, state_path
from icp_sync.fleet.process_pool import FleetEngine, LocalStarter, ProcessPool, Start
from icp_sync.fleet.secret_references import SecretResolver
from icp_sync.settings import secrets_folder
from icp_sync.state.directory import user_state_directory
from icp_sync.views.fleet import progress_line


def secret_resolver() -> SecretResolver:
    """Where the references of a fleet file lead on this machine."""
    return SecretResolver(os.environ, secrets_folder())


def fleet_state_root(common: CommonOptions) -> Path:
    """Where each portal has a state directory of its name. Raises StateUnusable without a home directory."""
    return common.state or user_state_directory() / "fleet"


@dataclass(frozen=True, slots=True)
class ProcessBackend:
    """Who works on the portals: so many processes side by side, here or on Ray."""

    at_once: int
    engine: EngineChoice

    @contextmanager
    def open_starter(self) -> Iterator[Start]:
        """What starts a portal's process, while the block runs. Raises EngineFailed, UsageError."""
        if self.engine.is_ray:
            with self.engine.open_portal_starter_on_ray(secrets_folder()) as start:
                yield start
        else:
            yield LocalStarter(os.environ, secret_resolver())


def run_portals(
    fleet: LoadedFleet, portals: Sequence[Portal], words: tuple[str, ...], common: CommonOptions, hands: ProcessBackend
) -> tuple[tuple[PortalOutcome, ...], Sequence[int]]:
    """What came of each portal, in the order of the file, and the signals that stopped the fleet.

    What the portals' processes say goes to stderr, each line behind the portal's name. On a terminal their progress,
    which is for logs, is left out, and a line says when each has ended.
    """
    root, folder = fleet_state_root(common), fleet.folder
    lines = not common.quiet and sys.stderr.isatty()
    words = (*words, "--quiet") if common.quiet or lines else words
    # On Ray secrets are read where the work is done.
    outcomes = {} if hands.engine.is_ray else _repeated_token_outcomes(fleet)
    commands = [
        PortalCommand(
            _limit_doctor_to_one_profile(portal, words, folder), words, folder, state_path(portal, folder, root)
        )
        for portal in portals
        if portal.name not in outcomes
    ]
    with hands.open_starter() as start:
        crew = ProcessPool(hands.at_once, start, lambda name, line: print_note(f"[{name}] {line}"))
        with stop_signals_to(crew) as signals:
            outcomes |= _collect_outcomes(crew.run_commands(commands), len(commands) if lines else None)
    return tuple(outcomes[portal.name] for portal in portals), signals


def _repeated_token_outcomes(fleet: LoadedFleet) -> dict[str, PortalOutcome]:
    """The outcomes of portals whose token an earlier entry has: two runs on one portal undo each other."""
    repeated = (
        (fleet.portals[number], message) for number, _, message in repeated_tokens(fleet.portals, secret_resolver())
    )
    return {
        portal.name: error_outcome(portal.name, portal.portal_id, FleetInvalid(f"{portal.token} {message}"))
        for portal, message in repeated
    }


def _collect_outcomes(ending: Iterable[PortalOutcome], total: int | None) -> dict[str, PortalOutcome]:
    """The outcomes by portal; `total`: how many there will be, where a line is to say that one has ended."""
    outcomes: dict[str, PortalOutcome] = {}
    for outcome in ending:
        outcomes[outcome.name] = outcome
        if total is not None:
            print_note(progress_line(outcome, len(outcomes), total))
    return outcomes


def _limit_doctor_to_one_profile(portal: Portal, words: Sequence[str], folder: Path) -> Portal:
    """The portal as the command takes it: `doctor` looks at one profile at a time, so at the first."""
    if words[0] != "doctor":
        return portal
    first = profile_paths(portal, folder)[0]
    inside = sorted(file for file in first.glob("*") if file.suffix in {".yaml", ".yml"})
    return portal.model_copy(update={"profiles": (str((inside or [first])[0]),)})


@contextmanager
def stop_signals_to(engine: FleetEngine) -> Iterator[list[int]]:
    """Passes Ctrl-C and SIGTERM on to the engine, so that its calls in flight end; yields the signals that came.

    A closed terminal is passed on as SIGTERM: the portals' processes have none, and would go on without the fleet.
    """
    came: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        if len(came) == 1:
            write_unbuffered(2, "stopping: every portal finishes its calls in flight (Ctrl-C again does not wait)\n")
        if len(came) == 1 or number == signal.SIGINT:
            engine.stop(signal.SIGTERM if number == signal.SIGHUP else number)

    with handling_stop_signals(pass_on):
        yield came
