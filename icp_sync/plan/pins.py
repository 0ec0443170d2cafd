"""Pins: members of a static list that people put on or took off, and that stay so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.plan.columns import live
from icp_sync.profile.model.outputs import Where

_NO_IDS: Final = pl.Series("id", [], dtype=pl.Int64)


@dataclass(frozen=True, slots=True)
class Membership:
    """A static list in HubSpot; every Series holds company ids (Int64).

    `live`: who is on it now. `last`: who was after our last change, None = unknown. `ours`: who met the list's tier and
    outcome by the record as it was before this plan (`met_before`); it matters where `last` is unknown. `announced_in`,
    `announced_out`: whom an interrupted run of ours was about to add and to remove. `present`: the companies of the
    portal.
    """

    live: pl.Series
    last: pl.Series | None
    present: pl.Series
    ours: pl.Series = field(default_factory=lambda: _NO_IDS)
    announced_in: pl.Series = field(default_factory=lambda: _NO_IDS)
    announced_out: pl.Series = field(default_factory=lambda: _NO_IDS)


@dataclass(frozen=True, slots=True)
class OpenPins:
    """The companies pinned on a list (`inside`) and off it (`outside`)."""

    inside: pl.Series = field(default_factory=lambda: _NO_IDS)
    outside: pl.Series = field(default_factory=lambda: _NO_IDS)


@dataclass(frozen=True, slots=True)
class PinChanges:
    """Pins after a look at the list: those `open` now, and which of them `opened` and which `ended`; all sorted."""

    open: OpenPins
    opened: OpenPins
    ended: OpenPins


def update_pins(membership: Membership, wanted: pl.Series, pins: OpenPins) -> PinChanges:
    """Compare a list with what we left it as; `wanted`: the ids the profile wants on it, `pins`: those open so far.

    A member that came without us is pinned inside, one that went without us outside. What the list would do by itself
    is no pin: it may have been another host's doing. A pin ends when people undo it and when its company is gone.
    """
    ended = OpenPins(
        _either(_without(pins.inside, membership.live), _without(pins.inside, membership.present)),
        _either(_both(pins.outside, membership.live), _without(pins.outside, membership.present)),
    )
    standing = OpenPins(_without(pins.inside, ended.inside), _without(pins.outside, ended.outside))
    came = _without(_came(membership), _either(wanted, standing.inside))
    went = _without(_both(_both(_went(membership), wanted), membership.present), standing.outside)
    opened = OpenPins(came, went)
    return PinChanges(
        OpenPins(_either(standing.inside, opened.inside), _either(standing.outside, opened.outside)), opened, ended
    )


def with_pins(ranked: pl.Series, limit: int | None, pins: OpenPins) -> pl.Series:
    """The ids to stand on a list, sorted: the pinned, and the best of `ranked` (best first) up to `limit` more."""
    free = ranked.filter(~ranked.is_in(_either(pins.inside, pins.outside).implode()))
    return _either(free if limit is None else free.head(limit), pins.inside)


def met_before(where: Where, diff: pl.DataFrame) -> pl.Series:
    """The companies of the diff frame whose record, before the plan, has a tier and an outcome that `where` names."""
    clauses = {"tier": where.tier, "outcome": where.outcome}
    met = (live(output).is_in(list(values)) for output, values in clauses.items() if values)
    return diff.filter(pl.all_horizontal(pl.lit(value=True), *met))["id"]


def _came(membership: Membership) -> pl.Series:
    """Members whom we did not put on the list."""
    if membership.last is None:
        return _without(membership.live, _either(membership.ours, membership.announced_in))
    return _without(membership.live, _either(membership.last, membership.announced_in))


def _went(membership: Membership) -> pl.Series:
    """Members of our last change whom we did not take off the list; nobody where that is unknown."""
    if membership.last is None:
        return _NO_IDS
    return _without(membership.last, _either(membership.live, membership.announced_out))


def _either(left: pl.Series, right: pl.Series) -> pl.Series:
    return pl.concat([left.alias("id"), right.alias("id")]).unique().sort()


def _both(left: pl.Series, right: pl.Series) -> pl.Series:
    return left.filter(left.is_in(right.implode())).alias("id").sort()


def _without(left: pl.Series, right: pl.Series) -> pl.Series:
    return left.filter(~left.is_in(right.implode())).alias("id").sort()
