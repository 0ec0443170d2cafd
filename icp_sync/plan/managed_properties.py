"""The properties icp_sync makes in a portal: one for each output a profile writes, and the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.plan.output_spec import Options, OutputSpec
from icp_sync.plan.outputs import output_specs
from icp_sync.profile.model.profile import Profile

GROUP: Final = "icp_sync"
GROUP_LABEL: Final = "ICP fit (icp_sync)"
_WRITER: Final = "Written by icp_sync; edits are overwritten."
_KEEPER: Final = "Written by icp_sync; what people and workflows set here stays until it is emptied or released."
_SETTER: Final = "Made by icp_sync, set by people."
_KEPT: Final = frozenset({"tier", "target_account"})
LOCK: Final = OutputSpec(
    "bool",
    "booleancheckbox",
    "ICP tier locked",
    "Yes keeps the ICP tier and the target flag as they stand, whatever the profile says.",
    (("true", "Yes"), ("false", "No")),
)


@dataclass(frozen=True, slots=True)
class ManagedProperty:
    """HubSpot's definition of a property that icp_sync creates; options are (value, label)."""

    name: str
    label: str
    type: str
    field_type: str
    description: str
    options: Options = ()
    group: str = GROUP


def is_managed(name: str) -> bool:
    """Whether icp_sync creates this property; HubSpot reserves `hs_` for its own."""
    return not name.startswith("hs_")


def is_made_by_us(description: str) -> bool:
    """Whether a property's description ends as those of ours do, whatever a release or people made of the rest."""
    return description.rstrip().endswith((_WRITER, _KEEPER, _SETTER))


def managed_properties(profile: Profile) -> tuple[ManagedProperty, ...]:
    """The properties icp_sync creates for `profile`, in the order of the outputs; the lock, set by people, is last."""
    specs, names = output_specs(profile), profile.write.properties()
    properties = tuple(
        _managed_property(names[output], spec, _KEEPER if output in _KEPT else _WRITER)
        for output, spec in specs.items()
        if is_managed(names[output])
    )
    return (*properties, _managed_property(profile.lock.property_name, LOCK, _SETTER)) if profile.lock else properties


def _managed_property(name: str, spec: OutputSpec, maintained_by: str) -> ManagedProperty:
    return ManagedProperty(name, spec.label, spec.type, spec.field_type, f"{spec.help} {maintained_by}", spec.options)
