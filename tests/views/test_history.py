"""Runs and one company's timeline, in words and as a document."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from icp_sync.plan.run_record import RunRecord, TimelineRow
from icp_sync.views.history import outcome_words, runs_document, runs_view, tier_move_words, timeline_view
from tests.views.rendering import text_of

NIGHT = dt.datetime(2026, 11, 3, 2, 0, tzinfo=dt.UTC)


def run(**facts: Any) -> RunRecord:
    usual: dict[str, Any] = {
        "run_id": "20261103T020000Z-ab12cd", "portal_id": 7, "profile": "icp", "command": "run", "started_at": NIGHT,
        "host": "cron-1", "os_user": "ops", "version": "1.0", "digest": "d1", "whole": "w1", "as_of": NIGHT.date(),
        "ended_at": NIGHT + dt.timedelta(minutes=4), "exit_code": 0, "changes": 12, "written": 11,
        "causes": {"data": 9, "first": 3},
    }  # fmt: skip
    return RunRecord(**(usual | facts))


HELD = {"name": "changed", "list": None, "part": 30, "whole": 100, "limit": 0.1, "blocks": True}
ENDS: dict[str, tuple[RunRecord, str]] = {
    "done": (run(), "11 written"),
    "in part": (run(exit_code=5, rejected=1, error="partly_applied"), "11 written, 1 refused, exit 5 (partly_applied)"),
    "held": (run(exit_code=4, guardrails=[HELD]), "held by changed"),
    "held by another": (
        run(exit_code=4, guardrails=[HELD], allowed=["list_growth"]),
        "held by changed (allowed: list_growth)",
    ),
    "allowed": (run(allowed=["changed"], guardrails=[HELD | {"blocks": False}]), "11 written (allowed: changed)"),
    "allowed, by an older version": (run(allowed=["changed"], guardrails=[HELD]), "11 written (allowed: changed)"),
    "open": (run(ended_at=None, exit_code=None), "has not ended"),
    "dead": (
        run(exit_code=None, error="interrupted"),
        "11 written, then cut short: it was killed, or its end could not be saved",
    ),
}


@pytest.mark.parametrize(("record", "words"), ENDS.values(), ids=ENDS)
def test_what_came_of_a_run(record: RunRecord, words: str) -> None:
    assert outcome_words(record) == words


def test_a_run_is_one_line_with_its_causes_in_words() -> None:
    text = text_of(runs_view([run(), run(command="undo", undoes="20261102T020000Z-ffffff")]))
    assert "2026-11-03 02:00" in text
    assert "9 data changed, 3 first score" in text
    assert "undo of 20261102T020000Z-ffffff" in text


def test_a_run_for_machines_names_the_guardrails_that_held() -> None:
    (document,) = runs_document([run(guardrails=[HELD, HELD | {"name": "list_shrink", "blocks": False}])])["runs"]
    assert document == {
        "run_id": "20261103T020000Z-ab12cd", "command": "run", "started_at": NIGHT.isoformat(), "exit_code": 0,
        "changes": 12, "causes": {"data": 9, "first": 3}, "held": ["changed"], "allowed": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("tier_1", "", "tier 1 → no tier"), ("", "tier_3", "no tier → tier 3"), (None, None, "")],
)
def test_tiers_are_said_as_people_say_them(before: str | None, after: str | None, words: str) -> None:
    assert tier_move_words(before, after) == words


def test_a_timeline_shows_portal_texts_as_they_are() -> None:
    row = TimelineRow(NIGHT, "run-1", 17, "tier_1", "tier_2", "data", "written", "industry went from [red]X to empty")
    assert "industry went from [red]X to empty" in text_of(timeline_view([row]))


def test_where_nothing_is_remembered_the_next_command_is_named() -> None:
    assert "icp-sync plan" in text_of(runs_view(()))
    assert "icp-sync explain" in text_of(timeline_view(()))
