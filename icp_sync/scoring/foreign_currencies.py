"""Amounts of money in other currencies than the profile's: what they are converted by, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from icp_sync.companies.parse.numbers.currencies import NO_CURRENCY, Currencies, parse_currency_codes
from icp_sync.companies.parse.parsed_columns import ValueKind
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import CURRENCY_OF
from icp_sync.scoring.inputs_to_parse import Requirements

_COMPANIES: Final = "companies:counted"
"""A column that no property's amounts can be in."""
OtherCurrencies = Mapping[str, Mapping[str, int]]
"""Property → currency → how many companies name it there, the most frequent first."""


def count_other_currencies(companies: pl.DataFrame, profile: Profile) -> OtherCurrencies:
    """The currencies amounts are in that the profile neither names as its own nor says the worth of.

    Empty where the profile names no currency of its own.
    """
    own = profile.profile.currency
    if own is None:
        return {}
    by = Currencies(own, profile.profile.currencies or {}, CURRENCY_OF)
    amounts = sorted(
        name
        for name, reading in Requirements.for_profile(profile).source_inputs(profile)
        if reading is ValueKind.NUMBER
    )
    counted = {name: _count_by_currency(companies, name, by) for name in amounts if name in companies.columns}
    return {name: counts for name, counts in counted.items() if counts}


def _count_by_currency(companies: pl.DataFrame, name: str, by: Currencies) -> dict[str, int]:
    beside = by.beside.get(name)
    columns = [name, *(column for column in [beside] if column in companies.columns)]
    # Each amount once, however many companies have it, and all that name no currency as one, which are nearly all. A
    # text without a digit is none, whatever its company names in hs_annual_revenue_currency_code.
    text = pl.col(name)
    named = (
        companies.lazy()
        .select(columns)
        .filter(text.is_not_null())
        .with_columns(pl.when(text.str.contains(NO_CURRENCY)).then(pl.lit("1")).otherwise(text).alias(name))
    )
    amounts = named.group_by(columns).len(_COMPANIES).filter(text.str.contains(r"\d")).collect()
    codes = parse_currency_codes(amounts[name], amounts[beside] if beside in amounts.columns else None, by)
    counted = amounts.select(_COMPANIES, code=codes).drop_nulls().group_by("code").agg(pl.col(_COMPANIES).sum())
    others = counted.filter(~pl.col("code").is_in([by.own, *by.rates]))
    return dict(others.sort([_COMPANIES, "code"], descending=[True, False]).select("code", _COMPANIES).iter_rows())


def describe_foreign_currencies(name: str, counts: Mapping[str, int], profile: Profile) -> str:
    """What is said of a property whose amounts are in other currencies, and what to do."""
    header, total = profile.profile, sum(counts.values())
    listed = ", ".join(f"{code} {count:,}" for code, count in counts.items())
    whose = "company names" if total == 1 else "companies name"
    if header.currencies is None:
        message = f"for {name}, {total:,} {whose} another currency than the profile's {header.currency} ({listed})"
        return f"{message}, and the amounts are compared as they stand; say in profile.currencies what each is worth"
    message = f"for {name}, {total:,} {whose} a currency that profile.currencies does not tell the worth of ({listed})"
    return f"{message}, and the amounts count as unknown; add it there"
