"""KPIs by tier: the median of a number, the share of yes of a flag, for companies where it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.amount_statistics import FEWEST_VALUES
from icp_sync.evidence.backtest import ScoredDeals
from icp_sync.evidence.document_types import GROUPS, KpiRow
from icp_sync.evidence.tier_tables import GROUP
from icp_sync.profile.model.deals_and_kpis import Kpi


def kpi_rows(
    kpis: Sequence[Kpi], companies: pl.DataFrame, judged: ScoredDeals, deals: pl.DataFrame
) -> tuple[KpiRow, ...]:
    """A row a KPI and tier. `companies` and `deals` hold the texts; a KPI the snapshot lacks has no known value."""
    return tuple(row for kpi in kpis for row in _rows(kpi, _kpi_property_texts(kpi, companies, judged, deals)))


def churn_by_company(
    kpis: Sequence[Kpi], companies: pl.DataFrame, judged: ScoredDeals, deals: pl.DataFrame
) -> pl.DataFrame:
    """`company` and `value` (1 left, 0 stayed) where known, by the first flag that is better lower; else empty."""
    kpi = next((kpi for kpi in kpis if kpi.kind == "flag" and kpi.better == "lower"), None)
    texts = deals if kpi is not None and kpi.deal else companies
    if kpi is None or kpi.property_name not in texts.columns:
        return pl.DataFrame(schema={"company": pl.Int64, "value": pl.Float64})
    keyed = texts.select(key=ID, text=kpi.property_name).with_columns(value=kpi_value_expr(kpi)).drop_nulls("value")
    own = judged.decided.select("company", key="deal" if kpi.deal else "company").unique()
    return own.join(keyed, on="key").group_by("company").agg(pl.col("value").max())


def _kpi_property_texts(kpi: Kpi, companies: pl.DataFrame, judged: ScoredDeals, deals: pl.DataFrame) -> pl.DataFrame:
    """`group` and the KPI's text, of companies or of their decided deals."""
    name = kpi.property_name
    own, texts = (judged.decided, deals) if kpi.deal else (judged.companies, companies)
    if name not in texts.columns:
        return pl.DataFrame(schema={GROUP: pl.String, "text": pl.String})
    return own.select(GROUP, key="deal" if kpi.deal else ID).join(texts.select(key=ID, text=name), on="key")


def _rows(kpi: Kpi, texts: pl.DataFrame) -> Iterator[KpiRow]:
    values = texts.select(GROUP, value=kpi_value_expr(kpi)).drop_nulls("value")
    figure = pl.col("value").mean() if kpi.kind == "flag" else pl.col("value").median()
    shown = pl.when(pl.len() >= FEWEST_VALUES).then(figure).alias("value")
    figures = {group: (known, value) for group, known, value in values.group_by(GROUP).agg(pl.len(), shown).iter_rows()}
    for group in GROUPS:
        known, value = figures.get(group, (0, None))
        yield KpiRow(kpi=kpi.id, tier=group, known=known, value=value)


def kpi_value_expr(kpi: Kpi) -> pl.Expr:
    """A KPI as a number, of the column `text`; of a flag 1 and 0; null where it cannot be read."""
    return _flag_expr() if kpi.kind == "flag" else _number_expr()


def _number_expr() -> pl.Expr:
    number = pl.col("text").cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def _flag_expr() -> pl.Expr:
    text = pl.col("text").str.to_lowercase()
    return pl.when(text.is_in(["true", "yes", "1"])).then(1.0).when(text.is_in(["false", "no", "0"])).then(0.0)
