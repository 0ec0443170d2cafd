"""What if: an edited profile judges the companies as scoring them by it would, and its tests too."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from icp_sync.profile import templates
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.predicate_verdicts import MAX_ASKED
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.verdict_comparison import compare_verdicts
from icp_sync.scoring.whatif import Verdict, WhatIf
from tests.marks import with_slow
from tests.scoring.profiles import TODAY, profile_of
from tests.scoring.random_edits import generated_companies, random_edit

COLUMNS = ("id", "score", "potential", "coverage", "outcome", "reached", "tier")


def template(name: str) -> LoadedProfile:
    return parse_profile(templates.template_text(name), f"{name}.yaml")


def check(companies: pl.DataFrame, whatif: WhatIf, profile: Profile) -> None:
    """Company by company the same as `score`, for the reasons of forty of them too, and test by test."""
    expected = score(companies, compile_profile(profile, TODAY)).frame
    verdict = whatif.judge(profile)
    inside = verdict.companies.filter(pl.col("outcome").is_not_null())
    assert inside.select(COLUMNS).equals(expected.select(COLUMNS))
    some = expected.sample(min(40, expected.height), seed=1)
    assert whatif.reasons(verdict, some["id"].to_list()) == dict(some.select("id", "reasons").iter_rows())
    assert verdict.tests == run_profile_tests(profile, TODAY)


def check_many(name: str, companies: int, edits: int) -> None:
    loaded, random = template(name), Random(name)
    frame = generated_companies(loaded.profile, companies, random)
    whatif = WhatIf(frame, loaded.profile, TODAY)
    check(frame, whatif, loaded.profile)
    for _ in range(edits):
        check(frame, whatif, random_edit(loaded, random)[1])


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", with_slow(["s0-icp"], [name for name in templates.template_names() if name != "s0-icp"])
)
def test_an_edit_is_judged_as_it_is_scored(name: str) -> None:
    check_many(name, 300, 3)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("name", templates.template_names())
def test_every_edit_is_judged_as_it_is_scored(name: str) -> None:
    check_many(name, 3_000, 10)


def test_nobody_to_judge_is_no_fault() -> None:
    loaded = template("s0-icp")
    frame = generated_companies(loaded.profile, 5, Random(1)).clear()
    verdict = WhatIf(frame, loaded.profile, TODAY).judge(loaded.profile)
    assert verdict.companies.is_empty()
    assert compare_verdicts(verdict, verdict).tier_change_count == 0
    assert all(test.ok for test in verdict.tests)


def test_more_bounds_than_are_kept_are_asked_again() -> None:
    profile = profile_of({"id": "size", "property": "size", "match": {"at_least": 50}})
    frame = pl.DataFrame({"id": [1, 2], "size": ["10", "90"]})
    whatif = WhatIf(frame, profile, TODAY)
    for bound in [*range(MAX_ASKED + 2), 0, 91]:
        edited = profile_of({"id": "size", "property": "size", "match": {"at_least": bound}})
        expected = [100.0 if size >= bound else 0.0 for size in (10, 90)]
        assert whatif.judge(edited).companies["score"].to_list() == expected


def test_a_question_that_was_not_evaluated_is_refused() -> None:
    profile = profile_of({"id": "size", "property": "size", "match": {"at_least": 50}})
    whatif = WhatIf(pl.DataFrame({"id": [1], "size": ["10"]}), profile, TODAY)
    other = profile_of({"id": "age", "property": "age", "match": {"at_least": 50}})
    with pytest.raises(KeyError, match="which was not evaluated"):
        whatif.judge(other)


# The comparison of two verdicts

LETTERS = {"a": 50, "b": 30, "c": 20}  # a company is the letters it hits: "ab" scores 80


def letters(*companies: str, **rest: object) -> tuple[pl.DataFrame, Profile]:
    criteria = [
        {"id": name, "property": name, "weight": weight, "match": {"is_true": True}} for name, weight in LETTERS.items()
    ]
    texts = {name: ["yes" if name in hits else "no" for hits in companies] for name in LETTERS}
    return pl.DataFrame({"id": range(1, len(companies) + 1), **texts}), profile_of(*criteria, **rest)


def verdicts(frame: pl.DataFrame, before: Profile, after: Profile) -> tuple[Verdict, Verdict]:
    whatif = WhatIf(frame, before, TODAY)
    return whatif.judge(before), whatif.judge(after)


def tiers(first: float, **rest: object) -> list[dict[str, object]]:
    return [{"tier": "tier_1", "enter": first, **rest}, {"tier": "tier_2", "enter": 40}]


def test_a_lower_threshold_lifts_those_above_it() -> None:
    frame, before = letters("abc", "ab", "a", "", tiers=tiers(90))
    _, after = letters("", tiers=tiers(80))
    compared = compare_verdicts(*verdicts(frame, before, after))

    assert compared.moved == (
        ("tier_1", "tier_1", 1),
        ("tier_2", "tier_1", 1),
        ("tier_2", "tier_2", 1),
        (None, None, 1),
    )
    assert compared.tier_counts_before_after == {"tier_1": (1, 2), "tier_2": (2, 1), "tier_3": (0, 0)}
    assert (compared.tier_change_count, [one.id for one in compared.up], compared.down) == (1, [2], ())
    assert compared.outcomes["not_icp"] == (1, 1)


def test_places_that_are_taken_turn_the_next_away() -> None:
    frame, before = letters("abc", "ab", "ab", tiers=tiers(80))
    _, after = letters("", tiers=tiers(80, capacity=2))
    compared = compare_verdicts(*verdicts(frame, before, after))

    assert [(place.limit, place.used, place.turned_away) for place in compared.places] == [(2, 2, 1), (None, 1, 0)]
    assert [(one.id, one.tier_before, one.tier) for one in compared.down] == [(3, "tier_1", "tier_2")]


def test_who_falls_through_a_full_tier_is_turned_away_by_it_too() -> None:
    lines = [{"tier": tier, "enter": enter} for tier, enter in (("tier_1", 80), ("tier_2", 50), ("tier_3", 20))]
    frame, before = letters("abc", "ab", "ab", "a", tiers=lines)
    _, after = letters("", tiers=[lines[0] | {"capacity": 1}, lines[1] | {"capacity": 1}, lines[2]])
    compared = compare_verdicts(*verdicts(frame, before, after))

    assert [(place.used, place.turned_away) for place in compared.places] == [(1, 2), (1, 2), (2, 0)]


def test_a_tier_of_somebody_else_stands() -> None:
    frame, before = letters("abc", "", tiers=tiers(80))
    frame = frame.with_columns(
        pl.Series(live.FIXED, [True, False]), pl.Series(live.STANDS, ["tier_2", None], dtype=pl.String)
    )
    compared = compare_verdicts(*verdicts(frame, before, before))

    assert compared.tier_counts_before_after["tier_2"] == (1, 1)


def test_the_curve_says_how_many_each_threshold_takes() -> None:
    frame, profile = letters("abc", "ab", "a", "", tiers=tiers(90, leave=70))
    frame = frame.with_columns(pl.Series(live.TIER, [None, "tier_1", None, None], dtype=pl.String))
    verdict, _ = verdicts(frame, profile, profile)
    curve = compare_verdicts(verdict, verdict).curves["tier_1"]

    assert len(curve) == 101
    for enter in (0, 41, 50, 51, 69, 70, 80, 81, 100):
        _, edited = letters("", tiers=[{"tier": "tier_1", "enter": enter, "leave": min(70, enter)}])
        reached = WhatIf(frame, edited, TODAY).judge(edited).companies["reached"]
        assert curve[enter] == (reached == "tier_1").sum(), enter


def test_the_histogram_counts_everybody_in_scope_once() -> None:
    frame, profile = letters("abc", "ab", "a", "", tiers=tiers(80))
    verdict, _ = verdicts(frame, profile, profile)
    histogram = compare_verdicts(verdict, verdict).histogram

    assert {
        outcome: {n * 5: count for n, count in enumerate(bins) if count} for outcome, bins in histogram.items()
    } == {
        "tiered": {50: 1, 80: 1, 95: 1},
        "disqualified": {},
        "not_icp": {0: 1},
        "insufficient_data": {},
    }
