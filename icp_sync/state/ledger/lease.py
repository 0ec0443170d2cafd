"""The lease of a shared ledger: one run at a time for a portal and profile, whichever host it is on.

It ends by itself, by the database's clock, so a host that dies or sleeps blocks nobody for long. A run that slept past
its lease finds out three times: in the transaction that announces a batch, right before each call, and when renewing.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.database_engine import limit_waits
from icp_sync.state.ledger.ledger import Ledger

SECONDS: Final = 120.0
_RENEW_SHARE: Final = 0.25
_LEASE: Final = schema.lease
_NOW: Final = func.clock_timestamp()
# Goes on while the machine sleeps; on Linux CLOCK_MONOTONIC stands still then.
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(slots=True)
class Lease:
    """A lease of `seconds` on one profile of a portal; thread-safe.

    `run_id`: of the run that takes it, for others to read. `epoch`: how often it has changed hands. It counts as lost,
    for good, once `seconds` have passed since the database last renewed it.
    """

    ledger: Ledger
    portal_id: int
    profile: str
    seconds: float = SECONDS
    run_id: str = ""
    epoch: int = 0
    _holder: str = field(default_factory=lambda: secrets.token_hex(16))
    _deadline: float = 0.0

    def acquire(self, run_id: str) -> None:
        """Take the lease if it is free or expired. Raises LockHeld, naming who has it, and StateUnusable."""
        self.run_id = run_id
        asked_at = time.clock_gettime(_CLOCK)
        with self.ledger.write_transaction() as connection:
            limit_waits(connection, self.seconds)
            epoch = connection.execute(self._acquire_statement()).scalar()
            if epoch is None:
                raise LockHeld(self._describe_holder(connection))
        self.epoch, self._deadline = epoch, asked_at + self.seconds

    def fence(self, connection: Connection) -> None:
        """Renew the lease inside the caller's transaction. Raises StateUnusable when another run may have it.

        The row is locked until that transaction ends, so nobody takes the lease before what it announces is committed.
        """
        self.require_valid()
        limit_waits(connection, self.seconds)
        renewed = update(_LEASE).where(self._is_mine, _LEASE.c.expires_at > _NOW).values(expires_at=self._expiry)
        if connection.execute(renewed).rowcount == 0:
            self._deadline = 0.0
        self.require_valid()

    def require_valid(self) -> None:
        """Raise StateUnusable unless this run still holds the lease; asks this machine's clock only."""
        if time.clock_gettime(_CLOCK) >= self._deadline:
            self._deadline = 0.0
            raise StateUnusable(
                f"this run no longer holds the lease of profile {self.profile} on portal {self.portal_id}: it was "
                f"stopped, or cut off from the ledger, for more than {self.seconds:.0f} s; run again"
            )

    def renew(self) -> None:
        """Renew the lease in a transaction of its own. Raises StateUnusable."""
        asked_at = time.clock_gettime(_CLOCK)
        with self.ledger.write_transaction() as connection:
            self.fence(connection)
        # Only now: what is not committed has not renewed anything.
        self._deadline = asked_at + self.seconds

    def release(self) -> None:
        """Let the next run have it at once. Raises StateUnusable; the lease then ends by itself."""
        self._deadline = 0.0
        with self.ledger.write_transaction() as connection:
            connection.execute(update(_LEASE).where(self._is_mine).values(expires_at=_NOW))

    def current_run(self) -> str | None:
        """The run that has the lease now; None where it is free or expired. Takes nothing. Raises StateUnusable."""
        holder = select(_LEASE.c.run_id).where(self._is_of_profile, _LEASE.c.expires_at > _NOW)
        with self.ledger.read_transaction() as connection:
            return connection.execute(holder).scalar()

    @property
    def _is_of_profile(self) -> ColumnElement[bool]:
        return and_(_LEASE.c.portal_id == self.portal_id, _LEASE.c.profile == self.profile)

    @property
    def _is_mine(self) -> ColumnElement[bool]:
        return and_(self._is_of_profile, _LEASE.c.holder == self._holder, _LEASE.c.epoch == self.epoch)

    @property
    def _expiry(self) -> ColumnElement[Any]:
        return _NOW + dt.timedelta(seconds=self.seconds)

    def _acquire_statement(self) -> Any:
        row = {"holder": self._holder, "host": socket.gethostname(), "pid": os.getpid(), "run_id": self.run_id}
        first = insert(_LEASE).values(
            portal_id=self.portal_id, profile=self.profile, **row, epoch=1, expires_at=self._expiry
        )
        return first.on_conflict_do_update(
            index_elements=[_LEASE.c.portal_id, _LEASE.c.profile],
            set_={**row, "epoch": _LEASE.c.epoch + 1, "expires_at": self._expiry},
            where=_LEASE.c.expires_at < _NOW,
        ).returning(_LEASE.c.epoch)

    def _describe_holder(self, connection: Connection) -> str:
        holder = select(_LEASE.c.run_id, _LEASE.c.host, _LEASE.c.expires_at).where(self._is_of_profile)
        row = connection.execute(holder).one()
        return (
            f"run {row.run_id} on {row.host} holds profile {self.profile} on portal {self.portal_id} until "
            f"{row.expires_at:%H:%M:%S} UTC, and longer while it is at work; wait for it to end"
        )


@contextmanager
def hold_leases(leases: Mapping[str, Lease]) -> Iterator[None]:
    """Take the leases (run id → lease) in order of profile, renew them in a thread during the block, then release them.

    Raises LockHeld and StateUnusable. A lease that can no longer be renewed is lost, which its checks find.
    """
    taken: list[Lease] = []
    ended = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(taken, ended), name="lease", daemon=True)
    try:
        for run_id, lease in sorted(leases.items(), key=lambda item: item[1].profile):
            lease.acquire(run_id)
            taken.append(lease)
        if taken:
            thread.start()
        yield
    finally:
        ended.set()
        if thread.ident is not None:
            thread.join()
        for lease in taken:
            _release_quietly(lease)


def _renew_until(leases: list[Lease], ended: threading.Event) -> None:
    every = min((lease.seconds for lease in leases), default=SECONDS) * _RENEW_SHARE
    while not ended.wait(every):
        for lease in leases:
            try:
                lease.renew()
            except StateUnusable:
                continue  # tried again until it is lost; the checks before announcing and calling then say so


def _release_quietly(lease: Lease) -> None:
    try:
        lease.release()
    except StateUnusable:
        return  # it ends by itself, and what the run did must still be reported
