"""One profile's companies as read tonight, compared with the last verdicts, with lost inputs held, and scored."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from icp_sync.companies.differences import NO_DIFFERENCES, merge_differences
from icp_sync.companies.frame import with_absent
from icp_sync.plan.hold_reasons import with_hold_reasons
from icp_sync.plan.holds import Holding, hold_lost_inputs, holds_in, newly_held
from icp_sync.plan.ownership import with_ownership
from icp_sync.runs.extract.sync import Extract
from icp_sync.runs.source import ProfileSource
from icp_sync.scoring.score import ScoreResult, score
from icp_sync.state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ScoredCompanies:
    """The companies of one profile with their scores.

    `companies`: the company frame it was scored by, with the old texts of held inputs and the ownership columns.
    `differences`: texts that changed since the last verdict. `newly_held`: the holds that begin tonight.
    """

    source: ProfileSource
    companies: pl.DataFrame
    scores: ScoreResult
    differences: pl.DataFrame
    holding: Holding
    newly_held: pl.DataFrame


def score_companies(source: ProfileSource, extract: Extract) -> ScoredCompanies:
    """Score the companies of `extract` by one profile; a company that lost an input keeps its verdict for a while."""
    companies = _own_properties(source, extract.companies)
    kept, differences = _differences(source, extract, companies)
    companies = with_ownership(companies, source.profile, adopt="adopt" in source.profile_run.allow)
    holds = holds_in(kept)
    holding = hold_lost_inputs(companies, differences, holds, source.program, extract.watermark)
    scores = score(holding.companies, source.program)
    scores = with_hold_reasons(scores, holding.held, source.program.context.conventions.zone)
    return ScoredCompanies(source, holding.companies, scores, differences, holding, newly_held(holding, holds))


def _own_properties(source: ProfileSource, companies: pl.DataFrame) -> pl.DataFrame:
    """The properties the profile reads and writes; an optional one that HubSpot no longer has counts as empty."""
    names = ["id", *(name for name in source.preflight.pulled if name in companies.columns)]
    return with_absent(companies.select(names), source.preflight.absent)


def _differences(source: ProfileSource, extract: Extract, companies: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The differences of the snapshot, and those after this reading."""
    snapshot = source.snapshot
    # No verdict ever stood on a first reading that was cut short.
    if not isinstance(snapshot, Snapshot) or snapshot.after is not None:
        return NO_DIFFERENCES, NO_DIFFERENCES
    merged = merge_differences(snapshot.differences, snapshot.companies, companies, extract.watermark, source.recreated)
    return snapshot.differences, merged
