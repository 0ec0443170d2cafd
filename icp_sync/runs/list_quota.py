"""The portal's list quota: a warning before it runs out, and the remedy when it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from icp_sync.errors import PortalError, RequestRejected, ScopeMissing
from icp_sync.portal import lists
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.lists import Kind

KINDS: Final[tuple[Kind, ...]] = ("static", "active")
PUBLISHED: Final = {"Starter": 25, "Professional and Enterprise": 1500}
"""Lists of each kind that HubSpot publishes for its plans; no endpoint tells a portal's own limit."""
SPARE: Final = 0.1
"""The share (0-1) of the quota left below which a warning is due."""
_USED_UP: Final = re.compile(r"limit|maximum|quota|too many", re.IGNORECASE)


def count_lists(connection: Connection) -> dict[Kind, int]:
    """The number of lists in the portal by kind, ours or not."""
    # The quota is of the portal: lists of people and of other apps count as ours do.
    return {kind: lists.count_lists(connection, kind) for kind in KINDS}


def is_list_quota_error(refused: PortalError, name: str) -> bool:
    """Whether the list `name` could not be created because the portal's list quota is used up.

    HubSpot documents no code for it, so the message is searched for words like "limit"; a missing scope is not it.
    """
    text = refused.message
    if isinstance(refused, RequestRejected):
        text += f" {refused.category or ''} {refused.sub_category or ''}"
    # A 403 that names the scope it wants is about that; one that names none may be the quota's.
    elif not isinstance(refused, ScopeMissing) or refused.details:
        return False
    # The list's own name may have a word such as "limit" in it.
    return bool(_USED_UP.search(text.replace(name, "")))


def describe_remedy(connection: Connection, kind: Kind, refused: PortalError) -> str:
    """What to do when the portal's list quota is used up; spends one call on the count."""
    count = lists.count_lists(connection, kind)
    return (
        f"the portal has {count:,} {kind} lists, as many as its HubSpot plan allows; delete lists nobody needs in "
        f"HubSpot, keep fewer in the profile, or ask HubSpot for more ({refused.message})"
    )


def describe_quota(connection: Connection, needed: Mapping[Kind, int]) -> tuple[str, str]:
    """A message with the portal's list counts, and advice where the lists still to create may not fit ("" else)."""
    counts = count_lists(connection)
    allowed = ", ".join(f"{most:,} of a kind for {plan}" for plan, most in PUBLISHED.items())
    message = (
        f"{counts['static']:,} static and {counts['active']:,} active lists in the portal; HubSpot does not tell how "
        f"many its plan allows (published: {allowed})"
    )
    advice = [_quota_advice(kind, counts[kind], needed.get(kind, 0)) for kind in KINDS]
    return message, "; ".join(filter(None, advice))


def _quota_advice(kind: Kind, count: int, needed: int) -> str:
    for plan, most in PUBLISHED.items():
        left = most - count
        if needed and 0 <= left < max(needed, most * SPARE):
            return (
                f"{needed} more {kind} to be made, and {left} left if the plan is {plan}: delete lists nobody needs in "
                "HubSpot, or keep fewer in the profile"
            )
    return ""
