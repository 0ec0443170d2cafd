"""Tiers far enough apart that companies do not wander between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile

_CLOSEST: Final = 5


def close_tiers(profile: Profile) -> Iterator[Finding]:
    """Tiers lie five points apart, else companies wander between them."""
    for n, (upper, lower) in enumerate(pairwise(profile.tiers), start=1):
        if upper.enter - lower.enter < _CLOSEST:
            gap = upper.enter - lower.enter
            message = f"{lower.tier} begins {gap:g} points below {upper.tier}; leave {_CLOSEST} or more"
            yield Finding(("tiers", n, "enter"), message)


def inverted_tiers(profile: Profile) -> Iterator[Finding]:
    """Who falls out of a lower tier does not stay in a higher one."""
    for n, (upper, lower) in enumerate(pairwise(profile.tiers)):
        if upper.stays < lower.stays:
            kept = f"{upper.tier} is kept down to {upper.stays:g}"
            message = f"{kept}, below the {lower.stays:g} of {lower.tier}; raise it"
            yield Finding(("tiers", n, "leave"), message)
