"""Tiers that people and automations set since the last run: from which to which, and who did it as far as known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.input_differences import UNKNOWN_TEXT
from icp_sync.plan.history_sources import describe_source

SET_BY_OTHERS: Final = pl.Schema({"id": pl.Int64, "before": pl.String, "after": pl.String, "by": pl.String})
"""One row a company: its tier before somebody set another (`before`), what was set ("" = none), and who did it."""
SOMEBODY: Final = "somebody"
_SOURCE: Final = ("source_type", "source_id", "user_id", "source_label")


@dataclass(frozen=True, slots=True)
class TierSetByOthers:
    """Companies whose tier the same author set from `before` to `after` ("" = no tier)."""

    before: str
    after: str
    by: str
    companies: int


def tiers_set_by_others(decisions: pl.DataFrame, questions: pl.DataFrame, tier: str | None) -> pl.DataFrame:
    """The tiers that stand from this run on as somebody else set them (`SET_BY_OTHERS`).

    `decisions`, `questions`: of `overrides.decide_writes`. Left out is one of which it is not known what stood before.
    """
    opened = decisions.filter(pl.col("property") == pl.lit(tier), pl.col("action").is_in(["open", "replace"]))
    before = questions.select("id", "property", before=pl.coalesce("override", "base"))
    rows = opened.join(before, on=["id", "property"], how="inner", maintain_order="left")
    rows = rows.filter(pl.col("before") != pl.col("value"), pl.col("before") != UNKNOWN_TEXT)
    sources = rows.select(_SOURCE).unique(maintain_order=True)
    authors = [
        SOMEBODY if source_type is None else describe_source(source_type, *rest)
        for source_type, *rest in sources.iter_rows()
    ]
    named = sources.with_columns(by=pl.Series(authors, dtype=pl.String))
    rows = rows.join(named, on=_SOURCE, how="left", nulls_equal=True, maintain_order="left")
    return rows.select("id", "before", after="value", by="by").cast(SET_BY_OTHERS)


def count_by_author(moves: pl.DataFrame) -> tuple[TierSetByOthers, ...]:
    """How many companies each author moved from which tier to which, the most first."""
    counts = moves.group_by("before", "after", "by").agg(companies=pl.len())
    ordered = counts.sort("companies", "before", "after", "by", descending=[True, False, False, False])
    return tuple(TierSetByOthers(**row) for row in ordered.iter_rows(named=True))


def moves_by_author_text(moves: Iterable[TierSetByOthers]) -> str:
    """`1 by user 31 (tier 1 → tier 3)`."""
    return ", ".join(
        f"{move.companies:,} by {move.by} ({_tier_words(move.before)} → {_tier_words(move.after)})" for move in moves
    )


def _tier_words(tier: str) -> str:
    return tier.replace("_", " ") or "no tier"
