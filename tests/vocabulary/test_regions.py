"""Which countries a place name in a profile means."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary import regions
from icp_sync.vocabulary.country_spellings import whole_country_code

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("DACH", "AT CH DE"),
        ("dach", "AT CH DE"),
        ("Benelux", "BE LU NL"),
        ("Baltics", "EE LT LV"),
        ("Nordics", "AX DK FI FO GL IS NO SE"),
        ("EU", EU),
        ("UK&I", "GB IE"),
        ("ANZ", "AU NZ"),
        ("GCC", "AE BH KW OM QA SA"),
        ("NORAM", "CA US"),
        ("North America", "CA MX US"),
        ("ASEAN", "BN ID KH LA MM MY PH SG TH TL VN"),
        ("UK", "GB"),
        ("DE", "DE"),
        ("NA", "NA"),
        ("Deutschland", "DE"),
        ("Georgia", "GE"),
    ],
)
def test_a_place_name_is_a_set_of_countries(name: str, countries: str) -> None:
    assert regions.country_codes(name) == frozenset(countries.split())


@pytest.mark.parametrize("name", ["", "Atlantis", "England", "Texas", "Nordcs"])
def test_a_name_no_vocabulary_knows_is_none(name: str) -> None:
    assert regions.country_codes(name) is None


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("EU", "EEA"), ("EEA", "Europe"), ("Europe", "EMEA"), ("Africa", "EMEA"), ("GCC", "MENA"),
        ("MENA", "EMEA"), ("ANZ", "APAC"), ("ASEAN", "APAC"), ("LATAM", "Americas"), ("Nordics", "EMEA"),
        ("North America", "Americas"), ("British Isles", "Europe"),
    ],
)  # fmt: skip
def test_a_region_lies_within_the_larger_one(inner: str, outer: str) -> None:
    small, large = regions.country_codes(inner), regions.country_codes(outer)

    assert small
    assert large
    assert small < large


def test_emea_apac_and_the_americas_share_no_country() -> None:
    emea, apac, americas = (regions.country_codes(name) or frozenset() for name in ("EMEA", "APAC", "Americas"))

    assert not emea & apac
    assert not (emea - {"GL"}) & americas
    assert not apac & americas


@pytest.mark.parametrize("name", [names[0] for names in regions.shipped_regions().values()])
def test_a_shipped_region_takes_no_country_s_name_and_holds_only_countries(name: str) -> None:
    assert whole_country_code(name) is None
    assert all(whole_country_code(code) == code for code in regions.country_codes(name) or {""})
