"""Contacts become personas by what is certain of them, and companies get them by their links."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from icp_sync.profile.model.personas import Personas
from icp_sync.scoring.personas import LINKS, contact_properties, missing_persona_properties, personas_by_company
from icp_sync.scoring.program import compile_profile
from tests.profile.example import loaded
from tests.profile.example_people import BUYER, DEVELOPER, personas

PROGRAM = compile_profile(loaded().profile, dt.date(2026, 11, 29))
PEOPLE = Personas.model_validate(personas())


CONTACTS = {"id": pl.Int64, "jobtitle": pl.String, "hs_buying_role": pl.String}
Contact = tuple[int, str | None, str | None]


def known(links: list[tuple[int, int]], *contacts: Contact) -> list[tuple[int, int, list[str]]]:
    frame = pl.DataFrame(contacts, CONTACTS, orient="row")
    table = personas_by_company(PEOPLE, pl.DataFrame(links, LINKS, orient="row"), frame, PROGRAM)
    return list(table.iter_rows())


@pytest.mark.parametrize(
    ("title", "role", "ids"),
    [
        ("CTO", None, ["buyer"]),
        ("Vp. Engineering EMEA", None, ["buyer"]),
        ("Director of tactometry", None, []),
        (None, "DECISION_MAKER;OTHER", ["buyer"]),
        (None, "CHAMPION", []),
        (None, None, []),
        ("", None, []),
        ("Developer, acting CTO", None, ["buyer", "developer"]),
    ],
)
def test_a_contact_is_a_persona_only_where_that_is_certain(title: str | None, role: str | None, ids: list[str]) -> None:
    assert known([(7, 1)], (1, title, role)) == [(7, 1, ids)]


def test_one_contact_stands_for_all_its_companies_and_one_that_is_gone_for_none() -> None:
    links = [(company, 1) for company in range(10)] + [(3, 2), (3, 9), (11, 9)]
    table = known(links, (1, "CTO", None), (2, "SRE", None))
    assert table[3] == (3, 2, ["buyer", "developer"])
    assert [row for row in table if row[0] != 3] == [(n, 1, ["buyer"]) for n in (0, 1, 2, *range(4, 10))] + [
        (11, 0, [])
    ]


def test_the_properties_that_are_read_are_those_named() -> None:
    assert contact_properties(PEOPLE, PROGRAM) == ("hs_buying_role", "jobtitle")
    assert missing_persona_properties(PEOPLE, frozenset()) == ()
    assert missing_persona_properties(PEOPLE, frozenset({"jobtitle"})) == ("jobtitle",)


def test_a_property_of_a_company_under_the_same_name_means_nothing_here() -> None:
    profile = loaded(derive={"jobtitle": "numberofemployees * 2"}).profile
    either: Any = {"id": "x", "role": "user", "match": {"property": "jobtitle", "contains_any": ["cto"]}}
    people = Personas.model_validate(personas(either, DEVELOPER, BUYER))
    frame = pl.DataFrame([(1, "CTO", None)], CONTACTS, orient="row")
    links = pl.DataFrame([(7, 1)], LINKS, orient="row")
    program = compile_profile(profile, dt.date(2026, 11, 29))
    assert personas_by_company(people, links, frame, program)["personas"].to_list() == [["x", "buyer"]]
