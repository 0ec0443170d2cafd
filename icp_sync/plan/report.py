"""The report of a run: what was planned, what was written, and what was left and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from icp_sync.errors import IcpSyncError, PartlyApplied, UsedUpForToday
from icp_sync.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Left:
    """A company by id, or a list by name, that was not written, and why: drifted, gone, or refused."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did: companies and lists written, what was made first, why it ended early if it did.

    `limited`: it ended because the calls of the day were used up.
    """

    companies: int = 0
    lists: int = 0
    skipped: tuple[Left, ...] = ()
    rejected: tuple[Left, ...] = ()
    lists_failed: tuple[Left, ...] = ()
    made: tuple[str, ...] = ()
    stopped: str | None = None
    already: int = 0
    limited: bool = False

    @property
    def failed(self) -> int:
        """Companies HubSpot refused and lists that could not be kept."""
        return len(self.rejected) + len(self.lists_failed)

    @property
    def partly(self) -> PartlyApplied | None:
        """Why not everything was written: something was refused, or the run stopped; drift is no fault."""
        reasons = [
            self.stopped,
            f"HubSpot refused {len(self.rejected):,} companies" if self.rejected else None,
            *(f"the list {left.id} could not be kept: {left.reason}" for left in self.lists_failed),
        ]
        said = [reason for reason in reasons if reason]
        if self.limited:  # which says itself when to run again
            return UsedUpForToday("; ".join(said[1:] + said[:1]), details=said)
        return PartlyApplied("; ".join(said) + "; run again to finish the rest", details=said) if said else None


@dataclass(frozen=True, slots=True)
class Report:
    """A run from start to end. `calls`: route (version left out) → HTTP calls sent, retries included.

    `refused` is what kept the plan from being applied at all (a guardrail that held, a "no" at the prompt).
    """

    plan: Plan
    applied: Applied
    calls: Mapping[str, int]
    seconds: float
    refused: IcpSyncError | None = None

    @property
    def error(self) -> IcpSyncError | None:
        """What there is to complain of, None when all went well."""
        return self.refused or self.applied.partly

    @property
    def exit_code(self) -> int:
        """0 done or only drift, 4 held, 5 in part (design: "Exit codes")."""
        return self.error.exit_code if self.error else 0
