"""Questions that share a property are put together; all others apart, so that fewer companies differ for each."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from icp_sync.scoring.program import compile_profile
from tests.scoring.profiles import TODAY, profile_of


def sources(*criteria: Mapping[str, object], **rest: object) -> list[set[str]]:
    named = [{"id": f"c{n}", **criterion} for n, criterion in enumerate(criteria)]
    profile = profile_of(*named, **rest)
    return [set(batch.requirements.source_properties(profile)) for batch in compile_profile(profile, TODAY).batches]


def known(*properties: str) -> dict[str, object]:
    return {"properties": list(properties), "match": {"known": True}}


def test_properties_no_question_reads_together_stand_apart() -> None:
    assert sources(known("a"), known("b")) == [{"a"}, {"b"}]


def test_questions_about_one_property_stand_together() -> None:
    assert sources(known("a"), {"property": "a", "match": {"at_least": 5}}) == [{"a"}]


def test_a_question_links_those_it_shares_a_property_with() -> None:
    assert sources(known("a"), known("b"), known("c"), known("a", "c")) == [{"b"}, {"a", "c"}]


def test_the_parts_of_a_match_stand_apart() -> None:
    parts = [{"property": "a", "known": True}, {"not": {"property": "b", "known": True}}]

    assert sources({"match": {"any": parts}}) == [{"a"}, {"b"}]


def test_a_derived_name_stands_with_what_its_formula_reads() -> None:
    derive = {"per_head": "revenue / heads", "unused": "x"}

    assert sources(known("heads"), known("per_head"), derive=derive) == [{"heads", "revenue"}]


def test_a_place_is_read_from_all_its_properties() -> None:
    parts = sources({"match": {"region": "DE"}}, known("a"))
    assert sorted(parts, key=len) == [{"a"}, {"hs_country_code", "country", "hs_state_code", "state", "city"}]


@pytest.mark.parametrize(("written", "linked"), [({"c0": "icp_c"}, True), ({}, False)])
def test_what_is_written_as_understood_needs_its_properties_together(written: dict[str, str], linked: bool) -> None:
    parts = [{"property": "a", "at_least": 5}, {"property": "b", "at_least": 5}]

    batches = sources({"match": {"any": parts}}, write={"understood": written})

    assert batches == ([{"a", "b"}] if linked else [{"a"}, {"b"}])
