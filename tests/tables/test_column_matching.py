"""Which property a column fills: the closest match, and never two columns for one property."""

from __future__ import annotations

import pytest

from icp_sync.errors import TableUnusable
from icp_sync.tables.column_matching import match_columns

READ = ["country", "numberofemployees", "founded_year", "domain", "annualrevenue"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("numberofemployees", "numberofemployees"),
        ("Number of Employees", "numberofemployees"),
        ("number_of_employees", "numberofemployees"),
        (" NUMBER-OF-EMPLOYEES ", "numberofemployees"),
        ("Country/Region", "country"),
        ("country region", "country"),
        ("Year Founded", "founded_year"),
        ("Company Domain Name", "domain"),
        ("Founded Year", "founded_year"),
        ("Industry", None),
        ("Staff", None),
        ("", None),
    ],
)
def test_a_header_finds_its_property(header: str, name: str | None) -> None:
    assert match_columns([header], READ, {}).used == ({0: name} if name else {})


def test_the_closest_match_wins_and_the_other_column_is_not_read() -> None:
    columns = match_columns(["Country/Region", "Country", "country"], READ, {})
    assert columns.used == {2: "country"}
    assert columns.ignored_headers == ("Country/Region", "Country")


def test_what_a_person_says_comes_first() -> None:
    columns = match_columns(["country", "HQ", "Staff"], READ, {"HQ": "country", "Staff": "numberofemployees"})
    assert columns.used == {1: "country", 2: "numberofemployees"}
    assert match_columns(["country", "Country/Region"], READ, {"country": ""}).used == {1: "country"}


@pytest.mark.parametrize(
    ("headers", "mapped", "message"),
    [
        (
            ["Country", "COUNTRY"],
            {},
            'several columns are the property country: "Country", "COUNTRY"; --map "COUNTRY="',
        ),
        (["country", "country"], {}, "rename one in the file"),
        (["A", "B"], {"A": "country", "B": "country"}, '"A", "B"'),
    ],
)
def test_two_columns_of_one_property_are_refused(headers: list[str], mapped: dict[str, str], message: str) -> None:
    with pytest.raises(TableUnusable) as refused:
        match_columns(headers, READ, mapped)
    assert message in refused.value.message


@pytest.mark.parametrize(
    ("header", "is_export"),
    [("Record ID", True), ("Record ID - Company", True), ("hs_object_id", True), ("Company ID", True), ("id", False)],
)
def test_hubspots_record_ids_tell_an_export(header: str, *, is_export: bool) -> None:
    assert match_columns(["country", header], READ, {}).is_export is is_export
