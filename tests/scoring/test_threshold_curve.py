"""From which score the highest tier holds about so many: nearest, valid as an edit, and what then is judged so."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from icp_sync.profile import templates
from icp_sync.profile.edits.edited_profile import apply_edits_with_warnings
from icp_sync.profile.lint.tiers import MIN_POINTS_BETWEEN_TIERS
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.threshold_curve import TierSize, size_top_tier, tier_sizes_by_threshold
from icp_sync.scoring.whatif import Verdict, WhatIf
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
    (top, *_), known = loaded.profile.tiers, {finding.message for finding in loaded.warnings}
    for wanted in WANTED:
        size = size_top_tier(verdict, wanted)
        edited, findings = apply_edits_with_warnings(loaded, size.edits)
        assert count_tier_1(whatif.judge(edited)) == size.companies, (wanted, size)
        assert {finding.message for finding in findings if finding.path.startswith("tiers")} <= known
        near = [min(100, size.enter + 1), max(3 * MIN_POINTS_BETWEEN_TIERS, size.enter - 1)]
        others = [count_tier_1(whatif.judge(_with_top_line(loaded.profile, n, top))) for n in near if n != top.enter]
        assert all(abs(size.companies - wanted) <= abs(companies - wanted) for companies in others)


def count_tier_1(verdict: Verdict) -> int:
    return int((verdict.companies["stands"] == "tier_1").sum())


def _with_top_line(profile: Profile, enter: float, top: Tier) -> Profile:
    """The profile with no tier but the highest, entered from there and left as far below as it is now."""
    leave = None if top.leave is None else max(0, enter - (top.enter - top.leave))
    return profile.model_copy(update={"tiers": (top.model_copy(update={"enter": enter, "leave": leave}),)})


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
        ("tier_1", "leave", 70, 40),
        ("tier_2", "enter", 60, 42),
        ("tier_2", "leave", 58, 40),
        ("tier_3", "enter", 40, 37),
    ]


def test_a_lower_line_less_than_five_points_below_moves_along() -> None:
    """Else the linter would refuse what is proposed: `tier_3 begins 1 point below tier_2`."""
    tiers: list[dict[str, object]] = [
        {"tier": "tier_1", "enter": 80, "leave": 75},
        {"tier": "tier_2", "enter": 60},
        {"tier": "tier_3", "enter": 45},
    ]

    assert moves(sized(3, 90, 70, 50, 30, tiers=tiers)) == [
        ("tier_1", "enter", 80, 50),
        ("tier_1", "leave", 75, 45),
        ("tier_2", "enter", 60, 45),
        ("tier_3", "enter", 45, 40),
    ]


def test_a_tier_that_a_person_set_counts_whatever_its_score() -> None:
    """So that the answer says as many as the table of tiers after the move."""
    profile = profile_of({"id": "s", "property": "s", "match": {"at_least": 1}, "weight": 1}, tiers=TIERS)
    frame = pl.DataFrame({"id": range(4), "s": ["1", "1", "0", "0"]}).with_columns(
        pl.Series(live.FIXED, [False, True, True, False]),
        pl.Series(live.STANDS, [None, None, "tier_1", None], dtype=pl.String),
    )
    verdict = WhatIf(frame, profile, TODAY).judge(profile)

    assert size_top_tier(verdict, 2).now == count_tier_1(verdict) == 2
    assert tier_sizes_by_threshold(profile.tiers[0], verdict)[80] == 2
    assert tier_sizes_by_threshold(profile.tiers[1], verdict)[60] == 2, "in it or a higher one"


def test_the_band_in_which_a_tier_is_kept_rises_with_the_line() -> None:
    size = sized(1, 90, 80, 70, tiers=TIERS, holders=3)

    assert size.companies == 1
    assert moves(size) == [("tier_1", "enter", 80, 91), ("tier_1", "leave", 70, 81)]


def test_a_line_no_other_comes_nearer_than_stays() -> None:
    assert sized(1, 90, 50, 50, tiers=TIERS).moves == ()
    assert sized(2, 90, 50, 50, tiers=TIERS).moves == (), "from 50 on there would be three, as far off as one"


def test_more_than_there_are_is_as_many_as_can_be() -> None:
    size = sized(50, 90, 50, 30, tiers=TIERS)

    assert (size.companies, size.most) == (3, 3)
    assert [move.after for move in size.moves if move.key == "enter"] == [30, 22, 17]
    low = sized(50, 90, 2, 0, tiers=[{**tier, "leave": None} for tier in TIERS])
    assert [move.after for move in low.moves if move.key == "enter"] == [10, 5, 0]
