"""`icp-sync run` in a process of its own, which can be killed at any of its calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from icp_sync.sandbox import PortalAddress
from icp_sync.sandbox.faults.hooks import KillHook
from tests.drills.routes import writes
from tests.drills.scene import PROFILE, Scene

ROOT: Final = Path(__file__).parents[2]
Order = dict[str, Any]
"""What a nest is told to run: see `tests.drills.nest`."""


@dataclass(slots=True)
class Passed:
    """The calls of one process: how many came, and by route those that took effect."""

    calls: int = 0
    routes: Counter[str] = field(default_factory=Counter)

    @property
    def writes(self) -> int:
        """Calls that changed the portal."""
        return sum(count for route, count in self.routes.items() if writes(route))


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended: its exit code (-9 when killed), what it said, its calls, and the route it was killed at."""

    code: int
    printed: str
    passed: Passed
    struck: str | None = None


@dataclass(frozen=True, slots=True)
class Nest:
    """Where processes are hatched, one at a time."""

    orders: IO[str]
    answers: IO[str]

    def run(self, scene: Scene, state: Path, kill: tuple[int, str] | None = None) -> Finished:
        """One `icp-sync run`; killed before or after the call `kill` names, counted from 1."""
        portal, printed = scene.portal, state.parent / "said"
        with _watched(scene) as passed:
            # Calls wait for the lock, so that the process lives to make its first one only once the trap is set.
            with portal.lock:
                pid = self._ordered(order(scene.address, PROFILE, state, ["run", "--quiet"], (printed, printed)))
                if kill is not None:
                    portal.hooks.kills.append(KillHook(portal.calls, pid, kill[0], kill[1]))
            code = int(self.answers.readline())
            _see_the_rest(scene)
        struck = portal.hooks.kills[0].struck if portal.hooks.kills else None
        portal.hooks.kills.clear()
        return Finished(code, printed.read_text(), passed, struck)

    def command(self, order: Order) -> int:
        """The exit code of any command."""
        self._ordered(order)
        return int(self.answers.readline())

    def _ordered(self, order: Order) -> int:
        self.orders.write(json.dumps(order) + "\n")
        self.orders.flush()
        return int(self.answers.readline())


def order(
    address: PortalAddress,
    profile: Path,
    state: Path,
    arguments: Sequence[str],
    streams: tuple[Path | None, Path | None],
) -> Order:
    """`icp-sync ARGUMENTS` beside its state, with the files behind its stdout and stderr; None closes one."""
    environment = {
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_PROFILE": str(profile),
        "ICP_SYNC_STATE": str(state),
    }
    files = [None if stream is None else str(stream) for stream in streams]
    return {"environment": environment, "folder": str(state.parent), "arguments": [*arguments], "streams": files}


@contextmanager
def nest() -> Iterator[Nest]:
    """A nest until the block ends."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HUBSPOT_", "ICP_SYNC_"))}
    # Polars warns of every fork; none of its threads runs before ours.
    environment = inherited | {"POLARS_ALLOW_FORKING_THREAD": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.drills.nest"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Nest(process.stdin, process.stdout)
        process.stdin.close()


@contextmanager
def _watched(scene: Scene) -> Iterator[Passed]:
    passed = Passed()

    def hook(number: int, route: str, phase: str) -> None:
        passed.calls = number
        passed.routes[route] += phase == "after"

    scene.portal.calls.reset()
    end = scene.portal.add_call_hook(hook)
    try:
        yield passed
    finally:
        end()


def _see_the_rest(scene: Scene) -> None:
    """What a killed process had sent off already is handled before anybody looks: the portal answers in order."""
    for _ in range(2):
        urllib.request.urlopen(f"{scene.address.url}/sandbox/calls").close()  # noqa: S310 - loopback
