"""Who belongs on a static list, and how many companies each clause of its `where` lets through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from icp_sync.profile.describe.sentences import sentence
from icp_sync.profile.model.outputs import Hits, TargetList, Where


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a list asks: its place under `where`, in words, and how many companies in scope meet it by itself."""

    place: str
    says: str
    companies: int


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a static list is to hold: `ids`, the best by fit score first, then the lowest id.

    `meet`: how many companies meet every clause; a `limit` keeps fewer.
    """

    ids: pl.Series
    clauses: tuple[Clause, ...]
    meet: int


def members(target: TargetList, rows: pl.DataFrame, asked: pl.DataFrame | None = None) -> Members:
    """The companies in scope that meet all of `where`: the tier is the one that stands after the run.

    `asked`: `id` and a Boolean column for each clause about the companies' own values, where the list has any.
    """
    if asked is not None:
        rows = rows.join(asked, on="id", how="left", maintain_order="left")
    found = [(place, says, met.fill_null(value=False)) for place, says, met in _clauses(target.where)]
    inside = rows.lazy().filter("inside")
    counted = inside.select(met.sum().alias(place) for place, _, met in found)
    met = pl.all_horizontal(pl.lit(value=True), *(met for *_, met in found))
    chosen = inside.filter(met).sort("score", "id", descending=[True, False]).select("id")
    counts, everybody = pl.collect_all([counted, chosen])
    clauses = tuple(Clause(place, says, int(counts[place].item())) for place, says, _ in found)
    ids = everybody["id"]
    return Members(ids if target.limit is None else ids.head(target.limit), clauses, ids.len())


def _clauses(where: Where) -> Iterator[tuple[str, str, pl.Expr]]:
    """Each clause's place, words, and the companies that meet it, for the standing frame joined with what was asked."""
    if where.tier:
        yield "tier", f"in {_either(where.tier)}", pl.col("stands_tier").is_in(list(where.tier))
    if where.outcome:
        yield "outcome", _either(where.outcome), pl.col("outcome").is_in(list(where.outcome))
    if hits := where.criteria_hits():
        yield "hits", _hits_in_words(hits), _hit(hits)
    if where.changed_within_days:
        days = where.changed_within_days
        yield "changed_within_days", f"changed in the last {days} days", pl.col("days_since_change") <= days
    for place, name, match in where.company_clauses():
        yield place, sentence(match, (name,) if name else ()).replace("`", ""), pl.col(place)


def _hit(hits: Hits) -> pl.Expr:
    columns = (pl.col(f"credit.{name}") for name in hits.names)
    earned = [credit == 1 if hits.full else credit > 0 for credit in columns]
    return pl.all_horizontal(earned) if hits.all_ else pl.any_horizontal(earned)


def _hits_in_words(hits: Hits) -> str:
    joined = (" and " if hits.all_ else " or ").join(hits.names)
    return f"meets {joined}{' in full' if hits.full else ''}"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(name.replace("_", " ") for name in names)
