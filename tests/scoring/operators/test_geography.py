"""Questions about places: region, city and distance against what is known of a company's place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from tests.scoring.profiles import profile_of, scored

HIT, MISS, UNKNOWN = 1.0, 0.0, None
Texts = Mapping[str, str]
LOCATION = ("hs_country_code", "country", "hs_state_code", "state", "city", "zip")


def credit(match: Mapping[str, object], texts: Texts, **rest: object) -> float | None:
    columns: dict[str, list[str | None]] = {name: [None] for name in LOCATION}
    columns |= {name: [text] for name, text in texts.items()}
    credit_given: float | None = (
        scored(profile_of({"id": "c", "match": match}, **rest), **columns).frame["credit.c"].item()
    )
    return credit_given


REGIONS: list[tuple[object, Texts, float | None]] = [
    ("DE", {"country": "Deutschland"}, HIT),
    ("DE", {"country": "France"}, MISS),
    ("DE", {}, UNKNOWN),
    ("DE", {"country": "xyzzy"}, UNKNOWN),
    ("US-CA", {"country": "US", "state": "California"}, HIT),
    ("US-CA", {"country": "US", "state": "CA"}, HIT),
    ("US-CA", {"country": "US", "hs_state_code": "CA"}, HIT),
    ("US-CA", {"country": "US", "state": "Texas"}, MISS),
    ("US-CA", {"country": "US"}, UNKNOWN),
    ("US-CA", {"country": "US", "state": "xyzzy"}, UNKNOWN),
    ("US-CA", {"country": "Canada"}, MISS),
    ("Midwest", {"country": "USA", "state": "Ohio"}, HIT),
    ("US Midwest", {"country": "USA", "state": "Nevada"}, MISS),
    ("Midwest", {"country": "USA"}, UNKNOWN),
    ("Midwest", {"country": "Germany", "state": "Bayern"}, MISS),
    (["DACH", "US-NY"], {"country": "Austria"}, HIT),
    (["DACH", "US-NY"], {"country": "US", "state": "New York"}, HIT),
    (["DACH", "US-NY"], {"country": "US"}, UNKNOWN),
    (["US", "US-NY"], {"country": "US"}, HIT),
]


@pytest.mark.slow
@pytest.mark.parametrize(("region", "texts", "expected"), REGIONS)
def test_region(region: object, texts: Texts, expected: float | None) -> None:
    assert credit({"region": region}, texts) == expected


CITIES: list[tuple[object, Texts, float | None]] = [
    ("Berlin", {"city": "Berlin", "country": "DE"}, HIT),
    ("Munich", {"city": "München", "country": "Germany"}, HIT),
    ("Munich, DE", {"city": "Muenchen", "country": "Germany"}, HIT),
    ("Berlin", {"city": "Hamburg", "country": "DE"}, MISS),
    ("Berlin", {"country": "DE"}, UNKNOWN),
    ("Berlin", {"city": "xyzzy", "country": "DE"}, UNKNOWN),
    ("Berlin", {"city": "Berlin", "country": "US", "state": "New Hampshire"}, MISS),
    ("Berlin, Germany", {"city": "Berlin"}, HIT),  # no other Berlin has 100,000 people
    ("San Francisco Bay Area", {"city": "Oakland", "country": "US", "state": "CA"}, HIT),
    ("Silicon Valley", {"city": "Palo Alto", "country": "US"}, HIT),
    ("Silicon Valley", {"city": "Boston", "country": "US"}, MISS),
    (["Vienna", "Graz"], {"city": "Graz", "country": "AT"}, HIT),
    ("Birmingham, GB", {"city": "Birmingham"}, UNKNOWN),  # Alabama has a large one, too
    ("Birmingham, GB", {"city": "Birmingham", "country": "UK"}, HIT),
    ("Birmingham, GB", {"city": "Birmingham", "country": "US"}, MISS),
    ("Portland, Oregon", {"city": "Portland", "country": "US", "state": "Maine"}, MISS),
    ("Portland, Oregon", {"city": "Portland", "country": "US", "state": "OR"}, HIT),
    ("Singapore", {"country": "Singapore"}, HIT),
]


@pytest.mark.slow
@pytest.mark.parametrize(("city", "texts", "expected"), CITIES)
def test_city(city: object, texts: Texts, expected: float | None) -> None:
    assert credit({"city": city}, texts) == expected


DISTANCES: list[tuple[str, float, Texts, float | None]] = [
    ("Munich, DE", 150, {"city": "Munich", "country": "DE"}, HIT),
    ("Munich, DE", 150, {"city": "Augsburg", "country": "DE"}, HIT),  # 57 km
    ("Munich, DE", 50, {"city": "Augsburg", "country": "DE"}, MISS),
    ("Munich, DE", 150, {"city": "Salzburg", "country": "AT"}, HIT),  # 115 km, whatever the border
    ("Munich, DE", 300, {"city": "Berlin", "country": "DE"}, MISS),  # 504 km
    ("San Francisco, US", 80, {"city": "Palo Alto", "country": "US", "state": "CA"}, HIT),
    ("San Francisco, US", 80, {"country": "US", "state": "CA"}, UNKNOWN),
    ("Munich, DE", 150, {"city": "xyzzy", "country": "DE"}, UNKNOWN),
    ("Auckland, NZ", 20_040, {"city": "Madrid", "country": "ES"}, HIT),  # nearly antipodes
]


@pytest.mark.parametrize(("of", "km", "texts", "expected"), DISTANCES)
def test_within_km(of: str, km: float, texts: Texts, expected: float | None) -> None:
    assert credit({"within_km": {"of": of, "km": km}}, texts) == expected


def test_a_property_of_its_own_replaces_the_country_and_nothing_else() -> None:
    location = {"country": "registered_in", "state": "region_name", "city": "town"}
    texts = {"billing_country": "US", "registered_in": "DE", "region_name": "California", "town": "San Jose"}
    own = {"property": "billing_country"}

    assert credit({**own, "region": "US-CA"}, texts, location=location) == HIT
    assert credit({**own, "city": "San Jose, California"}, texts, location=location) == HIT
    assert credit({"region": "DE"}, texts, location=location) == HIT
    assert credit({"any": [{**own, "region": "DE"}, {"region": "US"}]}, texts, location=location) == MISS


def test_the_location_block_says_where_a_place_is_looked_for() -> None:
    location = {"country": ["land", "country"], "city": "stadt"}

    assert credit({"city": "Berlin"}, {"land": "x?", "country": "DE", "stadt": "Berlin"}, location=location) == HIT
    assert (
        credit({"city": "Berlin"}, {"country": "DE", "city": "Berlin", "land": "", "stadt": ""}, location=location)
        is None
    )


def test_a_region_of_the_profile_s_own() -> None:
    own = {"regions": {"nordics-plus": ["SE", "NO", "DK", "FI", "IS", "EE"], "home": ["nordics-plus", "US-MN"]}}

    assert credit({"region": "nordics-plus"}, {"country": "Estonia"}, vocabulary=own) == HIT
    assert credit({"region": "home"}, {"country": "US", "state": "Minnesota"}, vocabulary=own) == HIT
    assert credit({"region": "home"}, {"country": "US"}, vocabulary=own) is UNKNOWN


@pytest.mark.parametrize("match", [{"city": "Xyzzyville"}, {"within_km": {"of": "Xyzzyville", "km": 5}}])
def test_a_place_no_vocabulary_knows_is_refused(match: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Xyzzyville"):
        credit(match, {"city": "Berlin"})


def test_a_country_nobody_can_read_is_counted() -> None:
    profile = profile_of({"id": "c", "match": {"city": "Berlin"}}, location={"country": "country"})
    columns = {name: [None, None] for name in LOCATION} | {"country": ["xyzzy", "DE"]}

    assert scored(profile, **columns).unrecognised["country"].count == 1


@pytest.mark.parametrize(
    ("match", "write", "counted"),
    [
        ({"region": "US-CA"}, {}, True),
        ({"region": "Midwest"}, {}, True),
        ({"region": "US"}, {}, False),
        ({"city": "Berlin"}, {}, False),
        ({"region": "US"}, {"understood": {"state": "icp_state"}}, True),
    ],
)
def test_a_state_nobody_can_read_is_counted_where_states_are_asked_for(
    match: dict[str, object], write: dict[str, object], counted: bool
) -> None:
    columns = {name: [None] for name in LOCATION} | {"country": ["US"], "state": ["Californa"]}
    unread = scored(profile_of({"id": "c", "match": match}, write=write), **columns).unrecognised

    assert unread == (
        {"state": UnrecognisedTexts(1, ("Californa",), (("Californa", "California"),))} if counted else {}
    )
