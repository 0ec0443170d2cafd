"""Which properties are bought together, and which criteria they answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.scoring.data_purchase_groups import property_groups
from tests.scoring.profiles import profile_of

SIZE = {"id": "size", "properties": ["numberofemployees", "hs_employee_range"], "match": {"at_least": 500}}
RICH = {"id": "rich", "property": "annualrevenue", "match": {"at_least": 500}}
HEAD = {"id": "head", "property": "per_head", "match": {"at_least": 5}}
PER_HEAD = {"derive": {"per_head": "annualrevenue / numberofemployees"}}
EMPLOYEES = ("numberofemployees", "hs_employee_range")


def grouped(*criteria: Mapping[str, object], **rest: object) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(group.properties, group.criteria) for group in property_groups(profile_of(*criteria, **rest))]


def test_alternatives_of_a_criterion_are_bought_together() -> None:
    assert grouped(SIZE, RICH) == [(EMPLOYEES, ("size",)), (("annualrevenue",), ("rich",))]


def test_criteria_that_share_a_property_are_answered_together() -> None:
    bigger = {"id": "bigger", "property": "hs_employee_range", "match": {"at_least": 1000}}

    assert grouped(SIZE, RICH, bigger) == [(EMPLOYEES, ("size", "bigger")), (("annualrevenue",), ("rich",))]


def test_a_derived_value_is_bought_by_what_its_formula_reads_and_joins_what_shares_it() -> None:
    assert grouped(HEAD, **PER_HEAD) == [(("annualrevenue", "numberofemployees"), ("head",))]
    assert grouped(SIZE, RICH, HEAD, **PER_HEAD) == [((*EMPLOYEES, "annualrevenue"), ("size", "rich", "head"))]


def test_a_place_is_bought_whole_without_the_postcode_nobody_asks_for() -> None:
    country = {"id": "country", "match": {"region": "DE"}}
    city = {"id": "city", "match": {"city": ["Berlin"]}}
    place = ("hs_country_code", "country", "hs_state_code", "state", "city")

    assert grouped(country, city) == [(place, ("country", "city"))]


def test_what_counts_an_empty_value_as_a_miss_is_never_listed_but_answered_with_the_rest() -> None:
    missed = {**RICH, "id": "missed", "missing": "miss"}

    assert grouped(SIZE, missed) == [(EMPLOYEES, ("size",))]
    (group,) = property_groups(profile_of(RICH, missed))
    assert (group.criteria, group.answers) == (("rich",), ("rich", "missed"))


def test_the_currency_beside_an_amount_is_nothing_to_buy() -> None:
    header = {"name": "t", "kind": "icp", "currency": "EUR", "currencies": {"USD": 0.9}}

    assert grouped(RICH, profile=header) == [(("annualrevenue",), ("rich",))]


def test_a_disqualifier_is_nothing_to_buy_for() -> None:
    partner = {"id": "partner", "property": "type", "match": {"in": ["PARTNER"]}}

    assert grouped(SIZE, disqualifiers=[partner]) == [(EMPLOYEES, ("size",))]


@pytest.mark.parametrize("name", templates.template_names())
def test_no_property_of_a_template_is_in_two_groups_and_no_criterion_in_none(name: str) -> None:
    profile = parse_profile(templates.template_text(name), name).profile
    groups = property_groups(profile)
    names = [name for group in groups for name in group.properties]

    assert len(names) == len({*names})
    assert sorted(name for group in groups for name in group.answers) == sorted(c.id for c in profile.criteria)
