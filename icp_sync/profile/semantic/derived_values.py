"""Derived values: formulas over properties, under names of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.model.match import operators_of_groups
from icp_sync.profile.model.operator import Group
from icp_sync.profile.semantic.outputs import STANDARD
from icp_sync.profile.semantic.partial_profile import PartialProfile

_NUMERIC_OPERATORS: Final = operators_of_groups(Group.NUMBER, Group.PRESENCE)


def formulas_parse(draft: PartialProfile) -> Iterator[Finding]:
    """Every formula parses and reads properties only: derived values of derived values could form a cycle."""
    for name, formula in draft.derived_formulas.items():
        try:
            properties = parse_formula(formula).properties()
        except ValueError as error:
            yield Finding(("derive", name), str(error))
            continue
        for inner in properties:
            if inner == name:
                yield Finding(("derive", name), f"reads {name}, which is its own name; derive under another name")
            elif inner in draft.derived_formulas:
                yield Finding(
                    ("derive", name), f"reads {inner}, which is derived too; write out what {inner} is made of"
                )
        if not properties:
            yield Finding(("derive", name), "reads no property and is the same for every company; name one")


def derived_names_are_new(draft: PartialProfile) -> Iterator[Finding]:
    """A derived name is neither a standard property nor an output."""
    written = {taken: output for output, taken in draft.write.properties().items()}
    for name in draft.derived_formulas:
        if name in STANDARD or name.startswith("hs_"):
            yield Finding(("derive", name), f"{name} is HubSpot's own property; derive under another name")
        elif name in written:
            yield Finding(("derive", name), f"{name} is written as {written[name]}; derive under another name")


def derived_values_are_compared_as_numbers(draft: PartialProfile) -> Iterator[Finding]:
    """A derived value, which is a number, is read by numeric operators only."""
    for leaf in (leaf for leaf in draft.leaves if leaf.reads_companies):
        derived = [name for name in leaf.match.own_properties or leaf.inherited if name in draft.derived_formulas]
        if derived and leaf.match.operator not in _NUMERIC_OPERATORS:
            message = f"{derived[0]} is derived, a number, which {leaf.match.operator} cannot judge; use between"
            yield Finding(leaf.path, message)


def location_and_capacity_are_not_derived(draft: PartialProfile) -> Iterator[Finding]:
    """The `location` block and a capacity's `per` name properties of the portal."""
    for part in type(draft.location).model_fields:
        for n, name in enumerate(getattr(draft.location, part)):
            if name in draft.derived_formulas:
                message = f"{name} is derived by this profile, a number; name a property of the portal"
                yield Finding(("location", part, n), message)
    for path, tier in draft.tiers:
        if tier.capacity and tier.capacity.per in draft.derived_formulas:
            message = f"{tier.capacity.per} is derived by this profile; name a property of the portal"
            yield Finding((*path, "capacity", "per"), message)
