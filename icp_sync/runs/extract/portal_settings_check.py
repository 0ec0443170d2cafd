"""Compares a portal's settings with a profile: currency, time zone, and property options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from icp_sync.companies.enumeration_options import listed_options
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.portal.account import Account
from icp_sync.portal.client.quota_day import is_known_zone
from icp_sync.profile.findings import dotted_path
from icp_sync.profile.lint import option_names
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_measurements import PortalFacts, PropertyFacts


def describe_mismatches(profile: Profile, account: Account) -> Iterator[str]:
    """A sentence for each setting that does not match the profile or this machine; none of them stops a run."""
    if sentence := describe_other_currency(profile, account):
        yield sentence
    if not is_known_zone(account.time_zone):
        yield f"the portal's time zone is {describe_time_zone(account.time_zone)}"


def describe_unknown_options(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> Iterator[str]:
    """A sentence for each value in the profile that is no option of its property; it may have been renamed."""
    labels = {
        name: {option.value: option.label for option in listed_options(definition)}
        for name, definition in definitions.items()
    }
    facts = PortalFacts({name: PropertyFacts(1.0, labels[name] or None) for name in labels})
    for finding in option_names.unknown_options(profile, facts):
        yield f"{dotted_path(finding.path)}: {finding.message}"


def describe_other_currency(profile: Profile, account: Account) -> str | None:
    """A sentence where profile and portal use different currencies, else None; amounts are not converted."""
    # `annualrevenue` is a bare number in the account's currency.
    ours, theirs = profile.profile.currency, account.currency
    if ours and theirs and ours != theirs:
        return f"the profile's amounts are in {ours}, the portal's in {theirs}; convert one of them"
    return None


def zone_or_utc(account: Account) -> str:
    """The portal's time zone, "UTC" where this machine does not know it."""
    return account.time_zone if is_known_zone(account.time_zone) else "UTC"


def describe_time_zone(name: str) -> str:
    """The time zone's name for messages, with a note where this machine does not know it."""
    return name if is_known_zone(name) else f"{name}, which this machine does not know, so days go by UTC"
