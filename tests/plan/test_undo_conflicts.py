"""Whose change an undo leaves alone."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.companies.history_frame import HISTORY, PropertyVersion, history_frame
from icp_sync.plan.change_frame import Change
from icp_sync.plan.undo import LEFT
from icp_sync.plan.undo_conflicts import WRITES, find_unexplained_moves, with_writers, writes_frame

TIER, SCORE = "icp_tier", "icp_fit_score"
LATER = writes_frame("night-2", [Change(1, "data", {TIER: "tier_1"}, {TIER: "tier_2", SCORE: "70"})])


def left(*rows: tuple[int, str | None, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LEFT, orient="row")


def entry(value: str, source_type: str, user: int | None = None, at: int = 5) -> PropertyVersion:
    return PropertyVersion(1, TIER, value, at, source_type, None, user)


def writer(row: tuple[int, str | None, str | None, str], *history: PropertyVersion) -> tuple[str | None, str | None]:
    frame = with_writers(left(row), LATER, history_frame(history))
    return frame.select("writer", "writer_id").row(0)


def test_a_later_run_is_named_where_its_value_stands() -> None:
    assert writer((1, TIER, "tier_2", "moved")) == ("run", "night-2")
    assert writer((1, SCORE, "70.0", "moved")) == ("run", "night-2")
    assert writer((1, TIER, "tier_3", "moved")) == (None, None)
    assert writer((2, TIER, "tier_2", "moved")) == (None, None)


def test_of_later_runs_the_newest_counts() -> None:
    writes = pl.concat([LATER, writes_frame("night-3", [Change(1, "data", {}, {TIER: "tier_2"})])])
    frame = with_writers(left((1, TIER, "tier_2", "moved")), writes, HISTORY.to_frame())
    assert frame["writer_id"].to_list() == ["night-3"]


@pytest.mark.parametrize(
    ("source_type", "user", "expected"),
    [
        ("CRM_UI", 77, ("person", "77")),
        ("AUTOMATION_PLATFORM", None, ("automation", "AUTOMATION_PLATFORM")),
        ("INTEGRATION", None, ("app", "INTEGRATION")),
        ("MERGE_COMPANIES", None, ("system", "MERGE_COMPANIES")),
    ],
)
def test_history_names_everybody_else(source_type: str, user: int | None, expected: tuple[str, str]) -> None:
    assert writer((1, TIER, "tier_3", "moved"), entry("tier_3", source_type, user)) == expected


def test_an_entry_whose_value_stands_no_more_names_nobody() -> None:
    history = [entry("tier_3", "CRM_UI", 77), entry("", "CRM_UI", 78, at=9)]
    assert writer((1, TIER, "tier_3", "moved"), *history) == (None, None)


def test_of_entries_of_one_millisecond_the_first_listed_is_the_newest() -> None:
    history = [entry("tier_3", "CRM_UI", 77), entry("tier_2", "INTEGRATION")]
    assert writer((1, TIER, "tier_3", "moved"), *history) == ("person", "77")


def test_history_is_asked_only_about_what_moved_and_no_run_explains() -> None:
    rows = left(
        (1, TIER, "tier_2", "moved"), (1, SCORE, "3", "moved"), (2, TIER, "tier_1", "locked"), (3, None, None, "gone")
    )
    assert find_unexplained_moves(rows, LATER).select("id", "property").rows() == [(1, SCORE)]
    assert find_unexplained_moves(rows, WRITES.to_frame()).height == 2
