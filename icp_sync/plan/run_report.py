"""The report of a run: what was planned, what was written, what was skipped or rejected, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.errors import IcpSyncError, PartlyApplied, QuotaExhausted, StateUnusable
from icp_sync.plan.plan import Plan
from icp_sync.plan.plurals import count_noun
from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.plan.tiers_set_by_others import TierSetByOthers
from icp_sync.plan.who_emptied_inputs import EmptiedInput

MUCH_OF_A_PLAN: Final = 0.05


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """A company (by id) or list (by name) that was not written, and the reason: drifted, gone or rejected.

    `tier`: of one that drifted the text on its record right before it would have been written, "" for none; None where
    that is not known.
    """

    id: str
    reason: str
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class InterruptedRun:
    """An earlier run that was killed while it wrote, after `batches` batches of companies."""

    run_id: str
    batches: int


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What an apply did: companies and lists written, objects `created`, and why it ended early (`stopped`).

    `unchanged`: companies that needed no write. `quota_exhausted`: the daily quota was used up. `writes`: texts for the
    snapshot in long form (`id`, `property`, `value`). `members`: static list id → the ids on it now, where
    known. `unwritten`: ids whose records do not hold what the plan wants.
    """

    companies: int = 0
    lists: int = 0
    skipped: tuple[SkippedItem, ...] = ()
    rejected: tuple[SkippedItem, ...] = ()
    lists_failed: tuple[SkippedItem, ...] = ()
    created: tuple[str, ...] = ()
    stopped: str | None = None
    unchanged: int = 0
    quota_exhausted: bool = False
    writes: pl.DataFrame = field(default_factory=pl.DataFrame)
    members: Mapping[str, pl.Series] = field(default_factory=dict)
    unwritten: frozenset[int] = frozenset()

    @property
    def has_written(self) -> bool:
        """Whether any write was sent to the portal."""
        return bool(self.companies or self.lists or self.created or self.rejected or self.lists_failed)

    @property
    def failed(self) -> int:
        """Number of companies HubSpot rejected and lists that could not be updated."""
        return len(self.rejected) + len(self.lists_failed)

    @property
    def incomplete_error(self) -> PartlyApplied | None:
        """The error of an incomplete apply (rejections, or an early end), else None; drift is not an error."""
        reasons = [
            self.stopped,
            f"HubSpot refused {count_noun(len(self.rejected), 'company', 'companies')}" if self.rejected else None,
            *(f"the list {skipped.id} could not be kept: {skipped.reason}" for skipped in self.lists_failed),
        ]
        messages = [reason for reason in reasons if reason]
        if self.quota_exhausted:  # which says itself when to run again
            return QuotaExhausted("; ".join(messages[1:] + messages[:1]), details=messages)
        # Refused companies are left alone by the next run, and lists it could not keep need a remedy first.
        rest = "; run again to finish the rest" if self.stopped else ""
        remedy = "; mend what is named, or try them again with icp-sync retry-failed" if self.rejected else ""
        return PartlyApplied("; ".join(messages) + remedy + rest, details=messages) if messages else None


@dataclass(frozen=True, slots=True)
class ExtractStats:
    """What a run read: every company (`whole`) or only changed ones, how many, and notes on irregularities."""

    whole: bool
    companies: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldInputs:
    """Companies scored with an input that was lost: how many, by property, and the properties that are in an outage.

    `emptied`: when and by whom, of the properties of which HubSpot's history was asked.
    """

    companies: int = 0
    properties: Mapping[str, int] = field(default_factory=dict)
    outages: tuple[str, ...] = ()
    emptied: tuple[EmptiedInput, ...] = ()


@dataclass(frozen=True, slots=True)
class OverrideCounts:
    """Tiers and flags that stand as somebody else set them: open after the run, opened and ended by it.

    `tiers_set`: the tiers that others set since the last run, by author.
    """

    open: int = 0
    opened: int = 0
    ended: int = 0
    tiers_set: tuple[TierSetByOthers, ...] = ()


@dataclass(frozen=True, slots=True)
class PinCounts:
    """Companies that stay on static lists (`inside`) and off them (`outside`) as people left them, after the run."""

    inside: int = 0
    outside: int = 0


NOTHING_STANDS: Final = (HeldInputs(), OverrideCounts(), PinCounts())


@dataclass(frozen=True, slots=True)
class RunReport:
    """The result of a run. `calls`: route without version → HTTP calls sent, retries included.

    `refused`: why the plan was not applied at all (a guardrail, a "no" at the prompt). `extract`: None where a plan
    from a file was applied. `quarantined`: companies skipped because HubSpot rejected them before. `interrupted`: the
    run that was killed before and that this one recovered. `held_inputs`: those that were lost and still count.
    `history_calls`: those that asked who set tiers and flags.
    """

    plan: Plan
    applied: ApplyResult
    calls: Mapping[str, int]
    seconds: float
    refused: IcpSyncError | None = None
    quarantined: tuple[QuarantineEntry, ...] = ()
    interrupted: InterruptedRun | None = None
    extract: ExtractStats | None = None
    held_inputs: HeldInputs = field(default_factory=HeldInputs)
    overrides: OverrideCounts = field(default_factory=OverrideCounts)
    pins: PinCounts = field(default_factory=PinCounts)
    history_calls: int = 0

    def with_state_error(self, error: StateUnusable) -> RunReport:
        """The same report, with the error that kept the run from being recorded in the state directory."""
        if self.refused is not None or self.applied.stopped is not None:
            return self
        if not self.applied.has_written:
            return replace(self, refused=error)
        return replace(self, applied=replace(self.applied, stopped=error.message))

    @property
    def tier_counts(self) -> Mapping[str, int]:
        """Companies by the tier on their records now: the plan counts where it holds, else what stands there."""
        population, changes = self.plan.population, self.plan.changes
        name = population.tier_property
        if not population.live_tiers:
            return population.tiers
        if f"after.{name}" not in changes.columns:
            return population.live_tiers
        moving = changes.select("id", before=f"before.{name}", after=f"after.{name}").drop_nulls("after")
        if not self.applied.writes.height:
            return population.live_tiers
        # `writes` lacks the tiers of companies that need no write, where it is not known who gave them.
        landed = moving.filter(~pl.col("id").is_in(list(self.applied.unwritten))).select("id", now="after")
        drifted = [(int(skipped.id), skipped.tier) for skipped in self.applied.skipped if skipped.tier is not None]
        stand = pl.concat([landed, pl.DataFrame(drifted, landed.schema, orient="row")])
        moved = moving.join(stand, on="id").unique("id", keep="last", maintain_order=True)
        left, come = (dict(moved.group_by(side).len().iter_rows()) for side in ("before", "now"))
        return {tier: count - left.get(tier, 0) + come.get(tier, 0) for tier, count in population.live_tiers.items()}

    @property
    def error(self) -> IcpSyncError | None:
        """The run's error, None when it succeeded."""
        return self.refused or self.applied.incomplete_error or self.quarantine_error

    @property
    def quarantine_error(self) -> PartlyApplied | None:
        """An error while companies stay quarantined from a run in which more than 5% of the plan was rejected."""
        left = sum(entry.share > MUCH_OF_A_PLAN for entry in self.quarantined)
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
