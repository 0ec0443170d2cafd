"""A name twice in one list is refused where it stands the second time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.profile.example import criterion, errors, refusals

TWICE = "is named twice; keep one of them"


def listed(**where: list[str]) -> dict[str, Any]:
    return {"lists": [{"name": "A", "kind": "static", "where": where}]}


@pytest.mark.parametrize(
    ("sections", "error"),
    [
        ({"required": ["size", "size"]}, f"required[1]: size {TWICE}"),
        (
            {"write": {"target_account": {"property": "icp_target", "tiers": ["tier_1", "tier_2", "tier_1"]}}},
            f"write.target_account.tiers[2]: tier_1 {TWICE}",
        ),
        (listed(tier=["tier_1", "tier_1"]), f"lists[0].where.tier[1]: tier_1 {TWICE}"),
        (listed(outcome=["tiered", "tiered"]), f"lists[0].where.outcome[1]: tiered {TWICE}"),
        (listed(hits=["size", "size"]), f"lists[0].where.hits[1]: size {TWICE}"),
        ({"location": {"city": ["city", "city"]}}, f"location.city[1]: city {TWICE}"),
        (
            {"criteria": [{"id": "a", "weight": 1, "properties": ["b", "b"], "match": {"known": True}}]},
            f"criteria[0].properties[1]: b {TWICE}",
        ),
        (
            {"criteria": [criterion(match={"any": [{"properties": ["b", "b"], "known": True}]})]},
            f"criteria[0].match.any[0].properties[1]: b {TWICE}",
        ),
        (
            {"criteria": [criterion(match={"has_any": ["Node.js", "slack", "nodejs"], "at_least": 2})]},
            "criteria[0].match.has_any[2]: 'nodejs' is the same as 'Node.js' and counts once; keep one of them",
        ),
    ],
)
def test_a_name_twice_is_refused(sections: dict[str, Any], error: str) -> None:
    assert errors(**sections) == [error]


def test_it_is_named_with_its_own_line() -> None:
    text = """schema: 1
profile: {name: example, kind: icp}
criteria: [{id: size, property: numberofemployees, weight: 1, match: {at_least: 5}}]
required:
  - size
  - size
tiers: [{tier: tier_1, enter: 80}]
write: {tier: icp_tier}
"""
    assert refusals(text) == [f"6: required[1]: size {TWICE}"]


@pytest.mark.parametrize("names", [["jira", "Jira"], ["cloud", "aws"]])
def test_spellings_of_one_name_may_stand_side_by_side_where_nothing_is_counted(names: list[str]) -> None:
    assert errors(criteria=[criterion(match={"has_any": names})]) == []


def test_a_group_may_be_counted_beside_one_of_its_members() -> None:
    assert errors(criteria=[criterion(match={"has_any": ["cloud", "aws"], "at_least": 2})]) == []
