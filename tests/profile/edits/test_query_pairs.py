"""Edits go into an address and come out of it as they were."""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_sync.errors import EditRefused
from icp_sync.profile import templates
from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.edits.query_pairs import edits_from_pairs, edits_to_pairs
from icp_sync.profile.findings import Path
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile
from tests.profile.edits.random_edits import edits_of

EDITS: dict[Path, Value] = {
    ("criteria", "size", "weight"): 25.0,
    ("criteria", "size", "match", "any", 1, "between", 0): None,
    ("criteria", "size", "missing"): "miss",
    ("criteria", "age"): None,
    ("required",): ("size", "place"),
    ("tests", 'it\'s "odd" [x].y', "expect", "tier"): None,
}


def test_a_path_is_written_as_in_findings_and_a_value_as_in_the_file() -> None:
    assert edits_to_pairs(EDITS) == [
        ("criteria.size.weight", "25"),
        ("criteria.size.match.any[1].between[0]", ""),
        ("criteria.size.missing", "miss"),
        ("criteria.age", ""),
        ("required", "size,place"),
        (r'tests["it\'s \"odd\" [x].y"].expect.tier'.replace(r"\'", "'"), ""),
    ]


@cache
def profile(name: str) -> Profile:
    return parse_profile(templates.template_text(name), name).profile


@settings(max_examples=30)
@given(data=st.data())
def test_what_is_written_is_read_as_it_was(data: st.DataObject) -> None:
    edits = data.draw(edits_of(profile(data.draw(st.sampled_from(templates.template_names())))))
    query = urlencode(edits_to_pairs(edits))
    assert edits_from_pairs(parse_qsl(query, keep_blank_values=True)) == edits


@pytest.mark.parametrize(
    ("written", "value", "why"),
    [
        ("criteria.size.label", "x", "'criteria.size.label' is nothing that can be moved; reset it"),
        ("criteria[0].weight", "5", "'criteria[0].weight' is nothing that can be moved; reset it"),
        ("criteria.size.weight]", "5", "'criteria.size.weight]' is nothing that can be moved; reset it"),
        ('tests["a\nb"', "", "'tests[\"a b\"' is nothing that can be moved; reset it"),
        ('tests["\\x"].expect.tier', "", "is nothing that can be moved; reset it"),
        (r'tests["\ud800"].expect.tier', "", "is nothing that can be moved; reset it"),
        ("", "", "'' is nothing that can be moved; reset it"),
        (f"criteria.size.match{'.not' * 50_000}.at_least", "5", "is nothing that can be moved; reset it"),
        ("criteria.size.weight", "five", "criteria.size.weight: 'five' does not fit; write a number such as 0.5"),
        ("criteria.size.weight", "1_0", "criteria.size.weight: '1_0' does not fit; write a number such as 0.5"),
        ("criteria.size.weight", "true", "criteria.size.weight: 'true' does not fit; write a number such as 0.5"),
        ("criteria.size", "5", "criteria.size: '5' does not fit; write nothing, to take it out"),
    ],
)
def test_what_is_no_edit_is_refused(written: str, value: str, why: str) -> None:
    with pytest.raises(EditRefused) as refusal:
        edits_from_pairs([(written, value)])
    assert refusal.value.message.endswith(why)
