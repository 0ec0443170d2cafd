"""The steps of a run in memory, before each of which it may die or its machine sleep, and the lease of a shared ledger.

A model of `state/ledger/lease.py`, whose statements only PostgreSQL runs: taking the lease, the fence in the
transaction that announces, and the clock of the run right before each call. Database and hosts have one clock here, and
no call is under way while a machine sleeps; `tests/state/ledger/test_lease.py` has real clocks and a stopped process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from icp_sync.state.ledger.lease import SECONDS
from tests.drills.histories.crash import Crashed


class LeaseLost(Crashed):
    """The run finds out that it no longer holds the lease, and stops."""


@dataclass(slots=True)
class Lease:
    """The row of a lease, by the database's clock; `trespasses`: epochs of runs that acted once another had it."""

    epoch: int = 0
    expires_at: float = 0.0
    trespasses: list[int] = field(default_factory=list)

    def take(self, now: float) -> int | None:
        """The epoch of whoever takes it; None while another run has it."""
        if not self.is_free(now):
            return None
        self.epoch, self.expires_at = self.epoch + 1, now + SECONDS
        return self.epoch

    def is_free(self, now: float) -> bool:
        """Whether nobody has it, or had it too long ago."""
        return self.expires_at < now

    def renew(self, epoch: int, now: float) -> bool:
        """Renew it in the transaction that announces what is to be sent; whether it was still had."""
        if self.epoch != epoch or self.expires_at <= now:
            return False
        self.expires_at = now + SECONDS
        return True


@dataclass(slots=True)
class Holding:
    """A run that has the lease, until its own clock says that it may be another's."""

    lease: Lease
    epoch: int
    clock: Callable[[], float]
    deadline: float

    def fence(self) -> None:
        """What goes before an announcement. Raises LeaseLost."""
        self.require_valid()
        if not self.lease.renew(self.epoch, self.clock()):
            raise LeaseLost
        self.deadline = self.clock() + SECONDS

    def require_valid(self) -> None:
        """What goes right before a call. Raises LeaseLost."""
        if self.clock() >= self.deadline:
            raise LeaseLost

    def act(self) -> None:
        """Something is announced or sent: nobody else may have the lease."""
        if self.lease.epoch != self.epoch:
            self.lease.trespasses.append(self.epoch)

    def release(self) -> None:
        """Let the next run have it at once."""
        if self.lease.epoch == self.epoch:
            self.lease.expires_at = self.clock() - 1


@dataclass(slots=True)
class Steps:
    """How many steps a run has left until it dies, and until its machine sleeps, in which `meanwhile` happens.

    None: it never does. `holding`: the lease it has, where hosts share a ledger.
    """

    left: int | None = None
    awake: int | None = None
    meanwhile: Callable[[], None] = lambda: None
    holding: Holding | None = None

    def take(self) -> None:
        """A commit, a call, or a save."""
        if self.awake is not None:
            self.awake -= 1
            if self.awake < 0:
                self.awake = None
                self.meanwhile()
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Crashed

    def announce(self) -> None:
        """A commit that says what is to be sent."""
        self.take()
        if self.holding is not None:
            self.holding.fence()
            self.holding.act()

    def call(self) -> None:
        """A call that changes the portal."""
        self.take()
        if self.holding is not None:
            self.holding.require_valid()
            self.holding.act()

    def decide(self) -> None:
        """The save of what was decided, which a run that lost its lease leaves to others."""
        self.take()
        if self.holding is not None:
            self.holding.require_valid()
