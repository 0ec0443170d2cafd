"""The outputs a profile may write and how HubSpot stores each (design: "What is written")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.profile.reads import NUMERIC

GROUP: Final = "icp_sync"
GROUP_LABEL: Final = "ICP fit (icp_sync)"
_WRITER: Final = "Written by icp_sync; edits are overwritten unless the company is locked or foreign."
_SETTER: Final = "Made by icp_sync, set by people."


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


def managed_properties(profile: Profile) -> tuple[ManagedProperty, ...]:
    """The properties icp_sync creates for `profile`, in the order of the outputs; the lock, set by people, is last."""
    specs, names = output_specs(profile), profile.write.properties()
    properties = tuple(
        _managed(names[output], spec, _WRITER) for output, spec in specs.items() if is_managed(names[output])
    )
    return (*properties, _managed(profile.lock.property_name, LOCK, _SETTER)) if profile.lock else properties


def _managed(name: str, spec: OutputSpec, maintained_by: str) -> ManagedProperty:
    return ManagedProperty(name, spec.label, spec.type, spec.field_type, f"{spec.help} {maintained_by}", spec.options)


Options = tuple[tuple[str, str], ...]
PropertyType = Literal["enumeration", "bool", "number", "string", "datetime"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """How one output is stored: HubSpot's type and field type, the options it needs, label and help text."""

    type: PropertyType
    field_type: str
    label: str
    help: str
    options: Options = ()


def _options(values: tuple[str, ...]) -> Options:
    return tuple((value, value.replace("_", " ").capitalize()) for value in values)


OUTPUTS: Final[Mapping[str, OutputSpec]] = MappingProxyType(
    {
        "tier": OutputSpec(
            "enumeration",
            "radio",
            "ICP tier",
            "Tier 1 is the highest; empty when the company is in no tier.",
            _options(TIERS),
        ),
        "target_account": OutputSpec(
            "bool",
            "booleancheckbox",
            "ICP target account",
            "Yes when the company's tier makes it a target account.",
            (("true", "Yes"), ("false", "No")),
        ),
        "score": OutputSpec(
            "number",
            "number",
            "ICP fit score",
            "0–100: what is proven to fit; unknown answers earn nothing.",
        ),
        "potential": OutputSpec(
            "number",
            "number",
            "ICP fit potential",
            "0–100: what the fit score could become if every unknown answer fitted.",
        ),
        "coverage": OutputSpec(
            "number",
            "number",
            "ICP fit coverage",
            "0–1: the share of the profile's weight whose answer is known.",
        ),
        "outcome": OutputSpec(
            "enumeration",
            "select",
            "ICP fit outcome",
            "Tiered, disqualified, not ICP, or not enough data to say.",
            _options(OUTCOMES),
        ),
        "reasons": OutputSpec(
            "string",
            "textarea",
            "ICP fit reasons",
            "Why the company came out as it did, best first, with what is not known.",
        ),
        "profile": OutputSpec(
            "string",
            "text",
            "ICP fit profile",
            "The profile and its digest under which the other outputs last changed.",
        ),
        "changed_at": OutputSpec(
            "datetime", "date", "ICP fit changed at", "When the tier or the outcome last changed."
        ),
        "best_profile": OutputSpec(
            "string",
            "text",
            "ICP best profile",
            "Of the profiles run together, the one the company fits best; empty when it is in a tier of none.",
        ),
    }
)
LOCK: Final = OutputSpec(
    "bool",
    "booleancheckbox",
    "ICP tier locked",
    "Yes keeps the ICP tier and the target flag as they stand, whatever the profile says.",
    (("true", "Yes"), ("false", "No")),
)
_UNDERSTOOD: Final = "understood."


def output_specs(profile: Profile) -> dict[str, OutputSpec]:
    """Output → how it is stored, for every output the profile writes."""
    return {output: _output_spec(output, profile) for output in profile.write.properties()}


def output_types(profile: Profile) -> dict[str, PropertyType]:
    """Output → the type its values are compared by."""
    return {output: spec.type for output, spec in output_specs(profile).items()}


def _output_spec(output: str, profile: Profile) -> OutputSpec:
    return OUTPUTS[output] if output in OUTPUTS else _understood_spec(output.removeprefix(_UNDERSTOOD), profile)


def _understood_spec(name: str, profile: Profile) -> OutputSpec:
    """The spec of a canonical value: a number where every leaf of its criterion is numeric, else text."""
    label = f"ICP {name.replace('_', ' ')}"
    help_text = f"What icp_sync read the company's {name.replace('_', ' ')} as; empty when it could not."
    if any(criterion.id == name and _is_numeric(criterion) for criterion in profile.criteria):
        return OutputSpec("number", "number", label, help_text)
    return OutputSpec("string", "text", label, help_text)


def _is_numeric(criterion: Criterion) -> bool:
    return all(leaf.operator in NUMERIC for leaf in criterion.match.leaves())
