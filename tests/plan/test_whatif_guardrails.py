"""What a what-if of tiers would trip: the same numbers and words as a plan has."""

from __future__ import annotations

import pytest

from icp_sync.plan.whatif_guardrails import foresee_guardrails
from icp_sync.profile.model.outputs import Guardrails
from icp_sync.scoring.verdict_comparison import Moved, VerdictComparison


def foreseen(*moved: Moved) -> list[str]:
    compared = VerdictComparison(moved, {}, (0, 0), (), (), (), {}, {})
    return [check.sentence for check in foresee_guardrails(compared, Guardrails())]


@pytest.mark.parametrize(
    ("moved", "sentences"),
    [
        ([("tier_1", "tier_1", 95), ("tier_1", "tier_2", 5), (None, None, 900)], []),
        (
            [("tier_1", "tier_1", 94), ("tier_1", "tier_2", 6), ("tier_2", "tier_2", 900)],
            ["leaving_tier_1: 6 of 100 is 6.0%, at most 5.0%"],
        ),
        (
            [("tier_1", "tier_1", 100), ("tier_2", "tier_1", 26), (None, None, 900)],
            ["entering_tier_1: 26 of 100 is 26.0%, at most 25.0%"],
        ),
        (
            [("tier_2", None, 11), ("tier_2", "tier_2", 89), (None, None, 900)],
            ["leaving_tiers: 11 of 100 is 11.0%, at most 10.0%"],
        ),
        ([(None, "tier_3", 101), (None, None, 899)], ["changed: 101 of 1,000 is 10.1%, at most 10.0%"]),
        ([("tier_1", None, 19)], []),
        ([], []),
    ],
    ids=["within", "leaving tier 1", "entering", "leaving tiers", "changed", "too few to judge", "nobody"],
)
def test_a_bound_that_is_passed_is_named(moved: list[Moved], sentences: list[str]) -> None:
    assert foreseen(*moved) == sentences
