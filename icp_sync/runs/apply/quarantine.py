"""The quarantine of a run: who was refused before it, and who is after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

from icp_sync.companies.properties import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import PortalError, Stopped
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
from icp_sync.portal.companies.write import NOT_FOUND, NOT_WRITTEN
from icp_sync.portal.companies.write_results import Rejection
from icp_sync.runs.apply.batch import GONE, rejection_text
from icp_sync.runs.apply.write_companies import WriteStats
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.definitions import definitions_for
from icp_sync.runs.extract.preflight import Preflight
from icp_sync.state.directory import StateDirectory
from icp_sync.state.quarantine import load_quarantine, replace_quarantine

# Silence is no refusal, and who is gone cannot be written at all.
LARGE_PART: Final = 0.05
FEW_ALIKE: Final = 20
"""Refusals with one code for one property that still are the companies' own: so many, or this share of the run."""
_NO_REFUSAL: Final = frozenset({NOT_FOUND, NOT_WRITTEN})


def quarantine_of(job: ProfileRun, found: Preflight, state: StateDirectory) -> Quarantine:
    """Who is in quarantine when a plan is drawn, and by what it is judged whether that still holds."""
    return Quarantine(
        refused=load_quarantine(state, found.account.portal_id, job.profile.name),
        profile=job.loaded.file_digest,
        rule=schema_digest(job.profile, found.definitions),
        retried=job.retry_failed,
    )


def update_quarantine(
    job: ProfileRun, plan: Plan, state: StateDirectory, tally: WriteStats, healed: Collection[int]
) -> None:
    """Remember who was refused, forget who landed, left the portal or needs nothing any more. Raises StateUnusable."""
    portal_id, profile = plan.origin.portal_id, job.profile.name
    before = load_quarantine(state, portal_id, profile)
    tried = set(plan.changes["id"]).difference(tally.unwritten)
    gone = {int(one.id) for one in tally.skipped if one.reason == GONE}
    # Who was refused for itself before is refused for itself still, also when it is all of tonight's batch.
    rejections = [*_single(tally.refused, plan), *(one for one in tally.refused_alike if one.id in before)]
    refused = _refused(job, plan, tally, [one for one in rejections if one.code not in _NO_REFUSAL])
    after = next_quarantine(refused, before, {*healed, *tried, *gone})
    if after != before:
        replace_quarantine(state, portal_id, profile, after.values())


def _single(rejections: Sequence[Rejection], plan: Plan) -> list[Rejection]:
    """The rejections that are a company's own: one reason for a large part of the run is the portal's, and passes.

    So it is whatever else landed in their batches: an option removed for an hour is no fault of any company.
    """
    alike = Counter((one.code, one.property) for one in rejections)
    most = max(FEW_ALIKE, round(plan.changes.height * LARGE_PART))
    return [one for one in rejections if alike[one.code, one.property] <= most]


def _refused(job: ProfileRun, plan: Plan, tally: WriteStats, rejections: Sequence[Rejection]) -> list[QuarantineEntry]:
    """The entries of the companies refused for themselves, with what stands on their records now.

    The rule a refusal hung on is the portal's as it is after it: before, it may have been another.
    When the portal cannot be asked for that any more, they are tried again next time.
    """
    if not rejections:
        return []
    try:
        definitions = definitions_for(job.connection, [job.profile])
        texts = _texts(job, definitions, [one.id for one in rejections])
    except (PortalError, Stopped):
        if tally.fault is None:
            raise
        return []
    ids = pl.Series([one.id for one in rejections], dtype=pl.Int64)
    inputs = input_digests(texts, plan.changes.filter(pl.col("id").is_in(ids.implode())), job.profile)
    dates = dict(texts.select("id", MODIFIED).iter_rows())
    rule = schema_digest(job.profile, definitions)
    # As with guardrails, a plan of a few companies is not judged by shares.
    share = len(tally.rejected) / plan.changes.height if plan.changes.height >= FEW_ALIKE else 0.0
    return [
        QuarantineEntry(
            id=one.id,
            reason=rejection_text(one),
            code=one.code,
            property=one.property,
            since=job.now.isoformat(),
            inputs=inputs[one.id],
            profile=job.loaded.file_digest,
            rule=rule,
            modified=dates[one.id],
            share=share,
        )
        for one in rejections
        if one.id in inputs
    ]


def _texts(job: ProfileRun, definitions: Mapping[str, PropertyDefinition], ids: Sequence[int]) -> pl.DataFrame:
    there = [name for name in input_properties(job.profile) if name in definitions]
    return companies.read(job.connection, ids, [*there, MODIFIED])
