"""Values compared by type, the same on a frame and on a record; and what to do with a record that moved."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.plan.change_frame import Change
from icp_sync.plan.diff import differs
from icp_sync.plan.outputs import OUTPUTS
from icp_sync.plan.value_equality import values_equal
from icp_sync.plan.write_precondition import DriftCheck, check_drift, property_types
from tests.plan.drawings import PROFILE, PROPERTY

OUTPUT = {
    "number": "score",
    "bool": "target_account",
    "enumeration": "tier",
    "string": "reasons",
    "datetime": "changed_at",
}
SAME = [
    ("number", "80", "80.0"), ("number", "80.0", "80.00"), ("number", "8e1", "80"), ("number", ".5", "0.5"),
    ("number", "-0", "0"), ("number", "", ""), ("number", "+80", "80."),
    ("bool", "true", "TRUE"), ("bool", "false", "False"), ("bool", "", ""),
    ("enumeration", "tier_1", "tier_1"), ("string", "fits", "fits"),
    ("datetime", "2026-11-21T03:00:00.123Z", ""), ("datetime", "1", "2"),
]  # fmt: skip
DIFFERENT = [
    ("number", "80", "80.1"), ("number", "80", ""), ("number", "", "0"), ("number", "80", "eighty"),
    ("number", "80", " 80"), ("number", "10", "1_0"), ("number", "80", "８０"), ("number", "", "n/a"),
    ("bool", "false", ""), ("bool", "true", "yes"), ("bool", "true", "false"),
    ("enumeration", "tier_1", "Tier_1"), ("enumeration", "tier_1", ""),
    ("string", "fits", "Fits"), ("string", "fits", "fits "), ("string", "80", "80.0"),
]  # fmt: skip
NUMBERS = st.floats(0, 100).map(lambda number: str(round(number, 3))) | st.just("")


def differ(kind: str, wanted: str, live: str) -> bool:
    """What a plan says of the pair."""
    output = OUTPUT[kind]
    frame = pl.DataFrame({f"desired.{output}": [wanted], f"live.{output}": [live]})
    differing: bool = frame.select(differs(output)).item()
    return differing


@pytest.mark.parametrize(("kind", "left", "other"), SAME)
def test_equal_by_type(kind: str, left: str, other: str) -> None:
    assert values_equal(left, other, kind)
    assert values_equal(other, left, kind)
    assert not differ(kind, left, other)


@pytest.mark.parametrize(("kind", "left", "other"), DIFFERENT)
def test_different_by_type(kind: str, left: str, other: str) -> None:
    assert not values_equal(left, other, kind)
    assert not values_equal(other, left, kind)
    assert differ(kind, left, other)


@given(st.sampled_from(sorted(OUTPUT)), NUMBERS | st.sampled_from(["true", "false"]), st.text(max_size=8) | NUMBERS)
def test_plan_and_write_agree_on_any_text_a_record_may_hold(kind: str, wanted: str, live: str) -> None:
    assert differ(kind, wanted, live) is not values_equal(wanted, live, kind)


def test_nothing_differs_from_what_is_not_wanted() -> None:
    frame = pl.DataFrame(
        {"desired.tier": [None], "live.tier": ["tier_1"]}, schema_overrides={"desired.tier": pl.String}
    )
    assert frame.select(differs("tier")).item() is False


TYPES = property_types(PROFILE)
TIER, SCORE, MOMENT = PROPERTY["tier"], PROPERTY["score"], PROPERTY["changed_at"]
CHANGE = Change(
    1, "data", {TIER: "tier_2", SCORE: "70.0", MOMENT: "old"}, {TIER: "tier_1", SCORE: "90.0", MOMENT: "new"}
)
OVERRIDABLE = {TIER, PROPERTY["target_account"]}
RECORDS: dict[str, tuple[dict[str, str], DriftCheck]] = {
    "as the plan saw it": ({TIER: "tier_2", SCORE: "70", MOMENT: "old"}, DriftCheck(CHANGE.after, ())),
    "its score written by others": ({TIER: "tier_2", SCORE: "90", MOMENT: "old"}, DriftCheck(CHANGE.after, ())),
    "as the plan wants it": ({TIER: "tier_1", SCORE: "90", MOMENT: "old"}, DriftCheck({}, ())),
    "given its tier by a person": ({TIER: "tier_1", SCORE: "70", MOMENT: "old"}, DriftCheck(CHANGE.after, (TIER,))),
    "edited by a person": ({TIER: "tier_3", SCORE: "70.0", MOMENT: "old"}, DriftCheck(CHANGE.after, (TIER,))),
    "cleared by a person": ({SCORE: "90"}, DriftCheck(CHANGE.after, (TIER,))),
    "its moment edited": ({TIER: "tier_2", SCORE: "70", MOMENT: "else"}, DriftCheck(CHANGE.after, ())),
}


@pytest.mark.parametrize(("live", "expected"), RECORDS.values(), ids=RECORDS)
def test_a_record_against_its_change(live: dict[str, str], expected: DriftCheck) -> None:
    assert check_drift(CHANGE, live, TYPES, OVERRIDABLE) == expected


def test_a_tier_that_the_plan_only_writes_again_is_nobody_elses() -> None:
    change = Change(1, "adopted", {TIER: "tier_1", SCORE: ""}, {TIER: "tier_1", SCORE: "90"})
    assert check_drift(change, {TIER: "tier_1"}, TYPES, OVERRIDABLE) == DriftCheck(change.after, ())


def test_every_written_property_has_the_type_of_its_output() -> None:
    assert {name: OUTPUTS[output].type for output, name in PROPERTY.items()} == TYPES
