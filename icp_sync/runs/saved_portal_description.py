"""What a reading knows of the portal beside its companies, kept with the snapshot for what is done offline."""

from __future__ import annotations

from collections.abc import Mapping

from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.plan.managed_properties import ManagedProperty, managed_properties
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.preflight import Preflight
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.portal_description import PortalDescription
from icp_sync.state.snapshot import Snapshot


def save_portal_description(profile_run: ProfileRun, checked: Preflight) -> None:
    """Save what the portal said of itself. Raises StateUnusable."""
    account = checked.account
    definitions = {name: checked.definitions[name] for name in checked.pulled}
    known = PortalDescription(
        account.ui_domain, account.time_zone, account.account_type, account.currency, definitions, checked.absent
    )
    store = profile_run.store.portal_description
    # Most nights nothing of it changed, and a file written anew is fsynced.
    if known != store.load():
        store.save(known)


def known_definitions(
    portal: PortalDescription, profile: Profile, snapshot: Snapshot
) -> Mapping[str, PropertyDefinition]:
    """The definitions remembered, and those of the properties a run has made since: they stand in its snapshot."""
    ours = {owned.name: _managed_definition(owned) for owned in managed_properties(profile)}
    made = {name: definition for name, definition in ours.items() if name in snapshot.companies.columns}
    # What HubSpot said wins over what we would make: people change labels and options of our properties too.
    return {**made, **portal.definitions}


def _managed_definition(owned: ManagedProperty) -> PropertyDefinition:
    options = tuple(Option(value, label) for value, label in owned.options)
    return PropertyDefinition(
        owned.name, owned.label, owned.type, owned.field_type, owned.group, options, owned.description
    )
