"""The report of a run: what was planned, what was written, and what was left and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.errors import IcpSyncError, PartlyApplied, QuotaExhausted, StateUnusable
from icp_sync.plan.plan import Plan
from icp_sync.plan.quarantine import QuarantineEntry

MUCH_OF_A_PLAN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Skipped:
    """A company by id, or a list by name, that was not written, and why: drifted, gone, or refused."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class InterruptedRun:
    """A run before this one that died while it wrote, after so many batches of companies."""

    run_id: str
    batches: int


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What an apply did: companies and lists written, what was made first, why it ended early if it did.

    `limited`: it ended because the calls of the day were used up. `landed`: what a snapshot is to hold of companies
    from now on, a row a value (`id`, `property`, `value`); `members`: static list id → who is on it now, where that
    is known.
    """

    companies: int = 0
    lists: int = 0
    skipped: tuple[Skipped, ...] = ()
    rejected: tuple[Skipped, ...] = ()
    lists_failed: tuple[Skipped, ...] = ()
    made: tuple[str, ...] = ()
    stopped: str | None = None
    already: int = 0
    limited: bool = False
    landed: pl.DataFrame = field(default_factory=pl.DataFrame)
    members: Mapping[str, pl.Series] = field(default_factory=dict)

    @property
    def touched(self) -> bool:
        """Whether the portal was changed, or asked to be."""
        return bool(self.companies or self.lists or self.made or self.rejected or self.lists_failed)

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
            return QuotaExhausted("; ".join(said[1:] + said[:1]), details=said)
        # Refused companies are left alone by the next run, and lists it could not keep need a remedy first.
        rest = "; run again to finish the rest" if self.stopped else ""
        remedy = "; mend what is named, or try them again with icp-sync retry-failed" if self.rejected else ""
        return PartlyApplied("; ".join(said) + remedy + rest, details=said) if said else None


@dataclass(frozen=True, slots=True)
class ExtractStats:
    """What a run read: every company (`whole`) or what changed, how many that were, and what was odd about it."""

    whole: bool
    companies: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A run from start to end. `calls`: route (version left out) → HTTP calls sent, retries included.

    `refused` is what kept the plan from being applied at all (a guardrail that held, a "no" at the prompt).
    `intake` is None where a plan from a file was applied. `quarantined`: the companies left alone since HubSpot
    refused them. `died`: the run that this one goes on with.
    """

    plan: Plan
    applied: ApplyResult
    calls: Mapping[str, int]
    seconds: float
    refused: IcpSyncError | None = None
    quarantined: tuple[QuarantineEntry, ...] = ()
    died: InterruptedRun | None = None
    intake: ExtractStats | None = None

    def with_state_error(self, why: StateUnusable) -> Report:
        """The report of the same run, which could not be recorded when it ended."""
        if self.refused is not None or self.applied.stopped is not None:
            return self
        if not self.applied.touched:
            return replace(self, refused=why)
        return replace(self, applied=replace(self.applied, stopped=why.message))

    @property
    def tiers(self) -> Mapping[str, int]:
        """Companies by the tier on their records now: what landed counts, whatever the plan wanted."""
        population, changes = self.plan.population, self.plan.changes
        name = population.tier_property
        if not population.live_tiers:
            return population.tiers
        if f"after.{name}" not in changes.columns:
            return population.live_tiers
        moving = changes.select("id", before=f"before.{name}", after=f"after.{name}").drop_nulls("after")
        landed = self.applied.landed
        if not landed.height:
            return population.live_tiers
        landed = landed.filter(pl.col("property") == name).select("id", now=pl.col("value").fill_null(""))
        moved = moving.join(landed, on="id").unique("id", keep="last", maintain_order=True)
        left, come = (dict(moved.group_by(side).len().iter_rows()) for side in ("before", "now"))
        return {tier: count - left.get(tier, 0) + come.get(tier, 0) for tier, count in population.live_tiers.items()}

    @property
    def error(self) -> IcpSyncError | None:
        """What there is to complain of, None when all went well."""
        return self.refused or self.applied.partly or self.still_refused

    @property
    def still_refused(self) -> PartlyApplied | None:
        """Companies left alone since much of a plan was refused: said every night until that is healed."""
        left = sum(one.share > MUCH_OF_A_PLAN for one in self.quarantined)
        if not left:
            return None
        return PartlyApplied(
            f"{left:,} companies are still left alone since HubSpot refused more than {MUCH_OF_A_PLAN:.0%} of a plan; "
            "mend what it refused them for, or try them again with icp-sync retry-failed"
        )

    @property
    def exit_code(self) -> int:
        """0 done or only drift, 4 held, 5 in part (design: "Exit codes")."""
        return self.error.exit_code if self.error else 0
