"""The desired members of a static list, and how many companies meet each clause of its `where`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from icp_sync.plan.diff_columns import committee_after_plan, desired, live
from icp_sync.plan.list_pins import PinChanges, apply_pins
from icp_sync.profile.describe.match_sentences import match_sentence
from icp_sync.profile.model.lists import Hits, TargetList, Where


@dataclass(frozen=True, slots=True)
class ListClause:
    """One clause of a `where`: its path (`place`), its wording (`says`), and companies in scope that meet it alone."""

    place: str
    says: str
    companies: int


@dataclass(frozen=True, slots=True)
class DesiredMembers:
    """The desired members of a static list: `ids` by fit score, highest first, then those put on it by hand.

    `ranked`: companies that meet every clause, best first, of whom at most `limit` are chosen. `pins`: who stays on the
    list or off it by hand.
    """

    ids: pl.Series
    clauses: tuple[ListClause, ...]
    ranked: pl.Series
    limit: int | None = None
    pins: PinChanges = field(default_factory=PinChanges)

    @property
    def match_count(self) -> int:
        """How many companies meet every clause."""
        return self.ranked.len()

    def with_pins(self, pins: PinChanges) -> DesiredMembers:
        """The same with pins in place."""
        return replace(self, ids=apply_pins(self.ranked, self.limit, pins.standing), pins=pins)


def choose_list_members(target: TargetList, diff: pl.DataFrame, matches: pl.DataFrame | None = None) -> DesiredMembers:
    """The companies in scope that meet every clause of `where`; the tier is the one on the record after the run.

    `matches`: `id` and a Boolean column per clause about companies' own values; None when the list has none.
    """
    if matches is not None:
        diff = diff.join(matches, on="id", how="left", maintain_order="left")
    clauses_met = [(path, text, met.fill_null(value=False)) for path, text, met in _clause_conditions(target.where)]
    in_scope = diff.lazy().filter("in_scope")
    counted = in_scope.select(met.sum().alias(path) for path, _, met in clauses_met)
    met = pl.all_horizontal(pl.lit(value=True), *(met for *_, met in clauses_met))
    chosen = in_scope.filter(met).sort("score", "id", descending=[True, False]).select("id")
    counts, ranked = pl.collect_all([counted, chosen])
    clauses = tuple(ListClause(path, text, int(counts[path].item())) for path, text, _ in clauses_met)
    ids = ranked["id"]
    return DesiredMembers(ids if target.limit is None else ids.head(target.limit), clauses, ids, target.limit)


def _clause_conditions(where: Where) -> Iterator[tuple[str, str, pl.Expr]]:
    """Each clause's path, wording, and Boolean expression over the diff frame joined with `matches`."""
    if where.tier:
        yield "tier", f"in {_join_with_or(where.tier)}", pl.col("effective_tier").is_in(list(where.tier))
    if where.outcome:
        yield "outcome", _join_with_or(where.outcome), pl.col("outcome").is_in(list(where.outcome))
    if where.committee:
        yield (
            "committee",
            f"committee {_join_with_or(where.committee)}",
            committee_after_plan().is_in(list(where.committee)),
        )
    if where.experiment:
        arms = where.experiment
        yield "experiment", f"in the {' or '.join(arms)} arm", _arm_after_run().is_in(list(arms))
    if hits := where.hits_condition():
        yield "hits", _hits_text(hits), _meets_hits(hits)
    if where.changed_within_days:
        days = where.changed_within_days
        yield "changed_within_days", f"changed in the last {days} days", pl.col("days_since_change") <= days
    for path, name, match in where.company_clauses():
        yield path, match_sentence(match, (name,) if name else ()).replace("`", ""), pl.col(path)


def _arm_after_run() -> pl.Expr:
    """The arm on the record after the run."""
    return pl.coalesce(desired("experiment"), live("experiment"))


def _meets_hits(hits: Hits) -> pl.Expr:
    columns = (pl.col(f"credit.{name}") for name in hits.names)
    earned = [credit == 1 if hits.full else credit > 0 for credit in columns]
    return pl.all_horizontal(earned) if hits.all_ else pl.any_horizontal(earned)


def _hits_text(hits: Hits) -> str:
    joined = (" and " if hits.all_ else " or ").join(hits.names)
    return f"meets {joined}{' in full' if hits.full else ''}"


def _join_with_or(names: tuple[str, ...]) -> str:
    return " or ".join(name.replace("_", " ") for name in names)
