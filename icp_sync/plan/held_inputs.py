"""Holds: a company whose input was lost is scored with the old text until it returns or its days are over.

Pure: yesterday's holds in, today's out. A hold needs no forgetting: where the input is not lost any more, since a text
can be read again, the company is gone or outside the scope, or the profile asks no more for it, it is not among them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import DIFFERENCES, KEY, PROPERTY, SINCE, restore_old_texts
from icp_sync.plan.ownership import OURS
from icp_sync.plan.run_report import HeldInputs
from icp_sync.plan.who_emptied_inputs import EMPTIED_AT, EMPTIED_BY, summarise_emptied
from icp_sync.profile.model.outputs import Hold
from icp_sync.scoring.lost_inputs import OUTSIDE, is_readable, lost_inputs
from icp_sync.scoring.program import Program

STATE: Final = "state"
HELD: Final = "held"
ENDED: Final = "ended"
STOOD_STILL: Final = "stood_still"
"""Duration: how long the days did not count, in outages that are over."""
OUTAGE_SINCE: Final = "outage_since"
"""Datetime (UTC): when the present outage of the property was first seen; null where there is none."""
HOLDS: Final = pl.Schema(
    {
        **DIFFERENCES,
        STATE: pl.String(),
        STOOD_STILL: pl.Duration("us"),
        OUTAGE_SINCE: pl.Datetime("us", "UTC"),
        EMPTIED_AT: pl.Datetime("us", "UTC"),
        EMPTIED_BY: pl.String(),
    }
)
NO_HOLDS: Final = HOLDS.to_frame()
ENDED_AT: Final = "ended_at"
HOLD_ENDS: Final = pl.Schema({ID: pl.Int64(), PROPERTY: pl.String(), ENDED_AT: pl.Datetime("us", "UTC")})
"""Holds that a run or a person ended, on any host, and when."""
MIN_COMPANIES_TO_JUDGE: Final = 20
_MEMORY: Final = (STATE, STOOD_STILL, OUTAGE_SINCE, EMPTIED_AT, EMPTIED_BY)
_FEW_TEXTS: Final = 10_000
_IS_HELD: Final = pl.col(STATE) == HELD


@dataclass(frozen=True, slots=True)
class HoldResult:
    """The lost inputs of a reading, and the company frame to score by.

    `holds`: a frame of the schema `HOLDS`, sorted by `id` and `property`: those held, and those that ended and of whom
    no run has settled the company since. `companies`: the company frame with the texts of the held ones in place; it
    is scored and never saved. `outages`: properties of which too many companies are held, in order.
    """

    holds: pl.DataFrame
    companies: pl.DataFrame
    outages: tuple[str, ...] = ()

    @property
    def open_holds(self) -> pl.DataFrame:
        """The holds that stand; `carry_over_differences` keeps their differences."""
        return self.holds.filter(_IS_HELD)

    @property
    def ended_holds(self) -> pl.DataFrame:
        """The holds that ended: what changes by them has the cause `lost`."""
        return self.holds.filter(pl.col(STATE) == ENDED)

    @property
    def figures(self) -> HeldInputs:
        """How many companies are held, for which properties, and who emptied those, for reports."""
        return count_held_inputs(self.open_holds, self.outages)


def hold_lost_inputs(
    companies: pl.DataFrame, differences: pl.DataFrame, holds: pl.DataFrame, program: Program, now: dt.datetime
) -> HoldResult:
    """The holds of this reading, from those of the last one.

    `companies`: the company frame after `with_ownership`. `differences`: merged with this reading. `now`: the portal's
    time of this reading, aware; a hold ends once `hold.days` of 24 hours have gone since it was first seen lost. Only
    companies of ours are held, and those that the scope keeps out.
    """
    limits = program.profile.hold
    if limits.days == 0:
        return HoldResult(NO_HOLDS, companies)
    lost = _holdable_lost_inputs(companies, differences, program)
    carried = lost.join(holds.select(*KEY, SINCE, *_MEMORY), on=[*KEY, SINCE], how="left", maintain_order="left")
    carried = carried.with_columns(pl.col(STATE).fill_null(HELD), pl.col(STOOD_STILL).fill_null(dt.timedelta()))
    outages = _properties_in_outage(carried, companies, program)
    judged = (
        carried.with_columns(_outage_time_columns(outages, now))
        .with_columns(_hold_state(limits, now))
        .select(HOLDS.names())
    )
    still_lost = judged.filter(_IS_HELD)
    scored = restore_old_texts(companies, still_lost) if still_lost.height else companies
    return HoldResult(judged.sort(KEY), scored, outages)


def count_held_inputs(holds: pl.DataFrame, outages: tuple[str, ...] | None = None) -> HeldInputs:
    """The figures of holds that stand; `outages` None: those that the last reading saw."""
    if outages is None:
        outages = tuple(holds.filter(pl.col(OUTAGE_SINCE).is_not_null())[PROPERTY].unique().sort())
    by_property = holds.group_by(PROPERTY).len().sort(PROPERTY)
    return HeldInputs(holds[ID].n_unique(), dict(by_property.iter_rows()), outages, summarise_emptied(holds))


def attach_holds(differences: pl.DataFrame, holds: pl.DataFrame) -> pl.DataFrame:
    """The differences with the state of those that are holds beside them, to be kept until the next reading."""
    return differences.select(*DIFFERENCES).join(
        holds.select(*KEY, *_MEMORY), on=KEY, how="left", maintain_order="left"
    )


def attached_holds(differences: pl.DataFrame) -> pl.DataFrame:
    """The holds that `attach_holds` put beside kept differences; none where nobody did."""
    if STATE not in differences.columns:
        return NO_HOLDS
    # An older icp-sync kept less beside them.
    holds = differences.filter(pl.col(STATE).is_not_null())
    return pl.concat([NO_HOLDS, holds], how="diagonal").select(HOLDS.names())


def with_ends_on_hosts(
    holds: pl.DataFrame, differences: pl.DataFrame, ends: pl.DataFrame, last_read: dt.datetime | None
) -> pl.DataFrame:
    """The holds with those ended that ended on any host (`ends`, of the schema `HOLD_ENDS`).

    `differences`: merged with this reading. `last_read`: the portal's time of the reading before, None without one. A
    loss that this host saw later may be the one that ended elsewhere, unless the value was still there since then.
    """
    lost_after = pl.min_horizontal(SINCE, pl.lit(last_read, HOLD_ENDS[ENDED_AT]))
    ended = differences.select(*DIFFERENCES).join(ends, on=KEY).filter(pl.col(ENDED_AT) >= lost_after)
    ended = ended.select(*DIFFERENCES, pl.lit(ENDED).alias(STATE))
    return pl.concat([holds.join(ended, on=KEY, how="anti"), ended], how="diagonal")


def hold_end(limits: Hold) -> pl.Expr:
    """When a hold ends unless the value returns (Datetime, UTC); null while an outage makes its days stand still."""
    return pl.when(pl.col(OUTAGE_SINCE).is_null()).then(pl.col(SINCE) + pl.col(STOOD_STILL) + _hold_duration(limits))


def release_holds(
    holds: pl.DataFrame, ids: Collection[int] | None = None, property_name: str | None = None
) -> pl.DataFrame:
    """The holds with those of these companies (None: all) and this property (None: all) ended.

    During an outage of its property a hold ends only where the property is named.
    """
    chosen = pl.lit(value=True) if ids is None else pl.col(ID).is_in(list(ids))
    named = pl.col(OUTAGE_SINCE).is_null() if property_name is None else pl.col(PROPERTY) == property_name
    return holds.with_columns(pl.when(chosen & named).then(pl.lit(ENDED)).otherwise(STATE).alias(STATE))


def _holdable_lost_inputs(companies: pl.DataFrame, differences: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The lost inputs of companies of ours, and of those outside the scope, which no vanished text lets in."""
    lost = lost_inputs(companies, differences, program)
    ours = companies.select(ID, OURS).filter(OURS)[ID]
    return lost.filter(pl.col(OUTSIDE) | pl.col(ID).is_in(ours.implode())).select(*DIFFERENCES)


def _properties_in_outage(carried: pl.DataFrame, companies: pl.DataFrame, program: Program) -> tuple[str, ...]:
    """The properties held for more than the allowed share of the companies of ours that had a readable text."""
    limit = program.profile.hold.outage
    lost_count = dict(carried.filter(_IS_HELD).group_by(PROPERTY).len().sort(PROPERTY).iter_rows())
    outages = []
    for name, lost in lost_count.items():
        # So many that are readable make it no outage.
        enough = max(int(lost / limit) - lost + 1, MIN_COMPANIES_TO_JUDGE)
        whole = lost + _count_readable(companies, name, enough, program)
        if whole >= MIN_COMPANIES_TO_JUDGE and lost > limit * whole:
            outages.append(name)
    return tuple(outages)


def _count_readable(companies: pl.DataFrame, name: str, enough: int, program: Program) -> int:
    """How many companies of ours have a readable text of a property; `enough` or more where there are as many."""
    texts = companies.select(OURS, name).filter(pl.col(OURS) & pl.col(name).is_not_null())[name]
    # On most nights few are lost, and among the first texts there are enough that can be read.
    readable = _count_readable_texts(texts.head(max(2 * enough, _FEW_TEXTS)), program)
    return readable if readable >= enough else _count_readable_texts(texts, program)


def _count_readable_texts(texts: pl.Series, program: Program) -> int:
    counts = texts.value_counts(name="companies")
    return int(counts["companies"].filter(is_readable(counts[texts.name], program)).sum())


def _outage_time_columns(outages: Collection[str], now: dt.datetime) -> list[pl.Expr]:
    """The days stand still from the reading that first saw an outage to the one that saw it over."""
    in_outage, outage_since = pl.col(PROPERTY).is_in(list(outages)), pl.col(OUTAGE_SINCE)
    over = ~in_outage & outage_since.is_not_null()
    return [
        pl.when(over)
        .then(pl.col(STOOD_STILL) + (pl.lit(now) - outage_since))
        .otherwise(STOOD_STILL)
        .alias(STOOD_STILL),
        pl.when(in_outage).then(pl.coalesce(outage_since, pl.lit(now))).cast(HOLDS[OUTAGE_SINCE]).alias(OUTAGE_SINCE),
    ]


def _hold_state(limits: Hold, now: dt.datetime) -> pl.Expr:
    over = (hold_end(limits) <= now).fill_null(value=False)
    return pl.when(over).then(pl.lit(ENDED)).otherwise(STATE).alias(STATE)


def _hold_duration(limits: Hold) -> pl.Expr:
    return pl.lit(dt.timedelta(days=limits.days))
