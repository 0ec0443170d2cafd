"""Feedback loops: a profile does not read its own outputs, or scores would depend on earlier scores."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.derive_formula import parse_formula
from icp_sync.profile.property_reads import leaf_properties
from icp_sync.profile.semantic.partial_profile import PartialProfile


def no_output_is_read(draft: PartialProfile) -> Iterator[Finding]:
    """No match, formula, location or capacity reads an output."""
    written = {name: output for output, name in draft.write.properties().items()}
    for path, name in _property_reads(draft):
        if name in written:
            yield Finding(path, f"reads {name}, which this profile writes as {written[name]}; read another")


def lock_is_not_read(draft: PartialProfile) -> Iterator[Finding]:
    """No match, formula, location or capacity reads the lock, which fixes a tier and describes no company."""
    for path, name in _property_reads(draft):
        if name == draft.lock_property:
            yield Finding(path, f"reads {name}, by which people lock a company's tier; read another")


def _property_reads(draft: PartialProfile) -> Iterator[tuple[Path, str]]:
    for leaf in (leaf for leaf in draft.leaves if leaf.reads_companies):
        for name in leaf_properties(leaf.match, leaf.inherited, draft.location):
            yield leaf.path, name
    yield from _location_and_capacity_reads(draft)
    for derived, formula in draft.derived_formulas.items():
        for name in _formula_properties(formula):
            yield ("derive", derived), name


def _location_and_capacity_reads(draft: PartialProfile) -> Iterator[tuple[Path, str]]:
    for part in draft.location.model_fields_set:
        for n, name in enumerate(getattr(draft.location, part)):
            yield ("location", part, n), name
    for path, tier in draft.tiers:
        if tier.capacity and tier.capacity.per:
            yield (*path, "capacity", "per"), tier.capacity.per


def _formula_properties(formula: str) -> tuple[str, ...]:
    try:
        return parse_formula(formula).properties()
    except ValueError:
        return ()  # `derived` has a finding about it
