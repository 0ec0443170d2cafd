"""Editors complete and check profiles by the JSON Schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from icp_sync.profile import templates
from icp_sync.profile.schema import json_schema
from icp_sync.profile.tree import tree
from tests.profile.example import criterion, profile

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def faults(data: object) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(data)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", templates.names())
def test_every_template_fits_it_and_names_it(name: str) -> None:
    assert faults(tree(templates.text(name)).data) == []
    assert templates.text(name).startswith("# yaml-language-server: $schema=icp.schema.json\n")


@pytest.mark.parametrize(
    ("sections", "place"),
    [
        ({"schema": 2}, "$.schema"),
        ({"critera": []}, "$"),
        ({"criteria": []}, "$.criteria"),
        ({"criteria": [criterion(weight="20")]}, "$.criteria[0].weight"),
        ({"criteria": [criterion(weight=None)]}, "$.criteria[0].weight"),
        ({"criteria": [criterion(match={})]}, "$.criteria[0].match"),
        ({"criteria": [criterion(match={"at_least": 5, "at_most": 9})]}, "$.criteria[0].match"),
        ({"criteria": [criterion(match={"is": "a", "at_least": 9})]}, "$.criteria[0].match"),
        ({"criteria": [criterion(match={"property": "a", "all": [{"is": "a"}]})]}, "$.criteria[0].match"),
        ({"criteria": [criterion(match={"between": [1]})]}, "$.criteria[0].match.between"),
        ({"derive": {"Bad Name": "a"}}, "$.derive"),
        ({"guardrails": {"changed": 10}}, "$.guardrails.changed"),
        ({"profile": {"name": "x", "kind": "icp", "review_by": "soon"}}, "$.profile.review_by"),
        ({"tiers": [{"tier": "tier_1", "enter": 80, "capacity": "many"}]}, "$.tiers[0].capacity"),
    ],
)
def test_a_misshapen_profile_does_not_fit(sections: dict[str, Any], place: str) -> None:
    assert faults(profile(**sections)) == [place]


@pytest.mark.parametrize(
    "match",
    [
        {"has_any": ["a", "b"], "at_least": 2},
        {"between": [None, 5]},
        {"is": "a"},
        {"is": ["a", 12]},
        {"any": [{"region": "DE"}, {"not": {"property": "name", "matches": "x"}}]},
        {"within_km": {"of": "Berlin, DE", "km": 50}},
        {"age_years": [3, None]},
    ],
)
def test_every_form_of_a_match_fits(match: dict[str, Any]) -> None:
    assert faults(profile(criteria=[criterion(match=match)])) == []


@pytest.mark.parametrize("capacity", [500, {"limit": 50, "per": "hubspot_owner_id"}])
def test_short_forms_fit_too(capacity: object) -> None:
    tiers = [{"tier": "tier_1", "enter": 80, "capacity": capacity}, {"tier": "tier_2", "enter": 50}]
    assert faults(profile(tiers=tiers, location={"country": "hq_country"}, guardrails={"changed": "10%"})) == []


def undescribed() -> Iterator[str]:
    parts = {"Profile": SCHEMA, **SCHEMA["$defs"]}
    for part, schema in parts.items():
        for name, key in schema["properties"].items():
            if not (key.get("description") or parts.get(key.get("$ref", "").rpartition("/")[2], {}).get("description")):
                yield f"{part}.{name}"


def test_every_key_says_what_it_is() -> None:
    assert list(undescribed()) == []
