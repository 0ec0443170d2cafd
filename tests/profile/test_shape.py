"""What is misshapen is named with the fix."""

from typing import Any

import pytest

from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.match import Match
from tests.profile.example import criterion, errors, loaded, refusals

ONE_OF = "a match names exactly one operator, found"


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"weight": "20"}, "weight: is text, a number is wanted; write weight: 20 without quotes"),
        ({"weight": "a lot"}, "weight: is text 'a lot', a number is wanted; write one such as weight: 20"),
        ({"weight": 0}, "weight: is 0; write a number more than 0"),
        ({"weight": True}, "weight: is true, a number is wanted; write one such as weight: 20"),
        ({"weight": None}, "weight: has no value; give it one or remove it"),
        ({"wieght": 2}, "wieght: unknown key 'wieght'; did you mean weight?"),
        ({"between": [1, 2]}, "between: unknown key 'between'; write it under match, as match: {between: …}"),
        ({"id": "Size"}, "id: is text 'Size'; write an id: a small letter, then up to 49 small letters, digits or _"),
        ({"optional": "yes"}, "optional: is text 'yes'; write true or false"),
        ({"missing": "unknow"}, "missing: is text 'unknow'; did you mean unknown?"),
        ({"label": True}, 'label: is true, text is wanted; write "true" in quotes'),
        ({"label": ""}, "label: is an empty text; fill it in"),
        ({"match": 5}, "match: is 5, a mapping is wanted; write key: value pairs"),
        ({"match": {"betwen": [1, 2]}}, "match.betwen: unknown key 'betwen'; did you mean between?"),
        ({"match": {"at_least_": 2}}, "match.at_least_: unknown key 'at_least_'; did you mean at_least?"),
        ({"match": {"is": "a", "known": True}}, f"match: {ONE_OF} is and known; combine several with all: or any:"),
        ({"match": {}}, f"match: {ONE_OF} none; combine several with all: or any:"),
        ({"match": {"is": None}}, "match: is has no value; give it one"),
        ({"match": {"is": ""}}, "match.is[0]: is an empty text; fill it in"),
        ({"match": {"is": "a" * 1001}}, "match.is[0]: is too long; at most 1000 characters are allowed, shorten it"),
        ({"match": {"is_true": False}}, "match.is_true: is false; write true"),
        ({"properties": ["a"]}, "property and properties exclude each other; keep one"),
        ({"match": {"between": [1]}}, "match.between[1]: one bound is missing; write [low, high], either may be null"),
        ({"match": {"between": [5, 1]}}, "match: between: [5, 1] is empty; the lower bound comes first"),
        ({"match": {"in": "a"}}, "match.in: is text 'a', a list is wanted; write [a]"),
        ({"match": {"in": []}}, "match.in: is an empty list; name at least one"),
        ({"match": {"any": [{"is": []}]}}, "match.any[0].is: is an empty list; name at least one"),
        (
            {"property": "No Name"},
            "property: is text 'No Name'; write the property's internal name, such as numberofemployees",
        ),
        ({"partial": [{"match": {"is": "a"}, "credit": 1}]}, "partial[0].credit: is 1; write a number less than 1"),
    ],
)
def test_a_misshapen_criterion_is_named_with_the_fix(keys: dict[str, Any], error: str) -> None:
    assert errors(criteria=[criterion(**keys)]) == [
        f"criteria[0].{error}" if ": " in error else f"criteria[0]: {error}"
    ]


@pytest.mark.parametrize(
    ("sections", "error"),
    [
        ({"schema": 2}, "schema: is 2; write 1"),
        ({"criteria": []}, "criteria: is an empty list; name at least one"),
        ({"criteria": None}, "criteria: has no value; give it one or remove it"),
        ({"tiers": [{"tier": "tier1", "enter": 80}]}, "tiers[0].tier: is text 'tier1'; did you mean tier_1?"),
        ({"coverage": {"minimum": 30}}, "coverage.minimum: is 30; write a number at most 1"),
        (
            {"coverage": {"minimum": "30%"}},
            "coverage.minimum: is text '30%', a number is wanted; write one such as minimum: 0.3",
        ),
        (
            {"coverage": {"minimum": "high"}},
            "coverage.minimum: is text 'high', a number is wanted; write one such as minimum: 0.5",
        ),
        ({"guardrails": {"changed": "1e1%"}}, "guardrails.changed: '1e1%' is no percentage; write one such as 10%"),
        ({"guardrails": {"changed": "1_0%"}}, "guardrails.changed: '1_0%' is no percentage; write one such as 10%"),
        ({"guardrails": {"changed": 10}}, "guardrails.changed: '10' is no percentage; write one such as 10%"),
        ({"hold": {"days": -1}}, "hold.days: is -1; write a number at least 0"),
        ({"hold": {"days": 366}}, "hold.days: is 366; write a number at most 365"),
        ({"hold": {"outage": "0%"}}, "hold.outage: is 0%, so that no hold would end; write more, such as 20%"),
        ({"hold": {"outage": 20}}, "hold.outage: '20' is no percentage; write one such as 10%"),
        ({"guardrails": {"changed": "NaN%"}}, "guardrails.changed: NaN% lies outside 0% to 100%; write a share within"),
        (
            {"profile": {"name": "x", "kind": "icp", "review_by": 20270201}},
            "profile.review_by: '20270201' is no date; write one such as 2027-02-01",
        ),
        ({"profile": {"name": "x", "kind": "abm"}}, "profile.kind: is text 'abm'; write one of icp, ecp"),
        (
            {"profile": {"name": "x", "kind": "icp", "review_by": "2027-02-30"}},
            "profile.review_by: '2027-02-30' is no day of the calendar; write one such as 2027-02-01",
        ),
        ({"profile": {"name": "x" * 80, "kind": "icp"}}, "profile.name: is 80 characters long; write at most 64"),
        (
            {"criteria": {"id": "a"}},
            "criteria: is a mapping, a list is wanted; begin each of its entries with a dash: - …",
        ),
        ({"experiment": {"name": "x"}}, "experiment: unknown key 'experiment'; write it under write"),
        ({"review_by": "2027-02-01"}, "review_by: unknown key 'review_by'; write it under profile"),
        ({"critera": []}, "critera: unknown key 'critera'; did you mean criteria?"),
        ({"write": {"tier": "icp_tier", "tiers": "x"}}, "write.tiers: unknown key 'tiers'; did you mean tier?"),
    ],
)
def test_a_misshapen_section_is_named_with_the_fix(sections: dict[str, Any], error: str) -> None:
    assert errors(**sections) == [error]


@pytest.mark.parametrize("key", ["schema", "profile", "criteria", "tiers", "write"])
def test_a_required_section_is_missed(key: str) -> None:
    lines = ["schema: 1", "profile: {name: x, kind: icp}", "criteria: [{id: a, weight: 1, match: {region: DE}}]"]
    lines += ["tiers: [{tier: tier_1, enter: 1}]", "write: {tier: icp_tier}"]
    assert refusals("\n".join(line for line in lines if not line.startswith(key))) == [
        f"{key}: {key} is missing; add {key}:"
    ]


@pytest.mark.parametrize("key", ["property_name", "schema_version", "is_", "in_", "all_"])
def test_names_of_the_code_are_no_keys_of_the_file(key: str) -> None:
    assert f"unknown key '{key}'" in errors(**{key: 1})[0]


@pytest.mark.parametrize("number", ["1e999", ".inf", ".nan"])
def test_a_number_beyond_all_bounds_is_refused(number: str) -> None:
    text = f"criteria: [{{id: a, weight: {number}, match: {{region: DE}}}}]"
    assert f"criteria[0].weight: is {number}; write a finite number" in refusals(text)


def test_a_number_of_ten_thousand_digits_is_text() -> None:
    (error,) = errors(criteria=[criterion(weight=10**400)])
    assert "a number is wanted" in error


@pytest.mark.parametrize("text", ["", "# nothing", "- a", "just text", "5"])
def test_what_is_no_mapping_points_to_init(text: str) -> None:
    (error,) = refusals(text)
    assert error.endswith("`icp-sync init` writes a profile to start from")


def test_numbers_asked_for_as_text_are_taken_as_written() -> None:
    head = "schema: 1\nprofile: {name: x, kind: icp}\ntiers: [{tier: tier_1, enter: 1}]\nwrite: {tier: icp_tier}\n"
    text = f"{head}criteria: [{{id: a, weight: 1, property: x, match: {{in: [1.10, 007, +49]}}}}]"
    assert parse_profile(text, "f").profile.criteria[0].match.argument == ("1.10", "007", "+49")


def test_what_may_be_left_out_has_its_documented_default() -> None:
    profile = loaded().profile
    assert (profile.coverage.minimum, profile.criteria[0].missing, profile.criteria[0].optional) == (
        0,
        "unknown",
        False,
    )
    assert [float(share) for share in profile.guardrails.model_dump().values()] == [
        0.1,
        0.05,
        0.2,
        0.9,
        0.25,
        0.5,
        0.5,
        0.05,
        0.1,
        0.01,
    ]
    assert (profile.hold.days, float(profile.hold.outage)) == (14, 0.2)


@pytest.mark.parametrize("text", ["💥", "-", "…"])
def test_a_text_of_signs_alone_is_refused_since_nothing_can_be_it(text: str) -> None:
    with pytest.raises(ValueError, match="no letter or digit"):
        Match.model_validate({"is": text})
