"""What a profile writes it does not read: scores that feed on scores would never come to rest."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.formula import parse_formula
from icp_sync.profile.reads import named_properties
from icp_sync.profile.semantic.draft import PartialProfile


def nothing_reads_what_is_written(draft: PartialProfile) -> Iterator[Finding]:
    """No question, formula, place or capacity reads an output."""
    written = {name: output for output, name in draft.write.properties().items()}
    for path, name in _read(draft):
        if name in written:
            yield Finding(path, f"reads {name}, which this profile writes as {written[name]}; read another")


def nothing_reads_the_lock(draft: PartialProfile) -> Iterator[Finding]:
    """A lock holds a tier as it stands, so it says nothing about the company."""
    for path, name in _read(draft):
        if name == draft.lock:
            yield Finding(path, f"reads {name}, by which people lock a company's tier; read another")


def _read(draft: PartialProfile) -> Iterator[tuple[Path, str]]:
    for leaf in draft.leaves:
        for name in named_properties(leaf.match, leaf.inherited, draft.location):
            yield leaf.path, name
    yield from _read_beside(draft)
    for derived, formula in draft.derive.items():
        for name in _properties(formula):
            yield ("derive", derived), name


def _read_beside(draft: PartialProfile) -> Iterator[tuple[Path, str]]:
    for part in draft.location.model_fields_set:
        for n, name in enumerate(getattr(draft.location, part)):
            yield ("location", part, n), name
    for path, tier in draft.tiers:
        if tier.capacity and tier.capacity.per:
            yield (*path, "capacity", "per"), tier.capacity.per


def _properties(formula: str) -> tuple[str, ...]:
    try:
        return parse_formula(formula).properties()
    except ValueError:
        return ()  # `derived` has already said why
