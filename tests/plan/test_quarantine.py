"""The quarantine: who is held back, what lets a company out, and how it counts meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import changes_from_diff as changes_of
from icp_sync.plan.outputs import output_specs
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.plan.quarantine import Quarantine, QuarantineEntry, input_digests, next_quarantine, schema_digest
from icp_sync.profile.model.profile import Profile
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    PROFILE,
    PROPERTY,
    STAMP,
    TIER_1,
    TIER_2,
    Company,
    drawn,
    frame_of,
    profile_of,
    settled,
    unchanged_list,
    writes,
)

SINCE = "2026-11-20T03:00:00+00:00"


def refused(*companies: Company, profile: Profile = PROFILE, **known: Any) -> dict[int, QuarantineEntry]:
    """The entry of each company that a run over `companies` would have left had HubSpot refused them all."""
    changes = drawn(*companies, profile=profile).plan.changes
    inputs = input_digests(frame_of(profile, *companies), changes, profile)
    entry = QuarantineEntry(0, "bad", "INVALID_OPTION", "tier", SINCE, "", "profile", "rule")
    return {one: replace(entry, **{"id": one, "inputs": digest, **known}) for one, digest in inputs.items()}


def in_quarantine(who: Mapping[int, QuarantineEntry], **now: Any) -> Quarantine:
    return Quarantine(who, **{"profile": "profile", "rule": "rule", **now})


def changed(drawing: PlanPreview) -> list[int]:
    return drawing.plan.changes["id"].to_list()


def quarantined_ids(drawing: PlanPreview) -> list[int]:
    return [one.id for one in drawing.quarantined]


def test_a_company_refused_is_left_out_while_nothing_changed() -> None:
    portal = ((BLANK, TIER_1), (BLANK, TIER_2))
    who = {1: refused(*portal)[1]}
    drawing = drawn(*portal, quarantine=in_quarantine(who))
    assert (changed(drawing), drawing.quarantined, drawing.released) == ([2], (who[1],), frozenset())


def test_without_a_quarantine_everybody_is_tried() -> None:
    assert changed(drawn((BLANK, TIER_1), (BLANK, TIER_2))) == [1, 2]


@pytest.mark.parametrize(
    "now",
    [
        (BLANK, TIER_2),
        ({"score": "3"}, TIER_1),
        (BLANK, {**TIER_1, "reasons": "fits, and more"}),
    ],
    ids=["another verdict", "a text that is read", "another value to be written"],
)
def test_a_company_whose_inputs_changed_is_tried_again(now: Company) -> None:
    who = refused((BLANK, TIER_1))
    drawing = drawn(now, quarantine=in_quarantine(who))
    assert (changed(drawing), quarantined_ids(drawing)) == ([1], [])


@pytest.mark.parametrize("now", [{"profile": "another"}, {"rule": "another"}])
def test_another_profile_or_portal_rule_lets_everybody_out(now: dict[str, str]) -> None:
    who = refused((BLANK, TIER_1))
    assert changed(drawn((BLANK, TIER_1), quarantine=in_quarantine(who, **now))) == [1]


def test_the_moment_of_the_run_is_no_input() -> None:
    """`changed_at` is another one every night."""
    frame = frame_of(PROFILE, (BLANK, TIER_1))
    tonight = drawn((BLANK, TIER_1))
    tomorrow = changes_of(
        tonight.diff.with_columns(pl.lit("2027-01-01T00:00:00.000Z").alias("desired.changed_at")), PROFILE, STAMP
    )
    assert input_digests(frame, tomorrow, PROFILE) == input_digests(frame, tonight.plan.changes, PROFILE)


@pytest.mark.parametrize(
    ("code", "edited", "tried"),
    [
        ("MISSING_CONDITIONAL_REQUIRED_PROPERTY", True, True),
        ("MISSING_REQUIRED_PROPERTY", True, True),
        ("MISSING_REQUIRED_PROPERTY", False, False),
        ("INVALID_OPTION", True, False),
    ],
)
def test_an_edit_of_what_the_profile_does_not_read_matters_where_something_else_was_missing(
    code: str, edited: bool, tried: bool
) -> None:
    company: Company = (BLANK, TIER_1)
    who = refused(company, code=code, modified="2026-11-20T00:00:00Z")
    date = "2026-11-21T00:00:00Z" if edited else "2026-11-20T00:00:00Z"
    drawing = drawn(company, extra={"hs_lastmodifieddate": [date]}, quarantine=in_quarantine(who))
    assert (changed(drawing) == [1]) is tried


def test_a_company_that_needs_nothing_any_more_or_left_the_portal_is_healed() -> None:
    who = {**refused((settled(TIER_1), TIER_2)), 99: refused((BLANK, TIER_1))[1]}
    drawing = drawn((settled(TIER_1), TIER_1), quarantine=in_quarantine(who))
    assert (drawing.released, quarantined_ids(drawing)) == (frozenset({1, 99}), [])


def test_who_is_held_back_counts_as_it_stands() -> None:
    portal = ((settled(TIER_1), TIER_2), (settled(TIER_2), TIER_2))
    drawing = drawn(*portal, quarantine=in_quarantine(refused(*portal)))
    assert dict(drawing.diff.select("id", "effective_tier").iter_rows()) == {1: "tier_1", 2: "tier_2"}
    assert drawing.plan.population.tiers == {"tier_1": 1, "tier_2": 1, "tier_3": 0}


LISTS = [
    {"name": "by tier", "kind": "static", "where": {"tier": ["tier_1"]}},
    {"name": "by outcome", "kind": "static", "where": {"outcome": ["tiered"]}},
    {"name": "active", "kind": "active", "where": {"tier": ["tier_1"]}},
]
LISTED = profile_of(lists=LISTS)


def moves(drawing: PlanPreview) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    return {one.name: (one.add, one.remove) for one in drawing.plan.lists if one.kind == "static"}


def test_lists_follow_the_record_of_who_is_held_back() -> None:
    """1 would leave tier 1 and 2 would enter it; both are refused, so both stay where they are."""
    portal = ((settled(TIER_1), NO_TIER), (settled(NO_TIER), TIER_1), (BLANK, TIER_1))
    live = {name: unchanged_list("7", pl.Series([1])) for name in ("by tier", "by outcome")} | {"active": LiveList("8")}
    who = {one: entry for one, entry in refused(*portal, profile=LISTED).items() if one < 3}
    drawing = drawn(*portal, profile=LISTED, lists=live, quarantine=in_quarantine(who))
    assert moves(drawing) == {"by tier": ((3,), ()), "by outcome": ((3,), ())}


def test_a_run_over_the_quarantine_changes_nobody_else() -> None:
    portal = ((BLANK, TIER_1), (BLANK, TIER_1), (settled(TIER_2), NO_TIER))
    who = {1: refused(*portal, profile=LISTED)[1]}
    live = {name: unchanged_list("7", pl.Series([3])) for name in ("by tier", "by outcome")} | {"active": LiveList("8")}
    drawing = drawn(*portal, profile=LISTED, lists=live, quarantine=in_quarantine(who, retried=True))
    assert (changed(drawing), quarantined_ids(drawing)) == ([1], [])
    assert moves(drawing) == {"by tier": ((1,), ()), "by outcome": ((1,), ())}
    assert "active" not in {one.name for one in drawing.plan.lists}


def test_a_run_over_the_quarantine_makes_no_list() -> None:
    live = {name: LiveList() for name in ("by tier", "by outcome", "active")}
    who = refused((BLANK, TIER_1), profile=LISTED)
    drawing = drawn((BLANK, TIER_1), profile=LISTED, lists=live, quarantine=in_quarantine(who, retried=True))
    assert (changed(drawing), drawing.plan.lists) == ([1], ())


def test_who_is_held_back_is_no_part_of_a_guardrail() -> None:
    portal = tuple((settled(TIER_1), TIER_2) for _ in range(30))
    drawing = drawn(*portal, quarantine=in_quarantine(refused(*portal)))
    assert [one.part for one in drawing.plan.guardrails if one.name in {"changed", "leaving_tier_1"}] == [0, 0]


def test_a_canary_counts_only_who_may_be_written() -> None:
    portal = ((BLANK, TIER_1), (BLANK, TIER_2))
    drawing = drawn(*portal, limit=1, quarantine=in_quarantine({1: refused(*portal)[1]}))
    assert changed(drawing) == [2]
    assert writes(drawing, 2)["tier"] == "tier_2"


# The portal's rule


def made(profile: Profile = PROFILE) -> dict[str, PropertyDefinition]:
    """The properties written as apply makes them."""
    named = profile.write.properties()
    return {
        named[output]: PropertyDefinition(
            named[output], shape.label, shape.type, shape.field_type, "icp_sync",
            tuple(Option(value, label) for value, label in shape.options),
        )
        for output, shape in output_specs(profile).items()
    }  # fmt: skip


@pytest.mark.parametrize(
    "now",
    [
        {"type": "string"},
        {"read_only": True},
        {"archived": True},
        {"options": (Option("tiered", "Tiered"), Option("new", "New"))},
        {"options": ()},
    ],
)
def test_a_property_that_is_written_otherwise_is_another_rule(now: dict[str, Any]) -> None:
    name = PROPERTY["outcome"]
    there = made()
    # What is missing of ours counts as there: apply makes it.
    differs = now != {"options": ()}
    assert (
        schema_digest(PROFILE, there | {name: replace(there[name], **now)}) != schema_digest(PROFILE, there)
    ) is differs


@pytest.mark.parametrize(
    "now", [{"label": "Verdict"}, {"description": "x"}, {"group": "other"}, {"field_type": "radio"}]
)
def test_words_about_a_property_are_no_rule(now: dict[str, Any]) -> None:
    name = PROPERTY["outcome"]
    assert schema_digest(PROFILE, made() | {name: replace(made()[name], **now)}) == schema_digest(PROFILE, made())


def test_what_a_first_run_makes_is_the_rule_of_the_second() -> None:
    there = {name: one for name, one in made().items() if name.startswith("hs_")}
    assert schema_digest(PROFILE, there) == schema_digest(PROFILE, made())


def test_properties_the_profile_does_not_write_are_no_rule() -> None:
    other = PropertyDefinition("industry", "Industry", "enumeration", "select", "companyinformation")
    assert schema_digest(PROFILE, made() | {"industry": other}) == schema_digest(PROFILE, made())


# Remembering


def test_who_is_refused_again_keeps_the_day_of_the_first_time() -> None:
    before = refused((BLANK, TIER_1), (BLANK, TIER_1))
    again = replace(before[1], since="2026-11-21T03:00:00+00:00", reason="worse")
    assert next_quarantine([again], before, released=[1, 2]) == {1: replace(again, since=SINCE)}


def test_who_was_not_tried_stays() -> None:
    before = refused((BLANK, TIER_1), (BLANK, TIER_1))
    assert next_quarantine([], before, released=[2]) == {1: before[1]}
