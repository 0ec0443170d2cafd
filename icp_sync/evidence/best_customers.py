"""The best customers by what they bring: won revenue, the latest upsell, and the profile's KPIs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.document_types import Count, DocumentPart, Share
from icp_sync.evidence.kpis import kpi_value_expr
from icp_sync.profile.model.deals_and_kpis import Kpi

REVENUE, UPSELL = "won_revenue", "latest_upsell"
_KPI: Final = "kpi:"


class CustomerRank(DocumentPart):
    """Where a customer stands by one measure: `rank` 1 is the best of the `known`; all null where it is not known.

    `ahead_of`: the share of the others it is ahead of, ties counted half; who never bought again is last by the upsell.
    """

    measure: str
    value: float | str | None
    rank: Count | None
    known: Count
    ahead_of: Share | None


class Customer(DocumentPart):
    """A company that bought. `standing`: the mean of `ahead_of`, 1 where it is best by every measure known."""

    id: int
    won_deals: Count
    standing: Share
    ranks: tuple[CustomerRank, ...]


class CustomersDocument(DocumentPart):
    """The best of all `customers`. `deals` were read, of which those `left_out` by reason do not count.

    `interviews`: the sheet that was written, null if none.
    """

    format: int = 1
    profile: str
    portal_id: int
    as_of: dt.date
    deals: Count
    left_out: dict[str, Count]
    customers: Count
    currencies: tuple[str, ...]
    top: tuple[Customer, ...]
    interviews: str | None = None


def rank_best_customers(
    decided: pl.DataFrame, companies: pl.DataFrame, deals: pl.DataFrame, kpis: Sequence[Kpi], top: int
) -> tuple[int, tuple[Customer, ...]]:
    """How many companies bought, and the best of them.

    `decided`: every decided deal; `companies`, `deals`: the texts that KPIs read. An upsell is a won deal after a
    company's first; who never bought again is last by it. What is not known counts neither for a customer nor against.
    """
    won = decided.filter("won").sort("closed")
    customers = won.group_by("company").agg(
        won_deals=pl.len(),
        **{
            REVENUE: pl.when(pl.col("amount").count() > 0).then(pl.col("amount").sum()),
            UPSELL: pl.when(pl.len() > 1).then(pl.col("closed").last()),
        },
    )
    for kpi in kpis:
        customers = customers.join(_kpi_values(kpi, decided, companies, deals), on="company", how="left")
    ranked = customers.with_columns(column for columns in _measure_rank_columns(kpis) for column in columns)
    standings = [_percentile_column(name) for name in _measure_names(kpis)]
    ordered = ranked.with_columns(standing=pl.mean_horizontal(standings).fill_null(0)).sort(
        ["standing", REVENUE, "company"], descending=[True, True, False], nulls_last=True
    )
    rows = ordered.head(top).iter_rows(named=True)
    known = {name: int(customers[name].count()) for name in _measure_names(kpis)}
    return customers.height, tuple(_customer(row, known) for row in rows)


def _measure_names(kpis: Sequence[Kpi]) -> list[str]:
    return [REVENUE, UPSELL, *map(_kpi_column, kpis)]


def _kpi_column(kpi: Kpi) -> str:
    """The column of a KPI, which may be called as one of ours."""
    return f"{_KPI}{kpi.id}"


def _measure_rank_columns(kpis: Sequence[Kpi]) -> Iterator[list[pl.Expr]]:
    """Of each measure the rank, and the percentile it makes."""
    lower = {_kpi_column(kpi) for kpi in kpis if kpi.better == "lower"}
    for name in _measure_names(kpis):
        # Whoever never bought again is known not to have: after all that did.
        value = pl.col(name).fill_null(dt.date.min) if name == UPSELL else pl.col(name)
        best_first = name not in lower
        place = (value.rank("average", descending=best_first) - 1) / (value.count() - 1).clip(1)
        rank = pl.col(name).rank("min", descending=best_first)
        yield [rank.alias(f"{name}:rank"), (1 - place).alias(f"{name}:percentile")]


def _percentile_column(name: str) -> pl.Expr:
    return pl.col(f"{name}:percentile")


def _kpi_values(kpi: Kpi, decided: pl.DataFrame, companies: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """`company` and the KPI of it; of one that stands on deals the mean over its decided ones."""
    texts, key = (deals, "deal") if kpi.deal else (companies, "company")
    name = _kpi_column(kpi)
    if kpi.property_name not in texts.columns:
        return pl.DataFrame(schema={"company": pl.Int64, name: pl.Float64})
    values = texts.select(pl.col(ID).alias(key), text=kpi.property_name).select(key, kpi_value_expr(kpi).alias(name))
    if kpi.deal:
        values = decided.select("deal", "company").join(values, on="deal")
    return values.group_by("company").agg(pl.col(name).mean())


def _customer(row: dict[str, object], known: dict[str, int]) -> Customer:
    ranks = []
    for name, count in known.items():
        value, rank = row[name], row[f"{name}:rank"]
        written = value.isoformat() if isinstance(value, dt.date) else value
        place = {"rank": rank, "known": count, "ahead_of": row[f"{name}:percentile"]}
        ranks.append({"measure": name.removeprefix(_KPI), "value": written, **place})
    fields = {"id": row["company"], "won_deals": row["won_deals"], "standing": row["standing"], "ranks": ranks}
    return Customer.model_validate(fields)
