"""A company's place: country, subdivision and city help each other, and a guess is unknown."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.places import (
    PARTS,
    place_part_column,
    resolve_places,
    unplaced_flags,
    unrecognised_places,
)
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.vocabulary import cities

LOCATION = {"country": ("hs_country_code", "country"), "state": ("state",), "city": ("city",), "zip": ("zip",)}
Answer = tuple[str | None, str | None, str | None]


def resolved(country: str | None, state: str | None, city: str | None) -> Answer:
    """Country, subdivision and GeoNames' name of the city."""
    frame = company_frame([1], {"country": [country], "state": [state], "city": [city]})
    placed = resolve_places(frame, LOCATION).join(
        cities.city_table().select(pl.col("city").alias(place_part_column("city")), pl.col("name").alias("town")),
        on=place_part_column("city"),
        how="left",
    )
    alpha2, subdivision, town = placed.select(
        place_part_column("country"), place_part_column("subdivision"), "town"
    ).row(0)
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
        ("Cameroon", "West", None, ("CM", "CM-OU", None)),
        (None, "West", "Berlin", ("DE", "DE-BE", "Berlin")),
        (None, "South", None, (None, None, None)),
    ],
)
def test_an_address_with_its_country(country: str | None, state: str | None, city: str | None, answer: Answer) -> None:
    assert resolved(country, state, city) == answer


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "city", "town"),
    [
        ("Germany", "20095 Hamburg", "Hamburg"), ("Germany", "D-50667 Köln", "Köln"),
        ("Germany", "Frankfurt a.M.", "Frankfurt am Main"), ("Germany", "Frankfurt (Oder)", "Frankfurt (Oder)"),
        ("France", "69003 Lyon", "Lyon"), ("France", "Marseille Cedex 02", "Marseille"),
        ("Ireland", "Dublin 8", "Dublin"),
        ("UK", "Leeds LS1 4AP", "Leeds"), ("UK", "Greater Manchester", "Manchester"),
        ("UK", "Stratford-upon-Avon", "Stratford-upon-Avon"),
        ("Netherlands", "1012 AB Amsterdam", "Amsterdam"), ("Denmark", "København V", "Copenhagen"),
        ("Poland", "00-001 Warszawa", "Warsaw"), ("Italy", "20121 Milano (MI)", "Milan"),
        ("India", "Pune - 411001", "Pune"),
        ("US", "Denver CO", "Denver"), ("US", "Denver, CO 80202", "Denver"),
        ("US", "Greater Chicago Area", "Chicago"),
        ("US", "12 Main St, Denver, CO 80202", "Denver"), ("US", "Winston-Salem", "Winston-Salem"),
        ("Canada", "Montréal, QC H2X 1Y4", "Montréal"), ("Australia", "Perth WA 6000", "Perth"),
        ("Brazil", "Curitiba - PR", "Curitiba"), ("Japan", "Shinjuku-ku, Tokyo", "Tokyo"), ("Japan", "大阪市", "Osaka"),
        ("China", "上海市浦东新区", "Shanghai"), ("Austria", "Wien 1010", "Vienna"), ("Czechia", "Praha 5", "Prague"),
        ("UK", "Leeds, UK", "Leeds"), ("Germany", "Berlin, Kreuzberg", "Berlin"), ("Vietnam", "Hà Nội", "Hanoi"),
        ("Mexico", "Monterrey", "Monterrey"), ("México", "Ciudad de México", "Mexico City"),
        ("US", "Washington", "Washington"),
        ("US", "Silicon Valley", "San Jose"), ("US", "Kansas City", "Kansas City"),
        ("Colombia", "Bogotá, D.C.", "Bogotá"),
    ],
)  # fmt: skip
def test_a_city_with_its_state_postcode_or_district(country: str, city: str, town: str) -> None:
    assert resolved(country, None, city)[2] == town


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "city", "answer"),
    [
        (None, "India", ("IN", None, None)),
        (None, "Australia", ("AU", None, None)),
        (None, "England", ("GB", "GB-ENG", None)),
        (None, "Singapore", ("SG", None, "Singapore")),
        (None, "Luxembourg", ("LU", "LU-LU", "Luxembourg")),
        (None, "California", ("US", "US-CA", None)),
        (None, "Ontario", ("CA", "CA-ON", None)),
        (None, "Berlin, New York", ("US", "US-NY", None)),
        (None, "Guadalajara", ("MX", "MX-JAL", "Guadalajara")),
        (None, "Leeds, UK", ("GB", "GB-ENG", "Leeds")),
        (None, "20095 Hamburg", ("DE", "DE-HH", "Hamburg")),
        (None, "None", (None, None, None)),
        (None, "Remote", (None, None, None)),
        (None, "Europe", (None, None, None)),
        (None, "Georgia", (None, None, None)),
        (None, "Valencia", (None, None, None)),
        (None, "Geneva", (None, None, None)),
        ("Germany", "Germany", ("DE", None, None)),
        ("US", "Nevada", ("US", "US-NV", None)),
        ("US", "Midwest", ("US", None, None)),
        ("US", "Various", ("US", None, None)),
        ("Mexico", "Mexico", ("MX", None, None)),
        ("US", "Lebanon", ("US", "US-TN", "Lebanon")),
    ],
)
def test_a_country_a_region_or_an_empty_word_is_no_town_of_that_name(
    country: str | None, city: str, answer: Answer
) -> None:
    assert resolved(country, None, city) == answer


@pytest.mark.parametrize("country", ["Mexico", "MEX", "Guatemala", "Luxembourg", "Panama", "DJ", "SV", "Belize"])
def test_a_country_by_its_own_name_names_no_part_of_it(country: str) -> None:
    assert resolved(country, None, None)[1] is None
    assert resolved(country, country if len(country) > 3 else None, None)[1] is None


@pytest.mark.parametrize(
    ("country", "part"),
    [("Canada - Ontario", "CA-ON"), ("USA, TX", "US-TX"), ("Wales, UK", "GB-WLS"), ("Georgia, USA", "US-GA")],
)
def test_a_country_with_its_part_tells_both(country: str, part: str) -> None:
    assert resolved(country, None, None)[:2] == (part[:2], part)


@pytest.mark.parametrize(
    ("country", "district", "city"),
    [
        ("AU", "Surry Hills", "Sydney, AU"), ("JP", "渋谷区", "Tokyo, JP"), ("CN", "Pudong", "Shanghai, CN"),
        ("US", "Brooklyn", "New York"), ("US", "Upper East Side", "New York"), ("FR", "Paris 16", "Paris, FR"),
        ("FR", "Lyon 3e", "Lyon, FR"), ("DE", "Neukölln", "Berlin, DE"), ("DE", "Köln-Deutz", "Köln, DE"),
        ("DE", "Wandsbek", "Hamburg, DE"),
        ("GB", "Canary Wharf", "London, GB"), ("BE", "Ixelles", "Brussels, BE"), ("TR", "Üsküdar", "Istanbul, TR"),
        ("CA", "Etobicoke", "Toronto, CA"), ("US", "Bay Area", "San Francisco Bay Area"),
        ("FR", "Île-de-France", "Paris"),
    ],
)  # fmt: skip
def test_a_district_counts_as_its_city(country: str, district: str, city: str) -> None:
    placed = resolve_places(company_frame([1], {"country": [country], "city": [district]}), LOCATION)
    asked = cities.find_covered_cities(city)

    assert asked
    assert placed[place_part_column("city")][0] in asked.ids | asked.districts


@pytest.mark.parametrize(("country", "city"), [("France", "Paris, Texas"), ("Japan", "San Francisco"), ("DE", "#####")])
def test_a_city_that_does_not_lie_in_the_country_is_unknown(country: str, city: str) -> None:
    assert resolved(country, None, city)[2] is None


def test_the_first_country_that_can_be_read_counts_and_absent_properties_are_left_out() -> None:
    frame = company_frame([1, 2, 3], {"hs_country_code": ["DE", "?", None], "country": ["AT", "AT", None]})

    assert resolve_places(frame, LOCATION)[place_part_column("country")].to_list() == ["DE", "AT", None]


def test_the_first_state_that_can_be_read_counts_also_where_only_the_city_tells_its_country() -> None:
    frame = company_frame(
        [1, 2], {"code": ["Xyzzyland", "?"], "state": ["NY", "OH"], "city": ["Rochester", "Columbus"]}
    )
    location = {"country": ("country",), "state": ("code", "state"), "city": ("city",)}

    assert resolve_places(frame, location)[place_part_column("subdivision")].to_list() == ["US-NY", "US-OH"]


def test_a_frame_with_none_of_the_properties_is_everywhere_unknown() -> None:
    frame = resolve_places(company_frame([1], {"name": ["Acme"]}), LOCATION)

    assert frame.select(map(place_part_column, PARTS)).rows() == [(None,) * 5]
    assert frame.schema[place_part_column("city")] == pl.Int64


def test_rows_columns_and_their_order_stay() -> None:
    frame = company_frame(
        [3, 1, 2], {"country": ["DE", None, "DE"], "city": ["Ulm", None, "Bonn"], "name": ["a", "b", "c"]}
    )

    assert resolve_places(frame, LOCATION).select(frame.columns).equals(frame)


def test_cities_that_could_not_be_told_are_counted() -> None:
    names = ["Berlin", "Xyzzyville", "Xyzzyville", "n/a", None]
    frame = company_frame(range(5), {"country": ["DE"] * 5, "city": names})

    placed = resolve_places(frame, LOCATION).with_columns(unplaced_flags("city", ["city"], place_part_column("city")))

    assert unrecognised_places(placed, "city", LOCATION) == {"city": UnrecognisedTexts(2, ("Xyzzyville",))}


@pytest.mark.slow
def test_what_could_not_be_told_is_shown_with_the_nearest_place_of_its_country() -> None:
    addresses = [
        ("DE", "Bavria", "Muenchn"), ("DE", "Bavria", "Muenchn"), ("DE", "Bavria", None), ("US", "Texs", "Chcago"),
        (None, "Ontaro", "Seatle"), ("DE", "EMEA", "Springfield"), ("DE", "Texas", "worldwide"),
    ]  # fmt: skip
    names = ("country", "state", "city")
    columns = {name: [row[at] for row in addresses] for at, name in enumerate(names)}
    frame = resolve_places(company_frame(range(len(addresses)), columns), LOCATION)
    flags = [
        *unplaced_flags("state", ["state"], place_part_column("subdivision")),
        *unplaced_flags("city", ["city"], place_part_column("city")),
    ]
    frame = frame.with_columns(flags)

    states = unrecognised_places(frame, "state", {**LOCATION, "state": ("state", "not there")})["state"]
    assert (states.count, states.examples) == (7, ("Bavria", "EMEA", "Ontaro", "Texas", "Texs"))
    assert dict(states.nearest) == {"Bavria": "Bayern", "Ontaro": "Ontario", "Texs": "Texas"}
    placed = unrecognised_places(frame, "city", LOCATION)["city"]
    assert (placed.count, dict(placed.nearest)) == (6, {"Muenchn": "Munich", "Chcago": "Chicago", "Seatle": "Seattle"})


WORDS = st.one_of(st.none(), st.text(), st.sampled_from(["US", "CA", "Paris", "Texas", ",", "London, UK", "#####"]))


@pytest.mark.long
@pytest.mark.slow
@given(st.lists(st.tuples(WORDS, WORDS, WORDS)))
def test_no_address_is_an_error(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("country", "state", "city"))}
    placed = resolve_places(company_frame(range(len(rows)), columns), LOCATION)

    assert placed.height == len(rows)
    assert (
        placed.select(pl.col(place_part_column("city")).is_null() == pl.col(place_part_column("lat")).is_null())
        .to_series()
        .all()
    )
