"""Every change has one cause and pieces that add up: values in, values out, a night after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

import polars as pl
import pytest

from icp_sync.plan.change_explanation import Piece, Threshold, Why
from icp_sync.plan.change_frame import cause_counts, count_put_back, iter_changes
from icp_sync.plan.stepwise_rescoring import Baseline
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TierName
from tests.plan.drawings import PROPERTY
from tests.plan.two_nights import (
    CRITERIA,
    FIRST_NIGHT,
    IDEAL,
    NO_DIFFERENCES,
    PROFILE,
    SECOND_NIGHT,
    SMALLER,
    Second,
    edited,
    night,
    profile,
    texts_of,
)

SCORE, TIER, REASONS = (PROPERTY[name] for name in ("score", "tier", "reasons"))
TRADE, SIZE, FRESH = CRITERIA
LOST_TRADE: Final = Piece("lost", -50.0, "trade", "industry", "BANKING", "")
EMPTIED_TRADE: Final = Piece("data", -50.0, "trade", "industry", "BANKING", "")
SMALL: Final = Piece("data", -16.7, "size", "numberofemployees", "500", "5")
STALE: Final = Piece("time", -33.3, "fresh")
OLD_DEAL: Final = dt.date(2026, 12, 20)

STEPS: Final[Mapping[str, tuple[Second, Why]]] = {
    "an input is emptied": (
        Second({1: {"industry": ""}}),
        Why("data", 100.0, 50.0, (EMPTIED_TRADE,)),
    ),
    "the hold of an emptied input ended": (
        Second({1: {"industry": ""}}, ended=[(1, "industry")]),
        Why("lost", 100.0, 50.0, (LOST_TRADE,)),
    ),
    "one input is lost and another edited": (
        Second({1: {"industry": "", "numberofemployees": "5"}}, ended=[(1, "industry")]),
        Why("lost", 100.0, 33.3, (LOST_TRADE, SMALL)),
    ),
    "time passes": (
        Second(day=OLD_DEAL),
        Why("time", 100.0, 66.7, (STALE,)),
    ),
    "time passes, and then an input moves the tier further": (
        Second({1: {"industry": ""}}, day=OLD_DEAL),
        Why("data", 100.0, 16.7, (EMPTIED_TRADE, STALE)),
    ),
    "time moves the tier and an input only the score": (
        Second({1: {"numberofemployees": "5"}}, day=OLD_DEAL),
        Why("time", 100.0, 50.0, (STALE, SMALL)),
    ),
    "a disqualifier is met, which takes no points": (
        Second({1: {"type": "PARTNER"}}),
        Why("data", 100.0, 100.0, (Piece("data", 0.0, "partner", "type", "PROSPECT", "PARTNER"),)),
    ),
    "a criterion is added": (
        Second(new=profile(criteria=[*CRITERIA, {**SIZE, "id": "big", "match": {"at_least": 9000}, "weight": 2}])),
        Why(
            "profile", 100.0, 75.0,
            (
                Piece("profile", -12.5, "trade", None, "50", "37.5", "reweighted"),
                Piece("profile", -8.3, "fresh", None, "33.3", "25", "reweighted"),
                Piece("profile", -4.2, "size", None, "16.7", "12.5", "reweighted"),
                Piece("profile", 0.0, "big", None, None, "25", "added"),
            ),
        ),
    ),
    "a criterion is reworded": (
        Second(new=profile(criteria=[{**TRADE, "match": {"is": "Insurance"}}, SIZE, FRESH])),
        Why("profile", 100.0, 50.0, (Piece("profile", -50.0, "trade", edit="reworded"),)),
    ),
    "a criterion is removed": (
        Second({1: {"numberofemployees": "5"}}, new=profile(criteria=[TRADE, FRESH])),
        Why(
            "profile", 100.0, 100.0,
            (
                SMALL,
                Piece("profile", 10.0, "trade", None, "50", "60", "reweighted"),
                Piece("profile", 6.7, "fresh", None, "33.3", "40", "reweighted"),
            ),
        ),
    ),
    "another word for the same": (
        Second(new=profile(criteria=[{**TRADE, "label": "A bank"}, SIZE, FRESH])),
        Why("profile", 100.0, 100.0),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("second", "why"), STEPS.values(), ids=STEPS)
def test_the_cause_is_the_last_step_that_changed_the_tier_or_where_it_stays_anything(second: Second, why: Why) -> None:
    assert second.why() == why


BANK: Final = {"industry": "BANKING"}
"""A company with 50 points, and 100 possible."""
THRESHOLDS: Final = {
    "lowered": (profile(enter=80), profile(enter=50), ("tier_1", 80.0, 50.0), "tier_1"),
    "raised": (profile(enter=45), profile(enter=80), ("tier_1", 45.0, 80.0), "tier_2"),
    "left later": (
        profile(enter=45),
        profile(tiers=[{"tier": "tier_1", "enter": 80, "leave": 55}, {"tier": "tier_2", "enter": 40}]),
        ("tier_1", 45.0, 55.0), "tier_2",
    ),
    "new": (
        profile(tiers=[{"tier": "tier_1", "enter": 80}]),
        profile(),
        ("tier_2", None, 40.0), "tier_2",
    ),
    "gone": (
        profile(),
        profile(tiers=[{"tier": "tier_1", "enter": 80}]),
        ("tier_2", 40.0, None), "",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "threshold", "tier"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_a_threshold_that_decided_is_named_and_earns_no_points(
    old: Profile, new: Profile, threshold: tuple[TierName, float | None, float | None], tier: str
) -> None:
    (change,) = Second(old=old, new=new).changes(BANK)
    assert change.after[TIER] == tier
    assert change.why == Why("profile", 50.0, 50.0, (), (Threshold(*threshold),))


def test_a_threshold_that_puts_every_tier_out_of_reach_is_named() -> None:
    new = profile(tiers=[{"tier": "tier_1", "enter": 90}, {"tier": "tier_2", "enter": 70}])
    why = Second(new=new).why({"industry": "Insurance", "numberofemployees": "1"})  # up to 33.3 are possible
    assert why.thresholds == ()
    assert Second(new=new).why({"industry": "BANKING", "closedate": "2020-01-01"}).thresholds == (
        Threshold("tier_2", 40.0, 70.0),
    )


PUT_BACK: Final[Mapping[str, tuple[Second, Why]]] = {
    "a score somebody typed": (
        Second({1: {SCORE: "12"}}),
        Why("put_back", 12.0, 100.0, (Piece("put_back", 88.0, None, SCORE, "100.0", "12"),)),
    ),
    "a score somebody emptied": (
        Second({1: {SCORE: ""}}),
        Why("put_back", 0.0, 100.0, (Piece("put_back", 100.0, None, SCORE, "100.0", ""),)),
    ),
    "a score that is no number": (
        Second({1: {SCORE: "1e999"}}),
        Why("put_back", 0.0, 100.0, (Piece("put_back", 100.0, None, SCORE, "100.0", "1e999"),)),
    ),
    "a tier a merge brought": (
        Second({1: {TIER: "tier_3"}}),
        Why("put_back", 100.0, 100.0, (Piece("put_back", 0.0, None, TIER, "tier_1", "tier_3"),)),
    ),
    "a score typed where an input moved the tier": (
        Second({1: {SCORE: "12", "industry": ""}}),
        Why("data", 12.0, 50.0, (Piece("put_back", 88.0, None, SCORE, "100.0", "12"), EMPTIED_TRADE)),
    ),
    "a score typed where an input moved no tier": (
        Second({1: {SCORE: "12", "numberofemployees": "5"}}),
        Why("put_back", 12.0, 83.3, (Piece("put_back", 88.0, None, SCORE, "100.0", "12"), SMALL)),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("second", "why"), PUT_BACK.values(), ids=PUT_BACK)
def test_an_edit_of_a_computed_value_is_a_piece_and_the_cause_where_nothing_else_moved_the_tier(
    second: Second, why: Why
) -> None:
    assert second.why() == why


def test_a_run_cut_short_is_finished_as_put_back() -> None:
    first = night(texts_of(IDEAL), PROFILE, FIRST_NIGHT)
    half = first.written().with_columns(pl.lit("tier_2").alias(TIER))
    baseline = Baseline(FIRST_NIGHT, {}, NO_DIFFERENCES)
    (change,) = iter_changes(night(half, PROFILE, SECOND_NIGHT).explained(baseline))
    assert change.why == Why("put_back", 100.0, 100.0, (Piece("put_back", 0.0),))


ONE_PLACE: Final = profile(tiers=[{"tier": "tier_1", "enter": 80, "capacity": 1}, {"tier": "tier_2", "enter": 40}])


@pytest.mark.slow
def test_a_place_freed_and_a_place_taken_are_capacity() -> None:
    freed = Second({1: {"industry": ""}}, old=ONE_PLACE, new=ONE_PLACE).changes(IDEAL, SMALLER)
    assert [(change.cause, change.after[TIER]) for change in freed] == [("data", "tier_2"), ("capacity", "tier_1")]
    assert freed[1].why == Why("capacity", 83.3, 83.3)
    taken = Second({2: {"industry": "BANKING"}}, old=ONE_PLACE, new=ONE_PLACE).changes(
        SMALLER, {**IDEAL, "industry": ""}
    )
    assert [(change.cause, change.after[TIER]) for change in taken] == [("capacity", "tier_2"), ("data", "tier_1")]


@pytest.mark.parametrize(("live", "cause"), [({}, "first"), ({TIER: "tier_2"}, "adopted")])
def test_a_company_never_scored_has_one_piece(live: Mapping[str, str], cause: Literal["first", "adopted"]) -> None:
    frame = night(texts_of({**IDEAL, **live}), PROFILE, FIRST_NIGHT, allow=["adopt"]).explained(None)
    assert [change.why for change in iter_changes(frame)] == [Why(cause, 0.0, 100.0, (Piece(cause, 100.0),))]


def test_a_company_that_leaves_the_scope_has_no_pieces() -> None:
    scoped = profile(scope={"property": "country", "is": "Germany"})
    why = Second({1: {"country": "France"}}, old=scoped, new=scoped).why({**IDEAL, "country": "Germany"})
    assert why == Why("left_scope", 100.0, 0.0)


def test_an_override_that_ended_is_the_cause_whatever_the_pieces() -> None:
    assert Second({1: {"industry": ""}}).why(known={"released": [1]}) == Why("released", 100.0, 50.0, (EMPTIED_TRADE,))


def test_what_an_override_kept_is_not_put_back_when_it_ends() -> None:
    first = night(texts_of(IDEAL), PROFILE, FIRST_NIGHT)
    frame, differences = edited(first.written(), {1: {TIER: "tier_2"}})
    baseline = Baseline(FIRST_NIGHT, {scoring_digest(PROFILE): PROFILE}, differences)
    changes = night(frame, PROFILE, FIRST_NIGHT).explained(baseline, {"released": [1]})
    assert (cause_counts(changes), count_put_back(changes)) == ({"released": 1}, 0)


def test_nobody_edited_a_value_of_which_nobody_knows_what_we_wrote() -> None:
    first = night(texts_of(IDEAL), PROFILE, FIRST_NIGHT)
    frame, differences = edited(first.written(), {1: {"industry": "", TIER: "tier_3"}})
    unknown = differences.with_columns(was=pl.when(pl.col("property") == TIER).then(pl.lit("\0")).otherwise("was"))
    baseline = Baseline(FIRST_NIGHT, {scoring_digest(PROFILE): PROFILE}, unknown)
    changes = night(frame, PROFILE, FIRST_NIGHT).explained(baseline)
    (change,) = iter_changes(changes)
    assert (change.why, count_put_back(changes)) == (Why("data", 100.0, 50.0, (EMPTIED_TRADE,)), 0)


@pytest.mark.slow
@pytest.mark.parametrize("cause", ["overridden", "held"])
def test_where_no_step_changed_anything_what_stands_is_the_cause(cause: Literal["overridden", "held"]) -> None:
    first = night(texts_of(IDEAL, IDEAL), PROFILE, FIRST_NIGHT)
    frame, differences = edited(first.written(), {1: {REASONS: "Tier 1, as before"}, 2: {"industry": ""}})
    # What was written is what stood before the note: nobody edited it.
    baseline = Baseline(FIRST_NIGHT, {scoring_digest(PROFILE): PROFILE}, differences.filter(property="industry"))
    changes = night(frame, PROFILE, FIRST_NIGHT).explained(baseline, {cause: [1, 2]})
    assert [change.cause for change in iter_changes(changes)] == [cause, "data"]


def test_long_texts_are_cut() -> None:
    (piece,) = Second({1: {"industry": "x" * 5000}}).why().pieces
    assert piece.now == "x" * 119 + "…"


def test_the_most_points_stand_first_and_what_is_beyond_twelve_is_summed_up() -> None:
    many = [{"id": f"c{n}", "property": f"p{n}", "weight": n, "match": {"known": True}} for n in range(1, 16)]
    wide = profile(criteria=many)
    full = {f"p{n}": "x" for n in range(1, 16)}
    why = Second({1: dict.fromkeys(full, "")}, old=wide, new=wide).why(full)
    assert [piece.criterion for piece in why.pieces] == [*(f"c{n}" for n in range(15, 3, -1)), None]
    assert (why.pieces[-1].step, why.pieces[-1].points) == ("rest", -5.0)
    assert round(sum(piece.points for piece in why.pieces), 1) == -100.0


def test_causes_and_what_is_put_back_are_counted() -> None:
    edits = {1: {SCORE: "12", "industry": ""}, 2: {REASONS: "mine"}, 3: {"industry": ""}}
    first = night(texts_of(IDEAL, IDEAL, IDEAL, IDEAL), PROFILE, FIRST_NIGHT)
    frame, differences = edited(first.written(), edits)
    changes = night(frame, PROFILE, FIRST_NIGHT).explained(Baseline(FIRST_NIGHT, {}, differences))
    assert list(cause_counts(changes).items()) == [("put_back", 1), ("data", 2)]
    assert count_put_back(changes) == 2


def test_a_plan_of_nothing_has_the_same_columns() -> None:
    first = night(texts_of(IDEAL), PROFILE, FIRST_NIGHT)
    some = first.explained(None)
    none = night(first.written(), PROFILE, FIRST_NIGHT).explained(None)
    assert (none.height, none.schema) == (0, some.schema)
