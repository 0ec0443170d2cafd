"""Editors complete and check profiles by the JSON Schema."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from icp_sync.profile import templates
from icp_sync.profile.describe.json_schema import json_schema
from icp_sync.profile.source.yaml_document import parse_yaml
from tests.profile.example import criterion, profile

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def faults(data: object) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(data)]


def listing(where: dict[str, Any]) -> dict[str, Any]:
    return {"lists": [{"name": "a", "kind": "static", "where": where}]}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", templates.template_names())
def test_every_template_fits_it_and_names_it(name: str) -> None:
    assert faults(parse_yaml(templates.template_text(name)).data) == []
    assert templates.template_text(name).startswith("# yaml-language-server: $schema=icp.schema.json\n")


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
        ({"hold": {"days": 366}}, "$.hold.days"),
        ({"hold": {"outage": 20}}, "$.hold.outage"),
        ({"profile": {"name": "x", "kind": "icp", "review_by": "soon"}}, "$.profile.review_by"),
        ({"tiers": [{"tier": "tier_1", "enter": 80, "capacity": "many"}]}, "$.tiers[0].capacity"),
        ({"required": ["size", "size"]}, "$.required"),
        ({"location": {"city": ["city", "city"]}}, "$.location.city"),
        (listing({"tier": ["tier_1"] * 2}), "$.lists[0].where.tier"),
        (listing({"hits": ["size", "size"]}), "$.lists[0].where.hits"),
        (listing({"hits": {"full": True}}), "$.lists[0].where.hits"),
        (listing({"match": {"at_least": 5, "at_most": 9}}), "$.lists[0].where.match"),
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
    assert faults(profile(tiers=tiers, location={"country": "hq_country"}, hold={"days": 0, "outage": "10%"})) == []


def undescribed() -> Iterator[str]:
    for part, schema in parts().items():
        for name, key in schema["properties"].items():
            if not (
                key.get("description") or parts().get(key.get("$ref", "").rpartition("/")[2], {}).get("description")
            ):
                yield f"{part}.{name}"


def test_every_key_says_what_it_is() -> None:
    assert list(undescribed()) == []


def parts() -> dict[str, dict[str, Any]]:
    return {"Profile": SCHEMA, **SCHEMA["$defs"]}


def test_no_part_allows_a_key_it_does_not_know() -> None:
    assert [name for name, part in parts().items() if part["additionalProperties"] is not False] == []


def test_what_an_editor_shows_of_a_part_is_about_the_profile_and_not_about_our_code() -> None:
    shown = [part["description"] for part in parts().values()]
    assert [text for text in shown if "`sense`" in text or "`reference`" in text or "\n" in text] == []


def test_an_editor_is_given_no_empty_value_to_write_down() -> None:
    keys = {f"{part}.{name}": key for part, schema in parts().items() for name, key in schema["properties"].items()}
    assert [name for name, key in keys.items() if not key.get("default", True)] == []


def test_a_match_without_an_operator_we_know_is_told_to_name_one() -> None:
    first = SCHEMA["$defs"]["Match"]["oneOf"][0]
    assert first["errorMessage"].startswith("Names no operator we know; write exactly one")


def test_whoever_edits_the_templates_where_they_are_finds_the_schema_too() -> None:
    folder = Path(templates.__file__).parent
    (beside,) = {
        templates.template_text(name).splitlines()[0].partition("$schema=")[2] for name in templates.template_names()
    }
    pointer = json.loads((folder / beside).read_text(encoding="utf-8"))
    assert json.loads((folder / pointer["$ref"]).read_text(encoding="utf-8")) == SCHEMA
