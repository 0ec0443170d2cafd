"""Names of a profile beside the options the portal's enumerations have."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.profile.lint import lint_portal
from icp_sync.profile.portal_measurements import PortalFacts, PropertyFacts
from tests.profile.example import criterion, loaded

SEGMENTS = {
    "seg_1": "Key accounts",
    "seg_2": "Mid-market",
    "BANKING": "Banking",
    "COMPUTER_SOFTWARE": "Computer Software",
}
TEXT = PropertyFacts(0.9)


def findings_on(
    match: dict[str, Any], options: dict[str, str] = SEGMENTS, **sections: Any
) -> list[tuple[str, str, str]]:
    """Rule, severity and message of what is said of names looked for in the enumeration `segment`."""
    facts = PortalFacts({"segment": PropertyFacts(0.9, options), "text": TEXT})
    profile = loaded(criteria=[criterion(property="segment", match=match)], **sections).profile
    return [(flaw.rule, flaw.severity, flaw.message) for flaw in lint_portal(profile, facts) if "option" in flaw.rule]


@pytest.mark.parametrize(
    "match",
    [
        {"in": ["seg_1", "Key accounts", "MID_MARKET"]},
        {"is": "banking"},
        {"not_in": ["software"]},  # a group, of which the portal has one
        {"has_any": ["software"], "at_least": 1},
        {"contains_any": ["anything"]},
        {"starts_with": ["anything"]},
    ],
)
def test_names_that_stand_for_an_option_are_good(match: dict[str, Any]) -> None:
    options = {**SEGMENTS, "software": "Software"}
    assert findings_on(match, options) == []


@pytest.mark.parametrize("operator", ["is", "in", "not_in", "has_any", "has_all", "has_none"])
def test_a_name_that_is_neither_value_nor_label_is_refused(operator: str) -> None:
    ((rule, severity, message),) = findings_on({operator: ["Key acounts"]})
    assert (rule, severity) == ("unknown-option", "error")
    assert message == (
        "segment has no option 'Key acounts' in this portal, by value or by label; did you mean seg_1 (Key accounts)?"
    )


def test_where_no_option_is_near_the_few_there_are_are_listed() -> None:
    ((_, _, message),) = findings_on({"in": ["Zoo"]}, {"a": "a", "b": "Bees"})
    assert message.endswith("; it has a, b (Bees)")


def test_a_technology_hubspot_does_not_list_yet_is_a_warning() -> None:
    ((rule, severity, message),) = findings_on({"has_any": ["jira"]}, {"sap": "SAP", "slack": "Slack"})
    assert (rule, severity) == ("dead-option", "warning")
    assert "nobody can have it" in message


def test_a_value_that_is_another_options_label_is_pointed_out() -> None:
    ((rule, severity, message),) = findings_on({"in": ["2"]}, {"1": "2", "2": "3"})
    assert (rule, severity) == ("doubtful-option", "warning")
    assert message.startswith("'2' is read as the option 2 (3), and 1 (2) has it for a label")


def test_a_text_beside_the_enumeration_may_say_anything() -> None:
    leaf = {"properties": ["segment", "text"], "in": ["Zoo"]}
    assert findings_on({"any": [leaf, {"is": "Banking"}]}) == []


def test_the_names_lists_ask_for_are_looked_at_too() -> None:
    where = {"property": {"segment": {"in": ["Zoo"]}}}
    lists = [{"name": "L", "kind": "static", "where": where}]
    ((rule, _, _),) = findings_on({"in": ["Banking"]}, lists=lists)
    assert rule == "unknown-option"
