"""Guardrails: shares of a plan that block it beyond a limit. One row a guardrail; its limit is a key of the profile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from icp_sync.plan.columns import COUNTED, IN_SCOPE, IS_CHANGED, OURS, any_of, desired, live
from icp_sync.plan.diff import differs
from icp_sync.plan.list_diff import ListChange
from icp_sync.profile.model.outputs import Guardrails, Write
from icp_sync.profile.model.types import TIERS

Bound = Literal["at most", "at least"]


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
    """What a guardrail may count by besides the diff: the outputs written, and companies read by the last complete run.

    `last_read`: None without such a run.
    """

    write: Write
    last_read: int | None


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A guardrail over companies, measured on the diff frame; `is_changed` says which companies the plan changes.

    `measure` returns None where there is nothing to judge by. A share is judged from `judged_from` companies on.
    `none_allowed`: the profile has no limit for it; a single company blocks the plan. A saved plan holds no diff, so
    what it says of such a guardrail is trusted.
    """

    measure: Callable[[pl.DataFrame, GuardrailContext], Share | None]
    bound: Bound = "at most"
    judged_from: int = 20
    none_allowed: bool = False


@dataclass(frozen=True, slots=True)
class ListGuardrail:
    """A guardrail over each static list, measured on its change; measured again from a saved plan."""

    measure: Callable[[ListChange], Share | None]
    bound: Bound = "at most"
    judged_from: int = 20
    none_allowed: bool = False


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
        return self.part < limit if GUARDRAILS[self.name].bound == "at least" else self.part > limit

    @property
    def blocks(self) -> bool:
        """Whether this guardrail blocks the plan."""
        return self.beyond and not self.allowed

    @property
    def title(self) -> str:
        """The guardrail, with the list it is about."""
        return f"{self.name} of list {self.list_name}" if self.list_name else self.name

    @property
    def sentence(self) -> str:
        """Both numbers in words, for a share that was judged: `changed: 5 of 20 is 25.0%, at most 10.0%`."""
        row = GUARDRAILS[self.name]
        if row.none_allowed:
            return f"{self.title}: {self.part:,}, none"
        return f"{self.title}: {self.part:,} of {self.whole:,} is {self.actual:.1%}, {row.bound} {self.limit:.1%}"


def evaluate(
    diff: pl.DataFrame,
    context: GuardrailContext,
    limits: Guardrails,
    lists: Collection[ListChange],
    allow: Collection[str],
) -> tuple[GuardrailCheck, ...]:
    """One check a guardrail over companies, and one a static list for each over lists, in the order of the rows."""
    return tuple(
        check
        for name, row in GUARDRAILS.items()
        for check in (
            _list_checks(name, row, limits, lists, allow)
            if isinstance(row, ListGuardrail)
            else [_check(name, row.measure(diff, context), limits, allow)]
        )
    )


def recheck(
    checks: Iterable[GuardrailCheck], limits: Guardrails, lists: Collection[ListChange], allow: Collection[str]
) -> tuple[GuardrailCheck, ...]:
    """The checks that a saved plan with these `checks` must hold: those over lists measured again, all by `limits`."""
    saved = {check.name: check for check in checks if check.list_name is None}
    expected: list[GuardrailCheck] = []
    for name, row in GUARDRAILS.items():
        if isinstance(row, ListGuardrail):
            expected.extend(_list_checks(name, row, limits, lists, allow))
        else:
            check = _check(name, None, limits, allow)
            expected.append(replace(saved.get(name, check), limit=check.limit, allowed=check.allowed))
    return tuple(expected)


def _list_checks(
    name: str, row: ListGuardrail, limits: Guardrails, lists: Iterable[ListChange], allow: Collection[str]
) -> Iterator[GuardrailCheck]:
    for change in lists:
        if change.kind == "static":
            yield replace(_check(name, row.measure(change), limits, allow), list_name=change.name)


def _check(name: str, share: Share | None, limits: Guardrails, allow: Collection[str]) -> GuardrailCheck:
    row = GUARDRAILS[name]
    limit = Decimal(0) if row.none_allowed else getattr(limits, name)
    if share is None:
        return GuardrailCheck(name, limit, 0, None, name in allow)
    judged = share.whole if share.judged is None else share.judged
    return GuardrailCheck(name, limit, share.part, share.whole if judged >= row.judged_from else None, name in allow)


def _changed(diff: pl.DataFrame, context: GuardrailContext) -> Share:
    """Companies with our provenance stamp whose tier or outcome changes or which leave the scope, of all with it."""
    moved = [differs(output) for output in ("tier", "outcome") if getattr(context.write, output)]
    return _share(diff, any_of(*moved, ~IN_SCOPE), COUNTED)


def _leaving_tier_1(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    return _share(diff, differs("tier"), OURS & (live("tier") == "tier_1")) if context.write.tier else None


def _entering_tier_1(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies of ours that enter tier_1, of ours with a live tier_1 or 20; judged by the stamped, of any tier."""
    if context.write.tier is None:
        return None
    in_tier_1 = live("tier") == "tier_1"
    entering = _share(diff, differs("tier") & (desired("tier") == "tier_1") & ~in_tier_1, OURS).part
    return Share(entering, max(20, _count(diff, OURS & in_tier_1)), _count(diff, COUNTED))


def _leaving_tiers(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Companies of ours whose live tier the plan lowers or takes, of ours with a live tier."""
    if context.write.tier is None:
        return None
    ranks = {tier: rank for rank, tier in enumerate(TIERS)}
    before, after = (
        text.replace_strict(ranks, default=None, return_dtype=pl.UInt8) for text in (live("tier"), desired("tier"))
    )
    lowered = (after > before).fill_null(desired("tier") == "")
    return _share(diff, differs("tier") & lowered, OURS & before.is_not_null())


def _disqualified(diff: pl.DataFrame, context: GuardrailContext) -> Share | None:
    """Stamped companies that become disqualified, of all stamped; a record without an outcome may have been so before.

    In a profile that writes no outcome, those disqualified whose tier changes; None without a tier either.
    """
    if context.write.outcome:
        becomes = differs("outcome") & (live("outcome") != "")
    elif context.write.tier:
        becomes = differs("tier")
    else:
        return None
    return _share(diff, becomes & (pl.col("outcome") == "disqualified"), COUNTED)


def _share(diff: pl.DataFrame, condition: pl.Expr, of: pl.Expr) -> Share:
    """Companies `of` some kind that the plan changes so, of all of that kind."""
    return Share(_count(diff, of & IS_CHANGED & condition), _count(diff, of))


def _count(diff: pl.DataFrame, condition: pl.Expr) -> int:
    return int(diff.select(condition.sum()).item())


GUARDRAILS: Final[Mapping[str, Guardrail | ListGuardrail]] = MappingProxyType(
    {
        "changed": Guardrail(_changed),
        "leaving_tier_1": Guardrail(_leaving_tier_1),
        "list_shrink": ListGuardrail(lambda change: Share(len(change.remove), change.members_of_ours)),
        "read_at_least": Guardrail(
            lambda diff, context: Share(diff.height, context.last_read or 0), bound="at least", judged_from=1
        ),
        "entering_tier_1": Guardrail(_entering_tier_1, judged_from=100),
        "list_growth": ListGuardrail(lambda change: Share(change.add_ours, change.members_of_ours)),
        "disqualified": Guardrail(_disqualified),
        "leaving_tiers": Guardrail(_leaving_tiers),
    }
)
NAMES: Final = tuple(GUARDRAILS)
