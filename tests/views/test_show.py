"""One run: numbers, causes, guardrails, who, what it wrote and left; in words, as a table and for machines."""

from __future__ import annotations

from icp_sync.plan.changes import Change
from icp_sync.plan.run_record import CompanyResult, ListChangeRecord, ShownChange, ShownRun
from icp_sync.views.show import show_csv, show_document, show_view
from tests.views.rendering import text_of
from tests.views.test_history import HELD, NIGHT, run

SHOWN = ShownRun(
    run(because="asked for by sales", guardrails=[HELD], allowed=["changed"]),
    (
        ShownChange(Change(17, "data", {"tier": "tier_1", "score": "91"}, {"tier": "", "score": "3"}), "written", None),
        ShownChange(Change(18, "first", {"tier": ""}, {"tier": "=1+1"}), "rejected", "no such option"),
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
        "allowed: changed",
        "Guardrail changed: 30 of 100, limit 10.0%: HELD",
        "the held plan: /state/plans/run.jsonl",
        "17 written: its data changed",
        "tier tier_1 → empty, score 91 → 3",
        "19: skipped, changed by somebody since the plan: tier",
        "List Tier 1: +2 −1",
    ):
        assert words in text


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
