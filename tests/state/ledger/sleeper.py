"""A run that is stopped past its lease, and goes on once another run has taken it over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.state.ledger import written_changes
from icp_sync.state.ledger.address import parse_ledger_address
from icp_sync.state.ledger.lease import Lease
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger
from tests.postgres import Server
from tests.state.ledger.conftest import PORTAL, PROFILE

ROOT: Final = Path(__file__).parents[3]
SECONDS: Final = 2.0


def sleep_past_the_lease(server: Server, where: str) -> list[str]:
    """What is wrong with a run that was stopped at `where` (`lease_holder.PLACES`) past its lease; empty if right."""
    with server.database() as url:
        lines = _said_by_sleeper(url, where)
        announced = list(written_changes.read_batches(open_ledger(parse_ledger_address(url)), 1))
    wrong = []
    if lines[:1] != ["held"] or not lines[-1].startswith("refused: ") or len(lines) != 2:
        wrong.append(f"it said {lines}")
    if len(announced) != (where == "before the call"):
        wrong.append(f"it announced {len(announced)} batches")
    return wrong


def _said_by_sleeper(url: str, where: str) -> list[str]:
    command = [sys.executable, "-m", "tests.state.ledger.lease_holder", url, str(SECONDS), where]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as sleeper:
        try:
            os.waitpid(sleeper.pid, os.WUNTRACED)
            lease = _wait_for_lease(open_ledger(parse_ledger_address(url)))
            sleeper.send_signal(signal.SIGCONT)
            lines = sleeper.communicate(timeout=60)[0].splitlines()
            lease.require_valid()
            return lines
        finally:
            sleeper.kill()


def _wait_for_lease(ledger: Ledger) -> Lease:
    """The lease of a second run, as soon as the one that sleeps has lost its own."""
    lease = Lease(ledger, PORTAL, PROFILE)
    while True:
        try:
            lease.acquire("second")
        except (LockHeld, StateUnusable):
            continue
        return lease
