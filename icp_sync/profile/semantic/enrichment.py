"""Vendor files: each source once, each property once in it, and never one that this profile writes."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import did_you_mean


def sources_are_distinct(draft: PartialProfile) -> Iterator[Finding]:
    """No source is named twice, and no property twice in one."""
    sources = set[str]()
    for path, enrichment in draft.enrichment:
        if enrichment.source in sources:
            yield Finding((*path, "source"), f"{enrichment.source} is there already; put its columns into one entry")
        sources.add(enrichment.source)
        first: dict[str, str] = {}
        for header, name in enrichment.columns.items():
            if first.setdefault(name, header) != header:
                message = f"{name} is filled by {shorten(first[name])!r} already; name one column for it"
                yield Finding((*path, "columns", header), message)


def vendors_fill_properties_of_others(draft: PartialProfile) -> Iterator[Finding]:
    """No vendor fills an output, the lock or a derived name."""
    ours = {name: f"this profile writes it as {output}" for output, name in draft.write.properties().items()}
    ours |= dict.fromkeys(draft.derived_formulas, "this profile derives it; name a property of its formula")
    ours |= {draft.lock_property: "people lock a tier by it"} if draft.lock_property else {}
    for path, enrichment in draft.enrichment:
        for header, name in enrichment.columns.items():
            if name in ours:
                yield Finding((*path, "columns", header), f"a vendor cannot fill {name}: {ours[name]}")


def enriched_outputs_are_filled(draft: PartialProfile) -> Iterator[Finding]:
    """Every key of `write.enriched` is a property that a vendor fills."""
    filled = [name for _, enrichment in draft.enrichment for name in enrichment.columns.values()]
    for name in draft.write.enriched:
        if name not in filled:
            advice = did_you_mean(name, filled, "name it under enrichment.columns, or leave it out")
            yield Finding(("write", "enriched", name), f"no vendor fills {name}; {advice}")
