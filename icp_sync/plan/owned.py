"""The properties that are ours: a name without `hs_`, in the group `icp_sync`, made by apply when missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.plan.outputs import OUTPUTS, Options
from icp_sync.profile.model import Profile

GROUP: Final = "icp_sync"
GROUP_LABEL: Final = "ICP fit (icp_sync)"
_WRITER: Final = "Written by icp_sync; edits are overwritten unless the company is locked or foreign."


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
    """The properties `profile` writes that are ours, in the order of the outputs."""
    return tuple(_owned(name, output) for output, name in profile.write.properties().items() if is_ours(name))


def _owned(name: str, output: str) -> OwnedProperty:
    shape = OUTPUTS[output]
    return OwnedProperty(name, shape.label, shape.type, shape.field_type, f"{shape.help} {_WRITER}", shape.options)
