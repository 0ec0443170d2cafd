"""Explain by the last reading: what a plan would make of a company, with no call and no token."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.errors import AmbiguousCompany, CompanyNotFound
from icp_sync.plan.company_memory import NOTHING
from icp_sync.runs.committees import committees_by_company
from icp_sync.runs.explain import (
    ExplainResult,
    domain_in,
    is_record_id,
    live_tiers,
    overrides_and_holds_by_company,
    standing_tiers,
    with_run_verdicts,
)
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.scoring.explain import explain

_MAX_LISTED: Final = 100


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
    named = with_missing_columns(companies, ("name", "domain"))
    if is_record_id(query):
        matches = named.filter(pl.col(ID).cast(pl.String) == query)
    else:
        matches = named.filter(pl.col("domain").str.to_lowercase() == domain_in(query).lower())
        matches = _find_by_name(named, query, offline) if matches.is_empty() else matches
    if matches.is_empty():
        raise CompanyNotFound(
            f"{_last_reading_text(offline)} has no company with id, domain or name {query}; "
            "without --offline the portal is asked"
        )
    return matches.select(companies.columns)


def _find_by_name(named: pl.DataFrame, query: str, offline: OfflineSource) -> pl.DataFrame:
    """The one company of that name, else the one whose name has all its words."""
    name = pl.col("name").str.to_lowercase()
    words = [word for word in query.lower().split() if any(letter.isalnum() for letter in word)]
    exact = named.filter(name == query.lower())
    has_all = [name.str.split(" ").list.contains(word) for word in words]
    matches = exact if exact.height or not words else named.filter(pl.all_horizontal(has_all))
    if matches.height > 1:
        rows = matches.head(_MAX_LISTED).to_dicts()
        candidates = [{"id": str(row[ID]), "name": row["name"], "domain": row["domain"]} for row in rows]
        raise AmbiguousCompany(
            f"{_last_reading_text(offline)} has {matches.height:,} companies that go by {query}; name one by its id",
            details=candidates,
        )
    return matches


def _last_reading_text(offline: OfflineSource) -> str:
    return f"the last reading of portal {offline.source.profile_run.store.portal_id}"
