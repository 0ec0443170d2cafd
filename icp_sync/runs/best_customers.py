"""The best customers by the last reading and known deals."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.evidence.best_customers import CustomersDocument, rank_best_customers
from icp_sync.evidence.deal_history import deal_history, deal_properties
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.state.deals import KnownDeals


def deal_properties_for_ranking(profile: Profile, outcomes: DealOutcomes) -> list[str]:
    """The deal properties that ranking customers reads."""
    return deal_properties(outcomes, [kpi.property_name for kpi in profile.outcomes.kpis if kpi.deal])


def rank_customers(
    offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes, top: int
) -> tuple[CustomersDocument, pl.DataFrame]:
    """The document, and `id`, `name` and `domain` of its companies in its order; every decided deal counts."""
    source = offline.source
    profile, program = source.profile_run.profile, source.program
    scored = score_snapshot(offline)
    # What a customer is worth is all its deals: also where a backtest counts a company once, and upsells not at all.
    every = outcomes.model_copy(update={"unit": "deal", "where": {}})
    frame = with_missing_columns(deals.frame, deal_properties_for_ranking(profile, every))
    inside = scored.companies.join(scored.scores.frame, on=ID, how="semi")
    history = deal_history(frame, inside, every, program)
    count, best = rank_best_customers(history.decided, inside, frame, profile.outcomes.kpis, top)
    document = CustomersDocument(
        profile=profile.name,
        portal_id=source.profile_run.store.portal_id,
        as_of=program.context.as_of,
        deals=deals.frame.height,
        left_out=dict(history.left_out),
        customers=count,
        currencies=history.currencies,
        top=best,
    )
    order = pl.DataFrame({ID: [customer.id for customer in best]}, schema={ID: pl.Int64})
    names = with_missing_columns(offline.snapshot.companies, ["name", "domain"]).select(ID, "name", "domain")
    return document, order.join(names, on=ID, how="left", maintain_order="left")
