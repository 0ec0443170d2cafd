"""4,631 real deals, whose win rate is chance: by first deals there are too few, by all of them no tier differs."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from icp_sync.companies.frame import with_missing_columns
from icp_sync.evidence.backtest import BacktestFigures, ScoredDeals, backtest
from icp_sync.evidence.deal_history import NEEDED, Unit, deal_history
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.property_reads import property_names_read
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
TODAY: Final = dt.date(2026, 11, 29)
SINCE: Final = dt.date(2016, 1, 1)
"""The deals are older than the three years that count by default."""

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the real companies (../shared/data) are absent, as in a fresh clone"
)


@cache
def frames() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The companies that have deals, and all deals, as a portal's reader gives them."""
    deals = pl.read_parquet(DATA / "deals_real_shared.parquet").drop_nulls("company_key")
    companies = pl.read_parquet(DATA / "companies_real_shared.parquet").with_columns(pl.all().cast(pl.String))
    companies = companies.join(deals, on="company_key", how="semi").with_row_index("id", 1)
    numbered = companies.with_columns(pl.col("id").cast(pl.Int64))
    ids = numbered.select("company_key", pl.col("id").cast(pl.String).alias("deal:company"))
    texts = deals.with_columns(pl.all().cast(pl.String)).join(ids, on="company_key").with_row_index("id", 1)
    read = with_missing_columns(texts.with_columns(pl.col("id").cast(pl.Int64)), list(NEEDED))
    return numbered, read.select("id", "deal:company", *NEEDED)


def backtest_of(template: str, unit: Unit) -> BacktestFigures:
    profile = parse_profile(templates.template_text(template), template).profile
    companies, deals = frames()
    program = compile_profile(profile, TODAY)
    scores = score(with_missing_columns(companies, list(property_names_read(profile))), program).frame
    history = deal_history(deals, companies, DealOutcomes(unit=unit, since=SINCE), program)
    return backtest(ScoredDeals.from_scores(scores, history), unit, TODAY)


@pytest.mark.parametrize("template", templates.template_names())
def test_first_deals_are_too_few(template: str) -> None:
    result = backtest_of(template, "first")
    assert (result.tiers[-1].decided, result.tiers[-1].won) == (50, 43)
    assert result.verdict.code == "too_few"


@pytest.mark.slow
@pytest.mark.parametrize("template", templates.template_names())
def test_by_all_deals_no_tier_differs(template: str) -> None:
    result = backtest_of(template, "deal")
    assert result.tiers[-1].decided == 4_237
    assert result.verdict.code == "no_difference"
    assert result.verdict.sentence.startswith(
        "The fit score is no better than a coin toss in these deals, and tier 1 is untested:"
    )
