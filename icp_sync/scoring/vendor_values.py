"""Vendor values in the company frame: which of them count instead of HubSpot's, and which have grown too old.

A value that counts is the company's text from there on, so that everything that scores takes the same road.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, PROPERTY, WAS
from icp_sync.companies.snapshot import apply_writes, survivors_of_merged
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import question_reads
from icp_sync.scoring.lost_inputs import is_readable
from icp_sync.scoring.program import Program
from icp_sync.scoring.understood_values import enriched_column

VALUE: Final = "value"
SOURCE: Final = "source"
AS_OF: Final = "as_of"
OLDER: Final = "older:"
"""Prefix of the column with HubSpot's text of a property that the vendor's value is newer than."""
COUNTED: Final = pl.Schema(
    {ID: pl.Int64(), PROPERTY: pl.String(), VALUE: pl.String(), WAS: pl.String(), SOURCE: pl.String(), AS_OF: pl.Date()}
)
"""One row a value of a vendor that counts; `was`: HubSpot's own text, `as_of`: how old the vendor's is."""
NOTHING_COUNTED: Final = COUNTED.to_frame()


@dataclass(frozen=True, slots=True)
class EnrichedCompanies:
    """A company frame with vendor values in place of HubSpot's where they count.

    `companies`: with a String column `enriched.<property>` for each `write.enriched` too, null where HubSpot's own text
    counts. `counted`: a `COUNTED` frame, sorted by source, property and id. `consulted`: the rows of it that a question
    reads; one that names the property as an alternative does not where an earlier one could be read. `expired`: source
    → values that would count, were they not too old.
    """

    companies: pl.DataFrame
    counted: pl.DataFrame = field(default_factory=lambda: NOTHING_COUNTED)
    consulted: pl.DataFrame = field(default_factory=lambda: NOTHING_COUNTED)
    expired: Mapping[str, int] = field(default_factory=dict)


def fill_from_vendors(
    companies: pl.DataFrame, vendors: Mapping[str, pl.DataFrame], program: Program, day: dt.date | None = None
) -> EnrichedCompanies:
    """Put the values of vendors where they count, by the profile's waterfall.

    `companies`: the company frame with HubSpot's texts. `vendors`: source → frame of `id`, `as_of` (Date), a String
    column for each property and, in the mode `prefer`, `older:PROPERTY`. `day`: on which they must be young enough,
    None = the program's. An older file's companies that were merged since count for the survivor.
    """
    day = day or program.context.as_of
    counted, expired = [NOTHING_COUNTED], {}
    for enrichment in program.profile.enrichment:
        if (rows := vendors.get(enrichment.source)) is None:
            continue
        candidates = pl.concat([NOTHING_COUNTED, *_candidate_values(companies, rows, enrichment, program)])
        young = is_recent_enough(candidates[AS_OF], enrichment, day)
        expired[enrichment.source] = candidates.height - int(young.sum())
        counted.append(candidates.filter(young))
        # The next source sees what this one filled, so that it fills only what is still empty.
        companies = apply_writes(companies, counted[-1].select(*KEY, VALUE))
    all_counted = pl.concat(counted)
    consulted = _consulted_values(companies, all_counted, program)
    return EnrichedCompanies(
        _with_enriched_columns(companies, all_counted, program.profile), all_counted, consulted, expired
    )


def is_recent_enough(as_of: pl.Series, enrichment: Enrichment, day: dt.date) -> pl.Series:
    """Whether values of these days are no older than the profile allows (Boolean)."""
    if enrichment.max_age_days is None:
        return pl.repeat(True, as_of.len(), dtype=pl.Boolean, eager=True)
    return as_of >= day - dt.timedelta(days=enrichment.max_age_days)


def _candidate_values(
    companies: pl.DataFrame, rows: pl.DataFrame, enrichment: Enrichment, program: Program
) -> Iterator[pl.DataFrame]:
    """Yields a `COUNTED` frame for each property: values that count by all but their age."""
    # Values that HubSpot has been given since have another text, so one that was preferred gives way to them.
    placed = companies.select(ID).join(move_to_survivors(rows, companies), on=ID, how="left", maintain_order="left")
    for name in dict.fromkeys(enrichment.columns.values()):
        if name not in placed.columns:
            continue
        theirs, ours = placed[name], companies[name]
        older = placed[f"{OLDER}{name}"] if f"{OLDER}{name}" in placed.columns else theirs.clear(theirs.len())
        beside = pl.DataFrame([placed[ID], placed[AS_OF], theirs.alias(VALUE), ours.alias(WAS), older.alias(OLDER)])
        beside = beside.filter(pl.col(VALUE).is_not_null())
        empty = ~is_readable(beside[WAS].alias(name), program)
        preferred = (beside[WAS] == beside[OLDER]).fill_null(value=False) & (enrichment.mode == "prefer")
        counts = beside.filter((empty | preferred) & is_readable(beside[VALUE].alias(name), program))
        yield counts.select(
            ID, pl.lit(name).alias(PROPERTY), VALUE, WAS, pl.lit(enrichment.source).alias(SOURCE), AS_OF
        )


def _consulted_values(companies: pl.DataFrame, counted: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The rows of `counted` that a question of the profile reads, in the same order; none of what no question asks."""
    groups = [read.alternatives for read in question_reads(program.profile)]
    hidden = [NOTHING_COUNTED.select(KEY)]
    for name in counted[PROPERTY].unique(maintain_order=True):
        earlier = [group[: group.index(name)] for group in groups if name in group]
        ids = counted.filter(pl.col(PROPERTY) == name)[ID]
        rows = companies.filter(pl.col(ID).is_in(ids.implode()))
        answered = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True)
        for names in earlier:
            answered &= _any_readable(rows, names, program)
        hidden.append(rows.filter(answered).select(ID, pl.lit(name).alias(PROPERTY)))
    return counted.join(pl.concat(hidden), on=KEY, how="anti", maintain_order="left")


def _any_readable(companies: pl.DataFrame, names: Sequence[str], program: Program) -> pl.Series:
    """Whether any of these properties of a company can be read (Boolean)."""
    known = pl.repeat(False, companies.height, dtype=pl.Boolean, eager=True)
    for name in names:
        if name in companies.columns:
            known |= is_readable(companies[name], program)
    return known


def move_to_survivors(rows: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """The rows with the ids of companies that others were merged into; of several for one company the latest."""
    moved = survivors_of_merged(companies, rows[ID])
    if moved.is_empty():
        return rows
    renamed = rows.join(moved.unique(ID), on=ID, how="left", maintain_order="left")
    survivors = renamed.with_columns(pl.coalesce("survivor", ID).alias(ID)).drop("survivor")
    return survivors.sort(AS_OF).unique(ID, keep="last", maintain_order=True)


def _with_enriched_columns(companies: pl.DataFrame, counted: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The companies with the columns that `write.enriched` asks for."""
    for name in profile.write.enriched:
        values = counted.filter(pl.col(PROPERTY) == name).select(ID, pl.col(VALUE).alias(enriched_column(name)))
        companies = companies.join(values, on=ID, how="left", maintain_order="left")
    return companies
