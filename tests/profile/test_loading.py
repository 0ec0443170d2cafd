"""Any text gives a profile or every problem at once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.errors import ProfileInvalid
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile, parse_profile_name
from icp_sync.profile.model.match import COMPOSITIONS, OPERATORS
from tests.profile.example import FILE, criterion, errors, loaded, profile, refusals

SHIPPED = templates.template_text("s0-icp")
MESSY = """\
schema: 1
profile: {name: messy, kind: icp}
criteria:
  - id: size
    property: numberofemployees
    wieght: "20"
    weight: "20"
    match: {between: [500, 10000]}
  - {id: size, weight: 5, match: {region: Germny}, match: {region: DE}}
derive: {a: revenue **}
required: [sise]
tiers: [{tier: tier_1, enter: 80, leave: 85}, {tier: tier_2, enter: 80}]
write: {score: description}
lists:
  - {name: A, kind: static, where: {tier: [tier_3]}, limit: 0}
tests:
  - {name: one, company: *other, expect: {credits: {sizes: 1}}}
"""


def test_every_problem_is_named_at_once_in_the_order_of_the_file() -> None:
    assert refusals(MESSY) == [
        "6: criteria[0].wieght: unknown key 'wieght'; did you mean weight?",
        "7: criteria[0].weight: is text, a number is wanted; write weight: 20 without quotes",
        "9: criteria[1].id: the id 'size' is taken by criteria[0]; choose another",
        "9: criteria[1].match: duplicate key 'match', first in line 9; keep one of them",
        "9: criteria[1].match.region[0]: no country or region is called 'Germny'; did you mean Germany or Guernsey?",
        "10: derive.a: '*' stands at column 10; a number, a property or an opening parenthesis was expected",
        "11: required[0]: 'sise' is no criterion; did you mean size?",
        "12: tiers[0].leave: 85 is above the 80 that enters tier_1; lower it or remove it",
        "12: tiers[1].enter: 80 is not below the 80 of tier_1; lower it",
        "13: write.score: description is HubSpot's own; use a property of your own such as icp_fit_score",
        "15: lists[0].limit: is 0; write a number at least 1",
        "15: lists[0].where.tier[0]: tier_3 is not among tiers; add it there or remove it here",
        "17: tests[0].company: alias *other is not read; write the value out",
    ]


def test_a_syntax_error_is_reported_alone() -> None:
    (error,) = refusals(MESSY + "a: b: c\n")
    assert error.startswith("18: not valid YAML at column 5")


@pytest.mark.parametrize("place", ["# the key: {}", "x: {}"])
def test_a_token_in_the_clear_is_reported_alone_and_not_repeated(place: str) -> None:
    (only,) = refusals(f"{MESSY}{place.format('pat-na1-canary00-1111-2222-3333-444455556666')}\n")
    assert only.startswith("18: a token stands here in the clear; take it out, revoke it in HubSpot")
    assert "canary" not in only


def test_what_only_begins_like_a_token_is_none() -> None:
    assert parse_profile(f"{SHIPPED}\n# pat-testing-services", FILE).profile.criteria


def test_a_problem_carries_its_parts() -> None:
    with pytest.raises(ProfileInvalid, match="has one problem") as refused:
        parse_profile(json.dumps(profile(required=["x"])), "some/where.yaml")
    (problem,) = refused.value.details
    assert str(problem) == "some/where.yaml:1: required[0]: 'x' is no criterion; name the id of one"
    assert (problem.severity, problem.rule) == ("error", "required-id")  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [MESSY, SHIPPED, MESSY.replace("kind: icp", "kind: icq, own: x")])
def test_a_profile_has_its_name_whatever_else_is_wrong_with_it(text: str) -> None:
    assert parse_profile_name(text, FILE) in ("messy", parse_profile(SHIPPED, FILE).profile.name)


NAMELESS = ("", "../x", "a b", "[x]", "null", "7", "messy, name: other", "*other")


@pytest.mark.parametrize("text", [*(MESSY.replace("messy", name) for name in NAMELESS), "[]", "profile: x", "a: b: c"])
def test_a_profile_without_a_name_that_counts_is_refused_with_all_that_is_wrong(text: str) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        parse_profile_name(text, FILE)
    with pytest.raises(ProfileInvalid) as invalid:
        parse_profile(text, FILE)
    assert (refused.value.message, refused.value.details) == (invalid.value.message, invalid.value.details)


def test_a_mistake_is_reported_once() -> None:
    broken = criterion(property="No Name", match={"any": [{"is": "a"}, {"in": ["b"]}]})
    assert len(errors(criteria=[broken])) == 1


def test_a_loaded_profile_knows_its_lines_and_digests() -> None:
    shipped = parse_profile(SHIPPED, FILE)
    assert SHIPPED.splitlines()[shipped.lines.line_of_text_path("tiers[1]") - 1].strip().startswith("- { tier: tier_2")
    assert (len(shipped.digest), len(shipped.file_digest)) == (12, 64)


def test_a_hostile_file_is_answered_with_some_of_its_problems() -> None:
    assert 200 <= len(refusals("criteria:\n" + "- {}\n" * 5_000)) <= 220


def judged(text: str | bytes) -> bool:
    """A profile or ProfileInvalid with printable problems; whatever else is raised fails the test."""
    try:
        return bool(parse_profile(text, FILE))
    except ProfileInvalid as invalid:
        return all(str(problem).encode() for problem in invalid.details) and bool(invalid.details)


@given(st.text(st.sampled_from("abx01:-[]{}&*!|>'\"%@`#,?.~<= \n\t\r\\U\x85\u2028\ufeff\ud800é"), max_size=80))
def test_no_text_makes_a_traceback(text: str) -> None:
    assert judged(text)


@given(st.binary(max_size=80))
def test_no_bytes_make_a_traceback(raw: bytes) -> None:
    assert judged(raw)


PIECES = [
    "null",
    "[]",
    "{}",
    "-1",
    "1e999",
    ".nan",
    "true",
    "'",
    '"',
    "*a",
    "&a x",
    "!!int x",
    "\n",
    "? ",
    "NO",
    "9" * 99,
]


@given(
    st.sampled_from(templates.template_names()),
    st.floats(0, 1),
    st.integers(0, 80),
    st.sampled_from(PIECES) | st.text(max_size=9),
)
def test_no_slip_of_the_hand_makes_a_traceback(name: str, place: float, removed: int, inserted: str) -> None:
    text = templates.template_text(name)
    start = int(place * len(text))
    assert judged(text[:start] + inserted + text[start + removed :])


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["DE", "tier_1"])
)
WORDS = ["property", "properties", "tier", "id", "of", "km", "limit", "per", "regions", "technologies", "country", "x"]
KEYS = st.sampled_from([*WORDS, *OPERATORS, *COMPOSITIONS]) | st.text(max_size=4)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
SECTIONS = [
    "scope",
    "criteria",
    "required",
    "disqualifiers",
    "coverage",
    "tiers",
    "write",
    "lists",
    "guardrails",
    "hold",
    "tests",
    "location",
    "derive",
    "lock",
    "vocabulary",
]


@given(st.sampled_from([*SECTIONS, "schema", "profile"]), VALUES)
def test_no_value_of_a_section_makes_a_traceback(section: str, value: Any) -> None:
    assert judged(json.dumps(profile(**{section: value})))


@given(st.sampled_from(["id", "label", "property", "weight", "match", "partial", "missing", "optional"]), VALUES)
def test_no_value_of_a_criterion_makes_a_traceback(key: str, value: Any) -> None:
    assert judged(json.dumps(profile(criteria=[criterion(**{key: value})])))


@given(
    st.sampled_from([*OPERATORS]),
    VALUES,
    st.sampled_from(["numberofemployees", "budget", "industry", "web_technologies"]),
)
def test_no_argument_of_an_operator_makes_a_traceback(operator: str, value: Any, name: str) -> None:
    asked = criterion(property=name, match={operator: value}, partial=[{"match": {operator: value}, "credit": 0.5}])
    assert judged(json.dumps(profile(criteria=[asked], derive={"budget": "annualrevenue * 0.1"})))


@given(st.sampled_from(["lists", "tiers", "write", "vocabulary", "location", "lock"]), KEYS, VALUES)
def test_no_value_below_a_section_makes_a_traceback(section: str, key: str, value: Any) -> None:
    there = {
        "lists": [{"name": "A", "kind": "static", "where": {key: value}}],
        "tiers": [
            {"tier": "tier_1", "enter": 80, "capacity": {key: value}},
            {"tier": "tier_2", "enter": 50, "leave": value},
        ],
        "write": {"tier": "icp_tier", "understood": {key: value}},
        "vocabulary": {"regions": {key: value}, "technologies": {key: value}},
        "location": {"country": value},
        "lock": {"property": value},
    }
    assert judged(json.dumps(profile(**{section: there[section]})))


def test_the_example_itself_is_sound() -> None:
    assert loaded().profile.criteria[0].title == "size"
