"""A blind sample of companies for people to judge, and their filled sheets held against the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.evidence.blind_sample import Sample, SampleSizes, draw_sample
from icp_sync.evidence.disagreements_with_profile import disagreements
from icp_sync.evidence.reviewed_sample_document import SampleDocument, SheetFigures
from icp_sync.evidence.reviewer_agreement import (
    agreement_design_effect,
    department_agreements,
    join_profile_verdicts,
    majority_auc,
    reviewer_pairs,
    tier_agreements,
)
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.tables.review_sheets import ReviewSheet, combine_sheets


def draw_offline_sample(offline: OfflineSource, sizes: SampleSizes, seed: int) -> tuple[Sample, pl.DataFrame]:
    """A sample of the last reading, scored now, and the companies drawn as HubSpot has them, in the sample's order."""
    scores = score_snapshot(offline).scores.frame
    sample = draw_sample(scores, offline.source.profile, sizes, seed)
    # The records as HubSpot has them, without our verdict: who fills a sheet must not see it.
    order = pl.DataFrame({ID: sample.ids}, schema={ID: pl.Int64})
    return sample, order.join(offline.snapshot.companies, on=ID, how="left", maintain_order="left")


def compare_sheets_with_profile(offline: OfflineSource, sheets: Sequence[ReviewSheet]) -> SampleDocument:
    """What people say on filled sheets beside what the profile, as it is on disk, makes of the same companies now.

    Raises TableUnusable where somebody says two things of one company.
    """
    source = offline.source
    opinions, repeated = combine_sheets(sheets)
    scored = score_snapshot(offline)
    judged = join_profile_verdicts(opinions, scored.scores.frame)
    effect = agreement_design_effect(judged)
    return SampleDocument(
        profile=source.profile.name,
        digest=source.profile_run.loaded.digest,
        portal_id=source.profile_run.store.portal_id,
        as_of=source.program.context.as_of,
        read_at=offline.read_at,
        sheets=tuple(_sheet_figures(sheet) for sheet in sheets),
        companies=judged["company"].n_unique(),
        opinions=judged.height,
        unsure=int((judged["opinion"] == "unsure").sum()),
        unfilled=sum(sheet.size - sheet.rows.height for sheet in sheets),
        repeated=repeated,
        gone=opinions.height - judged.height,
        design_effect=effect,
        tiers=tier_agreements(judged, effect),
        departments=department_agreements(judged, effect),
        pairs=reviewer_pairs(judged),
        auc=majority_auc(judged),
        disagreements=disagreements(judged, _company_names(scored.companies)),
    )


def _sheet_figures(sheet: ReviewSheet) -> SheetFigures:
    reviewers = tuple(sheet.rows["reviewer"].unique(maintain_order=True))
    return SheetFigures(file=str(sheet.path), reviewers=reviewers, rows=sheet.size, filled=sheet.rows.height)


def _company_names(companies: pl.DataFrame) -> Mapping[int, str]:
    """The names of companies by id; the domain of those without."""
    texts = with_missing_columns(companies, ("name", "domain")).select(ID, pl.coalesce("name", "domain").fill_null(""))
    return dict(texts.iter_rows())
