"""Which companies meet what a list asks of their own values."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile.model.lists import Where
from icp_sync.scoring.list_filter import match_list_clauses
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.scoring.profiles import TODAY, profile_of

PROFILE = profile_of({"id": "c", "property": "size", "match": {"known": True}}, derive={"double": "size * 2"})
SAP = {"property": "tech", "has_any": ["sap"]}
COMPANIES = company_frame(
    [3, 1, 2, 9, 6, 5],
    {
        "size": ["10", "20", None, "5-15", None, None],
        "type": ["A", "B", "A", "A", None, None],
        "land": ["DE", "FR", "xyzzy", "AT", None, None],
        "seen": ["2026-11-20", "2020-01-01", None, "2026", None, None],
        "tech": [None, None, "sap", None, "jira;sap", "aws"],
        "hs_country_code": [None, None, None, None, "US", None],
        "country": [None, None, None, None, None, "USA"],
        "state": [None, None, None, "Germany", "Texas", "Illinois"],
        "city": [None, None, None, None, None, "Chicago"],
        **dict.fromkeys(["hs_state_code", "zip"], [None] * 6),
    },
)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"size": {"at_least": 10}}, [3, 1]),
        ({"type": {"is": "A"}}, [3, 2, 9]),
        ({"type": {"is": "A"}, "size": {"known": True}}, [3, 9]),
        ({"size": {"any": [{"at_most": 10}, {"at_least": 20}]}}, [3, 1]),
        ({"size": {"not": {"at_least": 15}}}, [3]),
        ({"land": {"region": "DACH"}}, [3, 9]),
        ({"seen": {"within_days": 7}}, [3]),
        ({"double": {"at_least": 40}}, [1]),
        ({"type": {"is": "C"}}, []),
    ],
)
def test_only_who_certainly_meets_every_match_is_listed(where: dict[str, object], ids: list[int]) -> None:
    assert met({"property": where}) == ids


@pytest.mark.parametrize(
    ("match", "ids"),
    [
        ({"property": "size", "at_least": 10}, [3, 1]),
        ({"region": "US Midwest"}, [5]),
        ({"property": "land", "region": "DACH"}, [3, 9]),
        ({"all": [{"region": "US"}, SAP]}, [6]),
        ({"any": [{"region": "US Midwest"}, {"all": [{"region": "US"}, SAP]}]}, [6, 5]),
        ({"all": [{"all": [{"property": "type", "is": "A"}, {"property": "size", "known": True}]}]}, [3, 9]),
        ({"not": {"region": "US"}}, []),
        ({"properties": ["seen", "size"], "known": False}, [2, 6, 5]),
        ({"city": ["Chicago"]}, [5]),
        ({"within_km": {"of": "Chicago, US", "km": 50}}, [5]),
    ],
)
def test_a_match_is_the_whole_language(match: dict[str, object], ids: list[int]) -> None:
    """Whose country, or size, nobody knows, is not listed: neither by a question nor by its opposite."""
    assert met({"match": match}) == ids


def test_a_property_that_is_also_part_of_a_place_is_read_as_the_country_it_is_asked_for() -> None:
    """`state: {region: …}` reads the country from `state`, which the place reads as a state too."""
    assert met({"property": {"state": {"region": "US Midwest"}}}) == [5]
    assert met({"property": {"state": {"known": True}}, "match": {"property": "state", "region": ["FR", "DE"]}}) == [9]


def test_each_part_of_an_all_is_a_clause_of_its_own() -> None:
    asked = {
        "property": {"size": {"known": True}},
        "match": {"all": [{"region": "US"}, {"property": "size", "at_most": 9}]},
    }
    matching = match_list_clauses(COMPANIES, Where.model_validate(asked), compile_profile(PROFILE, TODAY))
    assert matching.select(pl.exclude("id").sum()).to_dicts() == [
        {"property.size": 3, "match.all[0]": 2, "match.all[1]": 0}
    ]


def test_what_a_list_asks_and_nobody_can_read_is_counted_as_for_criteria() -> None:
    where = {"property": {"size": {"at_least": 5}, "type": {"is": "A"}}, "match": {"property": "land", "region": "DE"}}
    criterion = {"id": "c", "property": "tech", "match": {"has_any": ["sap"]}}
    profile = profile_of(criterion, lists=[{"name": "L", "kind": "static", "where": where}])
    companies = COMPANIES.with_columns(size=pl.Series(["lots", "12", None, "N/A", "5", "5"]))
    matching = score(companies, compile_profile(profile, TODAY))
    assert {name: (one.count, one.examples) for name, one in matching.unrecognised.items()} == {
        "land": (1, ("xyzzy",)),
        "size": (1, ("lots",)),
    }
    assert matching.frame["credit.c"].to_list() == [None, None, 1.0, None, 1.0, 0.0]


def met(where: dict[str, object]) -> list[int]:
    matching = match_list_clauses(COMPANIES, Where.model_validate(where), compile_profile(PROFILE, TODAY))
    return matching.filter(pl.all_horizontal(pl.exclude("id")))["id"].to_list()
