"""What place names in rules cover: countries, subdivisions, regions of the United States."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary.places import Place, unite_places
from icp_sync.vocabulary.sales_regions import ELSEWHERE, sales_regions
from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.vocabulary import SHIPPED

MIDWEST = "IA IL IN KS MI MN MO ND NE OH SD WI"
NORTHEAST = "CT MA ME NH NJ NY PA RI VT"
SOUTH = "AL AR DC DE FL GA KY LA MD MS NC OK SC TN TX VA WV"
WEST = "AK AZ CA CO HI ID MT NM NV OR UT WA WY"


def region(name: str) -> Place:
    place = SHIPPED.find_region(name)
    assert place, name
    return place


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("Midwest", MIDWEST), ("US Midwest", MIDWEST), ("midwest US", MIDWEST), ("Northeast", NORTHEAST),
        ("US Northeast", NORTHEAST), ("South", SOUTH), ("US South", SOUTH), ("West", WEST), ("US West", WEST),
        ("New England", "CT MA ME NH RI VT"), ("West Coast", "CA OR WA"),
    ],
)  # fmt: skip
def test_a_region_of_the_united_states_is_its_states(name: str, states: str) -> None:
    assert region(name) == Place(subdivisions=frozenset(f"US-{state}" for state in states.split()))


def test_the_four_census_regions_are_the_whole_country_and_share_no_state() -> None:
    states = [state for part in (MIDWEST, NORTHEAST, SOUTH, WEST) for state in part.split()]

    assert len(states) == len(set(states)) == 51


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("US-CA", "US-CA"), ("us-ca", "US-CA"), ("Texas", "US-TX"), ("Florida", "US-FL"), ("DE-BY", "DE-BY"),
        ("Bavaria", "DE-BY"), ("Bayern", "DE-BY"), ("NRW", "DE-NW"), ("Ontario", "CA-ON"), ("Québec", "CA-QC"),
        ("New South Wales", "AU-NSW"), ("Victoria", "AU-VIC"), ("England", "GB-ENG"), ("Scotland", "GB-SCT"),
        ("Wales", "GB-WLS"), ("Northern Ireland", "GB-NIR"), ("Kanton Zürich", "CH-ZH"), ("Île-de-France", "FR-IDF"),
        ("Lombardy", "IT-25"), ("Catalonia", "ES-CT"), ("Maharashtra", "IN-MH"),
    ],
)  # fmt: skip
def test_a_subdivision_by_code_or_name_with_all_that_lies_in_it(name: str, code: str) -> None:
    assert region(name) == Place(subdivisions=subdivisions().parts[code])


@pytest.mark.parametrize(("name", "country"), [("CA", "CA"), ("NA", "NA"), ("DE", "DE"), ("Georgia", "GE")])
def test_a_country_goes_before_a_state(name: str, country: str) -> None:
    assert region(name) == Place(frozenset({country}))


@pytest.mark.parametrize("name", ["", "Atlantis", "Limburg", "Western", "US-ZZ", "XX"])
def test_a_name_that_means_no_place_or_several_is_none(name: str) -> None:
    assert SHIPPED.find_region(name) is None


def test_a_place_knows_what_lies_only_partly_in_it() -> None:
    assert region("Midwest").partly_covered_areas == {"US"}
    assert region("GB-LND").partly_covered_areas == {"GB", "GB-ENG"}
    assert region("DACH").partly_covered_areas == frozenset()
    assert unite_places([region("US"), region("Texas")]) == Place(frozenset({"US"}))


@pytest.mark.parametrize(
    ("alpha2", "region"),
    [
        ("DE", "DACH"), ("AT", "DACH"), ("SE", "Nordics"), ("GL", "Nordics"), ("NL", "Benelux"), ("GB", "UK & Ireland"),
        ("US", "North America"), ("CA", "North America"), ("MX", "Latin America"), ("AU", "ANZ"), ("JP", "East Asia"),
        ("XK", "Eastern Europe"), ("AQ", ELSEWHERE),
    ],
)  # fmt: skip
def test_the_one_region_a_country_is_counted_in(alpha2: str, region: str) -> None:
    assert sales_regions()[alpha2] == region


def test_every_country_of_the_standard_has_a_sales_region() -> None:
    import pycountry

    assert set(sales_regions()) == {country.alpha_2 for country in pycountry.countries} | {"XK"}
