"""Columns of vendors' files that fill what nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_reads


def unread_columns(profile: Profile) -> Iterator[Finding]:
    """Every property that a vendor fills is read elsewhere in the profile, or written."""
    reads = property_reads(profile.model_copy(update={"enrichment": ()}))
    read = {name for group in reads for name in group.alternatives} | profile.write.enriched.keys()
    for n, enrichment in enumerate(profile.enrichment):
        for header, name in enrichment.columns.items():
            if name not in read:
                message = f"no criterion reads {name}, so it decides nothing; leave the column out"
                yield Finding(("enrichment", n, "columns", header), message)
