"""What came of the profile's live A/B, from the arms on the records, the deals, and the ledger of what was written."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.errors import UsageError
from icp_sync.evidence.deal_history import deal_history
from icp_sync.evidence.document_types import ExperimentFigures
from icp_sync.evidence.experiment_figures import experiment_figures
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.outputs import ARMS
from icp_sync.runs.snapshot_scoring import OfflineSource
from icp_sync.state.deals import KnownDeals


def experiment_result(offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes) -> ExperimentFigures:
    """Deals created since each company's arm was written, by arm. Raises UsageError for a profile without experiment.

    When that was is what the ledger remembers of this profile's runs; other hosts share it only with a ledger in a
    database.
    """
    profile_run, companies = offline.source.profile_run, offline.snapshot.companies
    experiment = profile_run.profile.write.experiment
    if experiment is None or experiment.property_name not in companies.columns:
        raise UsageError("no arm of an experiment was written yet; run the profile beside its champion first")
    written = profile_run.store.first_sent_at(experiment.property_name)
    inside = companies.filter(pl.col(experiment.property_name).is_in(list(ARMS)))
    moments = pl.Series("since", [written.get(company) for company in inside[ID]], dtype=pl.Datetime("ms", "UTC"))
    arms = inside.select(company=ID, arm=experiment.property_name).with_columns(moments.dt.replace_time_zone(None))
    # Every deal: with first deals alone, a company that bought before would count with a deal older than its arm.
    every = outcomes.model_copy(update={"unit": "deal"})
    history = deal_history(deals.frame, inside, every, offline.source.program)
    return experiment_figures(experiment, arms, history.decided)
