"""Tiers stand highest first, and what names a tier names one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.semantic.draft import PartialProfile


def tiers_fall(draft: PartialProfile) -> Iterator[Finding]:
    """Tiers stand highest first, with falling thresholds."""
    for (_, upper), (path, lower) in pairwise(draft.tiers):
        if lower.tier == upper.tier:
            yield Finding((*path, "tier"), f"{lower.tier} is there twice; keep one of them")
        elif lower.tier < upper.tier:
            message = f"{lower.tier} stands below {upper.tier}; write the highest tier, {lower.tier}, first"
            yield Finding((*path, "tier"), message)
        elif lower.enter >= upper.enter:
            message = f"{lower.enter:g} is not below the {upper.enter:g} of {upper.tier}; lower it"
            yield Finding((*path, "enter"), message)


def tiers_are_left_below_where_they_are_entered(draft: PartialProfile) -> Iterator[Finding]:
    """A company in a tier may fall a little before it leaves, never rise."""
    for path, tier in draft.tiers:
        if tier.leave is not None and tier.leave > tier.enter:
            message = f"{tier.leave:g} is above the {tier.enter:g} that enters {tier.tier}; lower it or remove it"
            yield Finding((*path, "leave"), message)


def the_lowest_tier_holds_everybody(draft: PartialProfile) -> Iterator[Finding]:
    """Who does not fit into a tier goes to the next one, so the last has room for all."""
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
    """A flaw for each named tier that the profile lacks; silent while `tiers` itself is unreadable."""
    known = [tier.tier for _, tier in draft.tiers]
    for n, name in enumerate(named):
        if known and name not in known:
            yield Finding((*path, n), f"{name} is not among tiers; add it there or remove it here")
