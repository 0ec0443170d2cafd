"""Drift: whether a record still holds what the plan saw when the change is about to be written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from icp_sync.plan.change_frame import Change
from icp_sync.plan.outputs import type_by_output
from icp_sync.plan.value_equality import values_equal
from icp_sync.profile.model.profile import Profile


@dataclass(frozen=True, slots=True)
class DriftCheck:
    """The texts still to write (empty: nothing to do), and the properties edited by others since the plan."""

    to_write: Mapping[str, str]
    drifted: tuple[str, ...]


def property_types(profile: Profile) -> dict[str, str]:
    """Property → the type its values are compared by."""
    named = profile.write.properties()
    return {named[output]: kind for output, kind in type_by_output(profile).items()}


def check_drift(
    change: Change, live: Mapping[str, str], kinds: Mapping[str, str], overridable: Collection[str] = ()
) -> DriftCheck:
    """Compare a change with the record's current texts (`live`, "" or absent = empty).

    A property that already holds the desired value needs no write. One that holds neither that nor the value the
    plan saw has drifted; then nothing may be written to the company. `kinds`: property → type, see `property_types`.

    Of `overridable` properties, the tier and the target flag, also one that already holds what the plan moves it to
    has drifted, while anything else is still to write: a record is written whole, so somebody else set it.
    """
    pending = [name for name, value in change.after.items() if not values_equal(live.get(name, ""), value, kinds[name])]
    if not pending:
        return DriftCheck({}, ())
    drifted = [
        name
        for name in change.after
        if (name in pending or name in overridable)
        and not values_equal(live.get(name, ""), change.before.get(name, ""), kinds[name])
    ]
    return DriftCheck(change.after, tuple(drifted))


def is_locked_since_plan(change: Change, live: Mapping[str, str], profile: Profile) -> bool:
    """Whether the record is locked now and the change would write its tier or target flag."""
    if profile.lock is None or live.get(profile.lock.property_name, "").lower() != "true":
        return False
    named = profile.write.properties()
    return not change.after.keys().isdisjoint({named.get("tier"), named.get("target_account")})
