"""One run: numbers, causes, guardrails, who, what it wrote and left; in words, as a table and for machines."""

from __future__ import annotations

from dataclasses import replace

from icp_sync.plan.change_frame import Change
from icp_sync.plan.run_record import ChangeDetails, CompanyResult, ListChangeRecord, RunDetails
from icp_sync.views.run_details import show_csv, show_document, show_view
from tests.views.rendering import text_of
from tests.views.test_history import HELD, NIGHT, run

SHOWN = RunDetails(
    run(because="asked for by sales", guardrails=[HELD], allowed=["list_growth"]),
    (
        ChangeDetails(
            Change(17, "data", {"tier": "tier_1", "score": "91"}, {"tier": "", "score": "3"}), "written", None
        ),
        ChangeDetails(Change(18, "first", {"tier": ""}, {"tier": "=1+1"}), "rejected", "no such option"),
    ),
    (CompanyResult(19, 1, "data", "skipped", None, None, "changed by somebody since the plan: tier"),),
    (ListChangeRecord("Tier 1", "9", NIGHT, NIGHT, (17, 18), (20,), None),),
    "/state/plans/run.jsonl",
)


def test_a_run_is_shown_with_everything_a_person_asks_for() -> None:
    text = text_of(show_view(SHOWN))
    for words in (
        "by ops on cron-1",
        "because: asked for by sales",
        "held by changed (allowed: list_growth)",
        "Guardrail changed: 30 of 100, limit 10.0%: HELD",
        "the held plan: /state/plans/run.jsonl",
        "17 written: its data changed",
        "tier tier_1 → empty, score 91 → 3",
        "19: skipped, changed by somebody since the plan: tier",
        "List Tier 1: +2 −1",
    ):
        assert words in text


def test_a_guardrail_without_a_whole_is_shown_where_it_holds() -> None:
    blocking = [
        HELD | {"name": "undone", "part": 7, "whole": None},
        HELD | {"name": "list_shrink", "whole": None, "blocks": False},
    ]
    text = text_of(show_view(replace(SHOWN, run=run(guardrails=blocking))))
    assert "Guardrail undone: 7: HELD" in text
    assert "list_shrink" not in text


def test_a_list_that_was_made_and_filled_is_one_line_and_one_that_moved_nobody_is_named() -> None:
    lists = (
        ListChangeRecord("Tier 1", None, NIGHT, NIGHT, (), (), None),
        ListChangeRecord("Tier 1", "9", NIGHT, NIGHT, (17,), (), None),
        ListChangeRecord("New", "8", NIGHT, NIGHT, (), (), None),
    )
    lines = [line.strip() for line in text_of(show_view(replace(SHOWN, lists=lists))).splitlines()]
    assert [line for line in lines if line.startswith("List")] == [
        "List Tier 1: +1 −0", "List New: made, or its filter set",
    ]  # fmt: skip


def test_a_run_for_machines_has_one_row_a_value() -> None:
    document = show_document(SHOWN)
    assert [(row["id"], row["property"], row["before"], row["after"]) for row in document["changes"]] == [
        ("17", "tier", "tier_1", ""), ("17", "score", "91", "3"), ("18", "tier", "", "=1+1"),
    ]  # fmt: skip
    assert (document["changes_total"], document["left_total"], document["run"]["because"]) == (
        2,
        1,
        "asked for by sales",
    )


def test_its_table_runs_no_formula() -> None:
    lines = show_csv(SHOWN).splitlines()
    assert lines[0] == "id,property,before,after,cause,result,reason"
    assert lines[-1] == "18,tier,,'=1+1,first,rejected,no such option"
