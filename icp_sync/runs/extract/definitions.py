"""Defining: what the portal says about company properties, the sensitive ones that profiles read among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from icp_sync.companies.properties import PropertyDefinition, reading_scope
from icp_sync.errors import ScopeMissing
from icp_sync.plan.outputs import is_managed
from icp_sync.portal import properties
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import read as companies
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.reads import reads


def definitions_for(connection: Connection, profiles: Sequence[Profile]) -> dict[str, PropertyDefinition]:
    """Every live company property by name, with the sensitive ones that the profiles read.

    HubSpot lists sensitive properties apart and to every key, so they are looked for where a name is not found, and
    leaves their values out without a word for a key that lacks their scope: then ScopeMissing is raised.
    """
    definitions = properties.definitions(connection)
    absent = [name for name in _properties_read(profiles) if name not in definitions]
    if absent:
        sensitive = properties.sensitive_definitions(connection, absent)
        _require_values(connection, sensitive)
        definitions |= sensitive
    return definitions


def _properties_read(profiles: Sequence[Profile]) -> list[str]:
    """What the profiles read and do not write themselves, each name once."""
    written = {name for profile in profiles for name in profile.write.properties().values() if is_managed(name)}
    names = dict.fromkeys(
        name for profile in profiles for requirement in reads(profile) for name in requirement.alternatives
    )
    return [name for name in names if name not in written]


def _require_values(connection: Connection, sensitive: Mapping[str, PropertyDefinition]) -> None:
    """See the values told of one company; a property that is there and empty is told as empty, not left out."""
    missing = companies.untold(connection, list(sensitive)) if sensitive else []
    if missing:
        scopes = list(dict.fromkeys(reading_scope(sensitive[name].sensitivity) for name in missing))
        raise ScopeMissing(_lacking(missing, scopes), details=scopes)


def _lacking(names: Collection[str], scopes: Collection[str]) -> str:
    kept = "is a sensitive property" if len(names) == 1 else "are sensitive properties"
    return (
        f"{', '.join(names)} {kept}, whose values HubSpot keeps from this key; nothing was written. Add the scope "
        f"{' and '.join(scopes)} to the service key, or take the property out of the profile"
    )
