"""What a person reads of a plan's lists: what happens, whom each clause lets through, and a few members."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.document.list_changes_document import lists_document
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.views.lists import lists_view
from tests.plan.drawings import BLANK, NO_TIER, TIER_1, drawn, profile_of, verdict
from tests.views.rendering import lines

BIG = (BLANK, verdict("tier_1", score=95.0))
EXTRA = {"name": ["", "Acme [bold]", "Bolt", "Nobody"], "domain": ["a.example", "b.example", "", ""]}


def plan_of(live: LiveList | None = None, **keys: Any) -> PlanPreview:
    where = {"tier": ["tier_1"], "hits": {"all": ["fit"], "full": True}}
    list_block = {"name": "L", "kind": "static", "where": where, **keys}
    return drawn(
        (BLANK, TIER_1), BIG, (BLANK, verdict(fit=0.5)), (BLANK, NO_TIER),
        profile=profile_of(lists=[list_block]), lists={"L": live or LiveList()}, extra=EXTRA,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            {},
            [
                "List L: made, +2 −0 (0 members now)",
                "in tier 1: 3 · meets fit in full: 3 · all of it: 2",
                "such as Acme [bold] (tier 1, 95.0), a.example (tier 1, 90.0)",
            ],
        ),
        (
            {"where": {"tier": ["tier_1"]}, "limit": 1},
            [
                "List L: made, +1 −0 (0 members now)",
                "in tier 1: 3 · the best of them: 1",
                "such as Acme [bold] (tier 1, 95.0)",
            ],
        ),
        (
            {"where": {"outcome": ["disqualified", "not_icp"], "tier": ["tier_2"]}},
            ["List L: made, +0 −0 (0 members now)", "in tier 2: 0 · disqualified or not icp: 1 · all of it: 0"],
        ),
    ],
)
def test_a_list_tells_what_each_clause_lets_through_and_five_of_its_members(
    keys: dict[str, Any], expected: list[str]
) -> None:
    drawing = plan_of(**keys)
    assert [line for one in lists_view(drawing.plan.lists, drawing) for line in lines(one)] == expected


def test_the_document_tells_the_same() -> None:
    drawing = plan_of()
    assert lists_document(drawing.plan.lists, drawing) == {
        "L": {
            "add": 2, "remove": 0, "create": True, "filter": False, "wanted": 2, "meet": 2,
            "clauses": [
                {"where": "tier", "says": "in tier 1", "companies": 3},
                {"where": "hits", "says": "meets fit in full", "companies": 3},
            ],
            "sample": [
                {"id": "2", "name": "Acme [bold]", "domain": "b.example", "tier": "tier_1", "score": 95.0},
                {"id": "1", "name": "", "domain": "a.example", "tier": "tier_1", "score": 90.0},
            ],
        }
    }  # fmt: skip


def test_of_a_plan_from_a_file_only_what_happens_is_known() -> None:
    drawing = plan_of()
    assert lists_document(drawing.plan.lists)["L"] == {"add": 2, "remove": 0, "create": True, "filter": False}
    assert [line for one in lists_view(drawing.plan.lists) for line in lines(one)] == [
        "List L: made, +2 −0 (0 members now)"
    ]
