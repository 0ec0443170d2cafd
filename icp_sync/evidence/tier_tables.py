"""Deals by tier: counts, rates, amounts, and where the companies of each tier stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.amount_statistics import FEWEST_VALUES
from icp_sync.evidence.document_types import ALL, GROUPS, MarketRow, TierRow, Use
from icp_sync.evidence.win_rates import Tally, enough_deals, wilson_interval

GROUP: Final = "group"
_BEST: Final = ("tier_1", "tier_2")
_NEW_DAYS: Final = 90


def add_tier_group(scores: pl.DataFrame) -> pl.DataFrame:
    """The score frame with `group`: a company's tier, else its outcome."""
    return scores.with_columns(pl.coalesce("tier", "outcome").alias(GROUP))


def tallies_by_group(decided: pl.DataFrame) -> dict[str, Tally]:
    """Decided and won deals of each group that has any, of decided deals with their `group`."""
    counts = decided.group_by(GROUP).agg(won=pl.col("won").sum(), decided=pl.len())
    return {group: Tally(float(won), float(total)) for group, won, total in counts.iter_rows()}


def tier_rows(
    companies: pl.DataFrame, decided: pl.DataFrame, open_deals: pl.DataFrame, design_effect: float
) -> tuple[TierRow, ...]:
    """A row a tier and outcome, and one over all. `companies`: id and `group`; deals with the `group` of theirs."""
    tallies = tallies_by_group(decided)
    whole = Tally(float(decided["won"].sum()), float(decided.height))
    counts: Mapping[str, int] = dict(companies.group_by(GROUP).len().iter_rows())
    amounts = _amount_statistics_by_group(decided, open_deals)
    rows = [
        _row(group, counts.get(group, 0), tallies.get(group, Tally(0, 0)), whole, design_effect, amounts.get(group, {}))
        for group in GROUPS
    ]
    return (*rows, _row(ALL, companies[ID].n_unique(), whole, whole, design_effect, amounts[ALL]))


def market_rows(companies: pl.DataFrame, deals: pl.DataFrame) -> tuple[MarketRow, ...]:
    """By tier: companies that bought, that are being sold to, that said no, and that nobody asked.

    `deals`: all there are, since a customer is one whatever a backtest counts.
    """
    stands = (
        pl.when(pl.col(ID).is_in(_company_ids_expr(deals.filter("won"))))
        .then(pl.lit("customers"))
        .when(pl.col(ID).is_in(_company_ids_expr(deals.filter(~pl.col("closed")))))
        .then(pl.lit("open"))
        .when(pl.col(ID).is_in(_company_ids_expr(deals)))
        .then(pl.lit("lost"))
        .otherwise(pl.lit("untouched"))
    )
    counts = companies.group_by(GROUP, stands.alias("stands")).len()
    by_kind = {(group, where): count for group, where, count in counts.iter_rows()}
    kinds = ("customers", "open", "lost", "untouched")
    return tuple(MarketRow(tier=group, **{kind: by_kind.get((group, kind), 0) for kind in kinds}) for group in GROUPS)


def tier_use(deals: pl.DataFrame, open_deals: pl.DataFrame, as_of: dt.date) -> Use:
    """How much of what sales works on lies in tier 1 and 2; `deals`: all there are."""
    total = float(open_deals["amount"].sum())
    best = float(open_deals.filter(pl.col(GROUP).is_in(_BEST))["amount"].sum())
    since = as_of - dt.timedelta(days=_NEW_DAYS)
    recent = deals.filter(pl.col("opened").dt.date().is_between(since, as_of))
    return Use(
        open_pipeline=min(1.0, best / total) if total else None,  # summed in another order, all may exceed the total
        new_deals=float(recent[GROUP].is_in(_BEST).sum()) / recent.height if recent.height else None,
        new_deals_counted=recent.height,
    )


def _row(
    group: str, companies: int, tally: Tally, whole: Tally, design_effect: float, amounts: Mapping[str, float | None]
) -> TierRow:
    shown = tally.divide_by_design_effect(design_effect)
    interval = wilson_interval(shown) if enough_deals(shown) else None
    rate = None if interval is None else interval.value
    return TierRow(
        tier=group,
        companies=companies,
        decided=int(tally.decided),
        won=int(tally.won),
        rate=rate,
        low=interval and interval.low,
        high=interval and interval.high,
        lift=rate / whole.rate if rate is not None and whole.rate else None,
        median_amount=amounts.get("median_amount"),
        median_cycle_days=amounts.get("median_cycle_days"),
        revenue_share=amounts.get("revenue_share"),
        open_pipeline=amounts.get("open_pipeline"),
        too_few=interval is None,
    )


def _amount_statistics_by_group(decided: pl.DataFrame, open_deals: pl.DataFrame) -> dict[str, dict[str, float | None]]:
    """By group, and for all: medians of won deals (from ten values on), share of won amounts, open amounts."""
    won = decided.filter("won")
    revenue = float(won["amount"].sum())
    figures = [
        _median_expr("amount").alias("median_amount"),
        _median_expr("cycle_days").alias("median_cycle_days"),
        _revenue_share_expr(revenue).alias("revenue_share"),
    ]
    pipeline = pl.when(pl.col("amount").count() > 0).then(pl.col("amount").sum()).alias("open_pipeline")
    rows: dict[str, dict[str, float | None]] = {}
    for frame, expressions in ((won, figures), (open_deals, [pipeline])):
        for row in frame.group_by(GROUP).agg(expressions).iter_rows(named=True):
            rows.setdefault(row.pop(GROUP), {}).update(row)
        rows.setdefault(ALL, {}).update(frame.select(expressions).row(0, named=True))
    return rows


def _revenue_share_expr(revenue: float) -> pl.Expr:
    """A group's share of the revenue; floating point sums groups in an order of its own, to 1.0000000000000002."""
    return (pl.col("amount").sum() / revenue).clip(upper_bound=1) if revenue else pl.lit(None, pl.Float64)


def _median_expr(name: str) -> pl.Expr:
    return pl.when(pl.col(name).count() >= FEWEST_VALUES).then(pl.col(name).median())


def _company_ids_expr(deals: pl.DataFrame) -> pl.Series:
    return deals["company"].unique().implode()
