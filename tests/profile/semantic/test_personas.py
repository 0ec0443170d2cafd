"""Personas are people: told apart, recognised by contacts, and waited for in tiers the profile has."""

from typing import Any

import pytest

from icp_sync.profile.digest import file_digest, scoring_digest
from tests.profile.example import errors, loaded
from tests.profile.example_people import BUYER, DEVELOPER, personas

PERSON = "personas.people[0]"
NOBODY = (
    "personas.people: no persona has the role decision_maker or user, so no committee could ever be complete; "
    "give one of them that role"
)
LISTED = [{"name": "open", "kind": "active", "where": {"committee": ["none", "partial"]}}]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (personas(BUYER, BUYER), "personas.people[1].id: the id 'buyer' is taken by another persona; choose another"),
        (personas(tiers=["tier_3"]), "personas.tiers[0]: tier_3 is not among tiers; add it there or remove it here"),
        (
            personas({**BUYER, "role": "champion"}),
            NOBODY,
        ),
        (
            personas({**BUYER, "match": {"contains_any": ["cto"]}}),
            f"{PERSON}.match: contains_any has no property to read; write property: inside the leaf",
        ),
        (
            personas({**BUYER, "match": {"region": "DE"}}),
            f"{PERSON}.match: region has no property to read; write property: country inside the leaf",
        ),
        (
            personas({**BUYER, "match": {"property": "jobtitle", "matches": "("}}),
            f"{PERSON}.match.matches: no regular expression: unclosed group; correct it",
        ),
        (
            personas(write={"committee": "industry"}),
            "personas.write.committee: industry is HubSpot's own; use a property of your own such as icp_fit_committee",
        ),
        (
            personas(write={"committee": "icp_tier"}),
            "personas.write.committee: icp_tier is already written as tier; give each output its own",
        ),
    ],
)
def test_every_slip_is_named_where_it_stands(given: dict[str, Any], error: str) -> None:
    assert errors(personas=given) == [error]


def test_a_list_by_committee_needs_the_committee_written() -> None:
    asks = "needs the committee of each company; add committee: icp_committee to the write of personas"
    assert errors(lists=LISTED) == [f"lists[0].where.committee: {asks}"]
    assert errors(lists=LISTED, personas=personas(write={})) == [f"lists[0].where.committee: {asks}"]
    assert errors(lists=LISTED, personas=personas()) == []


def test_people_are_no_part_of_what_scoring_means() -> None:
    without, with_people = loaded().profile, loaded(personas=personas()).profile
    assert scoring_digest(without) == scoring_digest(with_people)
    assert file_digest(without) != file_digest(with_people)
    assert with_people.write.properties() == {
        "tier": "icp_tier",
        "outcome": "icp_fit_outcome",
        "committee": "icp_committee",
        "missing": "icp_committee_missing",
    }


def test_without_anything_to_write_people_are_words_alone() -> None:
    assert loaded(personas=personas(DEVELOPER, write={})).profile.write.properties().keys() == {"tier", "outcome"}
