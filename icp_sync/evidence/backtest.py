"""Deals held against tiers and fit scores: every number of a backtest but the verdict's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.backtest_verdict import compare_tiers, tier_verdict
from icp_sync.evidence.deal_history import DealHistory, Unit
from icp_sync.evidence.design_effect import cautious_design_effect
from icp_sync.evidence.document_types import (
    EMPTY,
    Auc,
    BoundedDifference,
    GainPoint,
    MarketRow,
    Strata,
    Stratum,
    Tests,
    TierRow,
    Use,
    Verdict,
)
from icp_sync.evidence.gain_curve import gain_curve, is_concentrated
from icp_sync.evidence.score_ranking import Flags, Floats, auc, clustered_auc
from icp_sync.evidence.stratified_comparison import common_difference, common_odds_ratio
from icp_sync.evidence.tier_tables import GROUP, add_tier_group, market_rows, tallies_by_group, tier_rows, tier_use
from icp_sync.evidence.win_rates import FEWEST, Tally
from icp_sync.evidence.win_rates_by_score import ScoreFigures, verdict_by_score

SEED: Final = 20_261_129
_VERDICT: Final = (ID, GROUP, "score", "disqualified_by")


@dataclass(frozen=True, slots=True)
class ScoredDeals:
    """Companies as scored with their `group`, and the deals of those, each with its group, fit score and disqualifier.

    `companies`, `open_deals` and `all_deals` are as of now. `decided`: what is judged, with `past` by what its
    companies were.
    """

    companies: pl.DataFrame
    decided: pl.DataFrame
    open_deals: pl.DataFrame
    all_deals: pl.DataFrame
    past: bool = False

    @classmethod
    def from_scores(cls, scores: pl.DataFrame, history: DealHistory, past: pl.DataFrame | None = None) -> ScoredDeals:
        """Join deals with a score frame (id, score, tier, outcome, disqualified_by).

        `past`: such a frame by the ids of deals, each as its company was in the past; deals that it lacks are left out.
        """
        companies = add_tier_group(scores)
        by_company = companies.select(_VERDICT).rename({ID: "company"})
        open_deals, all_deals = (
            deals.join(by_company, on="company", maintain_order="left")
            for deals in (history.open_deals, history.all_deals)
        )
        if past is None:
            decided = history.decided.join(by_company, on="company", maintain_order="left")
            return cls(companies, decided, open_deals, all_deals)
        by_deal = add_tier_group(past).select(_VERDICT).rename({ID: "deal"})
        decided = history.decided.join(by_deal, on="deal", maintain_order="left")
        return cls(companies, decided, open_deals, all_deals, past=True)

    @property
    def companies_to_count(self) -> pl.DataFrame:
        """The companies a table counts by `group`: all of them, in the past those whose deals are decided."""
        return self.decided.select(pl.col("company").alias(ID), GROUP).unique() if self.past else self.companies


@dataclass(frozen=True, slots=True)
class BacktestFigures:
    """What the deals show; `design_effect` is 1 where a company counts once."""

    tiers: tuple[TierRow, ...]
    tests: Tests
    auc: Auc
    gain: tuple[GainPoint, ...]
    concentrated: bool | None
    market: tuple[MarketRow, ...]
    use: Use
    verdict: Verdict
    design_effect: float


def backtest(judged: ScoredDeals, unit: Unit, as_of: dt.date) -> BacktestFigures:
    """Hold the deals against the tiers. With `unit` deal, as many deals count as their companies are worth."""
    decided = judged.decided
    effect = cautious_design_effect(decided["won"].to_numpy(), decided["company"].to_numpy())
    tallies, figures = tallies_by_group(decided), ScoreFigures.of(_auc(decided, unit), *_score_arrays(decided))
    tests = compare_tiers(tallies, effect)
    rows = tier_rows(judged.companies_to_count, decided, judged.open_deals, effect)
    return BacktestFigures(
        tiers=rows,
        tests=tests,
        auc=figures.auc,
        gain=gain_curve(*_score_arrays(decided), decided["amount"].fill_null(0).to_numpy()),
        concentrated=is_concentrated(rows),
        market=market_rows(judged.companies, judged.all_deals),
        use=tier_use(judged.all_deals, judged.open_deals, as_of),
        verdict=verdict_by_score(tier_verdict(tallies, tests, effect), tallies, tests, figures, effect),
        design_effect=effect,
    )


def compare_within_strata(judged: ScoredDeals, by: str, design_effect: float) -> Strata:
    """Tier 1 against the rest within each value of a deal property; the strata with the most deals first."""
    values = pl.col(by).replace("", None).fill_null(EMPTY)
    first = pl.col(GROUP) == "tier_1"
    counts = judged.decided.group_by(value=values).agg(
        tier_1_decided=first.sum(),
        tier_1_won=(first & pl.col("won")).sum(),
        rest_decided=(~first).sum(),
        rest_won=(~first & pl.col("won")).sum(),
    )
    ordered = counts.sort(pl.col("tier_1_decided") + pl.col("rest_decided"), pl.col("value"), descending=[True, False])
    rows = [Stratum(**row) for row in ordered.iter_rows(named=True)]
    pairs = _stratum_tallies(rows, design_effect)
    odds, gap = common_odds_ratio(pairs), common_difference(pairs)
    return Strata(
        by=by,
        rows=tuple(rows),
        odds_ratio=odds and odds.odds.value,
        low=odds and odds.odds.low,
        high=odds and odds.odds.high,
        left_out=odds.left_out if odds else len(rows),
        difference=gap and BoundedDifference(difference=gap.value, low=gap.low, high=gap.high),
    )


def _stratum_tallies(rows: Sequence[Stratum], design_effect: float) -> list[tuple[Tally, Tally]]:
    """Tier 1 and the rest of each stratum, as many deals as they are worth."""
    pairs = ((Tally(row.tier_1_won, row.tier_1_decided), Tally(row.rest_won, row.rest_decided)) for row in rows)
    return [
        (first.divide_by_design_effect(design_effect), rest.divide_by_design_effect(design_effect))
        for first, rest in pairs
    ]


def _auc(decided: pl.DataFrame, unit: Unit) -> Auc:
    won = int(decided["won"].sum())
    if min(won, decided.height - won) < FEWEST:
        return Auc(value=None, low=None, high=None, too_few=True)
    scores, outcomes = _score_arrays(decided)
    if unit == "deal":
        interval = clustered_auc(scores, outcomes, decided["company"].to_numpy(), SEED)
    else:
        interval = auc(scores, outcomes)
    return Auc(
        value=interval and interval.value,
        low=interval and interval.low,
        high=interval and interval.high,
        too_few=interval is None,
    )


def _score_arrays(
    decided: pl.DataFrame,
) -> tuple[Floats, Flags]:
    """Fit scores and whether won; a company without a score proved nothing, as 0 does."""
    return decided["score"].fill_null(0).to_numpy(), decided["won"].to_numpy()
