"""What guardrails measure: shares of the companies of a diff frame that a plan changes in some way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan.diff import differs
from icp_sync.plan.diff_columns import COUNTED, IN_SCOPE, IS_CHANGED, OURS, any_of, desired, live
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.undone_changes import UndoneChanges, count_written_again
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.types import TIERS

FEWEST_IN_TIER_1: Final = 20
"""A smaller tier 1 counts as so large, or two companies more would be a leap."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a guardrail measured: `part` of `whole`.

    `judged`: how many there are to judge by, where that is another number than `whole`.
    """

    part: int
    whole: int
    judged: int | None = None


@dataclass(frozen=True, slots=True)
class GuardrailContext:
    """What a guardrail may count by besides the diff: the outputs written, and companies read.

    `last_read`: those read by the last complete run, None without one. `other_stamps`: companies with a new stamp of
    this profile's name that no run known to us wrote; None where that cannot be told. `taken_back`: what undos took
    back, None where none is in force. `lists`: the list changes of the plan. `on_missing_files`: companies whose
    records stand on a vendor's file that is gone; None where every source has its file.
    """

    write: Write
    read: int
    last_read: int | None
    other_stamps: int | None = None
    taken_back: UndoneChanges | None = None
    lists: Collection[ListChange] = ()
    on_missing_files: int | None = None


def measure_changed(diff: pl.DataFrame, context: GuardrailContext) -> Share:
    """Companies with our provenance stamp whose tier or outcome changes or which leave the scope, of all with it."""
    moved = [differs(output) for output in ("tier", "outcome") if getattr(context.write, output)]
    return _measure_share(diff, any_of(*moved, ~IN_SCOPE), COUNTED)


def measure_leaving_tier_1(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies of ours with a live tier_1 that lose it, of all of those."""
    return _measure_share(diff, differs("tier"), OURS & (live("tier") == "tier_1")) if context.write.tier else None


def measure_entering_tier_1(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies of ours that enter tier_1, of ours with a live tier_1 or 20; judged by the stamped, of any tier."""
    if context.write.tier is None:
        return None
    in_tier_1 = live("tier") == "tier_1"
    entering = _measure_share(diff, differs("tier") & (desired("tier") == "tier_1") & ~in_tier_1, OURS).part
    return Share(entering, max(FEWEST_IN_TIER_1, _count_where(diff, OURS & in_tier_1)), _count_where(diff, COUNTED))


def measure_leaving_tiers(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies of ours whose live tier the plan lowers or takes, of ours with a live tier."""
    if context.write.tier is None:
        return None
    ranks = {tier: rank for rank, tier in enumerate(TIERS)}
    before, after = (
        text.replace_strict(ranks, default=None, return_dtype=pl.UInt8) for text in (live("tier"), desired("tier"))
    )
    lowered = (after > before).fill_null(desired("tier") == "")
    return _measure_share(diff, differs("tier") & lowered, OURS & before.is_not_null())


def measure_disqualified(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Stamped companies that become disqualified, of all stamped; a record without an outcome may have been so before.

    In a profile that writes no outcome, those disqualified whose tier changes; None without a tier either.
    """
    if context.write.outcome:
        becomes = differs("outcome") & (live("outcome") != "")
    elif context.write.tier:
        becomes = differs("tier")
    else:
        return None
    return _measure_share(diff, becomes & (pl.col("outcome") == "disqualified"), COUNTED)


def measure_other_writer(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Stamped companies that another icp_sync with this profile's name has written, of all stamped."""
    if context.other_stamps is None:
        return None
    return Share(context.other_stamps, _count_where(diff, COUNTED))


def measure_missing_file(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies whose records stand on a vendor's file that is gone, of all stamped."""
    missing = context.on_missing_files
    return None if missing is None else Share(missing, max(missing, _count_where(diff, COUNTED)))


def measure_written_again_after_undo(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies to which the plan writes again what an undo took back, of those that undos concern."""
    taken = context.taken_back
    if taken is None:
        return None
    return Share(count_written_again(diff, context.lists, taken, context.write), taken.company_count)


def _measure_share(diff: pl.DataFrame, condition: pl.Expr, of: pl.Expr) -> Share:
    """Companies `of` some kind that the plan changes so, of all of that kind."""
    return Share(_count_where(diff, of & IS_CHANGED & condition), _count_where(diff, of))


def _count_where(diff: pl.DataFrame, condition: pl.Expr) -> int:
    return int(diff.select(condition.sum()).item())
