"""Advice on profiles that work: whose it is, where it stands, and that it refuses nothing."""

import re
from typing import Any

import pytest

from tests.profile.example import loaded, profile
from tests.profile.lint.example import SOUND, rules, warnings


def test_a_sound_profile_gets_no_advice() -> None:
    assert rules() == []


UNDECIDED = {"match": {"at_least": 1}, "credit": 0.5, "label": "PLACEHOLDER"}


@pytest.mark.parametrize(
    ("sections", "rule"),
    [
        ({"disqualifiers": []}, "no-disqualifier"),
        ({"criteria": [{**SOUND["criteria"][0], "evidence": None}]}, "no-evidence"),
        ({"profile": {"name": "x", "kind": "icp", "review_by": "2027-02-01"}}, "no-owner"),
        ({"profile": {"name": "x", "kind": "icp", "owner": "me@example.com"}}, "no-review-date"),
        ({"tests": []}, "no-tests"),
        ({"derive": {"budget": "annualrevenue * 0.1"}}, "unused-derive"),
        ({"criteria": [{**SOUND["criteria"][0], "label": "Rich (PLACEHOLDER)"}]}, "placeholder"),
        ({"criteria": [{**SOUND["criteria"][0], "partial": [UNDECIDED]}]}, "placeholder"),
        ({"disqualifiers": [{**SOUND["disqualifiers"][0], "reason": "PLACEHOLDER"}]}, "placeholder"),
    ],
)
def test_what_a_reviewer_would_ask_about_is_a_warning(sections: dict[str, Any], rule: str) -> None:
    without_nulls = {
        key: [{k: v for k, v in one.items() if v is not None} for one in value] if isinstance(value, list) else value
        for key, value in sections.items()
    }
    assert rules(**without_nulls) == [rule]


@pytest.mark.parametrize("match", [{"in": ["unknown"]}, {"not_in": ["PARTNER", "N/A"]}, {"has_any": ["none"]}])
def test_a_word_for_nothing_is_no_name(match: dict[str, Any]) -> None:
    assert rules(disqualifiers=[{"id": "x", "property": "type", "match": match}]) == ["empty-word"]


@pytest.mark.parametrize("name", ["jobtitle", "job_title", "hs_persona", "contact_email", "buying_role", "seniority"])
def test_a_person_is_no_company(name: str) -> None:
    assert rules(disqualifiers=[{"id": "x", "property": name, "match": {"is": "CTO"}}]) == ["person-field"]


@pytest.mark.parametrize("name", ["hs_num_decision_makers", "hs_num_contacts_with_buying_roles", "departments", "type"])
def test_what_counts_people_is_about_the_company(name: str) -> None:
    assert rules(disqualifiers=[{"id": "x", "property": name, "match": {"at_least": 2}}]) == []


def test_advice_stands_by_its_line_and_never_refuses() -> None:
    (warning,) = warnings(disqualifiers=[])
    assert (warning.severity, warning.line) == ("warning", 1)
    assert warning.message.endswith("such as partners and competitors")
    assert loaded().profile.name == profile()["profile"]["name"]


def test_no_advice_cites_a_document_nobody_has() -> None:
    cited = re.compile(r"\bS[0-9]\b|guide|design\.md|hubspot-api", re.IGNORECASE)
    assert not [said.message for said in warnings(disqualifiers=[]) if cited.search(said.message)]
