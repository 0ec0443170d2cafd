"""Creates missing managed objects: property group, properties, options. The first writes of an apply."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.errors import PortalUnavailable, PreflightFailed, RequestRejected, ScopeMissing
from icp_sync.plan.managed_properties import GROUP, GROUP_LABEL, ManagedProperty, managed_properties
from icp_sync.plan.plan import MissingObjects
from icp_sync.portal import properties
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.properties import MAX_READ_ATTEMPTS, READ_RETRY_WAIT_S
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.preflight import Preflight


def create_missing_objects(
    connection: Connection, profile: Profile, to_make: MissingObjects, preflight: Preflight
) -> Iterator[str]:
    """Create what `to_make` names and the portal still lacks; yields the name of each object after creating it.

    Lazy: nothing is created until the iterator is consumed. Raises PreflightFailed, with the properties to make by
    hand, when the token may not create them.
    """
    managed = {missing_property.name: missing_property for missing_property in managed_properties(profile)}
    missing = [managed[name] for name in to_make.properties if name not in preflight.definitions]
    try:
        # A property is created into a group, so that has to be there first.
        if missing and to_make.group:
            properties.create_group(connection, GROUP, GROUP_LABEL)
            yield f"group {GROUP}"
        # A property that was archived under this name comes back with its old values (hubspot-api.md, section 4).
        for missing_property in missing:
            properties.create_property(connection, missing_property)
            yield f"property {missing_property.name}"
        if missing:
            _wait_until_visible(connection, [missing_property.name for missing_property in missing])
        for name, values in to_make.options.items():
            # A PATCH of options replaces the whole list, so the live definition goes along.
            labels = dict(managed[name].options)
            properties.add_options(
                connection, _require_definition(preflight, name), [(value, labels[value]) for value in values]
            )
            yield f"options of {name}"
    except ScopeMissing as error:
        wanted = [*missing, *(managed[name] for name in to_make.options)]
        raise PreflightFailed(
            "the token lacks crm.schemas.companies.write, so icp_sync cannot make its properties; grant it, or make "
            f"these by hand in the group {GROUP}",
            details=[_manual_definition(missing_property) for missing_property in wanted],
        ) from error
    except RequestRejected as error:
        raise PreflightFailed(f"HubSpot refused to make a property of ours: {error.message}") from error


def _require_definition(preflight: Preflight, name: str) -> PropertyDefinition:
    if name not in preflight.definitions:
        raise PreflightFailed(f"the property {name} was removed since the plan was made; make a new plan")
    return preflight.definitions[name]


def _wait_until_visible(connection: Connection, names: Collection[str]) -> None:
    """Poll until the new properties are listed; HubSpot needs up to a second. Raises Unavailable."""
    # A new property was readable after 250-700 ms on a live portal; writing it earlier fails the batch.
    for _ in range(MAX_READ_ATTEMPTS):
        if set(names) <= properties.read_definitions(connection).keys():
            return
        connection.wait(READ_RETRY_WAIT_S)
    raise PortalUnavailable("HubSpot made the properties of ours but does not show them yet; run again in a minute")


def _manual_definition(managed_property: ManagedProperty) -> str:
    options = (
        f", options {', '.join(value for value, _ in managed_property.options)}" if managed_property.options else ""
    )
    kind = f"type {managed_property.type}, field type {managed_property.field_type}"
    return f"{managed_property.name}: label {managed_property.label!r}, {kind}{options}"
