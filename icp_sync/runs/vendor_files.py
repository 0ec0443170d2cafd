"""The vendor files a profile names, as the state has them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import polars as pl

from icp_sync.plan.vendor_attribution import ids_naming_source, vendor_file_sentences
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.scoring.vendor_values import EnrichedCompanies
from icp_sync.state.enrichment import VendorFile
from icp_sync.state.store import StateStore


def load_vendor_frames(store: StateStore, profile: Profile) -> dict[str, pl.DataFrame]:
    """Source → the values of its file, of those that were brought in. Raises StateUnusable."""
    return {source: file.frame for source, file in stored_vendor_files(store, profile.enrichment)}


def stored_vendor_files(store: StateStore, waterfall: Sequence[Enrichment]) -> Iterator[tuple[str, VendorFile]]:
    """Yields every source that has a file, with it."""
    for enrichment in waterfall:
        if (file := store.enrichment.load(enrichment.source)) is not None:
            yield enrichment.source, file


def vendor_notes(source: PlanSource, enriched: EnrichedCompanies) -> tuple[str, ...]:
    """What the report says of the profile's vendor files."""
    names = {name: file.name for name, file in stored_vendor_files(source.profile_run.store, source.profile.enrichment)}
    missing = _ids_on_missing_files(source.profile, names, enriched.companies)
    return tuple(vendor_file_sentences(enriched, names, source.profile, missing))


def count_companies_on_missing_files(source: PlanSource, enriched: EnrichedCompanies) -> int | None:
    """Companies whose records stand on a vendor's file that is gone; None where every source has its file."""
    names = {name for name, _ in stored_vendor_files(source.profile_run.store, source.profile.enrichment)}
    missing = _ids_on_missing_files(source.profile, names, enriched.companies)
    return pl.concat(missing.values()).n_unique() if missing else None


def _ids_on_missing_files(profile: Profile, names: Collection[str], companies: pl.DataFrame) -> dict[str, pl.Series]:
    """Source without a file → ids of the companies that stand on it."""
    return {
        enrichment.source: ids_naming_source(companies, enrichment, profile)
        for enrichment in profile.enrichment
        if enrichment.source not in names
    }
