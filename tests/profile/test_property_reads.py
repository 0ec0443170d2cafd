"""What a profile reads."""

from typing import Any

import pytest

from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Location
from icp_sync.profile.property_reads import COUNTRY, PropertyRead, property_reads, question_leaf_properties
from tests.profile.example import criterion, loaded


def read(**sections: Any) -> list[tuple[tuple[str, ...], bool, bool, str]]:
    reads = property_reads(loaded(**sections).profile)
    return [(one.alternatives, one.optional, one.numeric, one.path) for one in reads]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, [(("numberofemployees",), False, True, "criteria[0].property")]),
        ({"optional": True}, [(("numberofemployees",), True, True, "criteria[0].property")]),
        ({"match": {"known": True}}, [(("numberofemployees",), False, False, "criteria[0].property")]),
        (
            {"match": {"any": [{"at_most": 5}, {"properties": ["a", "b"], "is": "x"}]}},
            [
                (("numberofemployees",), False, True, "criteria[0].property"),
                (("a", "b"), False, False, "criteria[0].match.any[1].properties"),
            ],
        ),
        (
            {
                "match": {"not": {"property": "c", "is_true": True}},
                "partial": [{"match": {"at_least": 1}, "credit": 0.5}],
            },
            [
                (("c",), False, False, "criteria[0].match.not.property"),
                (("numberofemployees",), False, True, "criteria[0].property"),
            ],
        ),
    ],
)
def test_a_criterion_reads_what_its_leaves_name_or_leave_to_it(keys: dict[str, Any], expected: list[Any]) -> None:
    assert read(criteria=[criterion(**keys)]) == expected


PLACES = [(names, True, False, "criteria[0].match") for names in (("hs_state_code", "state"), ("city",), ("zip",))]


@pytest.mark.parametrize("match", [{"region": "DE"}, {"city": "Berlin"}, {"within_km": {"of": "Berlin, DE", "km": 5}}])
def test_geography_reads_the_whole_location_and_may_lack_all_of_it(match: dict[str, Any]) -> None:
    assert read(criteria=[{"id": "a", "weight": 1, "match": match}]) == [
        (COUNTRY, True, False, "criteria[0].match"),
        *PLACES,
    ]


def test_a_property_on_geography_replaces_the_country_names_and_nothing_else() -> None:
    own = [{"id": "a", "weight": 1, "property": "hq_country", "match": {"region": "DE"}}]
    assert read(criteria=own) == [(("hq_country",), False, False, "criteria[0].property"), *PLACES]


def test_a_location_the_profile_names_itself_must_be_there() -> None:
    own = [{"id": "a", "weight": 1, "match": {"region": "DE"}}]
    assert read(criteria=own, location={"country": "hq_country", "zip": ["zip", "plz"]}) == [
        (("hq_country",), False, False, "location.country"),
        *PLACES[:2],
        (("zip", "plz"), False, False, "location.zip"),
    ]


def test_a_derived_name_reads_what_its_formula_does() -> None:
    asked = criterion(properties=["tech_budget", "it_budget"])
    del asked["property"]
    assert read(criteria=[asked], derive={"tech_budget": "annualrevenue * share", "unused": "total_revenue"}) == [
        (("it_budget",), True, True, "criteria[0].properties"),
        (("annualrevenue",), False, True, "derive.tech_budget"),
        (("share",), False, True, "derive.tech_budget"),
    ]


def test_lists_capacity_and_lock_are_read_too() -> None:
    where = {"property": {"industry": {"is": "BANKING"}}}
    reads = read(
        tiers=[
            {"tier": "tier_1", "enter": 80, "capacity": {"limit": 5, "per": "owner"}},
            {"tier": "tier_2", "enter": 5},
        ],
        lists=[{"name": "A", "kind": "static", "where": where}],
        lock={"property": "icp_fit_lock"},
    )
    assert reads[1:] == [
        (("industry",), False, False, "lists[0].where.property.industry"),
        (("owner",), False, False, "tiers[0].capacity.per"),
        (("icp_fit_lock",), True, False, "lock.property"),
    ]


def test_scope_and_disqualifiers_are_read_too() -> None:
    partner = {"id": "partner", "property": "type", "match": {"is": "PARTNER"}, "optional": True}
    reads = read(scope={"not": {"property": "lifecyclestage", "is": "other"}}, disqualifiers=[partner])
    assert [names for names, *_ in reads] == [("lifecyclestage",), ("numberofemployees",), ("type",)]
    assert [optional for _, optional, *_ in reads] == [False, False, True]


def test_a_group_asked_for_twice_is_read_once_as_the_stricter_asks() -> None:
    criteria = [criterion(optional=True, match={"known": True}), criterion(id="b"), criterion(id="c", optional=True)]
    assert read(criteria=criteria) == [(("numberofemployees",), False, True, "criteria[1].property")]


def test_a_leaf_reads_its_own_property_first() -> None:
    (only,) = loaded().profile.criteria
    here = Location(country=("hq",))
    assert question_leaf_properties(only, Match(property_name="x", is_=("a",)), here) == ("x",)
    assert question_leaf_properties(only, Match(is_=("a",)), here) == ("numberofemployees",)
    assert question_leaf_properties(None, Match(region=("DE",)), here) == ("hq",)
    assert question_leaf_properties(None, Match(city=("Berlin",)), Location()) == COUNTRY


def test_a_read_is_a_value() -> None:
    assert PropertyRead(("a",), True, False, "scope") == PropertyRead(("a",), True, False, "scope")


def test_a_list_reads_what_its_match_asks_as_criteria_do() -> None:
    match = {
        "all": [{"region": "Midwest"}, {"properties": ["a", "b"], "at_least": 5}, {"property": "c", "region": "DE"}]
    }
    where = {"property": {"state": {"region": "DE"}}, "match": match}
    reads = read(lists=[{"name": "A", "kind": "static", "where": where}])
    around = [
        (names, True, False, "lists[0].where.property.state")
        for names in (("hs_state_code", "state"), ("city",), ("zip",))
    ]
    assert reads[1:] == [
        (("state",), False, False, "lists[0].where.property.state"),
        *around,
        (COUNTRY, True, False, "lists[0].where.match.all[0]"),
        (("a", "b"), False, True, "lists[0].where.match.all[1].properties"),
        (("c",), False, False, "lists[0].where.match.all[2].property"),
    ]
