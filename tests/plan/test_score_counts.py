"""The lines of a report: who is in a tier, near it, and finds no place in it."""

from __future__ import annotations

import polars as pl

from icp_sync.plan.document.score_counts import count_tier_lines
from tests.scoring.profiles import profile_of


def test_who_falls_through_a_full_tier_is_counted_by_it_too() -> None:
    """By the sentences on the records each was turned away there; a tier of people's own takes nobody's place."""
    tiers = [{"tier": "tier_1", "enter": 80, "capacity": 1}, {"tier": "tier_2", "enter": 60, "capacity": 1}]
    profile = profile_of(
        {"id": "a", "property": "a", "match": {"known": True}}, tiers=[*tiers, {"tier": "tier_3", "enter": 40}]
    )
    companies = [
        ("tier_1", "tier_1", "tier_1"),
        ("tier_1", "tier_2", "tier_2"),
        ("tier_1", "tier_3", "tier_3"),
        ("tier_2", "tier_3", "tier_3"),
        ("tier_2", "tier_2", "tier_3"),
        (None, None, "tier_1"),
    ]
    diff = pl.DataFrame(companies, ("reached", "tier", "effective_tier"), orient="row").with_columns(
        in_scope=pl.lit(value=True), score=pl.lit(90.0), outcome=pl.lit("tiered")
    )
    assert [line.full for line in count_tier_lines(diff, profile)] == [2, 2, 0]
