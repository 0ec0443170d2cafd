"""Company properties in the portal: read definitions, create ours, add options."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from icp_sync.companies.property_definitions import NON_SENSITIVE, Option, PropertyDefinition
from icp_sync.errors import ObjectNotFound, PortalUnavailable, RequestRejected, ScopeMissing
from icp_sync.plan.managed_properties import ManagedProperty
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import retry_until_results
from icp_sync.portal.client.routes import GROUP_CREATE, PROPERTIES, PROPERTY, PROPERTY_CREATE, PROPERTY_UPDATE
from icp_sync.portal.client.timestamps import timestamp_text

CONFLICT_STATUS: Final = 409
_OPTION_KEYS: Final = ("value", "label", "description", "displayOrder", "hidden")
MAX_READ_ATTEMPTS: Final = 10
SENSITIVE: Final = ("sensitive", "highly_sensitive")
READ_RETRY_WAIT_S: Final = 0.5
"""Between two reads of an object just created, which HubSpot needs 0.25 to 0.7 s to show."""


def read_definitions(connection: Connection) -> dict[str, PropertyDefinition]:
    """Return every live company property by name, without sensitive ones, which HubSpot lists apart.

    Raises Unavailable for an empty list, as every portal has standard properties.
    """
    results = retry_until_results(connection, PROPERTIES)["results"]
    if not results:
        raise PortalUnavailable("HubSpot kept answering with an empty list of company properties; run again later")
    return {payload["name"]: _parse_definition(payload) for payload in results}


def read_sensitive_definitions(connection: Connection, names: Collection[str]) -> dict[str, PropertyDefinition]:
    """Return the sensitive properties among `names`; empty where HubSpot rejects the request for such properties."""
    payloads: list[Mapping[str, Any]] = []
    for sensitivity in SENSITIVE:
        try:
            payloads += connection.call(PROPERTIES, query=[("dataSensitivity", sensitivity)])["results"]
        except (ScopeMissing, RequestRejected, ObjectNotFound):
            continue  # Portals without sensitive data may not know this parameter; callers report missing properties.
    return {payload["name"]: _parse_definition(payload) for payload in payloads if payload["name"] in names}


def create_group(connection: Connection, name: str, label: str) -> None:
    """Create the property group unless it exists."""
    try:
        connection.call(GROUP_CREATE, body={"name": name, "label": label, "displayOrder": -1})
    except RequestRejected as error:
        if error.status != CONFLICT_STATUS:
            raise


def create_property(connection: Connection, managed: ManagedProperty) -> None:
    """Create the property unless it exists already, as after a repeated call.

    Raises Rejected, naming both, when its name is taken by a property of another type, field type or group.
    """
    try:
        _create_property(connection, managed)
    except (RequestRejected, ObjectNotFound) as error:
        if error.status == CONFLICT_STATUS:
            raise
        # HubSpot refuses a label that another property has: one that people made, or another profile's "ICP fit score".
        # Where it calls that a conflict too, no property of this name is found.
        _create_property(connection, replace(managed, label=f"{managed.label} ({managed.name})"))


def _create_property(connection: Connection, managed: ManagedProperty) -> None:
    try:
        connection.call(PROPERTY_CREATE, body=_creation_body(managed))
    except RequestRejected as error:
        if error.status != CONFLICT_STATUS:
            raise
        # The same call, repeated after a lost response, conflicts with the property it created itself.
        existing = _parse_definition(_wait_until_readable(connection, managed.name))
        if _type_and_group(existing) != (managed.type, managed.field_type, managed.group):
            raise _name_conflict_error(managed, existing, error) from None


def _wait_until_readable(connection: Connection, name: str) -> Mapping[str, Any]:
    """Read a property just created by another host, until HubSpot shows it. Raises NotFound after ten reads."""
    for _ in range(MAX_READ_ATTEMPTS - 1):
        try:
            return dict(connection.call(PROPERTY, propertyName=name))
        except ObjectNotFound:
            connection.wait(READ_RETRY_WAIT_S)
    return dict(connection.call(PROPERTY, propertyName=name))


def add_options(connection: Connection, definition: PropertyDefinition, options: Sequence[tuple[str, str]]) -> None:
    """Add the options (value, label) the enumeration lacks.

    HubSpot replaces the whole list, so the live options are read first and sent back unchanged before the new ones.
    """
    name = definition.name
    live = connection.call(PROPERTY, propertyName=name).get("options") or []
    known = {option["value"] for option in live}
    # HubSpot shows options with display order -1 after all others.
    new = [_option_body(value, label, -1) for value, label in options if value not in known]
    if new:
        connection.call(PROPERTY_UPDATE, propertyName=name, body={"options": [*map(_as_sent_back, live), *new]})


def _creation_body(managed: ManagedProperty) -> dict[str, object]:
    return {
        "name": managed.name,
        "label": managed.label,
        "type": managed.type,
        "fieldType": managed.field_type,
        "groupName": managed.group,
        "description": managed.description,
        "options": [
            _option_body(value, label, display_order) for display_order, (value, label) in enumerate(managed.options)
        ],
    }


def _as_sent_back(option: Mapping[str, Any]) -> dict[str, object]:
    """A live option without what HubSpot shows of it but takes from nobody, with what it asks for but need not show."""
    kept = {key: option[key] for key in _OPTION_KEYS if option.get(key) is not None}
    return {"hidden": False, "displayOrder": -1, **kept}


def _option_body(value: str, label: str, display_order: int) -> dict[str, object]:
    return {"value": value, "label": label, "hidden": False, "displayOrder": display_order}


def _type_and_group(definition: PropertyDefinition) -> tuple[str, str, str]:
    return definition.type, definition.field_type, definition.group


def _name_conflict_error(
    managed: ManagedProperty, existing: PropertyDefinition, error: RequestRejected
) -> RequestRejected:
    expected, actual = (managed.type, managed.field_type, managed.group), _type_and_group(existing)
    return RequestRejected(
        f"the portal has another property {managed.name}: {_describe_type(actual)}, not {_describe_type(expected)}; "
        "write this output to a property of another name",
        status=error.status,
        correlation_id=error.correlation_id,
        category=error.category,
        sub_category=error.sub_category,
    )


def _describe_type(identity: tuple[str, str, str]) -> str:
    property_type, field_type, group = identity
    return f"{property_type}/{field_type} in group {group}"


def _parse_definition(payload: Mapping[str, Any]) -> PropertyDefinition:
    modification = payload.get("modificationMetadata") or {}
    return PropertyDefinition(
        name=payload["name"],
        label=payload.get("label") or payload["name"],
        type=payload.get("type") or "string",
        field_type=payload.get("fieldType") or "text",
        group=payload.get("groupName") or "",
        options=tuple(_parse_option(option) for option in payload.get("options") or ()),
        description=payload.get("description") or "",
        read_only=modification.get("readOnlyValue") is True,
        calculated=payload.get("calculated") is True,
        hubspot_defined=payload.get("hubspotDefined") is True,
        # HubSpot may leave the key out; only `true` counts.
        archived=payload.get("archived") is True,
        # Creating an archived property's name revives it with its old `createdAt`.
        created_at=timestamp_text(payload.get("createdAt")),
        updated_at=timestamp_text(payload.get("updatedAt")),
        sensitivity=payload.get("dataSensitivity") or NON_SENSITIVE,
    )


def _parse_option(option: Mapping[str, Any]) -> Option:
    value = str(option.get("value") or "")
    return Option(value, str(option.get("label") or value), hidden=option.get("hidden") is True)
