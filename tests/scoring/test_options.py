"""Rules over the portal's enumerations, which name options by value or label."""

from __future__ import annotations

import pytest

from icp_sync.companies.enumeration_options import EnumerationOptions
from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.profile.model.lists import Where
from icp_sync.scoring.explain import explain
from icp_sync.scoring.list_filter import match_list_clauses
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.scoring.profiles import TODAY, profile_of


def enumeration(name: str, options: dict[str, str]) -> PropertyDefinition:
    """An enumeration with these options, value → label."""
    listed = tuple(Option(value, label) for value, label in options.items())
    return PropertyDefinition(name, name, "enumeration", "select", "g", listed)


OPTIONS = EnumerationOptions.from_definitions(
    [
        enumeration("p", {"1": "Gold partner", "2": "Retail / Banking", "3": "Tools, others", "sw": "Software"}),
        enumeration("q", {"1": "Silver", "2": "Gold partner", "COMPUTER_SOFTWARE": "Computer Software"}),
        enumeration("size", {"1": "1-10", "3": "51-200 employees", "4": "4 - large", "5000": "5k"}),
        enumeration("tools", {"t1": "Jira Cloud", "t2": "Acme Suite", "t3": "SAP S/4HANA"}),
    ]
)


def credit_of(match: dict[str, object], **texts: str | None) -> float | None:
    """The credit of one criterion that reads these properties of one company, the first that can be read."""
    profile = profile_of({"id": "c", "properties": list(texts), "match": match})
    frame = company_frame([1], {name: [text] for name, text in texts.items()})
    credit: float | None = score(frame, compile_profile(profile, TODAY, Conventions(OPTIONS))).frame["credit.c"].item()
    return credit


@pytest.mark.parametrize(
    ("match", "texts", "credit"),
    [
        ({"in": ["Gold partner"]}, {"p": "1"}, 1.0),
        ({"in": ["1"]}, {"p": "1"}, 1.0),
        ({"is": "GOLD PARTNER"}, {"p": "2"}, 0.0),
        ({"not_in": ["Gold partner"]}, {"p": "1"}, 0.0),
        ({"not_in": ["Gold partner"]}, {"p": "2"}, 1.0),
        ({"not_in": ["Gold partner"]}, {"p": None}, None),
        ({"is": "Retail / Banking"}, {"p": "2"}, 1.0),
        ({"is": "Software"}, {"p": "sw"}, 1.0),
        ({"in": ["software"]}, {"q": "COMPUTER_SOFTWARE"}, 1.0),  # a group of the vocabulary, as ever
        ({"has_any": ["Acme Suite"]}, {"tools": "t1;t2"}, 1.0),
        ({"has_any": ["t1", "Jira Cloud", "Acme Suite"], "at_least": 2}, {"tools": "t1"}, 0.0),
        ({"has_all": ["Jira Cloud", "t2"]}, {"tools": "t1;t2"}, 1.0),
        ({"has_none": ["Acme Suite"]}, {"tools": "t2"}, 0.0),
        ({"at_least": 51}, {"size": "3"}, 1.0),
        ({"at_least": 51}, {"size": "1"}, 0.0),
        ({"at_least": 4}, {"size": "4"}, 1.0),  # a label that is no number leaves the value one
        ({"between": [5000, 5000]}, {"size": "5000"}, 1.0),
    ],
)
def test_an_option_is_meant_by_its_value_or_its_label(
    match: dict[str, object], texts: dict[str, str | None], credit: float | None
) -> None:
    assert credit_of(match, **texts) == credit


@pytest.mark.parametrize(
    ("p", "q", "credit"), [("1", None, 1.0), ("2", None, 0.0), (None, "2", 1.0), (None, "1", 0.0), (None, None, None)]
)
def test_of_several_properties_each_has_its_own_options(p: str | None, q: str | None, credit: float | None) -> None:
    assert credit_of({"in": ["Gold partner"]}, p=p, q=q) == credit


def test_an_option_is_one_name_whatever_stands_in_it() -> None:
    options = EnumerationOptions.from_definitions(
        [enumeration("p", {"Banking / Retail": "Banks", "Jira, Confluence": "Both"})]
    )
    profile = profile_of({"id": "c", "property": "p", "match": {"is": "Retail"}})
    frame = company_frame([1, 2], {"p": ["Banking / Retail", "Retail"]})
    assert score(frame, compile_profile(profile, TODAY, Conventions(options))).frame["credit.c"].to_list() == [0.0, 1.0]


def test_without_a_portal_texts_are_compared_as_they_stand() -> None:
    profile = profile_of({"id": "c", "property": "p", "match": {"in": ["Gold partner"]}})
    frame = company_frame([1, 2], {"p": ["1", "Gold Partner"]})
    assert score(frame, compile_profile(profile, TODAY)).frame["credit.c"].to_list() == [0.0, 1.0]


def test_lists_and_explanations_know_the_options_too() -> None:
    match = {"in": ["Gold partner"]}
    profile = profile_of({"id": "c", "property": "p", "match": match})
    frame = company_frame([1, 2], {"p": ["1", "2"]})
    (first, second) = explain(frame, compile_profile(profile, TODAY, Conventions(OPTIONS)), {})
    assert (first.score, second.score) == (100.0, 0.0)
    where = Where.model_validate({"property": {"p": match}})
    assert match_list_clauses(frame, where, compile_profile(profile, TODAY, Conventions(OPTIONS))).rows() == [
        (1, True),
        (2, False),
    ]
