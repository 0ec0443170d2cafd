"""A company's place: country, subdivision and city help each other, and a guess is unknown."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.companies.places import PARTS, place, read_places, unrecognised_places, without
from icp_sync.companies.unrecognised import Unrecognised
from icp_sync.vocabulary import cities

LOCATION = {"country": ("hs_country_code", "country"), "state": ("state",), "city": ("city",), "zip": ("zip",)}
Answer = tuple[str | None, str | None, str | None]


def resolved(country: str | None, state: str | None, city: str | None) -> Answer:
    """Country, subdivision and GeoNames' name of the city."""
    frame = company_frame([1], {"country": [country], "state": [state], "city": [city]})
    found = read_places(frame, LOCATION).join(
        cities.table().select(pl.col("city").alias(place("city")), pl.col("name").alias("town")),
        on=place("city"),
        how="left",
    )
    alpha2, subdivision, town = found.select(place("country"), place("subdivision"), "town").row(0)
    return alpha2, subdivision, town


@pytest.mark.parametrize(
    ("country", "state", "city", "answer"),
    [
        ("Germany", None, "München", ("DE", "DE-BY", "Munich")),
        ("US", "CA", "San Francisco", ("US", "US-CA", "San Francisco")),
        ("U.S.A.", "Illinois", "Springfield", ("US", "US-IL", "Springfield")),
        ("US", None, "Springfield", ("US", "US-MO", "Springfield")),
        ("US", "ME", "Springfield", ("US", "US-ME", None)),
        ("US", None, "Portland, ME", ("US", "US-ME", "Portland")),
        ("Deutschland", "NRW", "Köln", ("DE", "DE-NW", "Köln")),
        ("Canada", "ON", "London", ("CA", "CA-ON", "London")),
        ("UK", "Greater London", "London", ("GB", "GB-LND", "London")),
        ("England", None, None, ("GB", "GB-ENG", None)),
        ("Scotland", None, "Glasgow", ("GB", "GB-SCT", "Glasgow")),
        ("Taiwan", None, "Taipei City", ("TW", None, "Taipei")),
        ("Costa Rica", None, "San Jose", ("CR", "CR-SJ", "San José")),
        ("France", None, "Paris, France", ("FR", "FR-IDF", "Paris")),
        ("NA", None, None, ("NA", None, None)),
        ("US", "Georgia", "Atlanta", ("US", "US-GA", "Atlanta")),
        ("China", "CA", "Beijing", ("CN", "CN-BJ", "Beijing")),
    ],
)
def test_an_address_with_its_country(country: str, state: str | None, city: str | None, answer: Answer) -> None:
    assert resolved(country, state, city) == answer


@pytest.mark.parametrize(
    ("state", "city", "answer"),
    [
        (None, "Munich", ("DE", "DE-BY", "Munich")),
        (None, "Paris", ("FR", "FR-IDF", "Paris")),
        ("TX", "Paris", ("US", "US-TX", "Paris")),
        ("CA", "San Jose", ("US", "US-CA", "San Jose")),
        ("California", None, ("US", "US-CA", None)),
        (None, "Paris, Texas", ("US", "US-TX", "Paris")),
        (None, "London", ("GB", "GB-ENG", "London")),
        (None, "Portland", (None, None, None)),
        (None, "Birmingham", (None, None, None)),
        (None, "Bienne", (None, None, None)),
        ("Georgia", None, (None, None, None)),
        ("CA", None, (None, None, None)),
        (None, None, (None, None, None)),
    ],
)
def test_without_a_country_only_a_city_with_ten_times_the_people_of_the_next(
    state: str | None, city: str | None, answer: Answer
) -> None:
    assert resolved(None, state, city) == answer
    assert resolved("#####", state, city) == answer


@pytest.mark.parametrize(("country", "city"), [("France", "Paris, Texas"), ("Japan", "San Francisco"), ("DE", "#####")])
def test_a_city_that_does_not_lie_in_the_country_is_unknown(country: str, city: str) -> None:
    assert resolved(country, None, city)[2] is None


def test_the_first_country_that_can_be_read_counts_and_absent_properties_are_left_out() -> None:
    frame = company_frame([1, 2, 3], {"hs_country_code": ["DE", "?", None], "country": ["AT", "AT", None]})

    assert read_places(frame, LOCATION)[place("country")].to_list() == ["DE", "AT", None]


def test_the_first_state_that_can_be_read_counts_also_where_only_the_city_tells_its_country() -> None:
    frame = company_frame(
        [1, 2], {"code": ["Xyzzyland", "?"], "state": ["NY", "OH"], "city": ["Rochester", "Columbus"]}
    )
    location = {"country": ("country",), "state": ("code", "state"), "city": ("city",)}

    assert read_places(frame, location)[place("subdivision")].to_list() == ["US-NY", "US-OH"]


def test_a_frame_with_none_of_the_properties_is_everywhere_unknown() -> None:
    frame = read_places(company_frame([1], {"name": ["Acme"]}), LOCATION)

    assert frame.select(map(place, PARTS)).rows() == [(None,) * 5]
    assert frame.schema[place("city")] == pl.Int64


def test_rows_columns_and_their_order_stay() -> None:
    frame = company_frame(
        [3, 1, 2], {"country": ["DE", None, "DE"], "city": ["Ulm", None, "Bonn"], "name": ["a", "b", "c"]}
    )

    assert read_places(frame, LOCATION).select(frame.columns).equals(frame)


def test_cities_that_could_not_be_told_are_counted() -> None:
    names = ["Berlin", "Xyzzyville", "Xyzzyville", "n/a", None]
    frame = company_frame(range(5), {"country": ["DE"] * 5, "city": names})

    found = read_places(frame, LOCATION).with_columns(without("city", ["city"], place("city")))

    assert unrecognised_places(found, "city", LOCATION) == {"city": Unrecognised(2, ("Xyzzyville",))}


def test_what_could_not_be_told_is_shown_with_the_nearest_place_of_its_country() -> None:
    addresses = [
        ("DE", "Bavria", "Muenchn"), ("DE", "Bavria", "Muenchn"), ("DE", "Bavria", None), ("US", "Texs", "Chcago"),
        (None, "Ontaro", "Seatle"), ("DE", "EMEA", "Springfield"), ("DE", "Texas", "worldwide"),
    ]  # fmt: skip
    names = ("country", "state", "city")
    columns = {name: [row[at] for row in addresses] for at, name in enumerate(names)}
    frame = read_places(company_frame(range(len(addresses)), columns), LOCATION)
    flags = [*without("state", ["state"], place("subdivision")), *without("city", ["city"], place("city"))]
    frame = frame.with_columns(flags)

    states = unrecognised_places(frame, "state", {**LOCATION, "state": ("state", "not there")})["state"]
    assert (states.count, states.examples) == (7, ("Bavria", "EMEA", "Ontaro", "Texas", "Texs"))
    assert dict(states.nearest) == {"Bavria": "Bayern", "Ontaro": "Ontario", "Texs": "Texas"}
    found = unrecognised_places(frame, "city", LOCATION)["city"]
    assert (found.count, dict(found.nearest)) == (6, {"Muenchn": "Munich", "Chcago": "Chicago", "Seatle": "Seattle"})


WORDS = st.one_of(st.none(), st.text(), st.sampled_from(["US", "CA", "Paris", "Texas", ",", "London, UK", "#####"]))


@given(st.lists(st.tuples(WORDS, WORDS, WORDS)))
def test_no_address_is_an_error(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("country", "state", "city"))}
    found = read_places(company_frame(range(len(rows)), columns), LOCATION)

    assert found.height == len(rows)
    assert found.select(pl.col(place("city")).is_null() == pl.col(place("lat")).is_null()).to_series().all()
