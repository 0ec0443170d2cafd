"""Distances between the tiers' thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile

MIN_POINTS_BETWEEN_TIERS: Final = 5


def close_tiers(profile: Profile) -> Iterator[Finding]:
    """Tiers lie five points apart; closer ones make companies flap between them."""
    for n, (upper, lower) in enumerate(pairwise(profile.tiers), start=1):
        if upper.enter - lower.enter < MIN_POINTS_BETWEEN_TIERS:
            gap = upper.enter - lower.enter
            message = f"{lower.tier} begins {gap:g} points below {upper.tier}; leave {MIN_POINTS_BETWEEN_TIERS} or more"
            yield Finding(("tiers", n, "enter"), message)


def inverted_tiers(profile: Profile) -> Iterator[Finding]:
    """A higher tier's leave threshold is not below a lower tier's."""
    for n, (upper, lower) in enumerate(pairwise(profile.tiers)):
        if upper.leave_threshold < lower.leave_threshold:
            kept = f"{upper.tier} is kept down to {upper.leave_threshold:g}"
            message = f"{kept}, below the {lower.leave_threshold:g} of {lower.tier}; raise it"
            yield Finding(("tiers", n, "leave"), message)
