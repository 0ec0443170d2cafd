"""Places of a profile as people name them: by the tier or criterion, not by its number in the file."""

from __future__ import annotations

import re
from typing import Final

from icp_sync.profile.model.profile import Profile

_NUMBERED: Final = re.compile(r"(tiers|criteria|disqualifiers|tests)\[(\d+)\](?:\.(.+))?")


def path_in_words(path: str, profile: Profile | None) -> str:
    """`tiers[0].leave` → "tier_1's `leave`"; the path as it is where the profile has no such item."""
    match = _NUMBERED.fullmatch(path)
    if match is None or profile is None:
        return path
    section, number, rest = match.groups()
    names = _names(profile)[section]
    if int(number) >= len(names):
        return path
    return f"{names[int(number)]}'s `{rest}`" if rest else names[int(number)]


def _names(profile: Profile) -> dict[str, list[str]]:
    return {
        "tiers": [tier.tier for tier in profile.tiers],
        "criteria": [criterion.title for criterion in profile.criteria],
        "disqualifiers": [disqualifier.title for disqualifier in profile.disqualifiers],
        "tests": [f"test {test.name!r}" for test in profile.tests],
    }
