"""Making what of ours is missing: group, properties, options. The first write of an apply."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from icp_sync.companies.properties import PropertyDefinition
from icp_sync.errors import PreflightFailed, Rejected, ScopeMissing, Unavailable
from icp_sync.plan.outputs import GROUP, GROUP_LABEL, ManagedProperty, managed_properties
from icp_sync.plan.plan import MissingObjects
from icp_sync.portal import properties
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.properties import MAX_READ_ATTEMPTS, READ_RETRY_WAIT_S
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.preflight import Preflight


def create_missing(
    connection: Connection, profile: Profile, to_make: MissingObjects, found: Preflight
) -> Iterator[str]:
    """Make what `to_make` names and the portal still lacks, one name at a time as it is made.

    Raises PreflightFailed with the properties to make by hand when the token may not make them.
    """
    ours = {one.name: one for one in managed_properties(profile)}
    missing = [ours[name] for name in to_make.properties if name not in found.definitions]
    try:
        if missing and to_make.group:
            properties.create_group(connection, GROUP, GROUP_LABEL)
            yield f"group {GROUP}"
        for one in missing:
            properties.create(connection, one)
            yield f"property {one.name}"
        if missing:
            _wait_until_visible(connection, [one.name for one in missing])
        for name, values in to_make.options.items():
            labels = dict(ours[name].options)
            properties.add_options(connection, _still(found, name), [(value, labels[value]) for value in values])
            yield f"options of {name}"
    except ScopeMissing as error:
        wanted = [*missing, *(ours[name] for name in to_make.options)]
        raise PreflightFailed(
            "the token lacks crm.schemas.companies.write, so icp_sync cannot make its properties; grant it, or make "
            f"these by hand in the group {GROUP}",
            details=[_by_hand(one) for one in wanted],
        ) from error
    except Rejected as error:
        raise PreflightFailed(f"HubSpot refused to make a property of ours: {error.message}") from error


def _still(found: Preflight, name: str) -> PropertyDefinition:
    if name not in found.definitions:
        raise PreflightFailed(f"the property {name} was removed since the plan was made; make a new plan")
    return found.definitions[name]


def _wait_until_visible(connection: Connection, names: Collection[str]) -> None:
    """HubSpot needs up to a second until a new property can be written."""
    for _ in range(MAX_READ_ATTEMPTS):
        if set(names) <= properties.definitions(connection).keys():
            return
        connection.pause(READ_RETRY_WAIT_S)
    raise Unavailable("HubSpot made the properties of ours but does not show them yet; run again in a minute")


def _by_hand(one: ManagedProperty) -> str:
    options = f", options {', '.join(value for value, _ in one.options)}" if one.options else ""
    return f"{one.name}: label {one.label!r}, type {one.type}, field type {one.field_type}{options}"
