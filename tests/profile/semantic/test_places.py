"""Every place in a rule is one."""

from typing import Any

import pytest

from tests.profile.example import criterion, errors, loaded


@pytest.mark.parametrize(
    ("match", "error"),
    [
        ({"region": ["Germny"]}, "region[0]: no country or region is called 'Germny'; did you mean Germany or "),
        ({"region": ["DE", "US-ZZ"]}, "region[1]: no country or region is called 'US-ZZ'; "),
        ({"city": "Berlinn"}, "city[0]: no city or metro is called 'Berlinn'; did you mean Berlin"),
        (
            {"city": ["Berlin", "xqxqxq"]},
            "city[1]: no city or metro is called 'xqxqxq'; write a city, best as City, Cou",
        ),
        (
            {"within_km": {"of": "xqxqxq", "km": 5}},
            "within_km.of: no city is called 'xqxqxq'; write a city, best as City",
        ),
        ({"within_km": {"of": "Berlin", "km": 0}}, "within_km.km: is 0; write a number more than 0"),
        ({"within_km": {"of": "Berlin"}}, "within_km.km: km is missing; add km:"),
        ({"within_km": "Berlin"}, "within_km: is text 'Berlin', a mapping is wanted; write key: value pairs"),
        ({"region": "x" * 900}, "region[0]: no country or region is called 'xxxxx"),
    ],
)
def test_a_place_nobody_knows_is_refused(match: dict[str, Any], error: str) -> None:
    (finding,) = errors(criteria=[{"id": "a", "weight": 1, "match": match}])
    assert finding.startswith(f"criteria[0].match.{error}")


@pytest.mark.parametrize(
    "match",
    [
        {"region": ["DE", "NA", "US-CA", "Nordics", "Midwest", "US Midwest", "UK"]},
        {"city": ["Silicon Valley", "San Francisco Bay Area", "New York", "London", "Singapore", "München"]},
        {"within_km": {"of": "San Francisco, US", "km": 80}},
    ],
)
def test_known_places_are_fine(match: dict[str, Any]) -> None:
    assert errors(criteria=[{"id": "a", "weight": 1, "match": match}]) == []


@pytest.mark.parametrize("geography", [{"region": "DE"}, {"city": "Berlin"}, {"within_km": {"of": "Berlin", "km": 9}}])
def test_geography_that_reads_another_questions_property_is_warned_about(geography: dict[str, Any]) -> None:
    (name,) = geography
    warnings = loaded(criteria=[criterion(match={"any": [{"at_least": 5}, geography]})]).warnings
    message = f"its {name} reads the same property as its other questions; give the {name} its own"
    assert [warning.message for warning in warnings if warning.rule == "place-property"] == [message]


def test_places_in_lists_are_looked_up_too() -> None:
    where = {"property": {"hq": {"region": "Germny"}}}
    (error,) = errors(lists=[{"name": "A", "kind": "static", "where": where}])
    assert error.startswith("lists[0].where.property.hq.region[0]: no country or region is called 'Germny'")
