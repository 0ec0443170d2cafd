"""Which properties of a portal are worth comparing companies by, and what is asked of each."""

from __future__ import annotations

import pytest

from icp_sync.catalogue.standard_properties import standard_properties
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.evidence.trait_sources import all_trait_sources, properties_worth_comparing
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile

PROFILE = Profile.model_validate(
    {
        "schema": 1,
        "profile": {"name": "p", "kind": "icp"},
        "criteria": [{"id": "size", "property": "numberofemployees", "weight": 1, "match": {"at_least": 5}}],
        "tiers": [{"tier": "tier_1", "enter": 50}],
        "write": {"score": "our_score"},
        "lock": {"property": "our_lock"},
    }
)


def define(name: str, kind: str = "string", field: str = "text", *options: str) -> PropertyDefinition:
    return PropertyDefinition(name, name, kind, field, "group", tuple(Option(option, option) for option in options))


def standard() -> list[PropertyDefinition]:
    """HubSpot's own, with the options of those that have any."""
    return [
        PropertyDefinition(
            known.name, known.label, known.type, known.field_type, known.group,
            tuple(Option(value, label) for value, label in known.options.items()),
            read_only=known.read_only, calculated=known.calculated, hubspot_defined=True,
        )
        for known in standard_properties()
    ]  # fmt: skip


def test_of_hubspots_own_properties_those_about_the_company_stay() -> None:
    names = {definition.name for definition in properties_worth_comparing(standard(), PROFILE)}
    assert names >= {"industry", "numberofemployees", "annualrevenue", "web_technologies", "founded_year", "is_public"}
    deals_and_selling = {"lifecyclestage", "type", "total_revenue", "num_associated_contacts", "hs_lead_status",
                         "notes_last_updated", "hubspot_owner_id", "createdate", "hs_lastmodifieddate"}  # fmt: skip
    assert names.isdisjoint(deals_and_selling | {"description", "phone", "hs_merged_object_ids", "hs_object_id"})


@pytest.mark.parametrize(
    "definition",
    [define("our_score", "number"), define("our_lock", "bool"), define("sum_of_deal_amounts", "number"),
     define("partner", "enumeration", "select"), define("story", "string", "textarea"), define("x", "object_ref")],
    ids=lambda definition: definition.name,
)  # fmt: skip
def test_what_tells_nothing_of_a_company_is_left_out(definition: PropertyDefinition) -> None:
    assert properties_worth_comparing([definition], PROFILE) == ()


def test_each_type_is_asked_for_what_it_holds() -> None:
    wide = [
        define("seats", "number", "number"), define("since", "date", "date"),
        define("public", "bool", "booleancheckbox"),
        define("plan", "enumeration", "select", "a"), define("tools", "enumeration", "checkbox", "a"), define("line"),
    ]  # fmt: skip
    groups = {source.properties[0]: source.group for source in all_trait_sources(wide, PROFILE)}
    assert groups == {
        "numberofemployees": Group.NUMBER, "seats": Group.NUMBER, "since": Group.DAYS, "public": Group.BOOLEAN,
        "plan": Group.NAME, "tools": Group.NAMES, "line": Group.NAME,
    }  # fmt: skip


def test_where_a_company_is_is_asked_by_place_and_what_the_profile_reads_once() -> None:
    wide = [define("country"), define("city"), define("state"), define("zip"), define("numberofemployees", "number")]
    sources = [(source.properties, source.group) for source in all_trait_sources(wide, PROFILE)]
    assert sources == [(("numberofemployees",), Group.NUMBER), (("hs_country_code", "country"), Group.AREA)]
