"""The diff of what we last wrote, what stands on the records, and what is desired; desired texts need not be scores."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from icp_sync.plan.builder import build_plan, plan_from_diff
from icp_sync.plan.diff import desired_from_scores, diff, live_frame
from icp_sync.plan.output_spec import OutputContext
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import PlanInputs
from tests.plan.drawings import (
    BLANK,
    NOW,
    OUTSIDE,
    PROFILE,
    PROPERTY,
    STAMP,
    TIER_1,
    TIER_2,
    Company,
    Texts,
    frame_of,
    origin_of,
    profile_of,
    scored_of,
    settled,
)

LOCKING = profile_of("tier", "target_account", "score", "profile", lock={"property": "icp_locked"})
INPUTS = PlanInputs(origin_of(PROFILE), MissingObjects(), lists=None, last_read=None)
PORTAL: list[Company] = [
    (BLANK, TIER_1),
    (settled(TIER_1), TIER_2),
    (settled(TIER_2), TIER_2),
    ({"tier": "tier_1"}, TIER_2),
    (settled(TIER_1), OUTSIDE),
]
COMPANIES = with_ownership(frame_of(PROFILE, *PORTAL), PROFILE, adopt=False)
LIVE = live_frame(COMPANIES, PROFILE)
BEST = pl.lit(None, pl.String).alias("best_profile")
WANTED = desired_from_scores(
    LIVE, scored_of(*PORTAL).frame.with_columns(BEST), OutputContext(PROFILE, STAMP, NOW)
)  # fmt: skip


def test_the_parts_make_the_plan_that_the_whole_makes() -> None:
    rows = diff(None, LIVE, WANTED, PROFILE, adopt=False)
    apart = plan_from_diff(rows, COMPANIES, PROFILE, INPUTS)
    whole = build_plan(COMPANIES, scored_of(*PORTAL), PROFILE, INPUTS)
    assert apart.plan.fingerprint == whole.plan.fingerprint
    assert apart.diff.equals(whole.diff)


def test_companies_outside_the_scope_with_nothing_on_their_record_are_read_and_no_more() -> None:
    portal = [*PORTAL, (BLANK, OUTSIDE), ({"tier": "tier_1"}, OUTSIDE)]
    preview = build_plan(
        with_ownership(frame_of(PROFILE, *portal), PROFILE, adopt=False), scored_of(*portal), PROFILE, INPUTS
    )
    assert preview.plan.population.read == 7
    assert preview.companies["id"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert preview.diff["id"].to_list() == [1, 2, 3, 4, 5, 7]


def test_a_locked_record_is_counted_whatever_it_scores() -> None:
    frame = frame_of(LOCKING, (BLANK, OUTSIDE), (BLANK, OUTSIDE)).with_columns(icp_locked=pl.Series([None, "true"]))
    preview = build_plan(
        with_ownership(frame, LOCKING, adopt=False), scored_of((BLANK, OUTSIDE), (BLANK, OUTSIDE)), LOCKING, INPUTS
    )
    assert preview.diff["id"].to_list() == [2]


def test_scores_desire_a_tier_also_where_it_will_not_be_written() -> None:
    rows = diff(None, LIVE, WANTED, PROFILE, adopt=False)
    assert WANTED["desired.tier"].to_list() == ["tier_1", "tier_2", "tier_2", "tier_2", ""]
    assert rows["desired.tier"].to_list() == ["tier_1", "tier_2", "tier_2", None, ""]


@pytest.mark.parametrize("base", [None, pl.DataFrame({"id": [2, 3], "base.tier": ["tier_1", ""]})])
def test_what_we_last_wrote_stands_beside_and_is_null_where_unknown(base: pl.DataFrame | None) -> None:
    rows = diff(base, LIVE, WANTED, PROFILE, adopt=False)
    assert rows["base.tier"].to_list() == [None, *(["tier_1", ""] if base is not None else [None, None]), None, None]
    assert rows["base.score"].to_list() == [None] * 5
    assert rows.schema["base.score"] == pl.String


def test_texts_an_earlier_run_replaced_are_desired_like_any_other() -> None:
    undone = {"tier": "tier_3", "outcome": "tiered", "score": "55", "profile": "test@000000000000"}
    wanted = pl.DataFrame(
        {"id": [2], "in_scope": [True], **{f"desired.{name}": [text] for name, text in undone.items()}}
    )
    preview = plan_from_diff(diff(None, LIVE, wanted, PROFILE, adopt=False), COMPANIES, PROFILE, INPUTS)
    (change,) = preview.plan.iter_changes()
    assert change.id == 2
    assert {*change.after.values()} == {"tier_3", "55", "test@000000000000"}


def test_a_lock_keeps_a_tier_from_whatever_is_desired() -> None:
    frame = frame_of(LOCKING, ({"tier": "tier_1", "profile": STAMP}, TIER_1)).with_columns(icp_locked=pl.lit("true"))
    live_texts = live_frame(with_ownership(frame, LOCKING, adopt=False), LOCKING)
    wanted = pl.DataFrame({"id": [1], "in_scope": [True], "desired.tier": ["tier_2"], "desired.score": ["10"]})
    rows = diff(None, live_texts, wanted, LOCKING, adopt=False)
    assert rows.select("desired.tier", "desired.score", "effective_tier").row(0) == (None, "10", "tier_1")


def test_a_stamp_alone_is_no_change() -> None:
    wanted = pl.DataFrame({"id": [3], "in_scope": [True], "desired.profile": ["test@111111111111"]})
    assert plan_from_diff(
        diff(None, LIVE, wanted, PROFILE, adopt=False), COMPANIES, PROFILE, INPUTS
    ).plan.changes.is_empty()


@pytest.mark.parametrize(
    ("live", "base", "moved"),
    [
        pytest.param(settled(TIER_2), {}, True, id="another verdict"),
        pytest.param(settled(TIER_1) | {"tier": "tier_3"}, {"base.tier": ["tier_1"]}, False, id="an edit put back"),
        pytest.param(settled(TIER_1) | {"outcome": ""}, {"base.outcome": ["tiered"]}, False, id="an outcome put back"),
        pytest.param(
            settled(TIER_2) | {"tier": ""}, {"base.tier": ["tier_2"]}, True, id="another than before the edit"
        ),
    ],
)
def test_what_is_put_back_is_no_move(live: Texts, base: dict[str, list[str]], *, moved: bool) -> None:
    frame = with_ownership(frame_of(PROFILE, (live, TIER_1)), PROFILE, adopt=False)
    inputs = replace(INPUTS, base=pl.DataFrame({"id": [1], **base}))
    scored = scored_of((live, TIER_1))
    (change,) = build_plan(frame, scored, PROFILE, inputs).plan.iter_changes()
    assert (PROPERTY["changed_at"] in change.after) is moved
