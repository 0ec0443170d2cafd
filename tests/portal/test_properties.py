"""Property definitions as the portal tells them, and making our own."""

from __future__ import annotations

import orjson
import pytest

from icp_sync import errors
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.plan.managed_properties import ManagedProperty
from icp_sync.portal import properties
from icp_sync.portal.client.connection import Connection
from icp_sync.sandbox import SandboxPortal
from tests.portal.conftest import BOTH_VERSIONS, to
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

TIER = ManagedProperty(
    "icp_tier", "ICP tier", "enumeration", "radio", "Written by icp_sync.", (("tier_1", "Tier 1"), ("tier_2", "Tier 2"))
)


@pytest.fixture(autouse=True)
def group(connection: Connection) -> None:
    properties.create_group(connection, TIER.group, "ICP fit")


@BOTH_VERSIONS
def test_a_property_made_is_read_back_as_it_was_meant(connection: Connection) -> None:
    properties.create_property(connection, TIER)
    made = properties.read_definitions(connection)["icp_tier"]
    assert (made.label, made.type, made.field_type, made.group) == ("ICP tier", "enumeration", "radio", "icp_sync")
    assert made.options == (Option("tier_1", "Tier 1"), Option("tier_2", "Tier 2"))
    assert made.description == TIER.description
    assert made.writable


@pytest.mark.parametrize(
    ("name", "writable", "hubspot_defined"),
    [("industry", True, True), ("hs_object_id", False, True), ("hs_num_open_deals", False, True)],
)
def test_a_definition_says_whether_it_can_be_written(
    connection: Connection, name: str, writable: bool, hubspot_defined: bool
) -> None:
    definition = properties.read_definitions(connection)[name]
    assert (definition.writable, definition.hubspot_defined) == (writable, hubspot_defined)


def test_a_group_and_a_property_that_are_there_already_are_fine(connection: Connection) -> None:
    properties.create_group(connection, TIER.group, "ICP fit")
    properties.create_property(connection, TIER)
    properties.create_property(connection, TIER)


def test_a_creation_whose_answer_got_lost_is_fine(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("drop_after", times=1, route="POST /crm/properties")
    properties.create_property(connection, TIER)
    assert "icp_tier" in portal.schema.definitions


@pytest.mark.parametrize("expected", [("string", "text", "icp_sync"), ("enumeration", "radio", "companyinformation")])
def test_a_name_taken_by_another_type_or_group_is_refused_naming_both(
    connection: Connection, portal: SandboxPortal, expected: tuple[str, str, str]
) -> None:
    portal.add_property("icp_tier", expected[0], expected[1], group=expected[2])
    with pytest.raises(errors.RequestRejected, match="enumeration/radio in group icp_sync") as caught:
        properties.create_property(connection, TIER)
    assert f"{expected[0]}/{expected[1]} in group {expected[2]}" in caught.value.message


@pytest.mark.parametrize("label", ["ICP tier", "ICP Tier"])
def test_a_label_that_another_property_has_gets_the_name_behind_it(
    connection: Connection, portal: SandboxPortal, label: str
) -> None:
    theirs = {"name": "tier", "label": label, "type": "string", "fieldType": "text", "groupName": "icp_sync"}
    portal.schema.create(theirs, portal.now())
    properties.create_property(connection, TIER)
    assert portal.schema.definitions["icp_tier"].label == "ICP tier (icp_tier)"


def test_a_creation_refused_for_anything_else_is_refused_with_its_reason(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.schema.groups.pop(TIER.group)
    with pytest.raises(errors.RequestRejected, match='group "icp_sync" does not exist'):
        properties.create_property(connection, TIER)


def test_a_scope_that_is_missing_is_named(portal: SandboxPortal, connection: Connection) -> None:
    portal.tokens[portal.token] = frozenset({"crm.objects.companies.read"})
    with pytest.raises(errors.ScopeMissing, match=r"crm\.schemas\.companies\.write") as caught:
        properties.create_property(connection, TIER)
    assert "crm.schemas.companies.write" in caught.value.details


def test_options_are_added_behind_the_live_ones_whoever_made_those(
    connection: Connection, portal: SandboxPortal
) -> None:
    portal.add_property("icp_tier", "enumeration", "radio", group="icp_sync", options=["mine", "tier_1"])
    stale = properties.read_definitions(connection)["icp_tier"]
    portal.add_property("icp_tier", "enumeration", "radio", group="icp_sync", options=["mine", "tier_1", "theirs"])
    properties.add_options(connection, stale, TIER.options)
    values = [option.value for option in properties.read_definitions(connection)["icp_tier"].options]
    assert values == ["mine", "tier_1", "theirs", "tier_2"]


def test_a_label_that_is_taken_may_be_called_a_conflict_too(clock: InstantClock) -> None:
    sent: list[bytes] = []

    def created(body: bytes) -> Scripted:
        sent.append(body)
        return Scripted(201, {"name": "icp_tier"})

    unknown = [Scripted(404, {"message": "no such property"})] * properties.MAX_READ_ATTEMPTS
    with answering(Scripted(409, {"message": "label is taken"}), *unknown, created) as (url, _):
        properties.create_property(to(url, clock), TIER)
    assert [orjson.loads(body)["label"] for body in sent] == ["ICP tier (icp_tier)"]


@pytest.mark.parametrize(("shown", "sent_back"), [(3, 3), (None, -1)])
def test_a_live_option_is_sent_back_without_what_only_hubspot_says_of_it(
    clock: InstantClock, shown: int | None, sent_back: int
) -> None:
    live = {"value": "mine", "label": "Mine", "description": None, "displayOrder": shown, "readOnly": True}
    sent: list[bytes] = []

    def updated(body: bytes) -> Scripted:
        sent.append(body)
        return Scripted(200, {"name": "icp_tier"})

    with answering(Scripted(200, {"name": "icp_tier", "options": [live]}), updated) as (url, _):
        properties.add_options(
            to(url, clock),
            PropertyDefinition("icp_tier", "ICP tier", "enumeration", "radio", "icp_sync"),
            TIER.options[:1],
        )
    assert orjson.loads(sent[0])["options"] == [
        {"value": "mine", "label": "Mine", "displayOrder": sent_back, "hidden": False},
        {"value": "tier_1", "label": "Tier 1", "displayOrder": -1, "hidden": False},
    ]


def test_options_that_are_all_there_cost_no_write(connection: Connection, portal: SandboxPortal) -> None:
    properties.create_property(connection, TIER)
    properties.add_options(connection, properties.read_definitions(connection)["icp_tier"], TIER.options)
    assert not any(route.startswith("PATCH") for route in portal.calls.by_route)


def test_an_empty_property_list_is_asked_for_twice_more(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("empty_2xx", times=2, route="GET /crm/properties")
    assert "industry" in properties.read_definitions(connection)


def test_a_portal_that_keeps_showing_no_properties_is_a_failure(connection: Connection, portal: SandboxPortal) -> None:
    portal.faults.add("empty_2xx", route="GET /crm/properties")
    with pytest.raises(errors.PortalUnavailable, match="company properties"):
        properties.read_definitions(connection)
    assert connection.calls.by_route["GET /crm/properties/companies"] == 3
