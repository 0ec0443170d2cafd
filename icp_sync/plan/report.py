"""The report of a run: what was planned, what was written, and what was left and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from icp_sync.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Left:
    """A company, or a list by name, that was not written, and why: drifted, gone, or refused by HubSpot."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did. `companies` and `lists` count what was written, `stopped` says why it ended early, if it did."""

    companies: int = 0
    lists: int = 0
    skipped: tuple[Left, ...] = ()
    rejected: tuple[Left, ...] = ()
    lists_failed: tuple[Left, ...] = ()
    made: tuple[str, ...] = ()
    stopped: str | None = None

    @property
    def failed(self) -> int:
        """Companies HubSpot refused and lists that could not be kept."""
        return len(self.rejected) + len(self.lists_failed)


@dataclass(frozen=True, slots=True)
class Report:
    """A run from start to end; `calls` maps a route (version left out) to HTTP calls sent, retries included."""

    plan: Plan
    applied: Applied
    calls: Mapping[str, int]
    seconds: float
    notes: tuple[str, ...] = field(default=())
