"""The properties that are ours: a name without `hs_`, in the group `icp_sync`, made by apply when missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.plan.outputs import LOCK, Options, Output, shapes
from icp_sync.profile.model.profile import Profile

GROUP: Final = "icp_sync"
GROUP_LABEL: Final = "ICP fit (icp_sync)"
_WRITER: Final = "Written by icp_sync; edits are overwritten unless the company is locked or foreign."
_SETTER: Final = "Made by icp_sync, set by people."


@dataclass(frozen=True, slots=True)
class OwnedProperty:
    """A property we make ourselves: HubSpot's definition of it, options as (value, label)."""

    name: str
    label: str
    type: str
    field_type: str
    description: str
    options: Options = ()
    group: str = GROUP


def is_ours(name: str) -> bool:
    """HubSpot keeps `hs_` for its own properties; everything else a profile writes is ours to make."""
    return not name.startswith("hs_")


def owned_properties(profile: Profile) -> tuple[OwnedProperty, ...]:
    """The properties of `profile` that are ours, in the order of the outputs; the lock, which people set, is last."""
    shaped, named = shapes(profile), profile.write.properties()
    written = tuple(_owned(named[output], shape, _WRITER) for output, shape in shaped.items() if is_ours(named[output]))
    return (*written, _owned(profile.lock.property_name, LOCK, _SETTER)) if profile.lock else written


def _owned(name: str, shape: Output, whose: str) -> OwnedProperty:
    return OwnedProperty(name, shape.label, shape.type, shape.field_type, f"{shape.help} {whose}", shape.options)
