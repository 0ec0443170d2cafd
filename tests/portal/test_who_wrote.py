"""Who wrote a tier, told by the history of a portal in a box: what was written by us, by people, by workflows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from icp_sync.plan.history_sources import find_own_sources
from icp_sync.plan.override_rules import OverrideRules
from icp_sync.plan.overrides import decide_writes, ids_needing_history
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import COMPANY_UPDATE
from icp_sync.portal.companies.property_history import read_history
from icp_sync.profile.model.outputs import Overrides
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import SOURCES, person_source
from tests.plan.questions import NOW, TIER, WRITE, frame, question

STAMP = "icp_fit_profile"
Edit = Callable[[SandboxPortal], object]


@pytest.fixture
def written(connection: Connection, portal: SandboxPortal) -> SandboxPortal:
    """A portal in which we wrote tier_1 and our stamp on the companies 1 and 2."""
    for name in (TIER, STAMP):
        portal.add_property(name)
    properties = {TIER: "tier_1", STAMP: "icp@0a1b2c3d4e5f"}
    connection.call(COMPANY_UPDATE, body={"inputs": [{"id": str(one), "properties": properties} for one in (1, 2)]})
    return portal


def editing(source: str) -> Edit:
    return lambda portal: portal.edit_company(1, {TIER: "tier_3"}, SOURCES[source])


def merging(portal: SandboxPortal) -> None:
    """The survivor had no tier, and gets that of the company that is folded into it."""
    portal.edit_company(2, {TIER: "tier_3"}, person_source(7))
    portal.edit_company(1, {TIER: ""}, person_source(7))
    portal.merge(1, 2)


def restoring(portal: SandboxPortal) -> None:
    portal.edit_company(1, {TIER: "tier_3"}, person_source(7))
    portal.archive(1)
    portal.restore(1)


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        (editing("person"), 10),
        (editing("bulk_edit"), 10),
        (editing("workflow"), 11),
        (editing("import"), 11),
        (editing("integration"), 11),
        (editing("enrichment"), 11),
        (editing("calculation"), 9),
        (merging, 9),
        (restoring, 10),
        (SandboxPortal.companies_frame, 8),
        (lambda portal: portal.archive(1), 12),
    ],
)
def test_the_last_hand_on_a_tier_decides(connection: Connection, written: SandboxPortal, edit: Edit, row: int) -> None:
    """After a lost disk: what we wrote last is unknown, and the profile wants tier_2."""
    edit(written)
    live = written.company(1)[TIER] if row != 12 else "tier_1"
    questions = frame(question(live=live, base=None, stamped=True))
    nobody = OverrideRules(WRITE, Overrides(), frozenset(), NOW)
    history = read_history(connection, ids_needing_history(questions, nobody), [TIER, STAMP])
    ours = find_own_sources(history, STAMP, "icp")
    assert decide_writes(questions, history, OverrideRules(WRITE, Overrides(), ours, NOW))["row"].to_list() == [row]
