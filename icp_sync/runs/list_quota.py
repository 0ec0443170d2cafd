"""How many lists a portal has and may have: said before it runs out where that can be known, and when it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from icp_sync.errors import PortalError, Rejected, ScopeMissing
from icp_sync.portal import lists
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.lists import Kind

KINDS: Final[tuple[Kind, ...]] = ("static", "active")
PUBLISHED: Final = {"Starter": 25, "Professional and Enterprise": 1500}
"""Lists of a kind that HubSpot has published for its plans; no call tells those of a portal."""
SPARE: Final = 0.1
"""The share of an allowance below which it runs out soon."""
_USED_UP: Final = re.compile(r"limit|maximum|quota|too many", re.IGNORECASE)


def count_lists(connection: Connection) -> dict[Kind, int]:
    """Lists of the portal by kind, whosever they are."""
    return {kind: lists.count(connection, kind) for kind in KINDS}


def is_used_up(refused: PortalError, name: str) -> bool:
    """Whether the creation of the list `name` was refused because the portal has as many as it may have.

    No text of HubSpot's names the refusal, so it is known by its words; one for want of a scope or name is not it.
    """
    text = refused.message
    if isinstance(refused, Rejected):
        text += f" {refused.category or ''} {refused.sub_category or ''}"
    elif not isinstance(refused, ScopeMissing) or refused.details:
        return False
    return bool(_USED_UP.search(text.replace(name, "")))


def describe_remedy(connection: Connection, kind: Kind, refused: PortalError) -> str:
    """What to do when the lists of the portal are used up."""
    count = lists.count(connection, kind)
    return (
        f"the portal has {count:,} {kind} lists, as many as its HubSpot plan allows; delete lists nobody needs in "
        f"HubSpot, keep fewer in the profile, or ask HubSpot for more ({refused.message})"
    )


def describe_quota(connection: Connection, needed: Mapping[Kind, int]) -> tuple[str, str]:
    """The lists of the portal, and what to do where those still to make may not fit; empty where they will."""
    counts = count_lists(connection)
    allowed = ", ".join(f"{most:,} of a kind for {plan}" for plan, most in PUBLISHED.items())
    message = (
        f"{counts['static']:,} static and {counts['active']:,} active lists in the portal; HubSpot does not tell how "
        f"many its plan allows (published: {allowed})"
    )
    advice = [_advice(kind, counts[kind], needed.get(kind, 0)) for kind in KINDS]
    return message, "; ".join(filter(None, advice))


def _advice(kind: Kind, count: int, needed: int) -> str:
    for plan, most in PUBLISHED.items():
        left = most - count
        if needed and 0 <= left < max(needed, most * SPARE):
            return (
                f"{needed} more {kind} to be made, and {left} left if the plan is {plan}: delete lists nobody needs in "
                "HubSpot, or keep fewer in the profile"
            )
    return ""
