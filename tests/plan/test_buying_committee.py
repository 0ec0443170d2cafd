"""Whose contacts are due, how many a night, and what is written of a committee."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from icp_sync.plan import buying_committee
from icp_sync.plan.buying_committee import KNOWN
from icp_sync.profile.model.personas import Personas
from tests.profile.example import loaded
from tests.profile.example_people import BUYER, BY_ROLE, DEVELOPER, personas

NOW = dt.datetime(2026, 11, 29, 2, tzinfo=dt.UTC)
PEOPLE = Personas.model_validate(personas(tiers=["tier_1", "tier_2"]))
TIERS = {"id": pl.Int64, "tier": pl.String, "num_associated_contacts": pl.String, "hs_num_decision_makers": pl.String}


def tiers(*rows: tuple[int, str | None, str | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, TIERS, orient="row")


def looked_at(company: int, tier: str, counted: str | None, days: float, ids: tuple[str, ...] = ()) -> tuple[Any, ...]:
    return company, tier, counted, 1, list(ids), NOW - dt.timedelta(days=days)


def known(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, KNOWN, orient="row")


def test_due_is_who_is_new_who_changed_and_who_was_looked_at_a_week_ago() -> None:
    companies = tiers(
        (1, "tier_2", "3", None),
        (2, "tier_1", "3", None),
        (3, "tier_1", "4", None),
        (4, "tier_1", None, None),
        (5, "tier_1", "3", None),
        (6, "tier_2", "3", None),
        (7, "tier_3", "3", None),
        (8, None, "3", None),
    )
    memory = known(
        looked_at(2, "tier_1", "3", 1),
        looked_at(3, "tier_1", "3", 1),
        looked_at(4, "tier_1", None, 6),
        looked_at(5, "tier_1", "3", 6.9),
        looked_at(6, "tier_1", "3", 1),
    )
    due = buying_committee.companies_to_count_next(companies, memory, PEOPLE, NOW)
    assert due["id"].to_list() == [1, 6, 5, 3]
    assert due["expected"].to_list() == [3, 3, 3, 4]


@pytest.mark.parametrize(("most", "read"), [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_a_night_takes_whom_its_calls_are_expected_to_read(most: int, read: int) -> None:
    due = pl.DataFrame({"id": [1, 2, 3], "tier": "tier_1", "counted": "", "expected": [100, 100, 150]})
    assert buying_committee.limit_by_calls(due, most).height == read


def test_what_was_not_expected_is_left_for_the_next_night_and_the_giant_keeps_nobody_waiting() -> None:
    due = pl.DataFrame({"id": [9, 1, 2, 3]})
    links = [(9, n) for n in range(300)] + [(1, 1000), (1, 1001), (2, 1000), (2, 1001), (3, 1002), (3, 1003)]
    table = pl.DataFrame(links, {"company": pl.Int64, "contact": pl.Int64}, orient="row")
    assert buying_committee.limit_by_contact_budget(due, table, 2)["id"].to_list() == [1, 2]
    assert buying_committee.limit_by_contact_budget(due, table, 4)["id"].to_list() == [1, 2, 3]
    assert buying_committee.limit_by_contact_budget(due, table, 304)["id"].to_list() == [9, 1, 2, 3]
    assert buying_committee.limit_by_contact_budget(due, table, 0)["id"].to_list() == []


@pytest.mark.parametrize(
    ("tier", "ids", "texts"),
    [
        ("tier_1", ["buyer", "developer"], ("complete", "")),
        ("tier_2", ["developer"], ("partial", "CTO")),
        ("tier_1", [], ("none", "CTO; developer")),
        ("tier_1", None, ("unknown", None)),
        ("tier_3", ["buyer"], ("", "")),
        (None, None, ("", "")),
    ],
)
def test_a_committee_is_as_complete_as_its_deciders_and_users(
    tier: str | None, ids: list[str] | None, texts: tuple[str, str | None]
) -> None:
    memory = known() if ids is None else known(looked_at(1, "tier_1", "1", 0, tuple(ids)))
    frame = buying_committee.committee_texts(tiers((1, tier, "1", None)), memory, PEOPLE)
    assert frame.row(0) == (1, *texts)


def test_a_champion_is_welcome_and_not_waited_for() -> None:
    people = Personas.model_validate(personas(BUYER, {**DEVELOPER, "role": "champion"}))
    memory = known(looked_at(1, "tier_1", "1", 0, ("buyer",)))
    assert buying_committee.committee_texts(tiers((1, "tier_1", "1", None)), memory, people).row(0) == (
        1,
        "complete",
        "",
    )


@pytest.mark.parametrize(
    ("match", "answers"),
    [
        (BY_ROLE, True),
        ({"property": "hs_buying_role", "is": "Decision maker"}, True),
        ({"property": "hs_buying_role", "has_all": ["DECISION_MAKER"]}, True),
        ({"property": "hs_buying_role", "has_any": ["DECISION_MAKER", "CHAMPION"]}, False),
        ({"property": "hs_buying_role", "has_none": ["DECISION_MAKER"]}, False),
        ({"property": "jobtitle", "has_any": ["DECISION_MAKER"]}, False),
        ({"any": [BY_ROLE]}, False),
    ],
)
def test_hubspots_counts_answer_only_for_decision_makers_by_their_role(match: dict[str, Any], answers: bool) -> None:
    assert (
        buying_committee.hubspot_counts_suffice(Personas.model_validate(personas({**BUYER, "match": match}))) is answers
    )


def test_counts_of_hubspot_are_committees_and_an_empty_count_is_nobody() -> None:
    people = Personas.model_validate(personas({**BUYER, "match": BY_ROLE}))
    companies = tiers(
        (1, "tier_1", "5", "2"), (2, "tier_1", "5", "0"), (3, "tier_1", None, None), (4, "tier_2", "5", "2")
    )
    by_counts = buying_committee.committees_by_hubspot_counts(companies, people)
    assert by_counts["contacts"].to_list() == [5, 5, 0]
    texts = buying_committee.committee_texts(companies, by_counts, people)
    assert texts["committee"].to_list() == ["complete", "none", "none", ""]
    assert texts["missing"].to_list() == ["", "CTO", "CTO", ""]


def test_memory_keeps_the_latest_look_at_companies_that_are_still_looked_after() -> None:
    memory = known(looked_at(1, "tier_1", "1", 3), looked_at(2, "tier_1", "1", 3), looked_at(3, "tier_1", "1", 3))
    seen = known(looked_at(2, "tier_1", "9", 0, ("buyer",)))
    after = buying_committee.update_known_committees(
        memory, seen, tiers((1, "tier_1", "1", None), (2, "tier_1", "9", None)), PEOPLE
    )
    assert after.equals(known(looked_at(1, "tier_1", "1", 3), looked_at(2, "tier_1", "9", 0, ("buyer",))))


def test_what_is_known_is_known_by_the_personas_as_they_are() -> None:
    def digest(**sections: Any) -> str:
        return buying_committee.personas_digest(loaded(**sections).profile)

    same = digest(personas=personas())
    assert digest(personas=personas(BUYER, {**DEVELOPER, "role": "champion", "describe": {"title": "Dev"}})) == same
    assert digest(personas=personas(most_calls=5)) == same
    assert digest(personas=personas(BUYER, {**DEVELOPER, "match": BY_ROLE})) != same
    assert digest(personas=personas(), vocabulary={"technologies": {"ours": ["cto"]}}) != same
