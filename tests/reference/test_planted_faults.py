"""A fault planted anywhere in the engine is caught by comparing it with the reference on at most 2,000 pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

import polars as pl
import pytest

from icp_sync.companies.parse.parsed_columns import ValueKind, low_column, parsed_column
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.scoring import answers, outcome, tier_capacity
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.answers import HIT, MISS, UNKNOWN
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.operators import dates, geography, name_sets, numbers
from icp_sync.scoring.operators import raw_values as values
from icp_sync.scoring.operators.operator_table import OPERATORS
from tests.reference.agreement import COMPANIES, compare

PAIRS: Final = 2_000
pytestmark = pytest.mark.slow
Planted = Callable[[pytest.MonkeyPatch], None]
FAULTS: Final[list[Planted]] = []


def replace_verdict(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[pl.Expr], pl.Expr]) -> None:
    """Let an operator answer otherwise."""
    asked = OPERATORS[name]

    def verdict(properties: tuple[str, ...], leaf: Match, basis: EvaluationContext) -> pl.Expr:
        return change(asked.verdict(properties, leaf, basis))

    monkeypatch.setitem(OPERATORS, name, replace(asked, verdict=verdict))


def fault(plant: Planted) -> Planted:
    """Add to the faults below: each a change of one small function of the engine."""
    FAULTS.append(plant)
    return plant


@fault
def an_unknown_match_falls_through_to_the_partials(monkeypatch: pytest.MonkeyPatch) -> None:
    def or_else(hit: pl.Expr, met: int, otherwise: pl.Expr) -> pl.Expr:
        return pl.when(hit).then(pl.lit(met, dtype=pl.UInt8)).otherwise(otherwise)

    monkeypatch.setattr(answers, "_when_hit_else", or_else)


@fault
def an_unknown_partial_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    original = answers._when_hit_else

    def or_else(hit: pl.Expr, met: int, otherwise: pl.Expr) -> pl.Expr:
        return original(hit if met == HIT else hit.fill_null(False), met, otherwise)

    monkeypatch.setattr(answers, "_when_hit_else", or_else)


@fault
def the_unknown_counts_as_proven_in_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    original = outcome._rounded_sums

    def sums() -> list[pl.Expr]:
        _, potential, coverage = original()
        return [potential.alias("score"), potential, coverage]

    monkeypatch.setattr(outcome, "_rounded_sums", sums)


@fault
def a_threshold_must_be_exceeded(monkeypatch: pytest.MonkeyPatch) -> None:
    def threshold_tier(profile: Profile, score: pl.Expr) -> pl.Expr:
        above = ((score > outcome.tier_threshold(tier), tier.tier) for tier in profile.tiers)
        return pl.coalesce(pl.when(enough).then(pl.lit(name)) for enough, name in above)

    monkeypatch.setattr(outcome, "threshold_tier", threshold_tier)


@fault
def leave_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "tier_threshold", lambda tier: pl.lit(tier.enter))


@fault
def only_holders_of_the_very_tier_keep_it_by_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    def threshold(tier: Tier) -> pl.Expr:
        holds = pl.col(live.RANK) == int(tier.tier[-1])
        return pl.when(holds).then(pl.lit(tier.leave_threshold)).otherwise(pl.lit(tier.enter))

    monkeypatch.setattr(outcome, "tier_threshold", threshold)
    monkeypatch.setattr(live, "has_hysteresis", lambda _: True)


@fault
def the_potential_is_held_against_enter_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "lowest_threshold", lambda tiers: pl.lit(min(tier.enter for tier in tiers)))


@fault
def holders_have_no_better_claim_to_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tier_capacity, "_ranking_score", lambda _: pl.col("score").alias("order"))


@fault
def halves_are_rounded_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def rounded(value: pl.Expr, digits: int) -> pl.Expr:
        steps: pl.Expr = (value.round(9) * 10**digits + 0.5).round(6).floor()
        return steps.truediv(10**digits).round(digits)

    monkeypatch.setattr(outcome, "round_half_even", rounded)


@fault
def an_unknown_disqualifier_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    def disqualified_by(profile: Profile) -> pl.Expr:
        met = [
            pl.when(pl.col(answers.answer_column(asked)) != MISS).then(pl.lit(asked.id))
            for asked in profile.disqualifiers
        ]
        return pl.coalesce(*met, pl.lit(None, dtype=pl.String)).alias("disqualified_by")

    monkeypatch.setattr(outcome, "_disqualified_by", disqualified_by)


@fault
def missing_miss_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    original = outcome.credit_by_answer

    def credits_of(criterion: Criterion) -> dict[int, Fraction | None]:
        return original(criterion) | {UNKNOWN: None}

    monkeypatch.setattr(outcome, "credit_by_answer", credits_of)


@fault
def a_company_not_known_to_be_in_scope_is_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    original = answers.scope_expr

    def in_scope(profile: Profile, context: EvaluationContext) -> pl.Expr:
        scope = profile.scope
        return answers.match_expr(scope, None, context).fill_null(False) if scope else original(profile, context)

    monkeypatch.setattr(answers, "scope_expr", in_scope)


@fault
def only_the_first_of_several_properties_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(properties: tuple[str, ...], reading: ValueKind) -> pl.Expr:
        return pl.col(parsed_column(properties[0], reading))

    monkeypatch.setattr(values, "_first_readable", first)


@fault
def a_range_across_the_border_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    original = numbers._interval_verdict

    def within(properties: tuple[str, ...], floor: float | None, ceiling: float | None) -> pl.Expr:
        readable = pl.any_horizontal(pl.col(low_column(name)).is_not_null() for name in properties)
        return original(properties, floor, ceiling).fill_null(pl.when(readable).then(True))

    monkeypatch.setattr(numbers, "_interval_verdict", within)


@fault
def a_prefix_is_compared_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "text_keys", list)


@fault
def nothing_known_of_a_set_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_verdict(monkeypatch, "has_none", lambda verdict: verdict.fill_null(True))


@fault
def at_least_counts_members_and_not_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    def met(members: pl.Expr, groups: set[frozenset[str]]) -> pl.Expr:
        return name_sets._count_members(members, frozenset[str]().union(*groups))

    monkeypatch.setattr(name_sets, "_count_met_groups", met)


@fault
def a_state_nobody_knows_is_outside_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_verdict(monkeypatch, "region", lambda verdict: verdict.fill_null(False))


@fault
def distances_are_measured_on_a_flat_map(monkeypatch: pytest.MonkeyPatch) -> None:
    def kilometres(lat: pl.Expr, lon: pl.Expr, to_lat: float, to_lon: float) -> pl.Expr:
        return 111.2 * ((lat - to_lat) ** 2 + (lon - to_lon) ** 2).sqrt()

    monkeypatch.setattr(geography, "distance_km", kilometres)


@fault
def a_day_to_come_is_within_days(monkeypatch: pytest.MonkeyPatch) -> None:
    original = dates.days_ago

    def days_ago(properties: tuple[str, ...], basis: EvaluationContext) -> pl.Expr:
        return original(properties, basis).clip(lower_bound=0)

    monkeypatch.setattr(dates, "days_ago", days_ago)


@fault
def age_is_the_difference_of_years(monkeypatch: pytest.MonkeyPatch) -> None:
    def age(name: str, basis: EvaluationContext) -> pl.Expr:
        born = pl.col(parsed_column(name, ValueKind.DATE)).dt.year()
        return basis.as_of.year - pl.coalesce(born, pl.col(parsed_column(name, ValueKind.YEAR)))

    monkeypatch.setattr(dates, "_age_in_years", age)


@pytest.mark.long
@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_caught(plant: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    assert any(compare([seed]).differing for seed in range(PAIRS // COMPANIES))
