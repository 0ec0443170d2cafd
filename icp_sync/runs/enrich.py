"""Brings a vendor's file in: matched with the last reading, compared with HubSpot's values, kept for scoring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.history_frame import latest_versions
from icp_sync.companies.input_differences import PROPERTY, WAS
from icp_sync.companies.spreadsheet_escaping import FORMULA
from icp_sync.errors import TableUnusable, UsageError
from icp_sync.plan.enrich_summary import EnrichSummary, PropertyCounts
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.scored_companies import companies_with_ownership
from icp_sync.runs.snapshot_scoring import OfflineSource, offline_extract, score_snapshot
from icp_sync.runs.vendor_files import load_vendor_frames
from icp_sync.runs.vendor_table import VendorTable, match_vendor_columns
from icp_sync.scoring.lost_inputs import is_readable
from icp_sync.scoring.program import Program
from icp_sync.scoring.score import evaluate_predicates
from icp_sync.scoring.vendor_values import AS_OF, OLDER, SOURCE, VALUE, fill_from_vendors, is_recent_enough
from icp_sync.scoring.verdict_signatures import signature_names
from icp_sync.state.enrichment import VendorFile
from icp_sync.tables.table import Table
from icp_sync.vocabulary.name_suggestions import did_you_mean

ReadHistory = Callable[[list[int], list[str]], pl.DataFrame]
"""Company ids and properties → their history frame, from HubSpot."""
_SIGNED: Final = r"^\s*[+\-]\s*\d[\d.,\s]*%?$"
"""A number with its sign, which begins as a formula does."""


def enrich(offline: OfflineSource, source: str, table: Table, read_history: ReadHistory) -> EnrichSummary:
    """Match a vendor's file with the companies of the last reading and keep what matched; nothing is written before.

    `read_history` is asked in the mode `prefer` alone, for values that both sides have. Raises UsageError for a source
    the profile does not name, TableUnusable, StateUnusable.
    """
    run, program = offline.source.profile_run, offline.source.program
    enrichment = find_source(run.profile, source)
    vendor_table = match_vendor_columns(table, enrichment)
    own = companies_with_ownership(offline.source, offline_extract(offline))
    rows = vendor_table.read_companies(own, program.context.as_of)
    beside = _side_by_side_values(rows, own, enrichment, _program_for_vendor_texts(program, vendor_table))
    beside = _with_differing_answers(beside, own, program)
    if enrichment.mode == "prefer":
        beside = _fetch_older_hubspot_texts(beside, read_history, program.context.conventions.zone)
    # Scored before the file is kept and again after it, on one reading, so that what moves is the file's doing.
    before = _count_tiers(offline)
    file = VendorFile(_frame_to_keep(rows, beside, enrichment), table.path.name, run.session.now)
    if file.frame.is_empty():
        # Kept, it would take back all that the file before it said.
        raise TableUnusable(f"{table.path}: none of its values for our companies can be read; nothing was kept")
    vendors = load_vendor_frames(run.store, run.profile) | {source: file.frame}
    # With all other files: where another source comes first in the profile, its value counts and this one's is behind.
    counted = fill_from_vendors(own, vendors, program).counted.filter(pl.col(SOURCE) == source)
    beside = beside.join(counted.select(ID, PROPERTY, counts=pl.lit(value=True)), on=[ID, PROPERTY], how="left")
    run.store.enrichment.save(source, file)
    after = _count_tiers(offline)
    return EnrichSummary(
        profile=run.profile.name,
        portal_id=run.store.portal_id,
        source=source,
        file=table.path.name,
        format=table.description,
        rows=vendor_table.counts,
        companies=own.height,
        matched=rows.height,
        dates=_day_range(rows),
        properties={
            name: _count_values(part, enrichment, program) for name, part in _split_by_property(beside, enrichment)
        },
        tiers={tier.tier: (before.get(tier.tier, 0), after.get(tier.tier, 0)) for tier in run.profile.tiers},
        conflicts=_conflict_rows(beside, own),
    )


def find_source(profile: Profile, source: str) -> Enrichment:
    """The profile's source of that name. Raises UsageError."""
    for enrichment in profile.enrichment:
        if enrichment.source == source:
            return enrichment
    names = [enrichment.source for enrichment in profile.enrichment]
    otherwise = f"it names {', '.join(names)}" if names else "write it there, under enrichment"
    raise UsageError(f"the profile names no source {source}; {did_you_mean(source, names, otherwise)}")


def _program_for_vendor_texts(program: Program, vendor_table: VendorTable) -> Program:
    """The program as it reads texts of people: in HubSpot's number properties 1.200 is one and a fifth."""
    typed = {name for place, name in vendor_table.columns.used.items() if place in vendor_table.table.numeric_columns}
    context = program.context
    doubtful = {*vendor_table.enrichment.columns.values()} - typed
    conventions = replace(context.conventions, numbers=context.conventions.numbers - doubtful)
    return replace(program, context=replace(context, conventions=conventions))


def _side_by_side_values(
    rows: pl.DataFrame, own: pl.DataFrame, enrichment: Enrichment, program: Program
) -> pl.DataFrame:
    """`id`, `property`, `value`, `was` (HubSpot's text), `as_of`, and of each value whether it can be read.

    One row for each value in the file; `readable`, `known` (Boolean): the vendor's and HubSpot's.
    """
    parts = []
    for name in _vendor_properties(enrichment):
        ours = own.select(ID, pl.col(name).alias(WAS))
        given = rows.select(ID, pl.lit(name).alias(PROPERTY), pl.col(name).alias(VALUE), AS_OF).drop_nulls(VALUE)
        part = given.join(ours, on=ID, how="left", maintain_order="left")
        # A text that a spreadsheet would run is no value: it would reach whoever opens one of our tables.
        formula = part[VALUE].str.contains(FORMULA) & ~part[VALUE].str.contains(_SIGNED)
        readable = is_readable(part[VALUE].alias(name), program) & ~formula
        known = is_readable(part[WAS].alias(name), program)
        parts.append(part.with_columns(readable.alias("readable"), known.alias("known")))
    return pl.concat(parts)


def _with_differing_answers(beside: pl.DataFrame, own: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The rows with `differs` (Boolean): both can be read, and a question is answered another way by the vendor's."""
    parts = []
    for (name,), part in beside.partition_by(PROPERTY, as_dict=True, maintain_order=True).items():
        both = part.filter(pl.col("readable") & pl.col("known") & (pl.col(VALUE) != pl.col(WAS)))
        ours = both.select(ID).join(own, on=ID, how="left", maintain_order="left")
        theirs = ours.with_columns(both[VALUE].alias(str(name)))
        answers = evaluate_predicates(pl.concat([ours, theirs]), program).select(signature_names(program.signature))
        moved = [answers[digit][: both.height] != answers[digit][both.height :] for digit in answers.columns]
        others = both.filter(pl.select(pl.any_horizontal(moved)).to_series()) if both.height else both
        parts.append(part.join(others.select(ID, differs=pl.lit(value=True)), on=ID, how="left", maintain_order="left"))
    return pl.concat(parts).with_columns(pl.col("differs").fill_null(value=False)) if parts else beside


def _fetch_older_hubspot_texts(beside: pl.DataFrame, read_history: ReadHistory, zone: str) -> pl.DataFrame:
    """The rows with `older:`: HubSpot's text where it was last changed on a day before the vendor's.

    Asked of HubSpot now, since `hs_lastmodifieddate` moves with our own writes. A property without a history is taken
    to be as new as can be.
    """
    both = beside.filter(pl.col("readable") & pl.col("known") & (pl.col(VALUE) != pl.col(WAS)))
    if both.is_empty():
        return beside.with_columns(pl.lit(None, pl.String).alias(OLDER))
    names = both[PROPERTY].unique(maintain_order=True).to_list()
    latest = latest_versions(read_history(both[ID].unique().sort().to_list(), names))
    day = pl.from_epoch("at", time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    changed = latest.select(ID, PROPERTY, pl.col("value").alias(WAS), day.alias("changed"))
    older = both.join(changed, on=[ID, PROPERTY, WAS]).filter(pl.col("changed") < pl.col(AS_OF))
    return beside.join(older.select(ID, PROPERTY, pl.col(WAS).alias(OLDER)), on=[ID, PROPERTY], how="left")


def _frame_to_keep(rows: pl.DataFrame, beside: pl.DataFrame, enrichment: Enrichment) -> pl.DataFrame:
    """What scoring takes of the file: only texts that can be read."""
    frame, readable = rows.select(ID, AS_OF), beside.filter("readable")
    for name in _vendor_properties(enrichment):
        part = readable.filter(pl.col(PROPERTY) == name)
        older = [pl.col(OLDER).alias(f"{OLDER}{name}")] if OLDER in part.columns else []
        frame = frame.join(part.select(ID, pl.col(VALUE).alias(name), *older), on=ID, how="left", maintain_order="left")
    # A company of which nothing can be read is not one the vendor knows.
    return frame.filter(pl.any_horizontal(pl.col(_vendor_properties(enrichment)).is_not_null()))


def _vendor_properties(enrichment: Enrichment) -> list[str]:
    return list(dict.fromkeys(enrichment.columns.values()))


def _split_by_property(beside: pl.DataFrame, enrichment: Enrichment) -> Iterator[tuple[str, pl.DataFrame]]:
    for name in _vendor_properties(enrichment):
        yield name, beside.filter(pl.col(PROPERTY) == name)


def _count_values(values: pl.DataFrame, enrichment: Enrichment, program: Program) -> PropertyCounts:
    """The counts of one property's rows."""
    counts, readable, known, differs = (
        values[name].fill_null(value=False) for name in ("counts", "readable", "known", "differs")
    )
    idle = readable & ~known & ~counts
    young = is_recent_enough(values[AS_OF], enrichment, program.context.as_of)
    return PropertyCounts(
        filled=int((counts & ~known).sum()),
        preferred=int((counts & known).sum()),
        agreeing=int((readable & known & ~differs).sum()),
        conflicting=int(differs.sum()),
        expired=int((idle & ~young).sum()),
        behind=int((idle & young).sum()),
        unreadable=int((~readable).sum()),
    )


def _conflict_rows(beside: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """One row a conflict: both values, how old the vendor's is, and which of the two counts."""
    which = pl.when(pl.col("counts").fill_null(value=False)).then(pl.lit("vendor")).otherwise(pl.lit("hubspot"))
    rows = beside.filter("differs").join(own.select(ID, "name", "domain"), on=ID, how="left", maintain_order="left")
    return rows.select(
        ID, "name", "domain", PROPERTY, hubspot=WAS, vendor=VALUE, as_of=pl.col(AS_OF), counts=which
    ).sort(PROPERTY, ID)


def _day_range(rows: pl.DataFrame) -> tuple[dt.date, dt.date] | None:
    days = rows[AS_OF].sort()
    return (days[0], days[-1]) if days.len() else None


def _count_tiers(offline: OfflineSource) -> dict[str, int]:
    """Tier → companies, by the profile and the vendors' files as they are."""
    tiers = score_snapshot(offline).scores.frame["tier"].drop_nulls().value_counts()
    return dict(tiers.iter_rows())
