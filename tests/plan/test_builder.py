"""Drawing a whole plan: what it counts, whom a canary touches, and that applying it leaves nothing to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.plan.builder import build_plan
from icp_sync.plan.document.movement_counts import count_moves
from icp_sync.plan.overridden_companies import OverriddenIds, mark_overridden_companies
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects, Plan
from icp_sync.plan.plan_inputs import LiveList, PlanInputs
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.score import ScoreResult
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    OLD_STAMP,
    OUTSIDE,
    PROFILE,
    PROPERTY,
    STAMP,
    TIER_1,
    TIER_2,
    Company,
    applied,
    drawn,
    frame_of,
    origin_of,
    profile_of,
    scored_of,
    settled,
    unchanged_list,
    verdict,
    writes,
)

OURS_1 = settled(TIER_1)
FOREIGN = {"tier": "tier_3"}
PORTAL: list[Company] = [
    (BLANK, TIER_1),
    (OURS_1, TIER_2),
    (FOREIGN, TIER_1),
    (BLANK, NO_TIER),
    (OURS_1, OUTSIDE),
    (BLANK, OUTSIDE),
]


def test_the_population_counts_tiers_as_they_will_stand() -> None:
    population = drawn(*PORTAL).plan.population
    assert (population.read, population.scored, population.foreign) == (6, 4, 1)
    assert population.tiers == {"tier_1": 1, "tier_2": 1, "tier_3": 1}
    assert population.outcomes == {"tiered": 3, "disqualified": 0, "not_icp": 1, "insufficient_data": 0}


def test_outside_the_scope_only_a_tier_that_the_plan_takes_counts_before_it() -> None:
    portal: list[Company] = [(OURS_1, OUTSIDE), (OURS_1, OUTSIDE)]
    frame = with_ownership(frame_of(PROFILE, *portal), PROFILE, adopt=False)
    standing = mark_overridden_companies(frame, OverriddenIds(tiers=frozenset({1})))
    inputs = PlanInputs(origin_of(PROFILE), MissingObjects(), None, None)
    preview = build_plan(standing, scored_of(*portal), PROFILE, inputs)
    population, moves = preview.plan.population, count_moves(preview.diff)
    assert (population.live_tiers["tier_1"], population.tiers["tier_1"]) == (1, 0)
    assert [(move.before, move.after) for move in moves if move.companies] == [("tier_1", "none")]
    left_out = drawn((BLANK, TIER_1), (OURS_1, OUTSIDE), limit=1).plan.population
    assert (left_out.live_tiers["tier_1"], left_out.tiers["tier_1"]) == (0, 1)


def test_an_adopted_company_is_no_longer_foreign() -> None:
    population = drawn(*PORTAL, allow={"adopt"}).plan.population
    assert (population.foreign, population.tiers["tier_1"], population.tiers["tier_3"]) == (0, 2, 0)


def test_values_not_recognised_are_counted_by_property() -> None:
    scored = scored_of(*PORTAL)
    unread = ScoreResult(
        scored.frame, scored.outside, {"country": UnrecognisedTexts(3, ("Narnia",)), "a": UnrecognisedTexts(1, ())}
    )
    given = PlanInputs(origin_of(PROFILE), MissingObjects(), None, None)
    assert build_plan(
        with_ownership(frame_of(PROFILE, *PORTAL), PROFILE, adopt=False), unread, PROFILE, given
    ).plan.population.unrecognised == {
        "a": 1,
        "country": 3,
    }


def test_an_empty_portal_has_an_empty_plan() -> None:
    plan = drawn().plan
    assert (plan.has_pending_writes, plan.population.read, plan.blocked_by) == (False, 0, ())


CANARY: list[Company] = [
    (BLANK, verdict("tier_2", score=70.0)),
    (BLANK, verdict(score=95.0)),
    (OURS_1, TIER_1),
    (OURS_1, TIER_2),
    (BLANK, verdict(score=95.0)),
    (OURS_1, OUTSIDE),
]


@pytest.mark.parametrize(
    ("limit", "ids"), [(1, [2]), (2, [2, 5]), (3, [1, 2, 5]), (4, [1, 2, 4, 5]), (99, [1, 2, 4, 5, 6])]
)
def test_a_canary_takes_the_best_of_those_that_change(limit: int, ids: list[int]) -> None:
    plan = drawn(*CANARY, limit=limit).plan
    assert plan.changes["id"].to_list() == ids


def test_whom_a_canary_leaves_out_keeps_the_tier_on_the_record() -> None:
    rows = drawn(*CANARY, limit=1).diff
    assert rows["effective_tier"].to_list() == [None, "tier_1", "tier_1", "tier_1", None, "tier_1"]
    assert drawn(*CANARY, limit=1).plan.population.tiers == {"tier_1": 3, "tier_2": 0, "tier_3": 0}


def test_static_and_active_lists_are_planned_in_the_order_of_the_profile() -> None:
    profile = profile_of(
        lists=[
            {"name": "A", "kind": "active", "where": {"tier": ["tier_1"]}},
            {"name": "S", "kind": "static", "where": {"tier": ["tier_1"]}},
        ]
    )
    live = {"S": unchanged_list("7", pl.Series([2])), "A": LiveList()}
    active, static = drawn(*PORTAL, profile=profile, lists=live).plan.lists
    assert (active.name, active.id, active.filters is None) == ("A", None, False)
    assert (static.name, static.add, static.remove, static.members) == ("S", (1,), (2,), 1)


def texts(output: str) -> st.SearchStrategy[str]:
    usual = {
        "tier": ["", "tier_1", "tier_2", "tier_3"],
        "target_account": ["", "true", "false", "TRUE"],
        "score": ["", "90", "90.0", "70.0", "n/a"],
        "potential": ["", "95"],
        "coverage": ["", "0.50"],
        "outcome": ["", "tiered", "not_icp"],
        "reasons": ["", "fits"],
        "profile": ["", STAMP, OLD_STAMP],
        "changed_at": ["", "2026-01-01T00:00:00Z"],
    }
    return st.sampled_from(usual[output])


def companies(*outputs: str) -> st.SearchStrategy[list[Company]]:
    record = st.fixed_dictionaries({output: texts(output) for output in outputs})
    judged = st.none() | st.builds(
        verdict,
        st.sampled_from([None, "tier_1", "tier_2"]),
        st.sampled_from(["tiered", "not_icp", "disqualified", "insufficient_data"]),
        st.floats(0, 100).map(lambda score: round(score, 1)),
    )
    return st.lists(st.tuples(record, judged), max_size=6)


LISTS = [{"name": "S", "kind": "static", "where": {"tier": ["tier_1"], "hits": ["fit"]}, "limit": 2}]
FULL = profile_of(lists=LISTS)


def again(portal: list[Company], profile: Profile, first: Plan, **given: Any) -> Plan:
    """The plan drawn on what `first` leaves behind."""
    frame = applied(frame_of(profile, *portal), first)
    members = {
        change.name: unchanged_list(
            "7", pl.Series(sorted({*(given["members"]), *change.add} - {*change.remove}), dtype=pl.Int64)
        )
        for change in first.lists
    }
    allow = given.get("allow", ())
    circumstances = PlanInputs(origin_of(profile), MissingObjects(), members, None, allow)
    owned = with_ownership(frame, profile, adopt="adopt" in allow)
    return build_plan(owned, scored_of(*portal), profile, circumstances).plan


@given(companies(*PROPERTY), st.sets(st.integers(1, 9)), st.sampled_from([(), ("adopt",)]))
def test_a_plan_on_what_was_applied_is_empty(portal: list[Company], members: set[int], allow: tuple[str, ...]) -> None:
    live = {"S": unchanged_list("7", pl.Series(sorted(members), dtype=pl.Int64))}
    first = drawn(*portal, profile=FULL, lists=live, allow=allow).plan
    second = again(portal, FULL, first, members=members, allow=allow)
    assert second.changes.rows(named=True) == []
    assert not second.has_pending_writes


@given(
    st.data(),
    st.sets(st.sampled_from([name for name in PROPERTY if name not in {"tier", "target_account"}]), min_size=1),
)
def test_so_it_is_whichever_outputs_are_written(data: st.DataObject, outputs: set[str]) -> None:
    profile = profile_of(*sorted(outputs))
    portal = data.draw(companies(*sorted(outputs)))
    second = again(portal, profile, drawn(*portal, profile=profile).plan, members=())
    assert second.changes.rows(named=True) == []


@given(companies(*PROPERTY))
def test_the_stamp_is_never_written_alone_and_a_foreign_claim_never_touched(portal: list[Company]) -> None:
    drawing = drawn(*portal)
    for n, (live, judged) in enumerate(portal, 1):
        written = writes(drawing, n)
        assert {*written} not in ({"profile"}, {"changed_at"}, {"profile", "changed_at"}) or judged is None
        claimed = live["tier"] or live["target_account"].lower() == "true"
        if claimed and not live["profile"]:
            assert not {"tier", "target_account", "profile"} & {*written}


@pytest.mark.slow
@settings(max_examples=50)  # each draws up to seven plans
@given(companies(*PROPERTY), st.integers(1, 6))
def test_canary_after_canary_ends_where_one_run_does(portal: list[Company], limit: int) -> None:
    frame, rounds = frame_of(FULL, *portal), 0
    scored = scored_of(*portal)
    given = PlanInputs(origin_of(FULL), MissingObjects(), None, None, limit=limit)
    while (plan := build_plan(with_ownership(frame, FULL, adopt=False), scored, FULL, given).plan).has_pending_writes:
        assert plan.changes.height <= limit
        frame, rounds = applied(frame, plan), rounds + 1
    assert rounds <= len(portal)
    assert frame.equals(applied(frame_of(FULL, *portal), drawn(*portal, profile=FULL).plan))


def test_values_not_recognised_come_with_examples_and_the_nearest_known_one() -> None:
    scored = scored_of(*PORTAL)
    unread = {"country": UnrecognisedTexts(2, ("Germny", "x" * 300), (("Germny", "Germany"),))}
    given = PlanInputs(origin_of(PROFILE), MissingObjects(), None, None)
    owned = with_ownership(frame_of(PROFILE, *PORTAL), PROFILE, adopt=False)
    examples = build_plan(owned, replace(scored, unrecognised=unread), PROFILE, given).plan.population.examples
    assert examples == {"country": ("'Germny' (Germany?)", f"'{'x' * 59}…'")}
