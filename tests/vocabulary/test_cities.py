"""Cities and metros as rules name them."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.vocabulary import cities
from icp_sync.vocabulary.cities import distance_km
from icp_sync.vocabulary.vocabulary import SHIPPED


def members(name: str) -> set[tuple[str, str | None]]:
    """The cities of a name as (GeoNames' name, subdivision or country)."""
    known = SHIPPED.find_cities(name)
    assert known, name
    rows = cities.city_table().filter(pl.col("city").is_in(sorted(known.ids)))
    return set(rows.select("name", pl.coalesce("subdivision", "country")).rows())


@pytest.mark.parametrize(
    ("name", "city", "where"),
    [
        ("Munich", "Munich", "DE-BY"), ("München", "Munich", "DE-BY"), ("Monaco di Baviera", "Munich", "DE-BY"),
        ("Wien", "Vienna", "AT-9"), ("Cologne", "Köln", "DE-NW"), ("東京", "Tokyo", "JP-13"),
        ("Paris", "Paris", "FR-IDF"), ("Paris, Texas", "Paris", "US-TX"), ("Portland, Maine, US", "Portland", "US-ME"),
        ("Portland", "Portland", "US-OR"), ("Austin, TX", "Austin", "US-TX"), ("Ontario, CA", "Ontario", "US-CA"),
        ("San Francisco, CA", "San Francisco", "US-CA"), ("San Francisco, US", "San Francisco", "US-CA"),
        ("Toronto, CA", "Toronto", "CA-ON"), ("London, Ontario", "London", "CA-ON"),
        ("London, Canada", "London", "CA-ON"), ("Washington, DC", "Washington", "US-DC"),
        ("Saint Louis, US", "St. Louis", "US-MO"), ("Munich, Germany", "Munich", "DE-BY"),
    ],
)  # fmt: skip
def test_a_city_by_any_spelling_and_by_what_stands_behind_a_comma(name: str, city: str, where: str) -> None:
    assert members(name) == {(city, where)}


@pytest.mark.parametrize(
    ("metro", "inside", "outside"),
    [
        ("Silicon Valley", "San Jose|Palo Alto|Mountain View|Sunnyvale|Cupertino", "San Francisco|Oakland|Berkeley"),
        ("San Francisco Bay Area", "San Francisco|Oakland|San Jose|Palo Alto|Berkeley", "Sacramento|Los Angeles"),
        ("Bay Area", "San Francisco", "Sacramento"),
        ("New York", "New York City|Brooklyn|Manhattan|Queens|The Bronx|Staten Island", "Newark|Jersey City|Yonkers"),
        ("New York, US", "New York City|Brooklyn", "Newark"),
        ("London", "London|City of Westminster|Croydon|Islington", "Reading|Luton"),
        ("Singapore", "Singapore|Jurong Town", "Johor Bahru"),
        ("Rhine-Main", "Frankfurt am Main|Mainz|Wiesbaden", "Köln"),
    ],
)
def test_a_metro_is_its_cities(metro: str, inside: str, outside: str) -> None:
    names = {name for name, _ in members(metro)}

    assert set(inside.split("|")) <= names
    assert not set(outside.split("|")) & names


@pytest.mark.parametrize("name", ["", "Xyzzyville", "Berlin, Xyzzyland", "Paris, Japan", "#####"])
def test_a_name_that_is_no_city_is_none(name: str) -> None:
    assert SHIPPED.find_cities(name) is None
    assert SHIPPED.find_coordinates(name) is None


def test_a_city_state_is_the_whole_of_its_country() -> None:
    known = SHIPPED.find_cities("Singapore")

    assert known
    assert known.city_states == {"SG"}
    assert not (SHIPPED.find_cities("Munich") or known).city_states


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [("San Francisco, US", 37.77, -122.42), ("Munich", 48.14, 11.58), ("Silicon Valley", 37.37, -122.03)],
)
def test_the_point_of_a_place(name: str, lat: float, lon: float) -> None:
    assert SHIPPED.find_coordinates(name) == pytest.approx((lat, lon), abs=0.01)


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [("Berlin", "Munich", 504), ("New York", "London", 5570), ("Sydney", "Auckland", 2156), ("Paris", "Paris", 0)],
)
def test_great_circle_distance(here: str, there: str, km: float) -> None:
    start, end = SHIPPED.find_coordinates(here), SHIPPED.find_coordinates(there)
    assert start
    assert end
    frame = pl.DataFrame({"lat": [start[0], None], "lon": [start[1], None]})

    measured = frame.select(distance_km(pl.col("lat"), pl.col("lon"), *end)).to_series().to_list()
    assert measured == [pytest.approx(km, rel=0.01, abs=0.01), None]
