"""Tiers: highest first with falling thresholds, and every tier named elsewhere exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.semantic.partial_profile import PartialProfile


def thresholds_fall(draft: PartialProfile) -> Iterator[Finding]:
    """Tiers are in order, the highest first, with falling thresholds."""
    for (_, upper), (path, lower) in pairwise(draft.tiers):
        if lower.tier == upper.tier:
            yield Finding((*path, "tier"), f"{lower.tier} is there twice; keep one of them")
        elif lower.tier < upper.tier:
            message = f"{lower.tier} stands below {upper.tier}; write the highest tier, {lower.tier}, first"
            yield Finding((*path, "tier"), message)
        elif lower.enter >= upper.enter:
            message = f"{lower.enter:g} is not below the {upper.enter:g} of {upper.tier}; lower it"
            yield Finding((*path, "enter"), message)


def leave_is_below_enter(draft: PartialProfile) -> Iterator[Finding]:
    """A tier's leave threshold is not above its enter threshold."""
    for path, tier in draft.tiers:
        if tier.leave is not None and tier.leave > tier.enter:
            message = f"{tier.leave:g} is above the {tier.enter:g} that enters {tier.tier}; lower it or remove it"
            yield Finding((*path, "leave"), message)


def lowest_tier_has_no_capacity(draft: PartialProfile) -> Iterator[Finding]:
    """The lowest tier has no capacity, since a company over capacity goes to the next tier."""
    if draft.tiers and not any(path[:1] == ("tiers",) and len(path) < 3 for path in draft.refused):
        path, lowest = draft.tiers[-1]
        if lowest.capacity:
            message = f"{lowest.tier} is the lowest tier and who does not fit has nowhere to go; remove the capacity"
            yield Finding((*path, "capacity"), message)


def target_tiers_exist(draft: PartialProfile) -> Iterator[Finding]:
    """The tiers that make a target account are among the profile's."""
    if target := draft.write.target_account:
        yield from unknown_tiers(draft, target.tiers, ("write", "target_account", "tiers"))


def unknown_tiers(draft: PartialProfile, named: Iterable[str], path: Path) -> Iterator[Finding]:
    """Yields a finding for each named tier the profile lacks; none where which tiers it has is not known."""
    for n, name in enumerate(named):
        if draft.tier_names and name not in draft.tier_names:
            yield Finding((*path, n), f"{name} is not among tiers; add it there or remove it here")
