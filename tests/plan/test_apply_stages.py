"""What applying a plan does, in order."""

from __future__ import annotations

from dataclasses import replace

from icp_sync.plan.apply_stages import (
    COMPANY_WRITING,
    LIST_WRITING,
    CreateFolder,
    CreateProperties,
    SyncList,
    WriteCompanies,
    apply_stages,
)
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects
from tests.plan.drawings import BLANK, TIER_1, drawn, settled

NOTHING = drawn((settled(TIER_1), TIER_1)).plan
LISTS = (ListChange("New", "static", None, add=(1,)), ListChange("Kept", "static", "7"))


def test_properties_come_first_then_companies_then_lists_in_their_folder() -> None:
    missing = MissingObjects(group=True, folder=True, properties=("icp_fit_score",))
    plan = replace(drawn((BLANK, TIER_1)).plan, to_make=missing, lists=LISTS)
    create, write, folder, sync = apply_stages(plan)
    assert (create, folder, sync) == (CreateProperties(missing), CreateFolder(), SyncList(LISTS[0]))
    assert isinstance(write, WriteCompanies)
    assert write.changes.equals(plan.changes)


def test_a_plan_with_nothing_to_do_has_no_stages() -> None:
    stages = apply_stages(replace(NOTHING, lists=LISTS[1:]))
    assert (list(stages), stages.calls, stages.scopes) == ([], 0, ())


def test_a_token_needs_what_the_stages_write() -> None:
    plan = replace(drawn((BLANK, TIER_1)).plan, lists=LISTS)
    assert apply_stages(plan).scopes == (COMPANY_WRITING, LIST_WRITING)
