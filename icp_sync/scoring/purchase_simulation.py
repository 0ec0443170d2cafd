"""A purchase tried on patterns: the properties of a group filled, its unanswered criteria all hit, or all missed.

What a company answers already stays as it is, also within the group. Partial credit lies between the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import polars as pl

from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.answer_patterns import (
    COMPANIES,
    UNDECIDED,
    criterion_answer,
    judge_patterns,
    with_assumed_answers,
)
from icp_sync.scoring.answers import HIT, MISS, UNKNOWN
from icp_sync.scoring.data_purchase_groups import PropertyGroup
from icp_sync.scoring.program import Program

GROUP: Final = "group"
"""UInt32 column: the place of a group among those tried."""
PATTERN: Final = "pattern"
"""UInt32 column: the row of a pattern among those tried."""
ASSUMED: Final = "assumed"
"""UInt8 column: HIT or MISS, what the criteria of the group were assumed to be."""
LIFTED: Final = (pl.col(ASSUMED) == HIT) & (pl.col("outcome") == "tiered")
"""Whether the purchase puts a company into a tier, by thresholds: `reached`. Capacity may leave it no place."""
FEWEST_KNOWN: Final = 50
"""Companies that must be known before a rate is stated: of fewer, ten hits more or less are chance."""


def lacks_group(group: PropertyGroup) -> pl.Expr:
    """Whether a company leaves any criterion of the group unanswered (Boolean)."""
    return pl.any_horizontal(criterion_answer(name) == UNKNOWN for name in group.criteria)


def simulate_purchases(patterns: pl.DataFrame, groups: Iterable[PropertyGroup], program: Program) -> pl.DataFrame:
    """Each pattern that lacks a group twice, with it hit and with it missed, judged.

    The columns of `patterns`, with the answers assumed, and `group`, `pattern`, `assumed`, `outcome`, `reached`.
    """
    numbered = patterns.with_row_index(PATTERN)
    tried = [
        numbered.filter(lacks_group(group)).with_columns(
            *with_assumed_answers(group.answers, assumed),
            pl.lit(place, pl.UInt32).alias(GROUP),
            pl.lit(assumed, pl.UInt8).alias(ASSUMED),
        )
        for place, group in enumerate(groups)
        for assumed in (HIT, MISS)
    ]
    # One frame for all: what Polars takes to begin with a query is more than it takes for these rows.
    none = numbered.clear().with_columns(pl.lit(0, pl.UInt32).alias(GROUP), pl.lit(0, pl.UInt8).alias(ASSUMED))
    return judge_patterns(pl.concat([none, *tried]), program)


def count_lifted_at_best(tried: pl.DataFrame, tiers: Collection[str] = TIERS) -> dict[int, dict[str, float]]:
    """Group → tier → companies a purchase puts there at best, of a frame of `simulate_purchases`; no tier with none."""
    rows = tried.filter(LIFTED, pl.col("reached").is_in(sorted(tiers))).group_by(GROUP, "reached")
    counts: dict[int, dict[str, float]] = {}
    for group, tier, companies in rows.agg(pl.col(COMPANIES).sum()).sort(GROUP, "reached").iter_rows():
        counts.setdefault(group, {})[tier] = companies
    return counts


def count_decided_either_way(tried: pl.DataFrame) -> dict[int, float]:
    """Group → companies that a purchase decides whichever way it falls, of a frame of `simulate_purchases`."""
    both = tried.group_by(GROUP, PATTERN).agg((~UNDECIDED).all().alias("decided"), pl.col(COMPANIES).first())
    return dict(both.filter("decided").group_by(GROUP).agg(pl.col(COMPANIES).sum()).iter_rows())


def hit_rate_when_answered(patterns: pl.DataFrame, group: PropertyGroup) -> float | None:
    """The share (0 to 1) of companies that hit all criteria of the group among those that answer them all.

    None where fewer than `FEWEST_KNOWN` do.
    """
    known = pl.all_horizontal(criterion_answer(name) != UNKNOWN for name in group.answers)
    hit = pl.all_horizontal(criterion_answer(name) == HIT for name in group.answers)
    answering, hitting = patterns.select(
        pl.col(COMPANIES).filter(known).sum(), pl.col(COMPANIES).filter(hit).sum().alias("hit")
    ).row(0)
    return hitting / answering if answering >= FEWEST_KNOWN else None
