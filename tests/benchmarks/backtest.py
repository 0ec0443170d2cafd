"""A backtest of 100,000 companies and 50,000 deals from local state: scoring the snapshot is part of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.evidence.backtest import ScoredDeals, backtest
from icp_sync.evidence.deal_history import NEEDED, deal_history
from icp_sync.evidence.leaks import leaks_by_deal_written_properties, leaks_by_fill_rate
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.property_reads import property_names_read
from icp_sync.sandbox import SandboxPortal, generate_companies, generate_deals
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.benchmarks.bars import Figure

COMPANIES: Final = 100_000
DEALS: Final = 50_000
PROFILE: Final = Path(__file__).parents[2] / "config" / "icp.yaml"


def measure() -> Iterator[Figure]:
    """CPU from company texts and deals to the verdict, by first deals and by all of them."""
    profile = parse_profile(PROFILE.read_bytes(), str(PROFILE)).profile
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    generate_deals(portal, DEALS)
    companies = portal.companies_frame(*property_names_read(profile))
    deals = deal_frame(portal)
    program = compile_profile(profile, dt.datetime.now(dt.UTC).date())
    for unit in ("first", "deal"):
        started = time.process_time()
        scores = score(companies, program).frame
        history = deal_history(deals, companies, DealOutcomes(unit=unit), program)
        leaks_by_deal_written_properties(profile), leaks_by_fill_rate(profile, scores, history.decided)
        backtest(ScoredDeals.from_scores(scores, history), unit, program.context.as_of)
        ended = time.process_time()
        yield Figure(f"backtest of 100,000 companies and 50,000 deals, unit {unit}, CPU", ended - started, 5, "s")


def deal_frame(portal: SandboxPortal) -> pl.DataFrame:
    """The deals as the portal's reader gives them."""
    store = portal.objects["deals"]
    ids, rows = store.records.live_ids_and_rows()
    index = pl.Series(rows, dtype=pl.UInt32)
    texts = [store.records.full_column(name).gather(index).alias(name) for name in (*NEEDED, "amount_in_home_currency")]
    company = store.records.full_column("hs_primary_associated_company").gather(index).alias("deal:company")
    return pl.DataFrame([pl.Series("id", ids, dtype=pl.Int64), *texts, company])
