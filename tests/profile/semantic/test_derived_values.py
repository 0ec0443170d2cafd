"""Derived values are formulas over properties, under names that mean nothing else."""

from typing import Any

import pytest

from tests.profile.example import criterion, errors, profile


@pytest.mark.parametrize(
    ("derive", "error"),
    [
        ({"a": "revenue **"}, "derive.a: '*' stands at column 10; a number, a property or an opening parenthesis was"),
        (
            {"a": "max(x, y)"},
            "derive.a: there is no function 'max' at column 1; only abs, least and greatest are known",
        ),
        ({"a": "1 + 2"}, "derive.a: reads no property and is the same for every company; name one"),
        ({"a": "a * 2"}, "derive.a: reads a, which is its own name; derive under another name"),
        ({"a": "x", "b": "a * 2"}, "derive.b: reads a, which is derived too; write out what a is made of"),
        ({"annualrevenue": "x * 2"}, "derive.annualrevenue: annualrevenue is HubSpot's own property; derive under"),
        ({"hs_x": "x * 2"}, "derive.hs_x: hs_x is HubSpot's own property; derive under another name"),
        ({"icp_tier": "x * 2"}, "derive.icp_tier: icp_tier is written as tier; derive under another name"),
        ({"size": "x * 2"}, "derive.size: the id 'size' is taken by criteria[0]; derive under another name"),
        ({"a": "icp_tier * 2"}, "derive.a: reads icp_tier, which this profile writes as tier; read another"),
        ({"Budget": "x"}, "derive.Budget: is text 'Budget'; write an id: a small letter, then up to 49 small letters"),
        ({"a": ""}, "derive.a: is an empty text; fill it in"),
        ({"a": 5}, 'derive.a: is 5, text is wanted; write "5" in quotes'),
        ({"a": "x" + "+x" * 600}, "derive.a: is too long; at most 1000 characters are allowed, shorten it"),
    ],
)
def test_what_cannot_be_derived_is_refused(derive: dict[str, Any], error: str) -> None:
    (finding,) = errors(derive=derive)
    assert finding.startswith(error)


def test_two_derived_names_that_read_each_other_are_refused() -> None:
    assert len(errors(derive={"a": "b + 1", "b": "a + 1"})) == 2


@pytest.mark.parametrize("match", [{"at_least": 1}, {"at_most": 1}, {"between": [1, 2]}, {"known": True}])
def test_a_derived_value_answers_questions_to_numbers(match: dict[str, Any]) -> None:
    assert errors(derive={"budget": "annualrevenue * 0.1"}, criteria=[criterion(property="budget", match=match)]) == []


@pytest.mark.parametrize(
    "match",
    [{"is": "x"}, {"has_any": ["x"]}, {"matches": "x"}, {"region": "DE"}, {"age_years": [1, 2]}, {"is_true": True}],
)
def test_and_no_others(match: dict[str, Any]) -> None:
    (error,) = errors(derive={"budget": "annualrevenue"}, criteria=[criterion(property="budget", match=match)])
    operator = next(iter(match))
    assert error == f"criteria[0].match: budget is derived, a number, which {operator} cannot judge; use between"


def test_places_capacity_lock_and_tests_name_the_portals_properties() -> None:
    tiers = profile()["tiers"]
    findings = errors(
        derive={"budget": "annualrevenue", "held": "annualrevenue"},
        location={"zip": ["budget"]},
        tiers=[{**tiers[0], "capacity": {"limit": 5, "per": "budget"}}, tiers[1]],
        lock={"property": "held"},
        tests=[{"name": "t", "company": {"budget": "5"}, "expect": {"tier": None}}],
    )
    assert [error.partition(":")[0] for error in findings] == [
        "location.zip[0]", "lock.property", "tests[0].company.budget", "tiers[0].capacity.per",
    ]  # fmt: skip
