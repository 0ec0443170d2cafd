"""What a plan means for people."""

from __future__ import annotations

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.preview import (
    TierMovement,
    count_entering_tiers,
    pick_best_companies,
    pick_examples,
    tier_movements,
)
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    OUTSIDE,
    TIER_1,
    TIER_2,
    drawn,
    profile_of,
    settled,
    verdict,
)

OURS_1, OURS_2 = settled(TIER_1), settled(TIER_2)
DRAWING = drawn(
    (BLANK, TIER_1),
    (BLANK, verdict("tier_1", score=99.0)),
    (BLANK, NO_TIER),
    (OURS_2, TIER_1),
    (OURS_1, NO_TIER),
    (OURS_1, OUTSIDE),
    (OURS_1, TIER_1),
    (OURS_1, verdict(score=97.0)),
    ({"tier": "tier_3"}, verdict(score=98.0)),
)


def ids(drawing: PlanPreview, count: int = 5) -> list[int]:
    return [one.id for one in pick_examples(drawing, count)]


def test_movements_between_tiers_leave_out_foreign_ones() -> None:
    assert tier_movements(DRAWING) == (
        TierMovement("no tier", "tier_1", 2),
        TierMovement("tier_1", "no tier", 2),
        TierMovement("tier_2", "tier_1", 1),
    )


def test_entering_is_getting_a_first_tier_or_another_one() -> None:
    assert count_entering_tiers(DRAWING) == 3


def test_examples_are_the_best_that_change_tier() -> None:
    assert ids(DRAWING) == [2, 1, 4, 5, 6]
    assert ids(DRAWING, 1) == [2]


def test_where_no_tier_changes_examples_are_the_best_that_change() -> None:
    assert ids(drawn((OURS_1, verdict(score=91.0)), (OURS_1, verdict(score=92.0)), (OURS_1, TIER_1))) == [2, 1]


def test_an_example_says_where_it_came_from_and_why() -> None:
    (example,) = pick_examples(drawn((OURS_2, verdict(reasons="fits best"))))
    assert (example.before, example.after, example.score, example.reasons) == ("tier_2", "tier_1", 90.0, "fits best")
    assert (example.name, example.domain) == ("", "")


def test_what_leaves_the_scope_has_no_score() -> None:
    (example,) = pick_examples(drawn((OURS_1, OUTSIDE)))
    assert (example.before, example.after, example.score, example.reasons) == ("tier_1", "no tier", None, "")


def test_the_best_target_accounts_are_those_of_the_highest_tier() -> None:
    assert [one.id for one in pick_best_companies(DRAWING, 3)] == [2, 8, 1]
    assert pick_best_companies(drawn((BLANK, NO_TIER))) == ()


def test_a_profile_that_writes_no_tier_moves_nobody() -> None:
    drawing = drawn((BLANK, TIER_1), profile=profile_of("score"))
    assert (tier_movements(drawing), count_entering_tiers(drawing), ids(drawing)) == ((), 0, [1])
