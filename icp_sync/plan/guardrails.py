"""Guardrails: checks that block a plan which would change too much at once (design: "Guardrails")."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from icp_sync.plan.columns import COUNTED, IN_SCOPE, IS_CHANGED, OURS, any_of, live
from icp_sync.plan.diff import differs
from icp_sync.plan.list_diff import ListChange
from icp_sync.profile.model.outputs import Guardrails, Write

MIN_COMPANIES_TO_JUDGE: Final = 20
NAMES: Final = tuple(Guardrails.model_fields)


@dataclass(frozen=True, slots=True)
class GuardrailCheck:
    """One guardrail evaluated: `part` of `whole` against `limit` (0-1); `whole` None = too few companies to judge.

    A share beyond the limit blocks the plan, an equal one does not. `allowed`: overridden by `--allow NAME`.
    """

    name: str
    limit: Decimal
    part: int
    whole: int | None
    allowed: bool = False
    list_name: str | None = None

    @property
    def actual(self) -> float | None:
        """The share (0-1), None when it was not judged."""
        return self.part / self.whole if self.whole else None

    @property
    def beyond(self) -> bool:
        """Whether the share is beyond the limit, compared in decimals."""
        if not self.whole:
            return False
        limit = self.limit * self.whole
        return self.part < limit if self.name == "read_at_least" else self.part > limit

    @property
    def held(self) -> bool:
        """Whether this guardrail blocks the plan."""
        return self.beyond and not self.allowed


def evaluate(
    diff: pl.DataFrame,
    write: Write,
    limits: Guardrails,
    lists: Iterable[ListChange],
    *,
    last_read: int | None,
    allow: Collection[str],
) -> tuple[GuardrailCheck, ...]:
    """Evaluate every guardrail on the diff frame; its `is_changed` says which companies the plan changes.

    `last_read`: companies read by the last complete run, None without one. A share of fewer than 20 companies is
    not judged.
    """
    leaving, in_tier_1 = _leaving_tier_1(diff, write)
    changed, ours = _changed(diff, write)
    tier_1_left = _enough_to_judge(in_tier_1)
    return (
        GuardrailCheck("changed", limits.changed, changed, _enough_to_judge(ours), "changed" in allow),
        GuardrailCheck("leaving_tier_1", limits.leaving_tier_1, leaving, tier_1_left, "leaving_tier_1" in allow),
        *list_shrink_checks(lists, limits, allow),
        GuardrailCheck("read_at_least", limits.read_at_least, diff.height, last_read or None, "read_at_least" in allow),
    )


def list_shrink_checks(
    lists: Iterable[ListChange], limits: Guardrails, allow: Collection[str]
) -> tuple[GuardrailCheck, ...]:
    """One check per static list: companies removed, of those on it now."""
    name, limit = "list_shrink", limits.list_shrink
    return tuple(
        GuardrailCheck(name, limit, len(change.remove), _enough_to_judge(change.members), name in allow, change.name)
        for change in lists
        if change.kind == "static"
    )


def _enough_to_judge(whole: int) -> int | None:
    return whole if whole >= MIN_COMPANIES_TO_JUDGE else None


def _changed(diff: pl.DataFrame, write: Write) -> tuple[int, int]:
    """Companies with our provenance stamp whose tier or outcome changes or which leave the scope, and all with it."""
    moved = [differs(output) for output in ("tier", "outcome") if getattr(write, output)]
    return _count(diff, COUNTED & IS_CHANGED & any_of(*moved, ~IN_SCOPE)), _count(diff, COUNTED)


def _leaving_tier_1(diff: pl.DataFrame, write: Write) -> tuple[int, int]:
    if write.tier is None:
        return 0, 0
    in_tier_1 = OURS & (live("tier") == "tier_1")
    return _count(diff, in_tier_1 & IS_CHANGED & differs("tier")), _count(diff, in_tier_1)


def _count(diff: pl.DataFrame, condition: pl.Expr) -> int:
    return int(diff.select(condition.sum()).item())
