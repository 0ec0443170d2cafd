"""From which score the highest tier holds about so many: nearest, valid as an edit, and what then is judged so."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from icp_sync.profile import templates
from icp_sync.profile.edits.edited_profile import apply_edits_with_warnings
from icp_sync.profile.load import parse_profile
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.threshold_curve import TierSize, size_top_tier, tier_sizes_by_threshold
from icp_sync.scoring.whatif import WhatIf
from tests.marks import with_slow
from tests.scoring.profiles import TODAY, profile_of
from tests.scoring.random_edits import generated_companies

WANTED = (1, 7, 30, 90, 250, 100_000)
NAMES = templates.template_names()


@pytest.mark.parametrize("name", with_slow(["s0-icp"], [name for name in NAMES if name != "s0-icp"]))
def test_the_lines_make_a_valid_profile_that_holds_as_many_as_said(name: str) -> None:
    loaded = parse_profile(templates.template_text(name), f"{name}.yaml")
    whatif = WhatIf(generated_companies(loaded.profile, 1_500, Random(name)), loaded.profile, TODAY)
    verdict = whatif.judge(loaded.profile)
    curve = tier_sizes_by_threshold(loaded.profile.tiers[0], verdict)
    for wanted in WANTED:
        size = size_top_tier(verdict, wanted)
        edited, _ = apply_edits_with_warnings(loaded, size.edits)
        reached = whatif.judge(edited).companies["reached"]
        assert (reached == "tier_1").sum() == size.companies, (wanted, size)
        assert abs(size.companies - wanted) <= min(abs(companies - wanted) for companies in curve[3:])


def sized(wanted: int, *scores: int, tiers: list[dict[str, object]], holders: int = 0) -> TierSize:
    """The answer for companies of these fit scores; the first `holders` are in tier 1."""
    profile = profile_of(
        *({"id": f"s{n}", "property": f"s{n}", "match": {"at_least": 1}, "weight": 1} for n in range(10)), tiers=tiers
    )
    columns = {f"s{n}": ["1" if score > 10 * n else "0" for score in scores] for n in range(10)}
    tiers_before = ["tier_1"] * holders + [None] * (len(scores) - holders)
    frame = pl.DataFrame({"id": range(len(scores)), **columns}).with_columns(
        pl.Series(live.TIER, tiers_before, dtype=pl.String)
    )
    return size_top_tier(WhatIf(frame, profile, TODAY).judge(profile), wanted)


def moves(size: TierSize) -> list[tuple[str, str, float, float]]:
    return [(move.tier, move.key, move.before, move.after) for move in size.moves]


TIERS: list[dict[str, object]] = [
    {"tier": "tier_1", "enter": 80, "leave": 70},
    {"tier": "tier_2", "enter": 60, "leave": 58},
    {"tier": "tier_3", "enter": 40},
]


def test_a_line_that_stays_above_the_others_moves_alone() -> None:
    size = sized(2, 90, 70, 50, tiers=[{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 60}])

    assert (size.enter, size.companies, size.now) == (70, 2, 1)
    assert moves(size) == [("tier_1", "enter", 80, 70)]


def test_lower_lines_and_what_is_kept_move_along_as_far_as_they_must() -> None:
    assert moves(sized(3, 90, 70, 50, 30, tiers=TIERS)) == [
        ("tier_1", "enter", 80, 50),
        ("tier_1", "leave", 70, 50),
        ("tier_2", "enter", 60, 45),
        ("tier_2", "leave", 58, 45),
    ]


def test_where_leave_keeps_more_than_are_wanted_it_rises_with_the_line() -> None:
    size = sized(1, 90, 80, 70, tiers=TIERS, holders=3)

    assert size.companies == 1
    assert moves(size) == [("tier_1", "enter", 80, 91), ("tier_1", "leave", 70, 81)]


def test_a_line_no_other_comes_nearer_than_stays() -> None:
    assert sized(1, 90, 50, 50, tiers=TIERS).moves == ()
    assert sized(2, 90, 50, 50, tiers=TIERS).moves == (), "from 50 on there would be three, as far off as one"


def test_more_than_there_are_is_as_many_as_can_be() -> None:
    size = sized(50, 90, 50, 30, tiers=TIERS)

    assert (size.companies, size.most) == (3, 3)
    assert [move.after for move in size.moves if move.key == "enter"] == [30, 25, 20]
    low = sized(50, 90, 2, 0, tiers=TIERS)
    assert [move.after for move in low.moves if move.key == "enter"] == [10, 5, 0]
