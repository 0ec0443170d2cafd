"""HubSpot's history about lost inputs: which they are where there is no snapshot, and who emptied them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import DIFFERENCES, KEY, NO_DIFFERENCES, PROPERTY, SINCE, WAS
from icp_sync.plan.held_inputs import HoldResult
from icp_sync.plan.ownership import OURS
from icp_sync.plan.who_emptied_inputs import ids_to_ask_history, with_emptied_by
from icp_sync.portal.companies.property_history import read_history
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.runs.portal_session import PortalSession
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.score import ScoreResult

MOST_COMPANIES: Final = 5_000
"""100 calls; a whole portal's history would take longer than reading the portal."""
_DISQUALIFIED: Final = "disqualified"


@dataclass(frozen=True, slots=True)
class LostTexts:
    """Differences made of histories, and how many companies were beyond `MOST_COMPANIES` and not looked into."""

    differences: pl.DataFrame
    left_out: int

    @property
    def left_out_notes(self) -> tuple[str, ...]:
        """A sentence for the report where not everybody was looked into."""
        if not self.left_out:
            return ()
        note = (
            f"there is no snapshot, and of {self.left_out:,} companies whose verdict changes it is not known whether "
            f"they lost a value; {MOST_COMPANIES:,} others were looked into"
        )
        return (note,)


def read_lost_texts(source: PlanSource, companies: pl.DataFrame, scores: ScoreResult) -> LostTexts:
    """The values that companies lost, of those whose tier would fall for want of an answer, or that were disqualified.

    `companies`: the company frame after `with_ownership`. Spends one call for 50 companies.
    """
    ids = _doubtful_ids(source, companies, scores)
    if ids.is_empty() or source.profile.hold.days == 0:
        return LostTexts(NO_DIFFERENCES, 0)
    names = sorted(source.program.requirements.source_properties(source.profile))
    # The smallest ids first, so that a second run looks into the same companies.
    read = ids.sort().head(MOST_COMPANIES)
    history = read_history(source.profile_run.connection, read.to_list(), names)
    return LostTexts(emptied_texts(history), ids.len() - read.len())


def emptied_texts(history: pl.DataFrame) -> pl.DataFrame:
    """The differences (`DIFFERENCES`) of properties that are empty now and were not before.

    `history`: a history frame, newest first. `was` is the last text there was, `since` when it was emptied.
    """
    # HubSpot keeps every version; the newest with a text is what was lost, the one after it the emptying.
    numbered = history.with_columns(place=pl.int_range(pl.len()).over(KEY), filled=pl.col("value") != "")
    last = numbered.filter("filled").group_by(KEY, maintain_order=True).first()
    emptied = last.filter(pl.col("place") > 0).select(*KEY, pl.col("value").alias(WAS), place=pl.col("place") - 1)
    moments = numbered.select(*KEY, "place", "at")
    rows = emptied.join(moments, on=[*KEY, "place"], how="inner")
    since = pl.from_epoch("at", time_unit="ms").dt.replace_time_zone("UTC").alias(SINCE)
    return rows.select(ID, PROPERTY, WAS, since).cast(DIFFERENCES).sort(KEY)


def _doubtful_ids(source: PlanSource, companies: pl.DataFrame, scores: ScoreResult) -> pl.Series:
    """Ids of companies of ours that would fall although an answer is unknown, or are no longer ruled out."""
    outcome = source.profile.write.outcome
    was_out = pl.col(outcome) == _DISQUALIFIED if outcome and outcome in companies.columns else pl.lit(value=False)
    rows = companies.filter(OURS).select(ID, live.TIER, was_out=was_out.fill_null(value=False))
    rows = rows.join(scores.frame.select(ID, "tier", "outcome", "coverage"), on=ID, how="inner")
    # Tiers sort by name: tier_1 is the highest.
    falls = pl.col(live.TIER).is_not_null() & (pl.col("tier").is_null() | (pl.col("tier") > pl.col(live.TIER)))
    unknown = pl.col("coverage") < 1
    returns = pl.col("was_out") & (pl.col("outcome") != _DISQUALIFIED)
    return rows.filter((falls & unknown) | returns)[ID]


def read_who_emptied(
    session: PortalSession, holding: HoldResult, earlier: pl.DataFrame, scores: pl.DataFrame
) -> HoldResult:
    """The holding with what the history of the 50 best newly held tells; the same where nobody is new, and offline.

    `earlier`: the holds of the last reading. `scores`: the scored frame.
    """
    # Offline too there are new ones: by an edited profile another lost input decides.
    ids = [] if session.offline else ids_to_ask_history(holding.open_holds, earlier, scores)
    if not ids:
        return holding
    names = holding.open_holds.filter(pl.col(ID).is_in(ids))[PROPERTY].unique().sort().to_list()
    return replace(holding, holds=with_emptied_by(holding.holds, read_history(session.connection, ids, names)))
