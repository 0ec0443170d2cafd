"""A sample takes some of each tier, near the lines, and undecided; its order tells nothing, its seed repeats it."""

from __future__ import annotations

import numpy as np
import polars as pl

from icp_sync.evidence.blind_sample import NEAR_POINTS, SampleSizes, draw_sample
from tests.scoring.profiles import profile_of

PROFILE = profile_of({"id": "size", "property": "numberofemployees", "match": {"at_least": 1}})
"""Its tiers begin at 80, 60 and 40 points."""


def scores(count: int) -> pl.DataFrame:
    """Companies with scores of 0 to 100; every seventh is undecided, every eleventh ruled out."""
    points = np.random.default_rng(1).integers(0, 1_001, count) / 10
    frame = pl.DataFrame({"id": range(1, count + 1), "score": points})
    tier = pl.when(pl.col("score") >= 80).then(pl.lit("tier_1")).when(pl.col("score") >= 60).then(pl.lit("tier_2"))
    tier = tier.when(pl.col("score") >= 40).then(pl.lit("tier_3"))
    undecided, ruled_out = pl.col("id") % 7 == 0, pl.col("id") % 11 == 0
    outcome = pl.when(ruled_out).then(pl.lit("disqualified")).when(undecided).then(pl.lit("insufficient_data"))
    with_tier = frame.with_columns(tier=pl.when(~undecided & ~ruled_out).then(tier))
    rest = pl.when(pl.col("tier").is_not_null()).then(pl.lit("tiered")).otherwise(pl.lit("not_icp"))
    return with_tier.with_columns(outcome=outcome.otherwise(rest))


def test_each_group_has_its_share_and_nobody_is_drawn_twice() -> None:
    sample = draw_sample(scores(2_000), PROFILE, SampleSizes(10, 5), 7)
    groups = ("tier_1", "tier_2", "tier_3", "not_icp", "insufficient_data")
    assert sample.drawn == dict.fromkeys(groups, 10) | dict.fromkeys(["near_tier_1", "near_tier_2", "near_tier_3"], 5)
    assert len({*sample.ids}) == len(sample.ids) == 65
    drawn = scores(2_000).filter(pl.col("id").is_in(sample.ids))
    assert "disqualified" not in drawn["outcome"]
    near = drawn.filter(pl.any_horizontal((pl.col("score") - line).abs() <= NEAR_POINTS for line in (80, 60, 40)))
    assert near.height >= 15


def test_the_seed_decides_and_the_order_of_the_frame_does_not() -> None:
    frame = scores(500)
    drawn = draw_sample(frame, PROFILE, SampleSizes(10, 10), 3)
    assert draw_sample(frame.reverse(), PROFILE, SampleSizes(10, 10), 3) == drawn
    assert draw_sample(frame, PROFILE, SampleSizes(10, 10), 4).ids != drawn.ids


def test_the_order_says_nothing_of_the_score() -> None:
    sample = draw_sample(scores(5_000), PROFILE, SampleSizes(100, 100), 1)
    points = dict(scores(5_000).select("id", "score").iter_rows())
    order = [points[company] for company in sample.ids]
    assert abs(np.corrcoef(order, range(len(order)))[0, 1]) < 0.1


def test_a_small_portal_gives_what_it_has() -> None:
    assert len(draw_sample(scores(10), PROFILE, SampleSizes(10, 10), 1).ids) == 10
    empty = draw_sample(scores(10).clear(), PROFILE, SampleSizes(10, 10), 1)
    assert (empty.ids, sum(empty.drawn.values())) == ((), 0)
    assert draw_sample(scores(500), PROFILE, SampleSizes(0, 3), 1).drawn["near_tier_2"] == 3
