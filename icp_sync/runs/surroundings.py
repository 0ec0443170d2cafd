"""What of a portal's own settings matters to a profile: its currency, and the time zone days go by."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.portal.account import Account
from icp_sync.portal.day import known
from icp_sync.profile.model import Profile


def odd_settings(profile: Profile, found: Account) -> Iterator[str]:
    """A sentence for each setting that does not go with the profile or this machine; a run goes on all the same."""
    if said := another_currency(profile, found):
        yield said
    if not known(found.time_zone):
        yield f"the portal's time zone is {zone(found.time_zone)}"


def another_currency(profile: Profile, found: Account) -> str | None:
    """Amounts that name no currency are in the portal's, and are compared as they stand."""
    ours, theirs = profile.profile.currency, found.currency
    if ours and theirs and ours != theirs:
        return f"the profile's amounts are in {ours}, the portal's in {theirs}; convert one of them"
    return None


def zone_of(found: Account) -> str:
    """The time zone the portal's days go by on this machine."""
    return found.time_zone if known(found.time_zone) else "UTC"


def zone(name: str) -> str:
    """The portal's time zone, and what stands for one this machine has no table of."""
    return name if known(name) else f"{name}, which this machine does not know, so days go by UTC"
