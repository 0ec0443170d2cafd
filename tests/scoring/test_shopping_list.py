"""What missing values are worth: lifted, decided, expected, unreadable, and in which order to buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.data_purchase_groups import property_groups
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import evaluate_predicates
from icp_sync.scoring.shopping_list import GroupValue, ShoppingList, lifted_companies, raised_companies, shopping_list
from icp_sync.scoring.unreadable_property_groups import unreadable_values
from tests.scoring.profiles import TODAY, profile_of

SIZE = {"id": "size", "property": "size", "match": {"at_least": 500}, "weight": 6}
RICH = {"id": "rich", "property": "rich", "match": {"at_least": 500}, "weight": 4}
HIT, MISS = "800", "1"
ONE_TIER = [{"tier": "tier_1", "enter": 100}]
TWO_TIERS = [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 50}]
"""Under these `rich` alone, 40 of 100, decides nothing, and `size` alone, 60, is tier 2."""
Texts = Sequence[str | None]


def two_criteria(*more: Mapping[str, object], **rest: object) -> Profile:
    return profile_of(SIZE, RICH, *more, **{"tiers": TWO_TIERS, **rest})


def list_for(profile: Profile, *tiers: str, **columns: Texts) -> ShoppingList:
    height = len(next(iter(columns.values())))
    program = compile_profile(profile, TODAY)
    evaluated = evaluate_predicates(company_frame(range(1, height + 1), columns), program)
    return shopping_list(evaluated, program, tiers=tiers or TIERS)


def value_of(shopping: ShoppingList, name: str) -> GroupValue:
    (value,) = (value for value in shopping.groups if name in value.properties)
    return value


def test_an_undecided_company_is_lifted_by_a_hit_into_the_tier_it_then_reaches() -> None:
    shopping = list_for(two_criteria(), size=[None], rich=[HIT])

    assert shopping.undecided == 1
    assert value_of(shopping, "size") == GroupValue(("size",), ("size",), 1, {"tier_1": 1}, 1, None, 0)
    assert value_of(shopping, "rich").missing == 0


def test_a_purchase_decides_a_company_only_where_it_does_so_either_way() -> None:
    third = {"id": "third", "property": "third", "match": {"at_least": 500}, "weight": 10}
    # Of 20 points 6, 4 and 10. With `third` known as hit it takes one more hit; `size` missed leaves 70 in reach.
    profile = two_criteria(third, tiers=[{"tier": "tier_1", "enter": 65}])
    shopping = list_for(profile, size=[None, None], rich=[None, None], third=[HIT, None])

    assert (value_of(shopping, "size").lifts, value_of(shopping, "size").settles) == ({"tier_1": 1}, 0)
    assert (value_of(shopping, "third").lifts, value_of(shopping, "third").settles) == ({}, 0)
    assert value_of(shopping, "third").missing == 1


def test_a_miss_may_decide_as_well() -> None:
    profile = two_criteria(required=["size"])
    shopping = list_for(profile, size=[None], rich=[None])

    assert (value_of(shopping, "size").lifts, value_of(shopping, "size").settles) == ({"tier_2": 1}, 1)


@pytest.mark.parametrize(("known", "expected"), [(49, None), (50, 0.5)])
def test_what_is_expected_is_the_rate_of_those_known_if_they_are_fifty(known: int, expected: float | None) -> None:
    # Half of the known hit: of one company to be lifted half a company is expected.
    sizes = [HIT if n % 2 else MISS for n in range(known)]
    shopping = list_for(two_criteria(), size=[None, *sizes], rich=[HIT, *[MISS] * known])

    assert value_of(shopping, "size").expected == expected
    assert len(shopping.order) == (0 if expected is None else 1)


def test_only_undecided_companies_in_scope_count() -> None:
    out = {"id": "out", "property": "type", "match": {"in": ["PARTNER"]}}
    scope = {"property": "market", "in": ["DE"]}
    profile = two_criteria(scope=scope, disqualifiers=[out])
    types, markets = [None, "PARTNER", None, None], ["DE", "DE", "US", None]
    shopping = list_for(profile, size=[None] * 4, rich=[HIT] * 4, type=types, market=markets)

    assert shopping.undecided == 2
    assert value_of(shopping, "size").lifts == {"tier_1": 2}


def test_companies_count_as_lifted_into_the_tiers_asked_for() -> None:
    sizes, riches = [None, None], [HIT, MISS]

    lifts = value_of(list_for(two_criteria(), size=sizes, rich=riches), "size").lifts
    assert lifts == {"tier_1": 1, "tier_2": 1}
    assert value_of(list_for(two_criteria(), "tier_2", size=sizes, rich=riches), "size").lifts == {"tier_2": 1}


def test_a_bought_value_answers_what_counted_its_absence_as_a_miss_too() -> None:
    # Empty, `strict` is a miss; the value that hits `size` hits it as well, and only so 80 points are reached.
    strict = {"id": "strict", "property": "size", "match": {"at_least": 400}, "weight": 4, "missing": "miss"}
    profile = profile_of(SIZE, strict, tiers=[{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 50}])

    value = value_of(list_for(profile, size=[None]), "size")
    assert (value.criteria, value.lifts) == (("size",), {"tier_1": 1})


def test_a_holder_of_a_tier_is_lifted_at_the_threshold_it_keeps_it_by() -> None:
    profile = two_criteria(tiers=[{"tier": "tier_1", "enter": 90, "leave": 55}])
    program = compile_profile(profile, TODAY)
    frame = company_frame([1, 2], {"size": [None, None], "rich": [MISS, MISS]})
    live = frame.with_columns(pl.Series("live:tier", ["tier_1", None]))

    (value, _) = shopping_list(evaluate_predicates(live, program), program).groups
    assert (value.missing, value.lifts) == (1, {"tier_1": 1})


def test_what_stands_there_and_cannot_be_read_is_counted_apart_from_empty_words() -> None:
    profile = two_criteria()
    shopping = list_for(profile, size=["a few", "N/A", None, "a few", HIT], rich=[HIT, HIT, HIT, MISS, "some"])

    assert (value_of(shopping, "size").missing, value_of(shopping, "size").unreadable) == (4, 2)
    assert value_of(shopping, "rich").unreadable == 0, "the last company is in tier 2 as it is"


def test_the_values_nobody_can_read_are_those_that_are_counted() -> None:
    program = compile_profile(two_criteria(), TODAY)
    sizes, riches = ["a few", "N/A", None, "a few", HIT], [HIT, HIT, HIT, "lots", "some"]
    evaluated = evaluate_predicates(company_frame(range(1, 6), {"size": sizes, "rich": riches}), program)
    values = unreadable_values(evaluated, program, property_groups(program.profile))

    assert values.rows() == [(1, 0, "size", "a few"), (4, 0, "size", "a few"), (4, 1, "rich", "lots")], (
        "the last company is in tier 2 as it is"
    )
    counted = {value.properties[0]: value.unreadable for value in shopping_list(evaluated, program).groups}
    assert counted == {"size": 2, "rich": 1}


def test_an_alternative_that_can_be_read_leaves_nothing_to_correct() -> None:
    either = {**SIZE, "property": None, "properties": ["size", "range"]}
    shopping = list_for(profile_of(either, RICH), size=["a few"], range=[HIT], rich=[None])

    assert value_of(shopping, "range").missing == 0
    assert value_of(shopping, "range").unreadable == 0


def test_the_order_buys_the_best_first_and_the_rest_on_what_it_left() -> None:
    # 100 known to both: 80 of 100 hit `size`, half hit `rich`. 100 companies lack both, and tier 1 takes both.
    sizes = [HIT] * 80 + [MISS] * 20
    riches = [HIT, MISS] * 50
    shopping = list_for(two_criteria(), size=[*sizes, *[None] * 100], rich=[*riches, *[None] * 100])

    steps = [(step.properties, step.expected, step.still_undecided) for step in shopping.order]
    # `size` puts 80 of the 100 into tier 2; of the other 20 no value of `rich` could make anything.
    assert steps == [(("size",), 80.0, 0)]


def test_the_order_goes_on_where_one_purchase_is_not_enough() -> None:
    sizes, riches = [HIT] * 80 + [MISS] * 20, [HIT, MISS] * 50
    shopping = list_for(two_criteria(tiers=ONE_TIER), size=[*sizes, *[None] * 100], rich=[*riches, *[None] * 100])

    steps = [(step.properties, step.expected, step.still_undecided) for step in shopping.order]
    # Neither lifts any alone, but a miss decides, and `rich` is missed more often. Then `size` lifts four of five.
    assert steps == [(("rich",), 0.0, 50), (("size",), 40.0, 0)]


def test_the_companies_of_a_purchase_are_those_it_lifts_a_row_for_each_that_would() -> None:
    program = compile_profile(profile_of(SIZE, {**RICH, "weight": 6}, tiers=[{"tier": "tier_1", "enter": 50}]), TODAY)
    frame = company_frame([7, 8, 9], {"size": [None, HIT, None], "rich": [None, None, MISS]})
    groups = property_groups(program.profile)

    lifted = lifted_companies(evaluate_predicates(frame, program), program, groups)
    assert sorted(lifted.rows()) == [(7, 0, "tier_1"), (7, 1, "tier_1"), (9, 0, "tier_1")]
    assert lifted_companies(evaluate_predicates(frame, program), program, groups, ["tier_2"]).is_empty()


def test_a_company_in_a_tier_is_raised_by_a_hit_into_a_higher_one() -> None:
    program = compile_profile(two_criteria(), TODAY)
    frame = company_frame([7, 8, 9], {"size": [HIT, HIT, None], "rich": [None, HIT, None]})
    evaluated, groups = evaluate_predicates(frame, program), property_groups(program.profile)
    (rich,) = (place for place, group in enumerate(groups) if "rich" in group.properties)

    raised = raised_companies(evaluated, program, groups)
    assert raised.rows() == [(7, rich, "tier_1")], "8 is tier 1 already, 9 undecided"
    assert raised_companies(evaluated, program, groups, ["tier_2"]).is_empty()
    assert 7 not in lifted_companies(evaluated, program, groups)["id"]


def test_of_no_companies_nothing_is_bought() -> None:
    shopping = list_for(two_criteria(), size=[], rich=[])

    assert (shopping.undecided, shopping.order) == (0, ())
    assert [value.missing for value in shopping.groups] == [0, 0]
