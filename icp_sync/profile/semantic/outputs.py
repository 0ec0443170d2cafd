"""Outputs: each to a custom property of its own; the tier and the target flag may go to HubSpot's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.outputs import output_path
from icp_sync.profile.property_reads import PLACE_WORDS
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import did_you_mean

_MAY_BE_STANDARD: Final = frozenset({"tier", "target_account"})
STANDARD: Final = frozenset(
    {
        "about_us", "address", "address2", "annualrevenue", "city", "closedate", "country", "createdate",
        "days_to_close", "description", "domain", "engagements_last_meeting_booked",
        "facebook_company_page", "facebookfans", "first_contact_createdate", "first_conversion_date",
        "first_deal_created_date", "founded_year", "googleplus_page", "hubspot_owner_assigneddate",
        "hubspot_owner_id", "hubspot_team_id", "hubspotscore", "industry", "is_public", "lifecyclestage",
        "linkedin_company_page", "linkedinbio", "name", "notes_last_contacted", "notes_last_updated",
        "notes_next_activity_date", "num_associated_contacts", "num_associated_deals",
        "num_contacted_notes", "num_conversion_events", "num_notes", "numberofemployees", "owneremail",
        "ownername", "phone", "recent_conversion_date", "recent_deal_amount", "recent_deal_close_date",
        "state", "timezone", "total_money_raised", "total_revenue", "twitterbio", "twitterfollowers",
        "twitterhandle", "type", "web_technologies", "website", "zip",
    }
)  # fmt: skip
"""HubSpot's own company properties without `hs_` (hubspot-api: "Standard company properties")."""


def an_output_is_written(draft: PartialProfile) -> Iterator[Finding]:
    """At least one output is written."""
    refused = any(path[:1] == ("write",) for path in draft.refused)
    if isinstance(draft.data.get("write"), dict) and not draft.write.properties() and not refused:
        yield Finding(("write",), "names no output; name at least one, such as tier: icp_fit_tier")


def output_properties_are_distinct(draft: PartialProfile) -> Iterator[Finding]:
    """No two outputs share a property."""
    first: dict[str, str] = {}
    for output, name in draft.write.properties().items():
        if first.setdefault(name, output) != output:
            yield Finding(_output_path(output), f"{name} is already written as {first[name]}; give each output its own")


def no_standard_property_is_written(draft: PartialProfile) -> Iterator[Finding]:
    """No output but the tier and the target flag goes to a property of HubSpot's."""
    for output, name in draft.write.properties().items():
        kind, _, understood = output.partition(".")
        own = f"use a property of your own such as {f'icp_{understood}' if understood else f'icp_fit_{kind}'}"
        if name in STANDARD:
            yield Finding(_output_path(output), f"{name} is HubSpot's own; {own}")
        elif name.startswith("hs_") and output not in _MAY_BE_STANDARD:
            yield Finding(_output_path(output), f"{name} is HubSpot's own, only tier and target_account may be; {own}")


def understood_names_exist(draft: PartialProfile) -> Iterator[Finding]:
    """Every key of `understood` is a part of the place or a criterion's id."""
    for name in draft.write.understood:
        if name not in PLACE_WORDS and name not in draft.criterion_paths:
            otherwise = f"write {', '.join(PLACE_WORDS)} or the id of a criterion"
            advice = did_you_mean(name, [*PLACE_WORDS, *draft.criterion_paths], otherwise)
            yield Finding(
                _output_path(f"understood.{name}"), f"{shorten(name)!r} is neither a place nor a criterion; {advice}"
            )


def lock_is_a_custom_property(draft: PartialProfile) -> Iterator[Finding]:
    """People set the lock and nobody else does: it is no property of HubSpot's, and nothing we write."""
    if (name := draft.lock_property) is None:
        return
    written = {taken: output for output, taken in draft.write.properties().items()}
    own = "use a property of your own such as icp_fit_lock"
    if name in STANDARD or name.startswith("hs_"):
        yield Finding(("lock", "property"), f"{name} is HubSpot's own; {own}")
    elif name in written:
        yield Finding(("lock", "property"), f"{name} is already written as {written[name]}; {own}")
    elif name in draft.derived_formulas:
        yield Finding(("lock", "property"), f"{name} is derived by this profile; {own}")


def hubspot_flags_need_provenance(draft: PartialProfile) -> Iterator[Finding]:
    """Writing HubSpot's own flags needs the output `profile`, which tells our values from others'."""
    written = draft.write.properties()
    taken = [name for output, name in written.items() if output in _MAY_BE_STANDARD and name.startswith("hs_")]
    if taken and "profile" not in written and ("write", "profile") not in draft.refused:
        message = f"profile is missing; add profile: icp_fit_profile, it tells our {taken[0]} from others'"
        yield Finding(("write", "profile"), message)


def experiment_names_another_profile(draft: PartialProfile) -> Iterator[Finding]:
    """An experiment goes against another profile than its own."""
    experiment, header = draft.write.experiment, draft.data.get("profile")
    if experiment and isinstance(header, dict) and experiment.against == header.get("name"):
        message = f"{experiment.against} is this profile itself; name the profile.name of the champion"
        yield Finding(("write", "experiment", "against"), message)


def _output_path(output: str) -> Path:
    is_inner = output in {"target_account", "experiment"}
    return (*output_path(output), *(("property",) if is_inner else ()))
