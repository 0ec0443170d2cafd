"""Operators called as elsewhere are named as here; no suggestion is better than a silly one."""

from __future__ import annotations

import pytest

from icp_sync.profile.model.match import COMPOSITIONS, OPERATORS
from icp_sync.profile.shape.operator_synonyms import suggest_operator
from tests.profile.example import criterion, errors


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("has_some", "has_any"),
        ("Has Some", "has_any"),
        ("contains", "contains_any"),
        ("equals", "is"),
        (">=", "at_least"),
        ("gte", "at_least"),
        ("gt", "at_least"),
        ("lte", "at_most"),
        ("less-than", "at_most"),
        ("min", "at_least"),
        ("within", "within_km"),
        ("exists", "known"),
        ("is_empty", "known: false"),
        ("one_of", "in"),
        ("none_of", "not_in"),
        ("country", "region"),
        ("newer_than_days", "within_days"),
        ("or", "any"),
        ("not_between", "not: {between: …}"),
        ("no_region", "not: {region: …}"),
        ("not_contains", "not: {contains_any: …}"),
        ("betwen", "between"),
        ("has-none", "has_none"),
        ("propertys", "property"),
        ("startsWith", "starts_with"),
        ("begins with", "starts_with"),
        ("ends_with", None),
        ("foo", None),
        ("not_foo", None),
        ("", None),
    ],
)
def test_the_operator_that_was_meant(word: str, meant: str | None) -> None:
    assert suggest_operator(word, ("property", "properties")) == meant


@pytest.mark.parametrize("name", [*OPERATORS, *COMPOSITIONS])
def test_an_operator_means_itself(name: str) -> None:
    assert suggest_operator(name) == name


@pytest.mark.parametrize(
    ("keys", "advice"),
    [
        ({"match": {"has_some": ["jira"]}}, "match.has_some: unknown key 'has_some'; did you mean has_any?"),
        ({"gte": 50}, "gte: unknown key 'gte'; write it under match, as match: {at_least: …}"),
        ({"is_empty": True}, "is_empty: unknown key 'is_empty'; write it under match, as match: {known: false}"),
        ({"wieght": 50}, "wieght: unknown key 'wieght'; did you mean weight?"),
    ],
)
def test_a_slip_is_answered_where_it_stands(keys: dict[str, object], advice: str) -> None:
    assert f"criteria[0].{advice}" in errors(criteria=[criterion(**keys)])


def test_a_key_like_nothing_we_know_is_answered_with_those_there_are() -> None:
    (error, *_) = errors(criteria=[criterion(match={"foo": 1})])
    assert error.startswith("criteria[0].match.foo: unknown key 'foo'; remove it, or use one of property, properties, ")
