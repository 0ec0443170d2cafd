"""Reads the portal's company property definitions, including sensitive ones that profiles read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from icp_sync.companies.property_definitions import PropertyDefinition, oauth_read_scope
from icp_sync.errors import ScopeMissing
from icp_sync.plan.managed_properties import is_managed
from icp_sync.portal import properties
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import read as companies
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_reads


def fetch_definitions(connection: Connection, profiles: Sequence[Profile]) -> dict[str, PropertyDefinition]:
    """Property name → definition of every company property that is not archived, with sensitive ones the profiles read.

    HubSpot lists sensitive properties separately, so they are fetched only for names missing elsewhere. It silently
    leaves their values out for a key that lacks their scope. Raises ScopeMissing then.
    """
    # One call, not paged: all properties but the archived and the sensitive ones.
    definitions = properties.read_definitions(connection)
    absent = [name for name in _properties_read(profiles) if name not in definitions]
    if absent:
        sensitive = properties.read_sensitive_definitions(connection, absent)
        _require_readable(connection, sensitive)
        definitions |= sensitive
    return definitions


def _properties_read(profiles: Sequence[Profile]) -> list[str]:
    """The properties the profiles read and do not write themselves, without duplicates."""
    written = {name for profile in profiles for name in profile.write.properties().values() if is_managed(name)}
    names = dict.fromkeys(
        name for profile in profiles for requirement in property_reads(profile) for name in requirement.alternatives
    )
    return [name for name in names if name not in written]


def _require_readable(connection: Connection, sensitive: Mapping[str, PropertyDefinition]) -> None:
    """Raise ScopeMissing when one company's response leaves a property out; an empty value is sent as null."""
    missing = companies.fetch_omitted_properties(connection, list(sensitive)) if sensitive else []
    if missing:
        scopes = list(dict.fromkeys(oauth_read_scope(sensitive[name].sensitivity) for name in missing))
        raise ScopeMissing(_lacking_scope_advice(missing, scopes), details=scopes)


def _lacking_scope_advice(names: Collection[str], scopes: Collection[str]) -> str:
    kept = "is a sensitive property" if len(names) == 1 else "are sensitive properties"
    return (
        f"{', '.join(names)} {kept}, whose values HubSpot keeps from this key; nothing was written. Add the scope "
        f"{' and '.join(scopes)} to the service key, or take the property out of the profile"
    )
