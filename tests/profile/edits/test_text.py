"""A value is written where it stood, in the style it stood in; the rest of the text stays."""

from __future__ import annotations

import json
from typing import Final

import pytest

from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.edits.text import edit_text
from icp_sync.profile.findings import Path
from tests.profile.edits.example import AGE, CRITERIA, FILE, SIZE, TIER_1, TIERS, refusals, text_of
from tests.profile.example import profile

WEIGHT: Final = (*SIZE, "weight")
MISSING: Final = (*SIZE, "missing")
LEAVE: Final = (*TIER_1, "leave")
CAPACITY: Final = (*TIER_1, "capacity")
REQUIRED: Final = ("required",)
MINIMUM: Final = ("coverage", "minimum")
Edits = dict[Path, Value]


def swapped(text: str, *pairs: tuple[str, str]) -> str:
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after, 1)
    return text


SCALARS: Final[list[tuple[str, Edits, str]]] = [
    ("weight: 20 # half", {WEIGHT: 25}, "weight: 25 # half"),
    ("weight: 20 # half", {WEIGHT: 25.0}, "weight: 25 # half"),
    ("weight: 20 # half", {WEIGHT: 0.125}, "weight: 0.125 # half"),
    ("weight: 0x14   ", {WEIGHT: 25}, "weight: 25   "),
    ("weight: 20.00", {WEIGHT: 20}, "weight: 20.00"),
    ('"weight": 20', {WEIGHT: 25}, '"weight": 25'),
    ("weight:\n      20 # half", {WEIGHT: 25}, "weight:\n      25 # half"),
    ("weight: # how much\n      # of all\n      20", {WEIGHT: 25}, "weight: # how much\n      # of all\n      25"),
    ("? weight\n    : 20", {WEIGHT: 25}, "? weight\n    : 25"),
    ("label: '🦄 \u2028 é'\n    weight: 20", {WEIGHT: 25}, "label: '🦄 \u2028 é'\n    weight: 25"),
    ("missing: miss\n    weight: 20", {MISSING: "unknown"}, "missing: unknown\n    weight: 20"),
    ("missing: 'miss'\n    weight: 20", {MISSING: "unknown"}, "missing: 'unknown'\n    weight: 20"),
    ('missing: "miss"\n    weight: 20', {MISSING: None}, 'missing: "unknown"\n    weight: 20'),
    ("missing: >-\n      miss\n    weight: 20", {MISSING: "unknown"}, "missing: unknown\n    weight: 20"),
    ("weight: 20 # half", {MISSING: "miss"}, "weight: 20 # half\n    missing: miss"),
    ('"weight": 20', {MISSING: "miss"}, '"weight": 20\n    "missing": miss'),
    ("weight: 20 # half", {MISSING: "unknown"}, "weight: 20 # half"),
]


@pytest.mark.parametrize(("before", "edits", "after"), SCALARS)
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_scalar_is_replaced_where_it_stands(before: str, edits: Edits, after: str, line_break: str) -> None:
    text, wanted = (text_of(swapped(CRITERIA, ("weight: 20 # half", piece))) for piece in (before, after))
    edited = edit_text(text.replace("\n", line_break), edits, FILE)
    assert edited == wanted.replace("\n", line_break)


MATCHES: Final[list[tuple[str, Edits, str]]] = [
    ("match: { at_least: 500 }", {(*SIZE, "match", "at_least"): 50}, "match: { at_least: 50 }"),
    ("match: {between: [5,\n      null]}", {(*SIZE, "match", "between", 1): 9}, "match: {between: [5,\n      9]}"),
    (
        "match:\n      between:\n        - 5 # low\n        - 9",
        {(*SIZE, "match", "between", 0): None},
        "match:\n      between:\n        - null # low\n        - 9",
    ),
    (
        "match:\n      any:\n      - not: { all: [{at_most: 5}, {at_least: 1}] }",
        {(*SIZE, "match", "any", 0, "not", "all", 1, "at_least"): 2},
        "match:\n      any:\n      - not: { all: [{at_most: 5}, {at_least: 2}] }",
    ),
    (
        "match: { within_km: { of: 'Berlin, DE', km: 50 } }",
        {(*SIZE, "match", "within_km", "km"): 60},
        "match: { within_km: { of: 'Berlin, DE', km: 60 } }",
    ),
    ("match: { has_any: [a, b] }", {(*SIZE, "match", "at_least"): 2}, "match: { has_any: [a, b], at_least: 2 }"),
    ("match: { has_any: [a, b], at_least: 2 }", {(*SIZE, "match", "at_least"): None}, "match: { has_any: [a, b] }"),
    (
        "match:\n      has_any:\n        - a\n        - b # both",
        {(*SIZE, "match", "at_least"): 2},
        "match:\n      has_any:\n        - a\n        - b # both\n      at_least: 2",
    ),
]


@pytest.mark.parametrize(("before", "edits", "after"), MATCHES)
def test_a_bound_is_replaced_in_whatever_depth(before: str, edits: Edits, after: str) -> None:
    text, wanted = (text_of(swapped(CRITERIA, ("match: { at_least: 500 }", piece))) for piece in (before, after))
    assert edit_text(text, edits, FILE) == wanted


ONE_LINE: Final = "  - { tier: tier_1, enter: 80, leave: 75 } # the first\n"
BLOCK: Final = "  - tier: tier_1 # one\n    enter: 80 # two\n    leave: 75 # three\n"
BRACES: Final = "  - {\n      tier: tier_1,\n      enter: 80, # two\n    }\n"
THRESHOLDS: Final[list[tuple[str, Edits, str]]] = [
    (ONE_LINE, {LEAVE: None}, "  - { tier: tier_1, enter: 80 } # the first\n"),
    (ONE_LINE, {CAPACITY: 5}, "  - { tier: tier_1, enter: 80, leave: 75, capacity: 5 } # the first\n"),
    (ONE_LINE, {LEAVE: None, CAPACITY: 5}, "  - { tier: tier_1, enter: 80, capacity: 5 } # the first\n"),
    ("  - {leave: 75,tier: tier_1,enter: 80}\n", {LEAVE: None}, "  - {tier: tier_1,enter: 80}\n"),
    ("  - { tier: tier_1, leave: , enter: 80 }\n", {LEAVE: 70}, "  - { tier: tier_1, leave: 70 , enter: 80 }\n"),
    (
        "  - { tier: tier_1, enter: 80, capacity: { limit: 5, per: zip } }\n",
        {CAPACITY: 6, LEAVE: 70},
        "  - { tier: tier_1, enter: 80, leave: 70, capacity: { limit: 6, per: zip } }\n",
    ),
    (
        "  - { tier: tier_1, enter: 80, capacity: { limit: 5, per: zip } }\n",
        {CAPACITY: None},
        "  - { tier: tier_1, enter: 80 }\n",
    ),
    (BLOCK, {LEAVE: 70}, "  - tier: tier_1 # one\n    enter: 80 # two\n    leave: 70 # three\n"),
    (BLOCK, {LEAVE: None}, "  - tier: tier_1 # one\n    enter: 80 # two\n    # leave: 75 # three\n"),
    (BLOCK, {CAPACITY: 5}, f"{BLOCK}    capacity: 5\n"),
    ("  - tier: tier_1\n    enter: 80\n    leave:\n", {LEAVE: 70}, "  - tier: tier_1\n    enter: 80\n    leave: 70\n"),
    (
        "  - leave: 75\n    tier: tier_1\n    enter: 80\n",
        {LEAVE: None},
        "  - leave: null\n    tier: tier_1\n    enter: 80\n",
    ),
    (
        "  - tier: tier_1\n    enter: 80\n    capacity:\n      limit: 5 # five\n\n      per: zip\n",
        {CAPACITY: None},
        "  - tier: tier_1\n    enter: 80\n    # capacity:\n    #   limit: 5 # five\n\n    #   per: zip\n",
    ),
    (
        BRACES,
        {LEAVE: 70, CAPACITY: 5},
        "  - {\n      tier: tier_1,\n      enter: 80, # two\n      leave: 70,\n      capacity: 5,\n    }\n",
    ),
    (
        "  - {\n      tier: tier_1,\n      enter: 80 # two\n    }\n",
        {LEAVE: 70},
        "  - {\n      tier: tier_1,\n      enter: 80, # two\n      leave: 70\n    }\n",
    ),
]


@pytest.mark.parametrize(("before", "edits", "after"), THRESHOLDS)
def test_a_key_comes_and_goes_where_its_neighbours_stand(before: str, edits: Edits, after: str) -> None:
    rest = "  - { tier: tier_2, enter: 50 }\n"
    assert edit_text(text_of(tiers=before + rest), edits, FILE) == text_of(tiers=after + rest)


def test_a_key_behind_the_last_line_of_a_file_needs_no_final_newline() -> None:
    text = text_of(tiers="  - tier: tier_1\n    enter: 80")
    assert edit_text(text, {LEAVE: 70}, FILE) == f"{text}\n    leave: 70"


LISTS: Final[list[tuple[str, Edits, str | None]]] = [
    ("", {REQUIRED: ()}, ""),
    ("required: [size] # all\n", {REQUIRED: ("age", "size")}, "required: [size, age] # all\n"),
    ("required: [ size, age ]\n", {REQUIRED: ("age",)}, "required: [ age ]\n"),
    ("required: [ size, age, ]\n", {REQUIRED: ("size",)}, "required: [ size, ]\n"),
    ("required: ['size']\n", {REQUIRED: ("age", "size")}, "required: ['size', 'age']\n"),
    ("required: [\n  size, # first\n  age]\n", {REQUIRED: ("age",), WEIGHT: 20}, None),
    ("required: [\n  size,\n  age # second\n]\n", {REQUIRED: ("size",)}, "required: [\n  size # second\n]\n"),
    ("required: []\n", {REQUIRED: ("age",)}, "required: [age]\n"),
    ("required:\n  - size # s\n", {REQUIRED: ("age",)}, "required:\n  # - size # s\n  - age\n"),
    ("required: # r\n- size\n- age\n", {REQUIRED: ()}, "required: [] # r\n# - size\n# - age\n"),
    ("coverage: { minimum: 0.5 }\n", {MINIMUM: 0.25}, "coverage: { minimum: 0.25 }\n"),
    ("coverage: {}\n", {MINIMUM: 0.25}, "coverage: { minimum: 0.25 }\n"),
    ("coverage:\n  minimum: 0.5 # half\n", {MINIMUM: None}, "coverage:\n  minimum: 0 # half\n"),
]


def test_a_comment_within_a_capacity_is_not_lost() -> None:
    capacity = "{\n      limit: 5, # the team of five\n    }"
    before = f"  - {{ tier: tier_1, enter: 80, capacity: {capacity} }}\n  - {{ tier: tier_2, enter: 50 }}\n"

    [refusal] = refusals(text_of(tiers=before), {CAPACITY: None})

    assert refusal.endswith("has a comment within it that would be lost; write the change into the file")


@pytest.mark.parametrize(("before", "edits", "after"), LISTS)
def test_sections_are_rewritten_in_their_style(before: str, edits: Edits, after: str | None) -> None:
    if after is None:
        assert refusals(text_of(more=before), edits) == [
            "16: required: has a comment within it that would be lost; write the change into the file"
        ]
    else:
        assert edit_text(text_of(more=before), edits, FILE) == text_of(more=after)


def test_new_sections_follow_the_criteria_and_the_comments_that_belong_to_them() -> None:
    later = "\n  # - id: later\n  #   weight: 5\n"
    apart = "\n# Highest first.\n"
    wanted = text_of(CRITERIA + later + "\nrequired: [age]\n\ncoverage: { minimum: 0.5 }\n" + apart)
    assert edit_text(text_of(CRITERIA + later + apart), {MINIMUM: 0.5, REQUIRED: ("age",)}, FILE) == wanted


OF_SIZE: Final = CRITERIA.partition("  - id: age")[0]
OF_AGE: Final = CRITERIA.removeprefix(OF_SIZE)
FLOW: Final = "  - { id: size, property: zip, weight: 20, match: { at_least: 1 } } # small\n"
AROUND: Final = "  - # the first\n\n    id: size\n    weight: 20\n# left\n    match: { region: DE } # here\n  # after\n"
SHORT: Final = "  - id: size\n    weight: 20\n    match: { region: DE }\n"
ITEMS: Final[list[tuple[str, str]]] = [
    (OF_SIZE, OF_SIZE.replace("  - ", "  # - ").replace("    ", "  #   ")),
    (FLOW, FLOW.replace("  - ", "  # - ")),
    (FLOW.replace(", weight", ",\n weight"), FLOW.replace("  - ", "  # - ").replace(", weight", ",\n # weight")),
    (AROUND, AROUND.replace("  - ", "  # - ").replace("    ", "  #   ").replace("# left", "# # left")),
    (
        SHORT + "    evidence: |+\n      a # b\n\n      c\n\n  # after\n",
        SHORT.replace("  - ", "  # - ").replace("    ", "  #   ")
        + "  #   evidence: |+\n  #     a # b\n\n  #     c\n\n  # after\n",
    ),
    (
        SHORT + '    evidence: "a\n     b\n\n      c" # d\n',
        SHORT.replace("  - ", "  # - ").replace("    ", "  #   ") + '  #   evidence: "a\n  #    b\n\n  #     c" # d\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), ITEMS)
@pytest.mark.parametrize("is_last", [False, True], ids=["first", "last"])
def test_a_criterion_taken_out_becomes_lines_of_comment(before: str, after: str, is_last: bool) -> None:
    text, wanted = (text_of(OF_AGE + piece if is_last else piece + OF_AGE) for piece in (before, after))
    assert edit_text(text, {SIZE: None, WEIGHT: 5}, FILE) == wanted


def test_a_list_at_the_left_margin_keeps_it() -> None:
    flush, taken_out = "- id: d\n  match: { region: US }\n", "# - id: d\n#   match: { region: US }\n"
    text, wanted = (
        text_of(more=f"disqualifiers:{mark}{piece}")
        for mark, piece in ((" # who\n", flush), (" [] # who\n", taken_out))
    )
    assert edit_text(text, {("disqualifiers", "d"): None}, FILE) == wanted


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "indented"])
def test_json_stays_json(indent: int | None) -> None:
    data = profile(tests=[{"name": "t", "company": {"zip": "1"}, "expect": {"tier": "tier_1"}}])
    edits: Edits = {
        WEIGHT: 25, MISSING: "miss", LEAVE: 70, CAPACITY: 5, REQUIRED: ("size",), MINIMUM: 0.5,
        ("tests", "t", "expect", "tier"): None,
    }  # fmt: skip
    edited = json.loads(edit_text(json.dumps(data, indent=indent), edits, FILE))
    assert edited == data | {
        "criteria": [data["criteria"][0] | {"weight": 25, "missing": "miss"}],
        "tiers": [data["tiers"][0] | {"leave": 70, "capacity": 5}, data["tiers"][1]],
        "required": ["size"],
        "coverage": {"minimum": 0.5},
        "tests": [{"name": "t", "company": {"zip": "1"}, "expect": {"tier": None}}],
    }


def test_what_cannot_be_placed_is_refused_with_its_line() -> None:
    flow = "  [{ id: size, weight: 20, match: { region: DE } },\n   { id: age, weight: 20, match: { region: US } }]\n"
    assert refusals(text_of(flow), {AGE: None}) == [
        "6: criteria[1]: stands in brackets, where it cannot be made a comment; take it out in the file"
    ]
    bare = swapped(TIERS, ("leave: 75", "leave"))
    assert refusals(text_of(tiers=bare), {LEAVE: 70}) == [
        "14: tiers[0].leave: the value cannot be placed safely in this style of YAML; edit it in the file"
    ]


NOT_READ: Final = [
    ("weight: &w 20", "7: criteria[0].weight: anchor &w is not read; remove it"),
    ("weight: !!int 20", "7: criteria[0].weight: tag !!int is not read; remove it"),
    ("weight: 20\n    weight: 21", "8: criteria[0].weight: duplicate key 'weight', first in line 7; keep one of them"),
    ("weight: 20\n    <<: { optional: true }", "8: criteria[0].<<: merge keys are not read; write the keys out"),
]


@pytest.mark.parametrize(("piece", "why"), NOT_READ)
def test_what_no_profile_may_hold_is_not_edited_either(piece: str, why: str) -> None:
    assert refusals(text_of(swapped(CRITERIA, ("weight: 20 # half", piece))), {WEIGHT: 5}) == [why]


def test_a_second_document_is_not_edited() -> None:
    (why,) = refusals(text_of(more="---\na: 1\n"), {WEIGHT: 5})
    assert why == "16: a second document starts here; keep one profile in a file"


def test_markers_of_a_document_stay_around_it() -> None:
    text = "%YAML 1.2\n--- # begins\n" + text_of(more="...\n")
    assert edit_text(text, {WEIGHT: 5}, FILE) == swapped(text, ("weight: 20", "weight: 5"))
