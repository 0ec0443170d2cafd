"""Doctor's look at contacts: may they be read, and are the properties there by which personas are recognised."""

from __future__ import annotations

from icp_sync.errors import PreflightFailed, ScopeMissing
from icp_sync.portal import contacts as contacts_api
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.committees import committee_personas, uses_hubspot_counts
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.scoring.personas import missing_persona_properties, persona_properties


def writes_committee(profile: Profile) -> bool:
    """Whether a committee is written, so that a run may read contacts."""
    return committee_personas(profile) is not None


def describe_contacts(connection: Connection, profile: Profile) -> str:
    """Ask for the properties of contacts, which takes the scope to read contacts, and read no contact."""
    personas = committee_personas(profile)
    if personas is None:
        return "no committee is written"
    if uses_hubspot_counts(personas, fetch_definitions(connection, [profile])):
        return "HubSpot's own counts on companies tell of the decision makers; no contact is read"
    try:
        defined = contacts_api.read_contact_property_names(connection)
    except ScopeMissing as error:
        missing = "contacts cannot be read, which `personas` of the profile needs"
        raise ScopeMissing(missing, details=error.details or ["crm.objects.contacts.read"]) from error
    named = persona_properties(personas)
    lacking = missing_persona_properties(personas, named - defined)
    if lacking:
        names = ", ".join(lacking)
        raise PreflightFailed(f"this portal shows no contact property {names}; name another in `personas`")
    return f"contacts can be read, with {len(named)} properties"
