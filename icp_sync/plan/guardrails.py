"""Guardrails: shares of a plan that block it beyond a limit. One row a guardrail; its limit is a key of the profile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

import polars as pl

from icp_sync.plan import guardrail_measures
from icp_sync.plan.guardrail_measures import GuardrailContext, Share
from icp_sync.plan.list_diff import ListChange
from icp_sync.profile.model.outputs import Guardrails

Bound = Literal["at most", "at least"]


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A guardrail over companies, measured on the diff frame; `is_changed` says which companies the plan changes.

    `meaning` says in words what is counted. `measure` returns None where there is nothing to judge by. A share is
    judged from `judged_from` companies on.
    `none_allowed`: the profile has no limit for it; a single company blocks the plan. A saved plan holds no diff, so
    what it says of such a guardrail is trusted.
    """

    meaning: str
    measure: Callable[[pl.DataFrame, GuardrailContext], Share | None]
    bound: Bound = "at most"
    judged_from: int = 20
    none_allowed: bool = False


@dataclass(frozen=True, slots=True)
class ListGuardrail:
    """A guardrail over each static list, measured on its change; measured again from a saved plan.

    `meaning` says in words what is counted, before the list's name.
    """

    meaning: str
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
    def is_beyond_limit(self) -> bool:
        """Whether the share is beyond the limit, compared in decimals."""
        if not self.whole:
            return False
        limit = self.limit * self.whole
        return self.part < limit if GUARDRAILS[self.name].bound == "at least" else self.part > limit

    @property
    def blocks(self) -> bool:
        """Whether this guardrail blocks the plan."""
        return self.is_beyond_limit and not self.allowed

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


def evaluate_guardrails(
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
            else [_guardrail_check(name, row.measure(diff, context), limits, allow)]
        )
    )


def remeasure_guardrails(
    checks: Iterable[GuardrailCheck], limits: Guardrails, lists: Collection[ListChange], allow: Collection[str]
) -> tuple[GuardrailCheck, ...]:
    """The checks that a saved plan with these `checks` must hold: those over lists measured again, all by `limits`."""
    saved = {check.name: check for check in checks if check.list_name is None}
    expected: list[GuardrailCheck] = []
    for name, row in GUARDRAILS.items():
        if isinstance(row, ListGuardrail):
            expected.extend(_list_checks(name, row, limits, lists, allow))
        else:
            check = _guardrail_check(name, None, limits, allow)
            expected.append(replace(saved.get(name, check), limit=check.limit, allowed=check.allowed))
    return tuple(expected)


def _list_checks(
    name: str, row: ListGuardrail, limits: Guardrails, lists: Iterable[ListChange], allow: Collection[str]
) -> Iterator[GuardrailCheck]:
    for change in lists:
        if change.kind == "static":
            yield replace(_guardrail_check(name, row.measure(change), limits, allow), list_name=change.name)


def check_share(name: str, share: Share, limits: Guardrails) -> GuardrailCheck:
    """One guardrail over companies, evaluated on a share that was measured elsewhere."""
    return _guardrail_check(name, share, limits, ())


def _guardrail_check(name: str, share: Share | None, limits: Guardrails, allow: Collection[str]) -> GuardrailCheck:
    row = GUARDRAILS[name]
    limit = Decimal(0) if row.none_allowed else getattr(limits, name)
    if share is None:
        return GuardrailCheck(name, limit, 0, None, name in allow)
    judged = share.whole if share.judged is None else share.judged
    return GuardrailCheck(name, limit, share.part, share.whole if judged >= row.judged_from else None, name in allow)


GUARDRAILS: Final[Mapping[str, Guardrail | ListGuardrail]] = MappingProxyType(
    {
        "changed": Guardrail("companies whose tier or outcome changes", guardrail_measures.measure_changed),
        "leaving_tier_1": Guardrail("companies that leave tier 1", guardrail_measures.measure_leaving_tier_1),
        "list_shrink": ListGuardrail(
            "members a list loses", lambda change: Share(len(change.remove), change.members_of_ours)
        ),
        "read_at_least": Guardrail(
            "companies read, of those the last run read",
            lambda _, context: Share(context.read, context.last_read or 0),
            bound="at least",
            judged_from=1,
        ),
        "entering_tier_1": Guardrail(
            "companies that enter tier 1", guardrail_measures.measure_entering_tier_1, judged_from=100
        ),
        "list_growth": ListGuardrail(
            "companies a list gains", lambda change: Share(change.add_ours, change.members_of_ours)
        ),
        "list_taken_off": ListGuardrail(
            "members people took off a list",
            lambda change: Share(len(change.taken_off), change.members_of_ours + len(change.taken_off)),
        ),
        "disqualified": Guardrail("companies that become disqualified", guardrail_measures.measure_disqualified),
        "leaving_tiers": Guardrail("companies whose tier falls or goes", guardrail_measures.measure_leaving_tiers),
        "other_writer": Guardrail("companies another icp_sync wrote", guardrail_measures.measure_other_writer),
        "undone": Guardrail(
            "companies an undone run would write again",
            guardrail_measures.measure_written_again_after_undo,
            judged_from=1,
            none_allowed=True,
        ),
        "missing_file": Guardrail(
            "companies that stand on a vendor's file which is gone",
            guardrail_measures.measure_missing_file,
            judged_from=1,
            none_allowed=True,
        ),
    }
)
NAMES: Final = tuple(GUARDRAILS)
