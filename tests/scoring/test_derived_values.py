"""Derived values: which formulas come to what, and when the result is unknown."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.parsed_columns import ValueKind, parse_properties
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.scoring.derived_values import derived_value
from icp_sync.scoring.explain import explain
from icp_sync.scoring.program import compile_profile
from tests.scoring.profiles import TODAY, profile_of, scored

UNKNOWN = None


def result(formula: str, **texts: str | None) -> float | None:
    tree = parse_formula(formula)
    frame = company_frame([1], {name: [text] for name, text in texts.items()})
    value: float | None = derived_value(
        tree, parse_properties(frame, [(name, ValueKind.NUMBER) for name in tree.properties()])
    ).item()
    return value


@pytest.mark.parametrize(
    ("formula", "texts", "expected"),
    [
        ("a * 0.10", {"a": "50"}, 5.0),
        ("a + b * 2", {"a": "1", "b": "3"}, 7.0),
        ("(a + b) * 2", {"a": "1", "b": "3"}, 8.0),
        ("a - b - 1", {"a": "9", "b": "3"}, 5.0),
        ("a / b / 2", {"a": "12", "b": "3"}, 2.0),
        ("-a", {"a": "4"}, -4.0),
        ("abs(a - 10)", {"a": "4"}, 6.0),
        ("least(a, b, 7)", {"a": "9", "b": "8"}, 7.0),
        ("greatest(a, b)", {"a": "-1", "b": "-2"}, -1.0),
        ("a", {"a": "€1.2bn"}, 1.2e9),
        ("a / b", {"a": "0", "b": "5"}, 0.0),
        ("3 / 4", {}, 0.75),
        ("a / b", {"a": "1", "b": "0"}, UNKNOWN),
        ("a / b", {"a": "0", "b": "0"}, UNKNOWN),
        ("1 / (1 / a)", {"a": "0"}, UNKNOWN),  # an infinity inside is not made a number again
        ("least(5, 1 / a)", {"a": "0"}, UNKNOWN),
        ("a * 1e308 * 10", {"a": "9"}, UNKNOWN),
        ("a * 1e308 * 10 * 0", {"a": "9"}, UNKNOWN),
        ("a + b", {"a": "1", "b": None}, UNKNOWN),
        ("a * 0", {"a": None}, UNKNOWN),
        ("least(a, b)", {"a": "1", "b": None}, UNKNOWN),
        ("greatest(a, b)", {"a": None, "b": "1"}, UNKNOWN),
        ("a + 1", {"a": "#####"}, UNKNOWN),
        ("a + 1", {"a": "11-50"}, UNKNOWN),  # only point values enter
        ("a + 1", {"a": "10,001+"}, UNKNOWN),
        ("a - a", {"a": "11-50"}, UNKNOWN),
    ],
)
def test_a_formula_comes_to(formula: str, texts: dict[str, str | None], expected: float | None) -> None:
    assert result(formula, **texts) == expected


BUDGET = {"derive": {"budget": "revenue * 0.1 + extra"}}


@pytest.mark.parametrize(
    ("match", "revenue", "extra", "credit"),
    [
        ({"at_least": 100}, "1000", "0", 1.0),
        ({"at_least": 100}, "999", "0", 0.0),
        ({"between": [90, 110]}, "1,000", "5", 1.0),
        ({"at_least": 100}, "1000", None, None),
        ({"known": True}, "1000", "0", 1.0),
        ({"known": True}, "?", "0", 0.0),
        ({"known": False}, "?", "0", 1.0),
    ],
)
def test_a_derived_name_is_asked_like_a_property(
    match: dict[str, object], revenue: str, extra: str | None, credit: float | None
) -> None:
    profile = profile_of({"id": "c", "property": "budget", "match": match}, **BUDGET)

    assert scored(profile, revenue=[revenue], extra=[extra]).frame["credit.c"].item() == credit


def test_a_derived_name_stands_among_the_first_that_can_be_read() -> None:
    profile = profile_of({"id": "c", "properties": ["stated", "budget"], "match": {"at_least": 100}}, **BUDGET)

    frame = scored(profile, stated=["5", None, "x"], revenue=["1000"] * 3, extra=["1"] * 3).frame

    assert frame["credit.c"].to_list() == [0.0, 1.0, 1.0]


def test_what_a_formula_cannot_read_is_counted_under_the_property_it_stands_in() -> None:
    profile = profile_of({"id": "c", "property": "budget", "match": {"at_least": 100}}, **BUDGET)

    assert set(scored(profile, revenue=["#####"], extra=["1"]).unrecognised) == {"revenue"}


def test_explain_shows_what_the_formula_read_and_what_it_came_to() -> None:
    profile = profile_of({"id": "c", "property": "budget", "match": {"at_least": 100}}, **BUDGET)
    companies = company_frame([1], {"revenue": ["20,000"], "extra": ["0.5"]})

    answer = explain(companies, compile_profile(profile, TODAY), {})[0].criteria[0]

    assert (answer.value, answer.understood) == ("revenue: 20,000; extra: 0.5", "2,000.5")


numbers = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False).map(repr), st.text(max_size=5))


@given(numbers, numbers)
def test_a_result_is_a_finite_number_or_unknown(a: str | None, b: str | None) -> None:
    computed = result("abs(a / b) + least(a, greatest(b, -a)) * a - b / a", a=a, b=b)

    assert computed is None or math.isfinite(computed)
