"""Kleene's logic in matches, and how a criterion's partials and `missing` make its credit."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from tests.scoring.profiles import credit_of, profile_of, scored

TEXT = {True: "yes", False: "no", None: "perhaps"}
CREDIT = {True: 1.0, False: 0.0, None: None}
AND = {
    (True, True): True, (True, False): False, (True, None): None, (False, True): False, (False, False): False,
    (False, None): False, (None, True): None, (None, False): False, (None, None): None,
}  # fmt: skip
OR = {
    (True, True): True, (True, False): True, (True, None): True, (False, True): True, (False, False): False,
    (False, None): None, (None, True): True, (None, False): None, (None, None): None,
}  # fmt: skip
BOTH = [{"property": "a", "is_true": True}, {"property": "b", "is_true": True}]


def composed(match: Mapping[str, object], a: bool | None, b: bool | None = None) -> float | None:
    profile = profile_of({"id": "c", "match": match})
    credit: float | None = scored(profile, a=[TEXT[a]], b=[TEXT[b]]).frame["credit.c"].item()
    return credit


@pytest.mark.parametrize(("pair", "expected"), AND.items())
def test_all(pair: tuple[bool | None, bool | None], expected: bool | None) -> None:
    assert composed({"all": BOTH}, *pair) == CREDIT[expected]


@pytest.mark.parametrize(("pair", "expected"), OR.items())
def test_any(pair: tuple[bool | None, bool | None], expected: bool | None) -> None:
    assert composed({"any": BOTH}, *pair) == CREDIT[expected]


@pytest.mark.parametrize(("value", "expected"), [(True, False), (False, True), (None, None)])
def test_not(value: bool | None, expected: bool | None) -> None:
    assert composed({"not": BOTH[0]}, value) == CREDIT[expected]


@pytest.mark.parametrize("pair", list(itertools.product([True, False, None], repeat=2)))
def test_compositions_nest(pair: tuple[bool | None, bool | None]) -> None:
    negated = composed({"not": {"any": [{"not": leaf} for leaf in BOTH]}}, *pair)

    assert negated == CREDIT[AND[pair]]


PARTIALS = [
    {"match": {"between": [200, 499]}, "credit": 0.5},
    {"match": {"between": [100, 499]}, "credit": 0.2},
]


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("800", 1.0),
        ("300", 0.5),
        ("150", 0.2),
        ("5", 0.0),
        ("400-600", None),  # the match itself is unknown: no partial is tried
        ("150-250", None),  # the first partial is unknown: the second, though certain, is not tried
        ("50-150", None),
        ("120-180", 0.2),
        (None, None),
        ("#####", None),
    ],
)
def test_partials_are_tried_in_order_after_a_certain_miss(text: str | None, credit: float | None) -> None:
    assert credit_of({"at_least": 500}, text, partial=PARTIALS) == credit


@pytest.mark.parametrize(
    ("text", "credit"), [(None, 0.0), ("#####", 0.0), ("400-600", 0.0), ("300", 0.5), ("800", 1.0)]
)
def test_missing_miss_turns_only_the_unknown_into_zero(text: str | None, credit: float) -> None:
    assert credit_of({"at_least": 500}, text, partial=PARTIALS, missing="miss") == credit


def test_missing_miss_acts_at_the_very_end_and_not_inside_a_composition() -> None:
    assert credit_of({"not": {"at_least": 500}}, None, missing="miss") == 0.0
