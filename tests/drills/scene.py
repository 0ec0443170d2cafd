"""A portal, a state directory and a clock on which nights pass at once; runs in this process, over real HTTP."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final

from icp_sync.errors import IcpSyncError
from icp_sync.plan.run_report import RunReport
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.run import RunResult, preview_run, run
from icp_sync.sandbox import PortalAddress, SandboxPortal, serve_in_thread
from icp_sync.state.home import StateHome
from tests.drills.population import populate
from tests.drills.witness import Witness
from tests.portal.instant import InstantClock
from tests.postgres import Server

PROFILE: Final = Path(__file__).with_name("profile.yaml")
LOADED: Final = parse_profile(PROFILE.read_bytes(), str(PROFILE))


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, its report (None when it failed before one), and what it complained of."""

    code: int
    report: RunReport | None
    printed: str = ""

    @property
    def calls(self) -> int:
        """HTTP calls sent, tries that failed included."""
        return sum(self.report.calls.values()) if self.report else 0

    @property
    def changes(self) -> int:
        """Companies the plan would change."""
        return self.report.plan.changes.height if self.report else -1

    @property
    def pending(self) -> bool:
        """Whether anything at all was left to do: companies, lists, properties."""
        return self.report is None or self.report.plan.has_pending_writes


@dataclass(slots=True)
class Ticking:
    """A clock on which nothing takes no time at all, so that no two edits bear the same date by chance alone."""

    clock: InstantClock
    looks: int = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.clock.now() + self.looks / 1000


@dataclass(slots=True)
class Scene:
    """`run` is one night's job, with every wait over at once; the portal lives by the same clock.

    `url`: of the ledger, where it is no file beside the state.
    """

    portal: SandboxPortal
    clock: InstantClock
    address: PortalAddress
    witness: Witness
    in_flight: int = 8
    url: str | None = None
    runs: int = field(default=0, init=False)

    def run(
        self,
        state: Path,
        *,
        full: bool = False,
        loaded: LoadedProfile = LOADED,
        allow: Collection[str] = (),
        url: str | None = None,
    ) -> Ended:
        """Plan and apply, as `icp-sync run` does; `url`: of a ledger that this host shares with others."""
        self.runs += 1
        options = RunOptions("run", full=full, allow=frozenset(allow))
        return self.do(lambda session: run(session)[0], StateHome(state, url=url or self.url), options, loaded)

    def plan(self, state: Path, loaded: LoadedProfile = LOADED, url: str | None = None) -> Ended:
        """What a run would do, as `icp-sync plan` tells it."""
        return self.do(
            lambda session: preview_run(session)[0], StateHome(state, url=url or self.url), RunOptions("plan"), loaded
        )

    def do(
        self,
        command: Callable[[PortalSession], RunResult],
        home: StateHome,
        options: RunOptions,
        loaded: LoadedProfile = LOADED,
    ) -> Ended:
        """Any use case, on one profile."""
        with Connection(
            self.address.token, self.address.url, stop=Event(), clock=self.clock, in_flight=self.in_flight
        ) as connection:
            now = dt.datetime.fromtimestamp(self.portal.clock(), dt.UTC)
            session = PortalSession(connection, home, (loaded,), options, now=now)
            try:
                finished = command(session)
            except IcpSyncError as error:
                return Ended(error.exit_code, None, error.message)
        report = finished.report
        return Ended(report.exit_code, report, report.error.message if report.error else "")


@contextmanager
def place(server: Server | None = None) -> Iterator[tuple[Path, str | None]]:
    """A state directory, and the address of its ledger where that is in PostgreSQL."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield Path(folder, "state"), stack.enter_context(server.database()) if server else None


@contextmanager
def scene(
    companies: int, *, in_flight: int = 8, deaf: bool = False, wall: bool = False, url: str | None = None
) -> Iterator[Scene]:
    """A portal of so many companies, served until the block ends; an empty one for 0.

    `wall`: it lives by the clock on the wall, as a run in another process does.
    """
    clock = InstantClock()
    portal = SandboxPortal(clock=time.time if wall else Ticking(clock), searches=1_000_000)
    if companies:
        populate(portal, companies)
    witness = Witness(portal, deaf=deaf)
    with serve_in_thread(portal) as address:
        yield Scene(portal, clock, address, witness, in_flight, url)
