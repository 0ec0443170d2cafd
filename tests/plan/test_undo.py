"""What takes a run back: texts the run replaced return where its own still stand; what moved since is left alone."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.plan.builder import PlanPreview, plan_from_diff
from icp_sync.plan.change_frame import Change, frame_from_changes
from icp_sync.plan.diff import diff, live_frame
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.plan.undo import CAUSE, Restoration, plan_restoration
from icp_sync.plan.undo_conflicts import NO_WRITES, WRITES
from icp_sync.plan.undo_list_members import CurrentMembers, MemberMoves, UnrestoredMembers, restore_members
from icp_sync.profile.model.profile import Profile
from tests.plan.drawings import (
    BLANK,
    OLD_STAMP,
    OURS_1,
    OURS_2,
    PROFILE,
    PROPERTY,
    STAMP,
    TIER_1,
    Company,
    Texts,
    drawn,
    frame_of,
    origin_of,
    profile_of,
    settled,
    verdict,
)

EARLIER = OURS_2 | {"profile": OLD_STAMP, "changed_at": "2026-11-01T03:00:00.000Z"}
LOCKING = profile_of(lock={"property": "icp_locked"})


def written(*companies: Company) -> list[Change]:
    """What a run wrote that found these records, and came to these verdicts."""
    return list(drawn(*companies).plan.iter_changes())


def restored(
    changes: list[Change],
    *records: Texts,
    profile: Profile = PROFILE,
    locked: bool = False,
    later: pl.DataFrame = NO_WRITES,
) -> Restoration:
    """What an undo makes of changes where companies 1, 2, … hold these texts now."""
    return plan_restoration(
        frame_from_changes(changes), live_of(*records, profile=profile, locked=locked), profile, later
    )


def live_of(*records: Texts, profile: Profile = PROFILE, locked: bool = False) -> pl.DataFrame:
    frame = frame_of(profile, *((record, None) for record in records))
    frame = frame.with_columns(icp_locked=pl.lit("true")) if locked else frame
    return live_frame(with_ownership(frame, profile, adopt=False), profile)


def wants(restoration: Restoration, company: int = 1) -> dict[str, str]:
    """Output → text desired of one company."""
    (row,) = restoration.desired.filter(pl.col("id") == company).iter_rows(named=True)
    return {
        name.removeprefix("desired."): text for name, text in row.items() if "desired." in name and text is not None
    }


def left(restoration: Restoration) -> list[tuple[int, str | None, str]]:
    """(company, output, why) of what is left alone."""
    outputs = {name: output for output, name in PROPERTY.items()}
    rows = restoration.left.select("id", "property", "why").iter_rows()
    return [(company, outputs.get(name, name), why) for company, name, why in rows]


def later(output: str, *texts: str) -> pl.DataFrame:
    """What later runs wrote to company 1, one after the other."""
    rows = [(1, PROPERTY[output], text, "later") for text in texts]
    return pl.DataFrame(rows, schema=WRITES, orient="row")


PROMOTION = written((EARLIER, TIER_1))
"""A run that moved company 1 from tier_2 to tier_1."""


def test_an_untouched_company_gets_back_all_the_run_replaced() -> None:
    restoration = restored(PROMOTION, OURS_1)
    expected = {output: EARLIER.get(output, "") for output, name in PROPERTY.items() if name in PROMOTION[0].after}
    assert wants(restoration) == expected
    assert {"tier", "target_account", "score", "profile", "changed_at"} <= expected.keys()
    assert left(restoration) == []


def test_a_first_score_is_cleared_whole() -> None:
    assert set(wants(restored(written((BLANK, TIER_1)), OURS_1)).values()) == {""}


@pytest.mark.parametrize("since", [{"tier": "tier_3"}, {"tier": "tier_2"}, {"tier": ""}, {"target_account": "false"}])
def test_a_company_whose_tier_or_flag_moved_is_left_whole(since: dict[str, str]) -> None:
    restoration = restored(PROMOTION, OURS_1 | since)
    assert wants(restoration) == {}
    assert left(restoration) == [(1, output, "moved") for output in since]


def test_another_property_that_moved_is_left_and_the_rest_returns() -> None:
    restoration = restored(PROMOTION, OURS_1 | {"score": "12"})
    assert "score" not in wants(restoration)
    assert wants(restoration)["tier"] == "tier_2"
    assert left(restoration) == [(1, "score", "moved")]


def test_numbers_and_flags_are_compared_by_value() -> None:
    assert wants(restored(PROMOTION, OURS_1 | {"score": "90.00", "target_account": "TRUE"})).keys() >= {"score", "tier"}


def test_the_moment_returns_only_with_the_move() -> None:
    changes = written((EARLIER, verdict(outcome="disqualified")))
    assert "changed_at" in wants(restored(changes, OURS_1 | {"outcome": "disqualified"}))
    assert "changed_at" in wants(restored(changes, OURS_1 | {"outcome": "tiered"}))
    assert "changed_at" not in wants(restored(changes, OURS_1 | {"outcome": "not_icp"}))


def test_a_stamp_of_a_later_profile_stays() -> None:
    restoration = restored(PROMOTION, OURS_1 | {"profile": "test@111111111111"})
    assert "profile" not in wants(restoration)
    assert wants(restoration)["tier"] == "tier_2"


def test_a_record_whose_stamp_was_taken_away_is_left_whole() -> None:
    restoration = restored(PROMOTION, OURS_1 | {"profile": ""})
    assert wants(restoration) == {}
    assert left(restoration) == [(1, "profile", "moved")]


def test_what_holds_again_what_it_held_before_needs_nothing() -> None:
    restoration = restored(PROMOTION, EARLIER)
    assert (wants(restoration), left(restoration), restoration.done) == ({}, [], 1)


def test_a_locked_company_is_left_whole() -> None:
    restoration = restored(PROMOTION, OURS_1, profile=LOCKING, locked=True)
    assert wants(restoration) == {}
    assert {why for _, _, why in left(restoration)} == {"locked"}


def test_a_company_gone_from_the_portal_is_said() -> None:
    changes = written((EARLIER, TIER_1), (EARLIER, TIER_1))
    assert left(restored(changes, OURS_1)) == [(2, None, "gone")]


def test_a_property_the_profile_writes_no_more_is_left() -> None:
    small = profile_of("tier", "profile")
    restoration = restored(PROMOTION, settled(TIER_1, small), profile=small)
    assert wants(restoration).keys() == {"tier", "profile"}
    assert {why for _, _, why in left(restoration)} == {"unowned"}


def undo_plan(*records: Texts, lists: tuple[ListChange, ...] = ()) -> PlanPreview:
    frame = with_ownership(frame_of(PROFILE, *((record, None) for record in records)), PROFILE, adopt=False)
    texts = live_frame(frame, PROFILE)
    wanted = plan_restoration(frame_from_changes(PROMOTION), texts, PROFILE).desired
    inputs = PlanInputs(
        origin_of(PROFILE), MissingObjects(), lists=None, last_read=None, cause=CAUSE, list_changes=lists
    )
    return plan_from_diff(diff(None, texts, wanted, PROFILE, adopt=False), frame, PROFILE, inputs)


def test_its_plan_writes_what_stood_there_and_says_why() -> None:
    (change,) = undo_plan(OURS_1, OURS_1).plan.iter_changes()
    (wrote,) = PROMOTION
    assert (change.id, change.cause) == (1, "undo")
    assert change.after == wrote.before
    assert {name: text for name, text in change.before.items() if name != PROPERTY["changed_at"]} == {
        name: text for name, text in wrote.after.items() if name != PROPERTY["changed_at"]
    }


def test_its_plan_is_judged_against_all_companies() -> None:
    preview = undo_plan(*[OURS_1] * 40)
    (changed,) = [check for check in preview.plan.guardrails if check.name == "changed"]
    assert (changed.part, changed.whole) == (1, 40)
    assert preview.plan.population.tiers == {"tier_1": 39, "tier_2": 1, "tier_3": 0}


def test_its_plan_moves_the_members_it_is_given() -> None:
    change = ListChange("Targets", "static", "7", 2, (3,), (1,))
    assert undo_plan(OURS_1, OURS_1, OURS_1, lists=(change,)).plan.lists[0].remove == (1,)


def test_an_undo_undone_is_what_was_before() -> None:
    first = undo_plan(OURS_1).plan.iter_changes()
    again = restored(list(first), EARLIER)
    assert {**EARLIER, **wants(again)} == OURS_1 | {"profile": STAMP}


def listed(now: list[int], last: list[int] | None = None) -> CurrentMembers:
    return CurrentMembers("7", frozenset(now), None if last is None else frozenset(last))


def test_members_return_and_leave_where_nobody_moved_them_since() -> None:
    moves = MemberMoves(added=frozenset({1, 2, 3}), removed=frozenset({4, 5, 6}))
    change, left_members = restore_members("Targets", moves, listed([1, 3, 5, 9]), pinned=[3, 6])
    assert change == ListChange("Targets", "static", "7", 4, add=(4,), remove=(1,))
    assert left_members == UnrestoredMembers("Targets", moved=(2, 5), pinned=(3, 6))


def test_members_whose_tier_somebody_set_are_left_as_they_are() -> None:
    moves = MemberMoves(added=frozenset({1, 2}), removed=frozenset({3, 4}))
    change, left_members = restore_members("Targets", moves, listed([1, 2]), pinned=[], overridden=[2, 4, 9])
    assert (change.add, change.remove) == ((3,), (1,))
    assert left_members == UnrestoredMembers("Targets", overridden=(2, 4))


def test_members_people_moved_since_our_last_change_are_left_though_they_stand_as_the_run_left_them() -> None:
    moves = MemberMoves(added=frozenset({1, 2}), removed=frozenset({3, 4}))
    # Since then a run of ours took 2 off and put 3 on, and people turned both around.
    change, left_members = restore_members("Targets", moves, listed([1, 2], last=[1, 3]), pinned=[])
    assert (change.add, change.remove) == ((4,), (1,))
    assert left_members == UnrestoredMembers("Targets", moved=(2, 3))


def test_moves_may_be_limited_to_some_companies() -> None:
    moves = MemberMoves(frozenset({1, 2}), frozenset({3}))
    assert moves.limit_to_companies([2, 3]) == MemberMoves(frozenset({2}), frozenset({3}))
    assert moves.limit_to_companies(None) == moves


def test_a_tier_that_later_runs_changed_and_somebody_changed_back_is_theirs() -> None:
    restoration = restored(PROMOTION, OURS_1, later=later("tier", "tier_2"))
    assert wants(restoration) == {}
    assert (1, "tier", "moved") in left(restoration)


def test_a_tier_that_later_runs_wrote_again_is_still_the_runs() -> None:
    assert wants(restored(PROMOTION, OURS_1, later=later("tier", "tier_2", "tier_1")))["tier"] == "tier_2"


@pytest.mark.parametrize(("output", "left_whole"), [("tier", True), ("target_account", True), ("score", False)])
def test_a_company_whose_tier_or_flag_stands_by_somebody_elses_word_is_left_whole(
    output: str, *, left_whole: bool
) -> None:
    texts = live_of(OURS_1)
    restoration = plan_restoration(
        frame_from_changes(PROMOTION), texts, PROFILE, overridden=[(1, PROPERTY[output]), (2, PROPERTY["tier"])]
    )
    assert (wants(restoration) == {}) is left_whole
    assert left(restoration) == ([(1, output, "moved")] if left_whole else [])


def test_a_score_that_is_again_as_the_run_wrote_it_is_nobodys() -> None:
    assert "score" in wants(restored(PROMOTION, OURS_1, later=later("score", "1.0")))
