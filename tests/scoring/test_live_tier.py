"""Tiers that hold still: what a company must score depends on the tier it is in (design: "Thresholds")."""

from __future__ import annotations

import pytest

from tests.scoring.profiles import only_row, profile_of, scored_live

# tier_1 from 80, left below 70; tier_2 from 60, left below 50; tier_3 from 40, with no leave of its own
STICKY = [
    {"tier": "tier_1", "enter": 80, "leave": 70},
    {"tier": "tier_2", "enter": 60, "leave": 50},
    {"tier": "tier_3", "enter": 40},
]
# What the fit score, out of 100, makes of a company that is live in: nothing, tier_3, tier_2, tier_1
REACHED: list[tuple[int, str | None, str | None, str | None, str | None]] = [
    (80, "tier_1", "tier_1", "tier_1", "tier_1"),
    (79, "tier_2", "tier_2", "tier_2", "tier_1"),
    (70, "tier_2", "tier_2", "tier_2", "tier_1"),
    (69, "tier_2", "tier_2", "tier_2", "tier_2"),
    (60, "tier_2", "tier_2", "tier_2", "tier_2"),
    (59, "tier_3", "tier_3", "tier_2", "tier_2"),
    (50, "tier_3", "tier_3", "tier_2", "tier_2"),
    (49, "tier_3", "tier_3", "tier_3", "tier_3"),
    (40, "tier_3", "tier_3", "tier_3", "tier_3"),
    (39, None, None, None, None),
]
LIVE = [None, "tier_3", "tier_2", "tier_1"]


def judge(score: int, live: str | None, unknown: int = 0, **rest: object) -> dict[str, object]:
    """A company that proves `score` of 100 points, misses the others, and says nothing about `unknown` of them."""
    weights = {"hit": score, "miss": 100 - score - unknown, "none": unknown}
    criteria = [
        {"id": name, "property": name, "weight": weight, "match": {"is_true": True}}
        for name, weight in weights.items()
        if weight
    ]
    profile = profile_of(*criteria, **{"tiers": STICKY, **rest})
    return only_row(scored_live(profile, {"live:tier": [live]}, hit=["yes"], miss=["no"], none=[None]).frame)


@pytest.mark.parametrize(
    ("score", "live", "tier"),
    [(score, live, tier) for score, *tiers in REACHED for live, tier in zip(LIVE, tiers, strict=True)],
)
def test_a_tier_is_left_at_another_score_than_it_is_entered(score: int, live: str | None, tier: str | None) -> None:
    row = judge(score, live)

    assert (row["reached"], row["tier"]) == (tier, tier)


@pytest.mark.parametrize(
    ("score", "unknown", "live", "outcome"),
    [
        (30, 9, "tier_3", "not_icp"),  # potential 39: out of reach of 40
        (30, 10, "tier_3", "insufficient_data"),  # potential 40
        (30, 10, None, "insufficient_data"),
    ],
)
def test_out_of_reach_is_below_the_lowest_threshold_that_applies(
    score: int, unknown: int, live: str | None, outcome: str
) -> None:
    assert judge(score, live, unknown)["outcome"] == outcome


LAST_STICKY = [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 60, "leave": 50}]


@pytest.mark.parametrize(
    ("live", "outcome", "reasons"),
    [
        (None, "not_icp", "Not ICP (45): a tier takes 60 points, at most 55 are possible."),
        ("tier_3", "not_icp", "Not ICP (45): a tier takes 60 points, at most 55 are possible."),
        ("tier_2", "insufficient_data", "Not decided (45): a tier takes 50 points, up to 55 are possible. "),
        ("tier_1", "insufficient_data", "Not decided (45): a tier takes 50 points, up to 55 are possible. "),
    ],
)
def test_the_lowest_tier_s_leave_applies_to_whoever_is_in_it_or_above(
    live: str | None, outcome: str, reasons: str
) -> None:
    row = judge(45, live, 10, tiers=LAST_STICKY)

    assert row["outcome"] == outcome
    assert reasons in str(row["reasons"])


@pytest.mark.parametrize(
    ("unknown", "lifted"),
    [
        (15, ""),  # 60 with it: in tier 2 by its leave today, and out of it tomorrow
        (25, ", +25 would make it tier 2"),
    ],
)
@pytest.mark.parametrize("live", [None, "tier_1", "tier_2"])
def test_a_promise_goes_by_enter_since_after_tonight_no_leave_counts(
    live: str | None, unknown: int, lifted: str
) -> None:
    tiers = [{"tier": "tier_1", "enter": 90}, {"tier": "tier_2", "enter": 70, "leave": 50}]
    reasons = str(judge(45, live, unknown, tiers=tiers)["reasons"])

    assert ("would make it" in reasons) == bool(lifted)
    assert lifted in reasons


def test_too_little_known_names_a_tier_that_is_reached_by_its_leave() -> None:
    row = judge(55, "tier_2", 45, tiers=LAST_STICKY, coverage={"minimum": 0.6})

    assert row["outcome"] == "insufficient_data"
    assert str(row["reasons"]).startswith(
        "Not decided (55): enough for tier 2, but only 55% of the weight is known and 60% is needed. "
    )


def test_companies_that_answer_alike_and_stand_apart_are_judged_apart() -> None:
    profile = profile_of(
        {"id": "a", "property": "a", "weight": 75, "match": {"is_true": True}},
        {"id": "b", "property": "b", "weight": 25, "match": {"is_true": True}},
        tiers=STICKY,
    )

    frame = scored_live(profile, {"live:tier": ["tier_1", None, "tier_1"]}, a=["yes"] * 3, b=["no"] * 3).frame

    assert frame["tier"].to_list() == ["tier_1", "tier_2", "tier_1"]
