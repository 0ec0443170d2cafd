"""Guardrails: brakes that hold a plan which would move too much at once (design: "Guardrails")."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from icp_sync.plan.diff import CHANGES, INSIDE, OURS, STAMPED, any_of, differs, live
from icp_sync.plan.list_diff import ListChange
from icp_sync.profile.model.outputs import Guardrails, Write

JUDGED_FROM: Final = 20
NAMES: Final = tuple(Guardrails.model_fields)


@dataclass(frozen=True, slots=True)
class GuardrailCheck:
    """One guardrail's verdict: `part` of `whole` against `limit`; `whole` None = there was too little to judge by.

    Beyond the limit holds, equal does not. `allowed` is the recorded override (`--allow NAME`).
    """

    name: str
    limit: Decimal
    part: int
    whole: int | None
    allowed: bool = False
    list_name: str | None = None

    @property
    def actual(self) -> float | None:
        """The share, or None when it was not judged."""
        return self.part / self.whole if self.whole else None

    @property
    def beyond(self) -> bool:
        """Whether the limit is passed; compared exactly, without binary fractions."""
        if not self.whole:
            return False
        limit = self.limit * self.whole
        return self.part < limit if self.name == "read_at_least" else self.part > limit

    @property
    def held(self) -> bool:
        """Whether the plan must wait for a person."""
        return self.beyond and not self.allowed


def evaluate(
    rows: pl.DataFrame,
    write: Write,
    limits: Guardrails,
    lists: Iterable[ListChange],
    *,
    last_read: int | None,
    allow: Collection[str],
) -> tuple[GuardrailCheck, ...]:
    """Every guardrail's verdict on a plan drawn from the standing frame; its `changes` tells who is in the plan.

    `last_read`: companies read by the last complete run, None without one. A share of under 20 companies is
    not judged.
    """
    leaving, in_tier_1 = _leaving_tier_1(rows, write)
    changed, ours = _changed(rows, write)
    return (
        GuardrailCheck("changed", limits.changed, changed, _judged(ours), "changed" in allow),
        GuardrailCheck("leaving_tier_1", limits.leaving_tier_1, leaving, _judged(in_tier_1), "leaving_tier_1" in allow),
        *list_shrink_checks(lists, limits, allow),
        GuardrailCheck("read_at_least", limits.read_at_least, rows.height, last_read or None, "read_at_least" in allow),
    )


def list_shrink_checks(
    lists: Iterable[ListChange], limits: Guardrails, allow: Collection[str]
) -> tuple[GuardrailCheck, ...]:
    """The verdict on each static list: who is taken off it, of who is on it now."""
    name, limit = "list_shrink", limits.list_shrink
    return tuple(
        GuardrailCheck(name, limit, len(one.remove), _judged(one.members), name in allow, one.name)
        for one in lists
        if one.kind == "static"
    )


def _judged(whole: int) -> int | None:
    return whole if whole >= JUDGED_FROM else None


def _changed(rows: pl.DataFrame, write: Write) -> tuple[int, int]:
    """Companies carrying our stamp whose tier or outcome changes, leaving the scope included, of all that carry it."""
    moved = [differs(output) for output in ("tier", "outcome") if getattr(write, output)]
    return _count(rows, STAMPED & CHANGES & any_of(*moved, ~INSIDE)), _count(rows, STAMPED)


def _leaving_tier_1(rows: pl.DataFrame, write: Write) -> tuple[int, int]:
    if write.tier is None:
        return 0, 0
    in_tier_1 = OURS & (live("tier") == "tier_1")
    return _count(rows, in_tier_1 & CHANGES & differs("tier")), _count(rows, in_tier_1)


def _count(rows: pl.DataFrame, condition: pl.Expr) -> int:
    return int(rows.select(condition.sum()).item())
