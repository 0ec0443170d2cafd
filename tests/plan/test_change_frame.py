"""The changes of a plan: sorted, with before, after and cause."""

from __future__ import annotations

import pytest

from icp_sync.plan import change_frame as change
from icp_sync.plan.change_frame import Change
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    OLD_STAMP,
    OUTSIDE,
    PROPERTY,
    TIER_1,
    Texts,
    Verdict,
    drawn,
    profile_of,
    settled,
    verdict,
)

OURS = settled(TIER_1)
FOREIGN = {"tier": "tier_3"}


@pytest.mark.parametrize(
    ("live", "judged", "allow", "cause"),
    [
        (BLANK, TIER_1, set(), "first"),
        (FOREIGN, TIER_1, set(), "first"),
        (FOREIGN | {"score": "10.0"}, TIER_1, set(), "data"),
        (FOREIGN, TIER_1, {"adopt"}, "adopted"),
        (OURS, NO_TIER, set(), "data"),
        (OURS | {"profile": OLD_STAMP}, NO_TIER, set(), "profile"),
        (OURS, OUTSIDE, set(), "left_scope"),
    ],
)
def test_the_cause(live: Texts, judged: Verdict | None, allow: set[str], cause: str) -> None:
    assert [one.cause for one in drawn((live, judged), allow=allow).plan.iter_changes()] == [cause]


def test_without_a_stamp_a_second_score_is_a_change_of_data() -> None:
    drawing = drawn(({"score": "10.0"}, TIER_1), profile=profile_of("score"))
    assert [one.cause for one in drawing.plan.iter_changes()] == ["data"]


def test_only_what_differs_is_named_with_what_stood_there() -> None:
    drawn_changes = list(drawn((OURS, verdict(score=91.0, reasons="fits well"))).plan.iter_changes())
    score, reasons = PROPERTY["score"], PROPERTY["reasons"]
    assert drawn_changes == [Change(1, "data", {score: "90.0", reasons: "fits"}, {score: "91.0", reasons: "fits well"})]


def test_changes_go_by_number_not_by_text() -> None:
    changes = drawn(*[(BLANK, TIER_1)] * 12).plan.changes
    assert changes["id"].to_list() == list(range(1, 13))


def test_properties_are_counted_where_they_are_written() -> None:
    changes = drawn((OURS, verdict(score=91.0)), (OURS, verdict(reasons="new")), (OURS, TIER_1)).plan.changes
    assert change.property_counts(changes) == {PROPERTY["score"]: 1, PROPERTY["reasons"]: 1}


def test_causes_are_counted_in_their_order_and_only_where_there_are_any() -> None:
    drawing = drawn((OURS, OUTSIDE), (OURS, NO_TIER), (BLANK, TIER_1), (BLANK, NO_TIER))
    assert list(change.cause_counts(drawing.plan.changes).items()) == [("left_scope", 1), ("first", 2), ("data", 1)]


def test_changes_as_values_make_a_frame_again() -> None:
    first = Change(9, "data", {"icp_tier": "tier_1"}, {"icp_tier": ""})
    second = Change(4, "first", {"icp_fit_score": ""}, {"icp_fit_score": "12"})
    frame = change.frame_from_changes(
        [first, second, Change(9, "data", {"icp_tier": "tier_2"}, {"icp_tier": "tier_3"})]
    )
    assert list(change.iter_changes(frame)) == [
        second,
        Change(9, "data", {"icp_tier": "tier_2"}, {"icp_tier": "tier_3"}),
    ]
