"""An early customer profile lies within its ICP."""

from typing import Any

import pytest

from icp_sync.profile import templates
from icp_sync.profile.lint import lint_ecp_against_icp
from icp_sync.profile.load import parse_profile
from tests.profile.example import criterion, loaded


def wider(ecp: dict[str, Any], icp: dict[str, Any]) -> list[str]:
    narrow, other = (loaded(criteria=[criterion(**keys)]).profile for keys in (ecp, icp))
    return [flaw.message for flaw in lint_ecp_against_icp(narrow, other)]


def industry(match: dict[str, Any]) -> dict[str, Any]:
    return {"property": "industry", "match": match}


def stack(name: str) -> dict[str, Any]:
    return {"property": "web_technologies", "match": {"has_any": [name]}}


@pytest.mark.parametrize(
    ("ecp", "icp", "count"),
    [
        ({"match": {"between": [1000, 3000]}}, {"match": {"between": [500, 10_000]}}, 0),
        ({"match": {"between": [100, 3000]}}, {"match": {"between": [500, 10_000]}}, 1),
        ({"match": {"at_least": 1000}}, {"match": {"between": [500, 10_000]}}, 1),
        ({"match": {"at_least": 1}}, {"match": {"at_least": 5}, "property": "other"}, 0),
        ({"match": {"region": "DE"}}, {"match": {"region": "DACH"}}, 0),
        ({"match": {"region": ["DE", "FR"]}}, {"match": {"region": "DACH"}}, 1),
        (industry({"is": "BANKING"}), industry({"in": ["financial services"]}), 0),
        (industry({"in": ["BANKING", "RETAIL"]}), industry({"in": ["banking"]}), 1),
        (stack("aws"), stack("cloud"), 0),
        (stack("cloud"), stack("aws"), 1),
    ],
)
def test_what_lies_outside_the_icp_is_named(ecp: dict[str, Any], icp: dict[str, Any], count: int) -> None:
    assert len(wider(ecp, icp)) == count


def test_the_message_says_what_and_whose() -> None:
    (message,) = wider({"match": {"region": ["DE", "FR"]}}, {"match": {"region": "DACH"}})
    assert message == "names FR, which the ICP example does not; an ECP lies within its ICP"


def test_the_guides_own_ecp_lies_within_its_icp_but_for_the_industry() -> None:
    ecp, icp = (parse_profile(templates.template_text(name), name).profile for name in ("s0-ecp", "s0-icp"))
    assert [flaw.path for flaw in lint_ecp_against_icp(ecp, icp)] == [("criteria", 1, "match")]
