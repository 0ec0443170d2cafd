"""Advice on profiles that work."""

from typing import Any

import pytest

from tests.profile.example import criterion, loaded, profile

SOUND: dict[str, Any] = {
    "profile": {"name": "x", "kind": "icp", "owner": "me@example.com", "review_by": "2027-02-01"},
    "criteria": [criterion(evidence="14 of our 20 best customers")],
    "disqualifiers": [{"id": "partner", "property": "type", "match": {"is": "PARTNER"}}],
    "tests": [{"name": "fits", "company": {"numberofemployees": "800"}, "expect": {"tier": "tier_1"}}],
}


def rules(**sections: Any) -> list[str]:
    return [warning.rule for warning in loaded(**{**SOUND, **sections}).warnings]


def test_a_sound_profile_gets_no_advice() -> None:
    assert rules() == []


@pytest.mark.parametrize(
    ("sections", "rule"),
    [
        ({"disqualifiers": []}, "no-disqualifier"),
        ({"criteria": [criterion()]}, "no-evidence"),
        ({"profile": {"name": "x", "kind": "icp", "review_by": "2027-02-01"}}, "no-owner"),
        ({"profile": {"name": "x", "kind": "icp", "owner": "me@example.com"}}, "no-review-date"),
        ({"tiers": [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 75.5}]}, "close-tiers"),
        ({"tests": []}, "no-tests"),
    ],
)
def test_what_a_reviewer_would_ask_about_is_a_warning(sections: dict[str, Any], rule: str) -> None:
    assert rules(**sections) == [rule]


def test_advice_stands_by_its_line_and_never_refuses() -> None:
    (warning,) = loaded(**{**SOUND, "tests": []}).warnings
    assert (warning.severity, warning.line) == ("warning", 1)
    assert loaded().profile.name == profile()["profile"]["name"]
