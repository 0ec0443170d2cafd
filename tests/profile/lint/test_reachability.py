"""Questions tell companies apart, and tiers can be reached."""

from typing import Any

import pytest

from tests.profile.example import criterion
from tests.profile.lint.example import asks, rules, warnings

NOBODY = [
    {"all": [{"at_least": 10}, {"at_most": 5}]},
    {"at_most": -1},
    {"all": [{"property": "industry", "is": "BANKING"}, {"property": "industry", "is": "RETAIL"}]},
    {"all": [{"property": "industry", "in": ["software"]}, {"property": "industry", "is": "BANKING"}]},
    {"all": [{"property": "x", "has_any": ["a"]}, {"property": "x", "has_none": ["a", "b"]}]},
    {"all": [{"property": "x", "has_all": ["a", "b"]}, {"not": {"property": "x", "has_any": ["b"]}}]},
    {"all": [{"property": "x", "starts_with": ["a"]}, {"not": {"property": "x", "starts_with": ["a"]}}]},
    {"all": [{"property": "d", "within_days": 5}, {"property": "d", "older_than_days": 10}]},
    {"all": [{"property": "d", "age_years": [3, None]}, {"property": "d", "age_years": [None, 2]}]},
]
EVERYBODY = [
    {"at_least": 0},
    {"any": [{"at_least": 10}, {"at_most": 15}]},
    {"not": {"at_most": -5}},
    {"property": "name", "matches": ".*"},
    {"within_km": {"of": "Berlin, DE", "km": 20_040}},
    {"any": [{"property": "x", "has_any": ["a"]}, {"property": "x", "has_none": ["a"]}]},
    {"any": [{"property": "industry", "in": ["software"]}, {"property": "industry", "not_in": ["COMPUTER_SOFTWARE"]}]},
]
SOME = [
    {"all": [{"at_least": 10}, {"at_most": 10}]},
    {"all": [{"property": "x", "is": "a"}, {"property": "x", "is": "b"}]},
    {
        "all": [
            {"property": "web_technologies", "has_any": ["cloud"]},
            {"property": "web_technologies", "has_none": ["aws"]},
        ]
    },
    {"any": [{"at_least": 10}, {"property": "annualrevenue", "at_most": 10}]},
    {"property": "x", "known": True},
    {"all": [{"property": "x", "starts_with": ["a"]}, {"not": {"property": "x", "starts_with": ["b"]}}]},
    {"all": [{"region": "DE"}, {"city": "Berlin"}]},
    {"property": "x", "has_any": list("abcdefghijkl"), "at_least": 5},
    {"all": [{"property": f"p{n}", "between": [n, 9]} for n in range(8)]},
    {"property": "x", "at_least": 0},
]


@pytest.mark.parametrize("match", NOBODY)
def test_a_question_nobody_meets_is_named(match: dict[str, Any]) -> None:
    assert "nobody" in rules(criteria=[asks(match)])


@pytest.mark.parametrize("match", EVERYBODY)
def test_a_question_everybody_meets_is_named(match: dict[str, Any]) -> None:
    assert rules(criteria=[asks(match)]) == ["everybody"]


@pytest.mark.parametrize("match", SOME)
def test_a_question_some_meet_is_left_alone(match: dict[str, Any]) -> None:
    assert rules(criteria=[asks(match)]) == []


def test_a_disqualifier_of_everybody_or_nobody_is_named() -> None:
    (warning,) = warnings(disqualifiers=[{"id": "x", "property": "numberofemployees", "match": {"at_least": 0}}])
    assert warning.message.startswith("it rules everybody out")
    (warning,) = warnings(disqualifiers=[{"id": "x", "property": "numberofemployees", "match": NOBODY[0]}])
    assert warning.message.startswith("it rules nobody out")


@pytest.mark.parametrize(
    ("small", "expected"),
    [
        ({"match": {"at_most": 50}}, ["out-of-reach"]),
        ({"match": {"at_most": 50}, "partial": [{"match": {"at_least": 51}, "credit": 0.7}]}, []),
        ({"match": {"at_most": 600}}, []),
    ],
)
def test_criteria_that_exclude_each_other_leave_a_tier_out_of_reach(small: dict[str, Any], expected: list[str]) -> None:
    large = asks({"at_least": 500})
    assert rules(criteria=[large, criterion(id="small", **small)]) == expected


def test_the_best_there_could_be_is_named() -> None:
    warning = warnings(criteria=[asks({"at_least": 500}), criterion(id="small", weight=30, match={"at_most": 50})])[0]
    assert warning.message == "no company can reach tier_1, the best there could be scores 60.0; lower it"


def test_criteria_beyond_trying_are_taken_to_be_possible() -> None:
    """Each shares a property with the next, so that all of them would have to be tried together."""
    chained = [
        criterion(
            id=f"c{n}", match={"all": [{"property": f"p{n}", "at_least": 1}, {"property": f"p{n + 1}", "at_least": 1}]}
        )
        for n in range(100)
    ]
    assert rules(criteria=[*chained, asks({"at_least": 5}, id="last")]) == []


def test_criteria_that_share_a_property_are_tried_together_wherever_they_stand() -> None:
    both = {"all": [{"property": "a", "at_least": 5}, {"property": "b", "at_least": 5}]}
    criteria = [
        asks({"at_least": 9}, id="one", property="a"),
        asks({"at_least": 9}, id="two", property="b"),
        criterion(id="both", match={"not": both}),
    ]
    assert rules(criteria=criteria) == ["out-of-reach"]
