"""Names lead somewhere and questions have answers."""

from typing import Any

import pytest

from icp_sync.profile.model.match import Match
from tests.profile.example import criterion, errors, loaded


@pytest.mark.parametrize(
    ("sections", "error"),
    [
        (
            {"criteria": [criterion(), criterion()]},
            "criteria[1].id: the id 'size' is taken by criteria[0]; choose another",
        ),
        (
            {"disqualifiers": [{"id": "size", "property": "type", "match": {"is": "PARTNER"}}]},
            "disqualifiers[0].id: the id 'size' is taken by criteria[0]; choose another",
        ),
        ({"required": ["sise"]}, "required[0]: 'sise' is no criterion; did you mean size?"),
        ({"required": ["zzz"]}, "required[0]: 'zzz' is no criterion; name the id of one"),
        (
            {"scope": {"not": {"is": "PARTNER"}}},
            "scope.not: is has no property to read; write property: inside the leaf",
        ),
    ],
)
def test_names_lead_somewhere(sections: dict[str, Any], error: str) -> None:
    assert errors(**sections) == [error]


@pytest.mark.parametrize(
    ("match", "error"),
    [
        ({"region": ["Germny"]}, "match.region[0]: no country or region is called 'Germny'; did you mean Germany"),
        ({"region": "DACH-land-ia"}, "match.region[0]: no country or region is called 'DACH-land-ia'; "),
        (
            {"known": True, "property": "id"},
            "match.property: id is the company's number in HubSpot and no property; write hs_object_id",
        ),
        (
            {"not": {"known": True}},
            "match.not: known has no property to read; write property: beside match or inside the leaf",
        ),
        ({"matches": "(", "property": "name"}, "match.matches: no regular expression: unclosed group; correct it"),
        ({"matches": r"\w{900}{900}", "property": "name"}, "match.matches: the regular expression is too large"),
        (
            {"is": "tier_1", "property": "icp_tier"},
            "match: reads icp_tier, which this profile writes as tier; read another",
        ),
    ],
)
def test_a_question_has_an_answer(match: dict[str, Any], error: str) -> None:
    (finding,) = errors(criteria=[{"id": "a", "weight": 1, "match": match}])
    assert finding.startswith(f"criteria[0].{error}")


@pytest.mark.parametrize(
    "match",
    [
        {"region": ["DE", "NA", "Nordics", "United Kingdom"]},
        {
            "any": [
                {"region": "DACH"},
                {"property": "industry", "is": "Banking"},
                {"properties": ["a", "b"], "known": False},
            ]
        },
        {"property": "name", "matches": r"\b(gmbh|ag)$"},
    ],
)
def test_geography_and_leaves_with_their_own_property_need_no_other(match: dict[str, Any]) -> None:
    assert errors(criteria=[{"id": "a", "weight": 1, "match": match}]) == []


@pytest.mark.parametrize(("depth", "refused"), [(5, False), (6, True)])
def test_compositions_nest_five_deep(depth: int, refused: bool) -> None:
    match: dict[str, Any] = {"at_least": 1}
    for _ in range(depth):
        match = {"not": match}
    assert bool(errors(criteria=[criterion(match=match)])) == refused


def test_more_regular_expressions_than_anyone_needs_are_refused() -> None:
    many = [{"matches": f"a{n}"} for n in range(51)]
    (error,) = errors(criteria=[criterion(match={"any": many})])
    assert error.startswith("criteria[0].match.any[50].matches: more than 50 regular expressions")


def test_a_higher_partial_credit_after_a_lower_one_is_warned_about() -> None:
    partial = [{"match": {"at_least": 9 - n}, "credit": credit} for n, credit in enumerate((0.3, 0.5))]
    assert _rules(criteria=[criterion(partial=partial)]) == ["partial-order"]
    assert _rules(criteria=[criterion(partial=partial[::-1])]) == []


def test_a_region_that_reads_another_questions_property_is_warned_about() -> None:
    assert _rules(criteria=[criterion(match={"any": [{"at_least": 5}, {"region": "DE"}]})]) == ["place-property"]
    assert _rules(criteria=[criterion(match={"any": [{"known": False}, {"region": "DE"}]})]) == []


def _rules(**sections: Any) -> list[str]:
    rules = [warning.rule for warning in loaded(**sections).warnings]
    return [rule for rule in rules if rule in {"partial-order", "place-property"}]


def test_a_match_says_what_it_is_made_of() -> None:
    match = Match.model_validate({"all": [{"property": "a", "is": "x"}, {"not": {"at_least": 5}}]})
    assert [(leaf.operator, leaf.argument, leaf.own_properties) for leaf in match.leaves()] == [
        ("is", ("x",), ("a",)),
        ("at_least", 5, ()),
    ]
