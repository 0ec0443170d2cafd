"""A process that holds a lease and announces a batch, and that stops itself (SIGSTOP) on the way there.

`python -m tests.state.ledger.lease_holder URL SECONDS WHERE`: prints "held"; then stops at WHERE, announces, and prints
"call" where it would call the portal. What it could not do it prints as "refused: WHY".
"""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import Connection

from icp_sync.errors import IcpSyncError
from icp_sync.plan.change_frame import Change
from icp_sync.state.ledger.address import parse_ledger_address
from icp_sync.state.ledger.journal import Journal
from icp_sync.state.ledger.lease import Lease, hold_leases
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.runs import RunStore
from tests.state.ledger.conftest import NIGHT, PORTAL, PROFILE, record

PLACES = ("before announcing", "while announcing", "before the call")
CHANGE = Change(17, "data changed", {"icp_tier": "tier_2"}, {"icp_tier": "tier_1"})


def main(url: str, seconds: str, where: str) -> None:
    """Hold the lease and write one batch."""
    ledger = open_ledger(parse_ledger_address(url))
    lease = Lease(ledger, PORTAL, PROFILE, float(seconds))

    def fence(connection: Connection) -> None:
        lease.fence(connection)
        _stop_at("while announcing", where)

    try:
        with hold_leases({"sleeper": lease}):
            run = RunStore(ledger, PORTAL, PROFILE).save(record("sleeper", epoch=lease.epoch))
            _say("held")
            _stop_at("before announcing", where)
            Journal(ledger, run, None, lambda: NIGHT, fence).announce_batch(1, [CHANGE])
            _stop_at("before the call", where)
            lease.require_valid()
            _say("call")
    except IcpSyncError as refused:
        _say(f"refused: {refused.message}")


def _stop_at(place: str, where: str) -> None:
    if place == where:
        os.kill(os.getpid(), signal.SIGSTOP)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
