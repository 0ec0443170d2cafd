"""Edits applied to a loaded profile: validated as its file would be, with what follows from taking something out."""

from __future__ import annotations

import math
from typing import Any, Final

import pytest

from icp_sync.errors import EditRefused, ProfileInvalid
from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.edits.edited_profile import apply_edits, apply_edits_with_warnings
from icp_sync.profile.edits.movable_values import movable_values
from icp_sync.profile.findings import Path
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Capacity, Profile
from tests.profile.edits.example import AGE, CRITERIA, FILE, SIZE, TIER_1, text_of

TESTS: Final = """\
required: [age, size]
tests:
  - { name: of both, company: {}, expect: { credits: { size: 1, age: 0 } } }
  - { name: of size alone, company: {}, expect: { credits: { size: 1 } } }
  - { name: of more, company: {}, expect: { tier: null, credits: { size: 1 } } }
"""


def edited(edits: dict[Path, Value], more: str = "") -> Profile:
    return apply_edits(parse_profile(text_of(more=more), FILE), edits)


def refusals(edits: dict[Any, Any], more: str = "") -> list[str]:
    with pytest.raises((EditRefused, ProfileInvalid)) as refusal:
        edited(edits, more)
    return [str(detail).removeprefix(f"{FILE}:") for detail in refusal.value.details]


def test_each_place_gets_its_value_and_the_loaded_profile_keeps_its_own() -> None:
    loaded = parse_profile(text_of(), FILE)
    profile = apply_edits(loaded, {(*SIZE, "weight"): 5, (*TIER_1, "leave"): None, (*TIER_1, "capacity"): 100})
    assert (profile.criteria[0].weight, profile.tiers[0].leave, profile.tiers[0].capacity) == (
        5,
        None,
        Capacity(limit=100),
    )
    assert loaded.profile == parse_profile(text_of(), FILE).profile


def test_every_movable_place_can_be_given_the_value_it_has() -> None:
    loaded = parse_profile(text_of(more=TESTS), FILE)
    assert apply_edits(loaded, movable_values(loaded.profile)) == loaded.profile


def test_movable_places_are_named_with_their_values_and_defaults() -> None:
    assert list(movable_values(parse_profile(text_of(), FILE).profile).items()) == [
        ((*SIZE, "weight"), 20),
        ((*SIZE, "match", "at_least"), 500),
        ((*SIZE, "missing"), "unknown"),
        ((*AGE, "weight"), 20),
        ((*AGE, "match", "age_years", 0), 3),
        ((*AGE, "match", "age_years", 1), 10),
        ((*AGE, "missing"), "unknown"),
        (("required",), ()),
        (("coverage", "minimum"), 0),
        ((*TIER_1, "enter"), 80),
        ((*TIER_1, "leave"), 75),
        ((*TIER_1, "capacity"), None),
        (("tiers", "tier_2", "enter"), 50),
        (("tiers", "tier_2", "leave"), None),
        (("tiers", "tier_2", "capacity"), None),
    ]


def test_a_criterion_taken_out_is_neither_required_nor_expected_any_more() -> None:
    profile = edited({SIZE: None, (*SIZE, "weight"): 5}, TESTS)
    assert [criterion.id for criterion in profile.criteria] == ["age"]
    assert profile.required == ("age",)
    assert [(case.name, case.expect.model_dump(exclude_unset=True)) for case in profile.tests] == [
        ("of both", {"credits": {"age": 0}}),
        ("of more", {"tier": None}),
    ]


def test_required_keeps_its_order_and_takes_new_ones_in_that_of_the_criteria() -> None:
    assert edited({("required",): ("size", "age")}).required == ("size", "age")
    assert edited({("required",): ("size", "age")}, "required: [age]\n").required == ("age", "size")


INVALID: Final[list[tuple[dict[Any, Any], str]]] = [
    ({(*SIZE, "weight"): 0}, "7: criteria[0].weight: is 0; write a number more than 0"),
    ({(*SIZE, "weight"): math.nan}, "7: criteria[0].weight: is nan; write a finite number"),
    ({(*SIZE, "weight"): "5"}, "7: criteria[0].weight: is text, a number is wanted; write weight: 5 without quotes"),
    (
        {(*SIZE, "missing"): "miss }\nevil: 1"},
        "5: criteria[0].missing: is text 'miss } evil: 1'; write one of unknown, miss",
    ),
    (
        {(*TIER_1, "leave"): 90},
        "14: tiers[0].leave: 90 is above the 80 that enters tier_1; lower it or remove it",
    ),
    (
        {("tiers", "tier_2", "capacity"): 5},
        "15: tiers[1].capacity: tier_2 is the lowest tier and who does not fit has nowhere to go; remove the capacity",
    ),
    ({("required",): ("size", "sise")}, "1: required[1]: 'sise' is no criterion; did you mean size?"),
    ({SIZE: None, AGE: None}, "4: criteria: is an empty list; name at least one"),
    ({SIZE: None, (*AGE, "weight"): 0}, "11: criteria[0].weight: is 0; write a number more than 0"),
]


@pytest.mark.parametrize(("edits", "why"), INVALID)
def test_what_a_file_may_not_say_an_edit_may_not_either(edits: dict[Any, Any], why: str) -> None:
    assert refusals(edits) == [why]


NOT_THERE: Final = "does not stand in the profile, so there is nothing to move; write it into the file first"
REFUSED: Final[list[tuple[dict[Any, Any], str]]] = [
    ({("criteria", "sise", "weight"): 5}, "4: criteria.sise.weight: there is no criterion 'sise'; did you mean size?"),
    ({("disqualifiers", "x"): None}, "1: disqualifiers.x: there is no disqualifier 'x'; there is none"),
    ({(*SIZE, "label"): "x"}, "5: criteria.size.label: only the file can change this; edit it there"),
    ({(*SIZE, "match.at_least"): 1}, "5: criteria.size.match.at_least: only the file can change this; edit it there"),
    ({("criteria", 0, "weight"): 5}, "7: criteria[0].weight: only the file can change this; edit it there"),
    ({SIZE: 5}, "5: criteria.size: can be taken out (null), not replaced; edit it in the file"),
    ({("required",): "size"}, "1: required: holds ids of criteria; give it a list of them"),
    (
        {(*SIZE, "match", "at_most"): 5},
        f"8: criteria.size.match.at_most: {NOT_THERE}",
    ),
    ({(): 5}, "1: only the file can change this; edit it there"),
]


@pytest.mark.parametrize(("edits", "why"), REFUSED)
def test_what_is_not_movable_is_refused_with_its_line(edits: dict[Any, Any], why: str) -> None:
    assert refusals(edits) == [why]


def test_a_list_that_asks_for_a_criterion_keeps_it_from_being_taken_out() -> None:
    more = "lists: [{ name: L, kind: static, where: { hits: [size] } }]\n"
    assert refusals({SIZE: None}, more) == ["16: lists[0].where.hits[0]: 'size' is no criterion; name the id of one"]


def test_warnings_are_those_of_the_edited_profile_at_the_lines_of_the_file() -> None:
    partials = [f"      - {{ match: {{ at_least: {n} }}, credit: {credit} }}\n" for n, credit in ((50, 0.5), (5, 0.2))]
    criteria = CRITERIA.replace("  - id: age", f"    partial:\n{''.join(partials)}  - id: age")
    loaded = parse_profile(text_of(criteria), FILE)
    _, warnings = apply_edits_with_warnings(loaded, {(*SIZE, "partial", 0, "credit"): 0.1})
    (order,) = [str(warning) for warning in warnings if warning.rule == "partial-order"]
    why = "0.2 comes after a lower credit and the first hit counts; put the higher first"
    assert order == f"{FILE}:11: criteria[0].partial[1].credit: {why}"
