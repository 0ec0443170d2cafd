"""Drift: whether a record still stands as the plan saw it when it comes to writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from icp_sync.plan.changes import Change
from icp_sync.plan.outputs import output_types
from icp_sync.profile.model.profile import Profile

# What Polars reads as a number; Python's own float() also takes spaces, underscores and other scripts' digits.
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class DriftCheck:
    """What is left to write of a change, and the properties somebody else has changed meanwhile."""

    to_write: Mapping[str, str]
    drifted: tuple[str, ...]


def property_types(profile: Profile) -> dict[str, str]:
    """Property → the type its values are compared by."""
    named = profile.write.properties()
    return {named[output]: kind for output, kind in output_types(profile).items()}


def check_drift(change: Change, live: Mapping[str, str], kinds: Mapping[str, str]) -> DriftCheck:
    """What of `change` is left to do on a record that says `live` now.

    A property that already holds what the plan wants needs no writing. One that holds neither that nor what the
    plan saw has drifted: then nothing of the company is to be written.
    """
    pending = [name for name, value in change.after.items() if not values_equal(live.get(name, ""), value, kinds[name])]
    drifted = [
        name for name in pending if not values_equal(live.get(name, ""), change.before.get(name, ""), kinds[name])
    ]
    return DriftCheck(dict(change.after) if pending else {}, tuple(drifted))


def locked_since(change: Change, live: Mapping[str, str], profile: Profile) -> bool:
    """Whether a person has locked the company since a plan that would change its tier or flag was made."""
    if profile.lock is None or live.get(profile.lock.property_name, "").lower() != "true":
        return False
    named = profile.write.properties()
    return not change.after.keys().isdisjoint({named.get("tier"), named.get("target_account")})


def values_equal(one: str, other: str, kind: str) -> bool:
    """Equality by type, not text: `80` is `80.0`; a moment is never a difference."""
    if kind == "datetime" or one == other:
        return True
    if kind == "number":
        return bool(_NUMBER.match(one) and _NUMBER.match(other)) and float(one) == float(other)
    return kind == "bool" and one.lower() == other.lower()
