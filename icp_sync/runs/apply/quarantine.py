"""Loads the quarantine for a plan, and updates it with the rejections of an apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import PortalError, RunStopped
from icp_sync.plan.plan import Plan
from icp_sync.plan.quarantine import (
    Quarantine,
    QuarantineEntry,
    input_digests,
    input_properties,
    next_quarantine,
    schema_digest,
)
from icp_sync.portal.companies import read as companies
from icp_sync.portal.companies.write import NOT_FOUND, NOT_WRITTEN, PASSING
from icp_sync.portal.companies.write_results import Rejection
from icp_sync.runs.apply.batch import GONE, rejection_text
from icp_sync.runs.apply.write_companies import WriteStats
from icp_sync.runs.extract.preflight import Preflight
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.profile_run import ProfileRun

LARGE_PART: Final = 0.05
FEW_ALIKE: Final = 20
"""Up to so many rejections with one code and property (or this share of the run) are the companies' own fault."""
# A batch that was never answered is no rejection, nor is a fault of HubSpot's own; a company that is gone cannot be
# written at all.
_NOT_A_REJECTION: Final = frozenset({NOT_FOUND, NOT_WRITTEN}) | PASSING


def load_quarantine(profile_run: ProfileRun, preflight: Preflight) -> Quarantine:
    """The quarantine for a new plan, with the digests that decide whether its entries still apply."""
    return Quarantine(
        refused=profile_run.store.quarantine.load(),
        profile=profile_run.loaded.file_digest,
        rule=schema_digest(profile_run.profile, preflight.definitions),
        retried=profile_run.session.options.retry_failed,
    )


def update_quarantine(profile_run: ProfileRun, plan: Plan, stats: WriteStats, released: Collection[int]) -> None:
    """Save rejected companies; drop those written, gone from the portal, or `released`. Raises StateUnusable."""
    before = profile_run.store.quarantine.load()
    tried = set(plan.changes["id"]).difference(stats.unwritten)
    gone = {int(rejection.id) for rejection in stats.skipped if rejection.reason == GONE}
    # A company already quarantined stays so even if its batch failed as a whole.
    rejections = [
        *_company_caused_rejections(stats.rejected_alone, plan),
        *(rejection for rejection in stats.rejected_alike if rejection.id in before),
    ]
    refused = _new_entries(
        profile_run, plan, stats, [rejection for rejection in rejections if rejection.code not in _NOT_A_REJECTION]
    )
    after = next_quarantine(refused, before, {*released, *tried, *gone})
    if after != before:
        profile_run.store.quarantine.replace(after.values())


def _company_caused_rejections(rejections: Sequence[Rejection], plan: Plan) -> list[Rejection]:
    """The rejections caused by the company itself; one cause shared by a large part of the run is the portal's.

    An option removed for an hour, for example, must not put companies into quarantine.
    """
    counts = Counter((rejection.code, rejection.property) for rejection in rejections)
    most = max(FEW_ALIKE, round(plan.changes.height * LARGE_PART))
    return [rejection for rejection in rejections if counts[rejection.code, rejection.property] <= most]


def _new_entries(
    profile_run: ProfileRun, plan: Plan, stats: WriteStats, rejections: Sequence[Rejection]
) -> list[QuarantineEntry]:
    """The quarantine entries of rejected companies, with digests of their records and of the portal's definitions now.

    Both are read after the rejection, because they may have changed since planning. Empty when the apply has already
    failed and they cannot be read: the next run then tries these companies again.
    """
    if not rejections:
        return []
    try:
        definitions = fetch_definitions(profile_run.connection, [profile_run.profile])
        texts = _read_records(profile_run, definitions, [rejection.id for rejection in rejections])
    except (PortalError, RunStopped):
        if stats.fault is None:
            raise
        return []
    ids = pl.Series([rejection.id for rejection in rejections], dtype=pl.Int64)
    inputs = input_digests(texts, plan.changes.filter(pl.col("id").is_in(ids.implode())), profile_run.profile)
    dates = dict(texts.select("id", MODIFIED).iter_rows())
    rule = schema_digest(profile_run.profile, definitions)
    # As with guardrails, a plan of a few companies is not judged by shares.
    share = len(stats.rejected) / plan.changes.height if plan.changes.height >= FEW_ALIKE else 0.0
    return [
        QuarantineEntry(
            id=rejection.id,
            reason=rejection_text(rejection),
            code=rejection.code,
            property=rejection.property,
            since=profile_run.session.now.isoformat(),
            inputs=inputs[rejection.id],
            profile=profile_run.loaded.file_digest,
            rule=rule,
            modified=dates[rejection.id],
            share=share,
        )
        for rejection in rejections
        # One that was deleted meanwhile has no record by which it could ever be tried again.
        if rejection.id in inputs
    ]


def _read_records(
    profile_run: ProfileRun, definitions: Mapping[str, PropertyDefinition], ids: Sequence[int]
) -> pl.DataFrame:
    # A rejection names record, property and code, not the value HubSpot had before it, so the record is read.
    existing = [name for name in input_properties(profile_run.profile) if name in definitions]
    # Of one that HubSpot cannot show there is no record either, and the next run tries it again.
    return companies.read_by_ids(profile_run.connection, ids, [*existing, MODIFIED], on_unread=lambda _: None)
