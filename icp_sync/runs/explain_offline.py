"""Explain by the last reading: what a plan would make of a company, with no call and no token."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.errors import CompanyNotFound
from icp_sync.plan.company_memory import NOTHING
from icp_sync.runs.committees import committees_by_company
from icp_sync.runs.company_lookup import find_by_domain_or_name, is_record_id
from icp_sync.runs.explain import (
    ExplainResult,
    live_tiers,
    overrides_and_holds_by_company,
    standing_tiers,
    with_run_verdicts,
)
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.scoring.explain import explain


def explain_offline(offline: OfflineSource, query: str) -> ExplainResult:
    """Explain the company of the last reading with that id (all digits) or name, or every company of that domain.

    Lost inputs are held and places are taken as in a plan. Raises CompanyNotFound, and SeveralCompanies where a name is
    ambiguous.
    """
    scored, source = score_snapshot(offline), offline.source
    store, session = source.profile_run.store, source.profile_run.session
    companies = _find_companies(scored.companies, query, offline)
    explained = explain(companies, source.program, live_tiers(companies, source.profile))
    counted = scored.compared.enriched.counted
    remembered = overrides_and_holds_by_company(
        store.overrides.list_open(), scored.compared.holding.open_holds, counted, companies[ID], session.day
    )
    tiers = standing_tiers(explained, companies)
    for company_id, committee in committees_by_company(
        store, source.profile, source.preflight.definitions, tiers
    ).items():
        remembered[company_id] = replace(remembered.get(company_id, NOTHING), committee=committee)
    account = session.account
    verdicts = with_run_verdicts(explained, scored.scores.frame)
    return ExplainResult(verdicts, offline.read_at, account.ui_domain, account.portal_id, remembered)


def _find_companies(companies: pl.DataFrame, query: str, offline: OfflineSource) -> pl.DataFrame:
    reading = f"the last reading of portal {offline.source.profile_run.store.portal_id}"
    if is_record_id(query):
        matches = companies.filter(pl.col(ID).cast(pl.String) == query)
    else:
        matches = find_by_domain_or_name(companies, query, reading)
    if matches.is_empty():
        raise CompanyNotFound(
            f"{reading} has no company with id, domain or name {query}; without --offline the portal is asked"
        )
    return matches
