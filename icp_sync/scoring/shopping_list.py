"""The shopping list: which missing values, once bought, would put undecided companies into a tier.

Counts of patterns, no rows: a million companies take a tenth of a second, so a run's report can afford it. Which
companies these are is for `lifted_companies`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.answer_patterns import (
    UNDECIDED,
    answer_signatures,
    judge_patterns,
    merge_patterns,
    sum_companies,
)
from icp_sync.scoring.data_purchase_groups import PropertyGroup, property_groups
from icp_sync.scoring.program import Program
from icp_sync.scoring.purchase_ranking import Purchase, rank_purchases
from icp_sync.scoring.purchase_simulation import (
    GROUP,
    LIFTED,
    count_decided_either_way,
    count_lifted_at_best,
    hit_rate_when_answered,
    lacks_group,
    simulate_purchases,
)
from icp_sync.scoring.unreadable_property_groups import count_companies_with_unreadable
from icp_sync.scoring.verdict_signatures import signature_names


@dataclass(frozen=True, slots=True)
class GroupValue:
    """What a purchase of a group's properties would bring, in companies.

    `missing`: undecided companies that leave one of its criteria unanswered; all else is counted among them. `lifts`:
    tier → those that all hits would put there, by thresholds. `settles`: those decided by all hits and by all misses
    alike. `expected`: `lifts` times the rate at which these criteria are hit where they are known, None where too few
    are. `unreadable`: those with a value in one of the properties that nobody could read.
    """

    properties: tuple[str, ...]
    criteria: tuple[str, ...]
    missing: int
    lifts: Mapping[str, int]
    settles: int
    expected: float | None
    unreadable: int


@dataclass(frozen=True, slots=True)
class ShoppingList:
    """What could be bought, best first, and in which order; `dataclasses.asdict` is the document of `--json`."""

    undecided: int
    groups: tuple[GroupValue, ...]
    order: tuple[Purchase, ...]


def shopping_list(
    evaluated: pl.DataFrame,
    program: Program,
    groups: Sequence[PropertyGroup] | None = None,
    tiers: Collection[str] = TIERS,
    *,
    ordered: bool = True,
) -> ShoppingList:
    """The shopping list of a frame `evaluate_predicates` made.

    `groups`: what may be bought, all of the profile's by default. `tiers`: a company counts as lifted if it comes into
    one of these. `ordered`: whether `order` is worked out too, which takes as long as all the rest.
    """
    groups = property_groups(program.profile) if groups is None else groups
    answered = answer_signatures(evaluated, program)
    signatures = judge_patterns(answered, program).filter(UNDECIDED)
    undecided = merge_patterns(signatures, program)
    # By everybody whose answer is known: the undecided are mostly those who lack the value.
    rates = {group: hit_rate_when_answered(answered, group) for group in groups}
    tried = simulate_purchases(undecided, groups, program)
    lifts, settles = count_lifted_at_best(tried, tiers), count_decided_either_way(tried)
    values = [
        GroupValue(
            group.properties,
            group.criteria,
            missing=round(sum_companies(undecided.filter(lacks_group(group)))),
            lifts={tier: round(companies) for tier, companies in lifts.get(place, {}).items()},
            settles=round(settles.get(place, 0)),
            expected=_expected_lifts(lifts.get(place, {}), rates[group]),
            unreadable=count_companies_with_unreadable(evaluated, signatures, group, program),
        )
        for place, group in enumerate(groups)
    ]
    stated = {group: rate for group, rate in rates.items() if rate is not None}
    return ShoppingList(
        round(sum_companies(undecided)),
        tuple(sorted(values, key=_ranking_key, reverse=True)),
        tuple(rank_purchases(undecided, stated, tiers, program)) if ordered else (),
    )


def lifted_companies(
    evaluated: pl.DataFrame, program: Program, groups: Sequence[PropertyGroup], tiers: Collection[str] = TIERS
) -> pl.DataFrame:
    """The companies that `shopping_list` counts as lifted: `id`, `group` (its place in `groups`) and `tier`.

    A company has a row for each group that alone would lift it.
    """
    lifted = _companies_lifted(evaluated, program, groups, UNDECIDED).drop("now")
    return lifted.filter(pl.col("tier").is_in(sorted(tiers)))


def raised_companies(
    evaluated: pl.DataFrame, program: Program, groups: Sequence[PropertyGroup], tiers: Collection[str] = TIERS
) -> pl.DataFrame:
    """The companies in a tier that a purchase would lift into a higher one: `id`, `group` and `tier`, by thresholds.

    They are not among those that `shopping_list` counts. A company has a row for each group that alone would do it.
    """
    raised = _companies_lifted(evaluated, program, groups, pl.col("outcome") == "tiered")
    # The names of tiers sort from the best down.
    return raised.filter(pl.col("tier").is_in(sorted(tiers)), pl.col("tier") < pl.col("now")).drop("now")


def _companies_lifted(
    evaluated: pl.DataFrame, program: Program, groups: Sequence[PropertyGroup], concerned: pl.Expr
) -> pl.DataFrame:
    """`id`, `group`, the `tier` it would reach and the one it reaches `now`, of companies that are `concerned`."""
    names = signature_names(program.signature)
    judged = judge_patterns(answer_signatures(evaluated, program), program).filter(concerned)
    now = judged.select(*names, now="reached")
    tried = simulate_purchases(judged.drop("outcome", "reached"), groups, program).filter(LIFTED)
    rows = tried.select(*names, GROUP, pl.col("reached").alias("tier")).join(now, on=names, maintain_order="left")
    return evaluated.select(ID, *names).join(rows, on=names, maintain_order="left_right").drop(names)


def _expected_lifts(lifts: Mapping[str, float], rate: float | None) -> float | None:
    return None if rate is None else round(rate * sum(lifts.values()), 1)


def _ranking_key(value: GroupValue) -> tuple[float, ...]:
    """What groups are ranked by; one of whose rate nothing is known comes last, however many it may lift."""
    return (-1 if value.expected is None else value.expected, sum(value.lifts.values()), value.settles)
