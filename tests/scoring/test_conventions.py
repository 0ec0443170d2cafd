"""What only the portal knows of its values: which properties are numbers, and whose day a moment falls on."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.scoring.profiles import profile_of

AS_OF = dt.date(2026, 11, 21)


def credit(match: dict[str, object], text: str, conventions: Conventions) -> float | None:
    profile = profile_of({"id": "c", "property": "p", "match": match})
    credit_given: float | None = (
        score(company_frame([1], {"p": [text]}), compile_profile(profile, AS_OF, conventions)).frame["credit.c"].item()
    )
    return credit_given


def test_a_number_property_has_a_decimal_point_where_a_text_may_group_thousands() -> None:
    number = PropertyDefinition("p", "P", "number", "number", "companyinformation")

    assert credit({"at_least": 1000}, "12.500", Conventions()) is None
    assert credit({"at_least": 1000}, "12.500", Conventions.from_definitions([number], "UTC")) == 0


@pytest.mark.parametrize(
    ("zone", "text", "day"),
    [
        ("UTC", "2026-11-20T23:30:00Z", 20),
        ("Europe/Berlin", "2026-11-20T23:30:00Z", 21),
        ("Europe/Berlin", "2026-11-20T23:30:00.250Z", 21),
        ("America/New_York", "2026-11-20T02:00:00Z", 19),
        ("America/New_York", "2026-11-20T02:00:00+09:00", 19),
        ("America/New_York", "2026-11-20 23:30:00", 20),
        ("America/New_York", "2026-11-20", 20),
        ("America/New_York", "1795132800000", 20),
    ],
)
def test_a_moment_counts_by_its_day_in_the_portals_time_zone(zone: str, text: str, day: int) -> None:
    conventions = Conventions.from_definitions([], zone)

    assert credit({"within_days": 21 - day}, text, conventions) == 1
    assert credit({"older_than_days": 21 - day}, text, conventions) == 0


def test_a_moment_is_searched_as_it_stands_also_where_its_day_is_read_elsewhere() -> None:
    by_day = {"id": "d", "property": "p", "match": {"within_days": 3}}
    by_text = {"id": "c", "property": "p", "match": {"matches": "T23:30:00Z$"}}
    program = compile_profile(profile_of(by_day, by_text), AS_OF, Conventions.from_definitions([], "Europe/Berlin"))

    frame = score(company_frame([1], {"p": ["2026-11-20T23:30:00Z"]}), program).frame

    assert frame.select("credit.d", "credit.c").row(0) == (1.0, 1.0)
