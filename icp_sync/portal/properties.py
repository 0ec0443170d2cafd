"""Company properties in the portal: what there is, and making what is ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from icp_sync.companies.properties import NON_SENSITIVE, Option, PropertyDefinition
from icp_sync.errors import NotFound, Rejected, ScopeMissing, Unavailable
from icp_sync.plan.outputs import ManagedProperty
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import retry_until_results
from icp_sync.portal.client.routes import GROUP_CREATE, PROPERTIES, PROPERTY, PROPERTY_CREATE, PROPERTY_UPDATE

NAME_TAKEN: Final = 409
LOOKS: Final = 10
SENSITIVE: Final = ("sensitive", "highly_sensitive")
BETWEEN_LOOKS: Final = 0.5
"""Seconds between two looks for what was just made."""


def definitions(connection: Connection) -> dict[str, PropertyDefinition]:
    """Every live company property by name, but for sensitive ones, which HubSpot lists apart.

    No portal is without, so an empty list raises Unavailable.
    """
    results = retry_until_results(connection, PROPERTIES)["results"]
    if not results:
        raise Unavailable("HubSpot kept answering with an empty list of company properties; run again later")
    return {told["name"]: _definition(told) for told in results}


def sensitive_definitions(connection: Connection, names: Collection[str]) -> dict[str, PropertyDefinition]:
    """Those of `names` that are sensitive properties; none where HubSpot refuses to list such properties at all."""
    listed: list[Mapping[str, Any]] = []
    for kind in SENSITIVE:
        try:
            listed += connection.call(PROPERTIES, query=[("dataSensitivity", kind)])["results"]
        except (ScopeMissing, Rejected, NotFound):
            continue  # a portal without such data need not know the question; what is missing is said by who asks
    return {told["name"]: _definition(told) for told in listed if told["name"] in names}


def create_group(connection: Connection, name: str, label: str) -> None:
    """Make the property group, unless it is there."""
    try:
        connection.call(GROUP_CREATE, body={"name": name, "label": label, "displayOrder": -1})
    except Rejected as refusal:
        if refusal.status != NAME_TAKEN:
            raise


def create(connection: Connection, owned: ManagedProperty) -> None:
    """Make the property; the same one being there already is fine, as after a repeated call.

    Raises Rejected, naming both, when its name is taken by a property of another type or group.
    """
    try:
        connection.call(PROPERTY_CREATE, body=_creation(owned))
    except Rejected as refusal:
        if refusal.status != NAME_TAKEN:
            raise
        taken = _definition(_shown_in_time(connection, owned.name))
        if _kind(taken) != (owned.type, owned.field_type, owned.group):
            raise _name_conflict(owned, taken, refusal) from None


def _shown_in_time(connection: Connection, name: str) -> Mapping[str, Any]:
    """A property another host made a moment ago: HubSpot needs 0.25 to 0.7 s until it can be read."""
    for _ in range(LOOKS - 1):
        try:
            return dict(connection.call(PROPERTY, propertyName=name))
        except NotFound:
            connection.pause(BETWEEN_LOOKS)
    return dict(connection.call(PROPERTY, propertyName=name))


def add_options(connection: Connection, definition: PropertyDefinition, options: Sequence[tuple[str, str]]) -> None:
    """Give the enumeration the options (value, label) it lacks.

    HubSpot replaces the whole list, so it is read first and sent back as it stands with the new ones behind.
    """
    name = definition.name
    live = connection.call(PROPERTY, propertyName=name).get("options") or []
    known = {option["value"] for option in live}
    new = [_option(value, label, -1) for value, label in options if value not in known]
    if new:
        connection.call(PROPERTY_UPDATE, propertyName=name, body={"options": [*live, *new]})


def _creation(owned: ManagedProperty) -> dict[str, object]:
    return {
        "name": owned.name,
        "label": owned.label,
        "type": owned.type,
        "fieldType": owned.field_type,
        "groupName": owned.group,
        "description": owned.description,
        "options": [_option(value, label, place) for place, (value, label) in enumerate(owned.options)],
    }


def _option(value: str, label: str, place: int) -> dict[str, object]:
    return {"value": value, "label": label, "hidden": False, "displayOrder": place}


def _kind(definition: PropertyDefinition) -> tuple[str, str, str]:
    return definition.type, definition.field_type, definition.group


def _name_conflict(owned: ManagedProperty, taken: PropertyDefinition, refusal: Rejected) -> Rejected:
    wanted, found = (owned.type, owned.field_type, owned.group), _kind(taken)
    return Rejected(
        f"the portal has another property {owned.name}: {_describe(found)}, not {_describe(wanted)}; "
        "write this output to a property of another name",
        status=refusal.status,
        correlation_id=refusal.correlation_id,
        category=refusal.category,
        sub_category=refusal.sub_category,
    )


def _describe(kind: tuple[str, str, str]) -> str:
    return f"{kind[0]}/{kind[1]} in group {kind[2]}"


def _definition(told: Mapping[str, Any]) -> PropertyDefinition:
    modification = told.get("modificationMetadata") or {}
    return PropertyDefinition(
        name=told["name"],
        label=told.get("label") or told["name"],
        type=told.get("type") or "string",
        field_type=told.get("fieldType") or "text",
        group=told.get("groupName") or "",
        options=tuple(_told_option(option) for option in told.get("options") or ()),
        description=told.get("description") or "",
        read_only=modification.get("readOnlyValue") is True,
        calculated=told.get("calculated") is True,
        hubspot_defined=told.get("hubspotDefined") is True,
        archived=told.get("archived") is True,
        created_at=told.get("createdAt"),
        updated_at=told.get("updatedAt"),
        sensitivity=told.get("dataSensitivity") or NON_SENSITIVE,
    )


def _told_option(option: Mapping[str, Any]) -> Option:
    value = str(option.get("value") or "")
    return Option(value, str(option.get("label") or value), hidden=option.get("hidden") is True)
