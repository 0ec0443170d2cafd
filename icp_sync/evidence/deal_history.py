"""From deals as HubSpot holds them to decided deals of companies we score; what is left out is counted by reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import DEAL_COMPANY, MERGED
from icp_sync.profile.model.deals_and_kpis import DEFAULT_YEARS, DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.list_filter import match_verdict, program_for_other_records
from icp_sync.scoring.program import Program

HOME_AMOUNT: Final = "amount_in_home_currency"
NEEDED: Final = ("hs_is_closed", "hs_is_closed_won", "closedate", "createdate", "amount", "deal_currency_code")
"""What every backtest reads of a deal, beside what the profile names."""

Unit = Literal["first", "deal"]

DECIDED: Final = pl.Schema(
    {
        "deal": pl.Int64(),
        "company": pl.Int64(),
        "won": pl.Boolean(),
        "closed": pl.Date(),
        "opened": pl.Datetime("ms"),
        "amount": pl.Float64(),
        "cycle_days": pl.Float64(),
    }
)
"""A decided deal; `amount` and `cycle_days` are null where they are unknown or cannot be."""

KNOWN: Final = pl.Schema(
    {"company": pl.Int64(), "closed": pl.Boolean(), "won": pl.Boolean(), "opened": pl.Datetime("ms")}
)
"""Any deal of a company: whether it is closed, and won; `opened` is null where it is unknown."""

OPEN: Final = "open"
QUARTER: Final = "quarter"
"""Of the strata: the quarter in which a deal was closed, no property of it."""
BEFORE_SINCE: Final = "before_since"
UNDATED: Final = "no_create_date"
OUTSIDE_THEN: Final = "out_of_scope_then"
NOT_WRITTEN_THEN: Final = "nothing_written_then"
_REASONS: Final = ("not_asked_for", OPEN, "no_close_date", "future_close", "closed_before_created", BEFORE_SINCE,
                   "no_company", "company_not_scored", "later_deal")  # fmt: skip
"""Why a deal does not count; the first that applies."""


@dataclass(frozen=True, slots=True)
class DealHistory:
    """Decided deals (`DECIDED`, and the texts asked for by name), open ones, and why others are left out.

    `open_deals`: `company` (Int64) and `amount` of deals asked for that are not decided yet. `all_deals`: every deal of
    a scored company (`KNOWN`), whether it counts or not. `left_out`: reason → deals. `currencies`: more than one where
    amounts cannot be compared; then every amount is null.
    """

    decided: pl.DataFrame
    open_deals: pl.DataFrame
    all_deals: pl.DataFrame
    left_out: Mapping[str, int]
    currencies: tuple[str, ...] = ()

    def with_known_opening(self) -> DealHistory:
        """Without the decided deals of which nobody knows when they opened; they are counted."""
        return self.restrict_to(UNDATED, self.decided.drop_nulls("opened"))

    def restrict_to(self, reason: str, decided: pl.DataFrame) -> DealHistory:
        """With some of the decided deals alone; the others count as left out for `reason`."""
        count = self.decided.height - decided.height
        return replace(self, decided=decided, left_out={**self.left_out, reason: count} if count else self.left_out)


def deal_properties(outcomes: DealOutcomes, extra: Sequence[str] = ()) -> list[str]:
    """The deal properties that a backtest reads."""
    amounts = [outcomes.amount] if outcomes.amount else [HOME_AMOUNT]
    return list(dict.fromkeys([*NEEDED, *amounts, *outcomes.where, *extra]))


def backtest_deal_properties(
    profile: Profile, outcomes: DealOutcomes | None = None, by: str | None = None
) -> list[str]:
    """The deal properties that a backtest of the profile reads, KPIs and strata among them; none where it has no deals.

    `outcomes`: which deals count, by default as the profile says.
    """
    asked = outcomes or profile.outcomes.deals
    kpis = [kpi.property_name for kpi in profile.outcomes.kpis if kpi.deal]
    return deal_properties(asked, [*kpis, *([by] if by and by != QUARTER else [])]) if asked else []


def deal_history(
    deals: pl.DataFrame, companies: pl.DataFrame, outcomes: DealOutcomes, program: Program, by: str | None = None
) -> DealHistory:
    """Sort deals into decided, open and left out.

    `deals`: id, `deal:company` and the properties as text. `companies`: id of every scored company, and
    `hs_merged_object_ids`, by which a deal of a company merged away counts for its survivor; others may stand beside.
    `by`: a deal property that is kept as text, for strata, or `QUARTER`. Deals count up to the program's day.
    """
    other_records = program_for_other_records(program)
    asked = pl.Series("asked", [True]).new_from_index(0, deals.height)
    for name, match in outcomes.where.items():
        asked &= match_verdict(deals, name, match, other_records).fill_null(value=False)
    amount, currencies = _amount_expr(deals.filter(asked), outcomes)
    typed = _typed_deals(deals, amount, by).join(
        _merged_ids(companies), on="company", how="left", maintain_order="left"
    )
    typed = typed.with_columns(company=pl.coalesce("survivor", "company"))
    known = companies.select(company=ID, scored=pl.lit(value=True))
    typed = typed.with_columns(asked).join(known, on="company", how="left", maintain_order="left")
    judged = typed.with_columns(
        reason=_exclusion_reason(first_counted_day(outcomes, program.context.as_of), program.context.as_of)
    )
    if outcomes.unit == "first":
        judged = judged.with_columns(reason=pl.coalesce("reason", _is_later_deal()))
    counts = judged.drop_nulls("reason").group_by("reason").len()
    left_out = dict(sorted(counts.iter_rows(), key=lambda row: _REASONS.index(row[0])))
    extra = [by] if by else []
    decided = judged.filter(pl.col("reason").is_null()).select(*DECIDED, *extra)
    scored = judged.filter("scored")
    still_open = scored.filter(pl.col("reason") == OPEN).select("company", "amount")
    all_deals = scored.select("company", "opened", closed="closed_flag", won=pl.col("closed_flag") & pl.col("won"))
    return DealHistory(decided, still_open, all_deals.select(*KNOWN), left_out, currencies)


def first_counted_day(outcomes: DealOutcomes, as_of: dt.date) -> dt.date:
    """The day from which on closed deals count."""
    if outcomes.since is not None:
        return outcomes.since
    leap_day = (as_of.month, as_of.day) == (2, 29)  # which has no twin three years before
    return as_of.replace(year=as_of.year - DEFAULT_YEARS, day=28 if leap_day else as_of.day)


def _typed_deals(deals: pl.DataFrame, amount: pl.Expr, by: str | None) -> pl.DataFrame:
    closed, opened = _moment_expr("closedate"), _moment_expr("createdate")
    return deals.select(
        pl.col(ID).alias("deal"),
        company=pl.col(DEAL_COMPANY).cast(pl.Int64, strict=False),
        closed_flag=(pl.col("hs_is_closed") == "true").fill_null(value=False),
        won=(pl.col("hs_is_closed_won") == "true").fill_null(value=False),
        closed_at=closed,
        closed=closed.dt.date(),
        opened=opened,
        amount=amount,
        cycle_days=((closed - opened).dt.total_seconds() / 86_400).clip(lower_bound=0),
        **({by: _stratum_expr(by, closed)} if by else {}),
    )


def _stratum_expr(by: str, closed: pl.Expr) -> pl.Expr:
    return pl.format("{} Q{}", closed.dt.year(), closed.dt.quarter()) if by == QUARTER else pl.col(by)


def _exclusion_reason(since: dt.date, as_of: dt.date) -> pl.Expr:
    """Why a deal does not count, null where it does; dates stand in UTC, as HubSpot keeps them."""
    conditions = (
        ~pl.col("asked"),
        ~pl.col("closed_flag"),
        pl.col("closed").is_null(),
        pl.col("closed") > as_of,
        _closed_before_opened(),
        pl.col("closed") < since,
        pl.col("company").is_null(),
        pl.col("scored").is_null(),
    )
    pairs = zip(conditions, _REASONS, strict=False)
    return pl.coalesce(pl.when(condition).then(pl.lit(reason)) for condition, reason in pairs)


def _closed_before_opened() -> pl.Expr:
    """Whether a deal ended before it began; one closed at midnight has the day alone, and may have begun that day."""
    closed, opened = pl.col("closed_at"), pl.col("opened")
    is_midnight = closed == closed.dt.truncate("1d")
    return closed < pl.when(is_midnight).then(opened.dt.truncate("1d")).otherwise(opened)


def _is_later_deal() -> pl.Expr:
    """Marks the deals of a company that are not its first, by closing and then by id.

    One that closed before the first day that counts is the first all the same: what comes after it is a customer's.
    """
    counts = pl.col("reason").is_null()
    order = pl.struct("closed_at", "deal").rank("ordinal").over("company", counts | (pl.col("reason") == BEFORE_SINCE))
    return pl.when(counts & (order > 1)).then(pl.lit(_REASONS[-1]))


def _merged_ids(companies: pl.DataFrame) -> pl.DataFrame:
    """`company` (an id merged away) → `survivor`."""
    schema = {"company": pl.Int64, "survivor": pl.Int64}
    if MERGED not in companies.columns:
        return pl.DataFrame(schema=schema)
    merged = companies.select(survivor=ID, company=pl.col(MERGED).str.split(";")).drop_nulls("company")
    ids = merged.explode("company").with_columns(pl.col("company").cast(pl.Int64, strict=False))
    return ids.drop_nulls("company").unique("company").select(*schema)


def _amount_expr(deals: pl.DataFrame, outcomes: DealOutcomes) -> tuple[pl.Expr, tuple[str, ...]]:
    """The amount of a deal, and the currencies of `deals`, those asked for, that keep it from being one."""
    if outcomes.amount is not None:
        return _positive_amount_expr(outcomes.amount), ()
    if HOME_AMOUNT in deals.columns and deals[HOME_AMOUNT].replace("", None).count():
        return _positive_amount_expr(HOME_AMOUNT), ()
    currencies = sorted(set(deals["deal_currency_code"].drop_nulls()) - {""})
    if len(currencies) > 1:
        return pl.lit(None, pl.Float64), tuple(currencies)
    return _positive_amount_expr("amount"), ()


def _positive_amount_expr(name: str) -> pl.Expr:
    """A positive finite number; 0 means that nobody entered one."""
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite() & (number > 0)).then(number)


def _moment_expr(name: str) -> pl.Expr:
    """A date and time of HubSpot (ISO 8601, UTC; a day alone stands for its midnight)."""
    text = pl.col(name)
    precise = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms", strict=False)
    return pl.coalesce(precise, text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("ms")))
