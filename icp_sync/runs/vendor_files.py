"""The vendor files a profile names, as the state has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from icp_sync.plan.vendor_notes import vendor_lines
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.plan_source import ProfileSource
from icp_sync.scoring.vendor_values import Enriched
from icp_sync.state.enrichment import VendorFile
from icp_sync.state.store import StateStore


def vendor_frames(store: StateStore, profile: Profile) -> dict[str, pl.DataFrame]:
    """Source → the values of its file, of those that were brought in. Raises StateUnusable."""
    return {source: file.frame for source, file in vendor_files(store, profile.enrichment)}


def vendor_files(store: StateStore, waterfall: Sequence[Enrichment]) -> Iterator[tuple[str, VendorFile]]:
    """Yields every source that has a file, with it."""
    for enrichment in waterfall:
        if (file := store.enrichment.load(enrichment.source)) is not None:
            yield enrichment.source, file


def vendor_notes(source: ProfileSource, enriched: Enriched) -> tuple[str, ...]:
    """What the report says of the profile's vendor files."""
    names = {name: file.name for name, file in vendor_files(source.profile_run.store, source.profile.enrichment)}
    return tuple(vendor_lines(enriched, names, source.profile))
