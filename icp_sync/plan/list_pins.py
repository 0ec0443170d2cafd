"""Pins: members of a static list that people put on or took off, and that stay so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.plan.diff_columns import live
from icp_sync.profile.model.lists import Where

_NO_IDS: Final = pl.Series("id", [], dtype=pl.Int64)


@dataclass(frozen=True, slots=True)
class ListMove:
    """Companies that a run of ours was about to put on a list and to take off it; `arrived`: HubSpot confirmed it."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    arrived: bool


@dataclass(frozen=True, slots=True)
class ListMembership:
    """A static list in HubSpot; every Series holds company ids (Int64).

    `live`: who is on it now. `last`: who was after our last change, None = unknown. `ours`: whom we put there, or who
    met the list's tier and outcome by the record as it was before this plan (`ids_matching_before_plan`) or an earlier
    one; `placed`: whom we surely put there and did not take off. These two matter where `last` is unknown. `present`:
    the companies of the portal.
    """

    live: pl.Series
    last: pl.Series | None
    present: pl.Series
    ours: pl.Series = field(default_factory=lambda: _NO_IDS)
    placed: pl.Series = field(default_factory=lambda: _NO_IDS)


@dataclass(frozen=True, slots=True)
class OpenPins:
    """The companies pinned on a list (`inside`) and off it (`outside`)."""

    inside: pl.Series = field(default_factory=lambda: _NO_IDS)
    outside: pl.Series = field(default_factory=lambda: _NO_IDS)


@dataclass(frozen=True, slots=True)
class PinChanges:
    """Pins after a look at the list: those `standing` now, and which of them `opened` and which `ended`; all sorted.

    `agreed`: who came and who went without us since our last change, as the list wanted it anyway.
    """

    standing: OpenPins = field(default_factory=OpenPins)
    opened: OpenPins = field(default_factory=OpenPins)
    ended: OpenPins = field(default_factory=OpenPins)
    agreed: OpenPins = field(default_factory=OpenPins)


def find_pin_changes(membership: ListMembership, ranked: pl.Series, limit: int | None, pins: OpenPins) -> PinChanges:
    """Compare a list with what we left it as; `ranked`, `limit`: as in `apply_pins`, `pins`: those open so far.

    A member that came without us is pinned inside, one that went without us outside. What the list would do by itself
    is no pin: it may have been another host's doing. A pin ends when people undo it and when its company is gone.
    """
    ended = OpenPins(
        _union(_difference(pins.inside, membership.live), _difference(pins.inside, membership.present)),
        _union(_intersection(pins.outside, membership.live), _difference(pins.outside, membership.present)),
    )
    standing = OpenPins(_difference(pins.inside, ended.inside), _difference(pins.outside, ended.outside))
    wanted = apply_pins(ranked, limit, standing)
    came = _intersection(_added_by_others(membership, pins), membership.present)
    went = _intersection(_removed_by_others(membership, pins), membership.present)
    opened = OpenPins(_difference(came, wanted), _intersection(went, wanted))
    agreed = OpenPins(_intersection(came, wanted), _difference(went, wanted))
    return PinChanges(
        OpenPins(_union(standing.inside, opened.inside), _union(standing.outside, opened.outside)),
        opened,
        ended,
        OpenPins() if membership.last is None else agreed,
    )


def with_merge_survivors(members: pl.Series, survivors: pl.DataFrame, live: pl.Series, pins: OpenPins) -> pl.Series:
    """The members and, of those merged away, the survivors who stand on the list by the merge: nobody put them there.

    `survivors`: `id` of each company merged away, and its `survivor`. That of one pinned inside is left out, so that it
    is pinned in its place.
    """
    pinned = survivors.filter(pl.col("id").is_in(pins.inside.implode()))["survivor"].alias("id")
    merged = survivors.filter(pl.col("id").is_in(members.implode()))["survivor"].alias("id")
    return _union(members, _intersection(_difference(merged, pinned), live))


def apply_pins(ranked: pl.Series, limit: int | None, pins: OpenPins) -> pl.Series:
    """The ids to stand on a list: the best of `ranked` (best first) up to `limit`, then those pinned inside.

    The pinned take no place of the limit.
    """
    free = ranked.filter(~ranked.is_in(_union(pins.inside, pins.outside).implode()))
    chosen = free if limit is None else free.head(limit)
    return pl.concat([chosen.alias("id"), pins.inside.alias("id").sort()])


def members_after_last_change(remembered: pl.Series, live: pl.Series, moves: Iterable[ListMove]) -> pl.Series:
    """Who was on a list after our last change: the members `remembered`, and what runs of ours `moves` since.

    What is not confirmed is taken as it looks now (`live`).
    """
    last = remembered
    for move in moves:
        added, removed = _id_series(move.added), _id_series(move.removed)
        if not move.arrived:
            added, removed = _intersection(added, live), _difference(removed, live)
        last = _difference(_union(last, added), removed)
    return last


def members_possibly_added_by_runs(moves: Iterable[ListMove], earlier: Iterable[int] = ()) -> pl.Series:
    """The companies that runs of ours put on a list, or may have, and did not take off again for sure.

    Whom a run was about to take off was on it. `earlier`: companies that may have been on it before all `moves`.
    """
    sent = _id_series(tuple(earlier))
    for move in moves:
        removed = _id_series(move.removed)
        sent = _union(sent, _id_series(move.added))
        sent = _difference(sent, removed) if move.arrived else _union(sent, removed)
    return sent


def members_surely_added_by_runs(moves: Iterable[ListMove]) -> pl.Series:
    """The companies that runs of ours surely put on a list, and that no run of ours may have taken off again."""
    placed = _NO_IDS
    for move in moves:
        placed = _union(placed, _id_series(move.added)) if move.arrived else placed
        placed = _difference(placed, _id_series(move.removed))
    return placed


def required_outputs(where: Where) -> dict[str, tuple[str, ...]]:
    """Output → the texts of which a list asks for one, of the outputs that it names."""
    outputs = ("tier", "outcome", "committee", "experiment")
    return {output: values for output in outputs if (values := getattr(where, output))}


def ids_matching_before_plan(where: Where, diff: pl.DataFrame, present: pl.Series) -> pl.Series:
    """The companies whose record, before the plan, has what `where` names of the outputs.

    `present`: all companies, whom a list that names none may hold.
    """
    written = {name: values for name, values in required_outputs(where).items() if f"live.{name}" in diff.columns}
    met = [live(output).is_in(list(values)) for output, values in written.items()]
    return diff.filter(pl.all_horizontal(met))["id"] if met else present.alias("id")


def _added_by_others(membership: ListMembership, pins: OpenPins) -> pl.Series:
    """Members whom we did not put on the list, or who were off it since, as their pin tells."""
    ours = _difference(membership.ours, pins.outside) if membership.last is None else membership.last
    return _difference(membership.live, ours)


def _removed_by_others(membership: ListMembership, pins: OpenPins) -> pl.Series:
    """Members of our last change that are on the list no more; where that is unknown, those we placed or pinned."""
    last = _union(membership.placed, pins.inside) if membership.last is None else membership.last
    return _difference(last, membership.live)


def _id_series(company_ids: tuple[int, ...]) -> pl.Series:
    return pl.Series("id", company_ids, dtype=pl.Int64)


def _union(left: pl.Series, right: pl.Series) -> pl.Series:
    return pl.concat([left.alias("id"), right.alias("id")]).unique().sort()


def _intersection(left: pl.Series, right: pl.Series) -> pl.Series:
    return left.filter(left.is_in(right.implode())).alias("id").sort()


def _difference(left: pl.Series, right: pl.Series) -> pl.Series:
    return left.filter(~left.is_in(right.implode())).alias("id").sort()
