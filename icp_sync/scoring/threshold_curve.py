"""How many companies would reach a tier from every score, and from which score it would hold about so many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from icp_sync.profile.findings import Path
from icp_sync.profile.lint.tiers import MIN_POINTS_BETWEEN_TIERS
from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.outcome import credit_column
from icp_sync.scoring.whatif import Verdict


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A tier's `enter` or `leave` that moves, in points of fit score."""

    tier: str
    key: Literal["enter", "leave"]
    before: float
    after: float

    @property
    def edit_path(self) -> Path:
        """The place of the edit."""
        return ("tiers", self.tier, self.key)


@dataclass(frozen=True, slots=True)
class TierSize:
    """The line from which the highest tier would hold about as many companies as wanted.

    `enter`: that line; `companies`: how many it would hold, before places are counted; `now`: how many by the line it
    has, `most`: by the lowest there can be. `moves`: every line that must move for it, its own first; none where no
    other line comes nearer.
    """

    tier: str
    wanted: int
    enter: float
    companies: int
    now: int
    most: int
    moves: tuple[MovedLine, ...]

    @property
    def edits(self) -> Mapping[Path, float]:
        """The moves as edits of the profile."""
        return {move.edit_path: move.after for move in self.moves}


def tier_sizes_by_threshold(tier: Tier, verdict: Verdict) -> tuple[int, ...]:
    """How many companies would reach the tier if it were entered at 0, 1, …, 100 points, before capacity.

    `leave` stays where it is, or goes down with `enter`: a holder of the tier counts from there.
    """
    return tuple(_Reach.of(tier, verdict).companies(n, tier.leave) for n in range(101))


def size_top_tier(verdict: Verdict, wanted: int) -> TierSize:
    """The whole score that the highest tier would be entered from to hold about `wanted` companies.

    `leave` stays, or goes down with the line; where it alone keeps more than are wanted, it goes up with the line. A
    lower tier that would lie at or above the line goes as far below it as the linter asks; any other stays.
    """
    top, *lower = verdict.profile.tiers
    reach = _Reach.of(top, verdict)
    now = reach.companies(math.ceil(top.enter), top.leave)
    leaves = {
        n: _leave_threshold(n, top, raised=reach.companies(100, top.leave) > wanted) for n in range(len(lower), 101)
    }
    counts = {n: reach.companies(n, leave) for n, leave in leaves.items()}
    most = max(counts.values())
    best = min(counts, key=lambda n: (abs(counts[n] - wanted), abs(n - top.enter)))
    if abs(now - wanted) <= abs(counts[best] - wanted):
        return TierSize(top.tier, wanted, top.enter, now, now, most, ())
    moves = (*_moved_lines(top, best, leaves[best]), *_lower_tier_moves(lower, best))
    return TierSize(top.tier, wanted, best, counts[best], now, most, moves)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Companies that nothing but the fit score keeps out, by the whole score they have at least (0 to 100).

    `holders` are in the tier, or a higher one, already: they are kept down to `leave`, `kept` by the one it has.
    """

    fresh: Sequence[int]
    holders: Sequence[int]
    leave: float | None
    kept: int

    @classmethod
    def of(cls, tier: Tier, verdict: Verdict) -> _Reach:
        judged = verdict.by_signature.filter(_is_eligible(verdict.profile)).with_columns(
            holds=pl.col(live.RANK).is_between(1, TIERS.index(tier.tier) + 1)
        )
        # A score of 79.9 reaches 79, not 80: rounded down it is the highest whole threshold reached.
        reached = judged.select("companies", "holds", highest=(pl.col("score") + 1e-9).floor().cast(pl.Int64))
        fresh, holders = (_at_least(reached.filter(pl.col("holds") == holds)) for holds in (False, True))
        kept = int(judged.filter("holds", pl.col("score") >= tier.leave_threshold)["companies"].sum())
        return cls(fresh, holders, tier.leave, kept)

    def companies(self, enter: int, leave: float | None) -> int:
        """How many would be in it; `leave`: the tier's own, or a whole one."""
        if leave is None or enter < leave:
            return self.fresh[enter] + self.holders[enter]
        return self.fresh[enter] + (self.kept if leave == self.leave else self.holders[int(leave)])


def _leave_threshold(enter: int, tier: Tier, *, raised: bool) -> float | None:
    """Where a tier is left once it is entered from there."""
    if tier.leave is None:
        return None
    if raised and enter > tier.enter:
        return max(tier.leave, math.floor(enter - (tier.enter - tier.leave)))
    return min(tier.leave, enter)


def _moved_lines(tier: Tier, enter: float, leave: float | None) -> Iterator[MovedLine]:
    if enter != tier.enter:
        yield MovedLine(tier.tier, "enter", tier.enter, enter)
    if tier.leave is not None and leave is not None and leave != tier.leave:
        yield MovedLine(tier.tier, "leave", tier.leave, leave)


def _lower_tier_moves(tiers: Sequence[Tier], line: float) -> Iterator[MovedLine]:
    """The lines of lower tiers that may not stay where they are below that line."""
    for n, tier in enumerate(tiers):
        if tier.enter < line:
            return
        # Each tier beneath needs a line of its own above 0.
        line = max(line - MIN_POINTS_BETWEEN_TIERS, len(tiers) - 1 - n)
        yield from _moved_lines(tier, line, None if tier.leave is None else min(tier.leave, line))


def _at_least(reached: pl.DataFrame) -> list[int]:
    """Companies whose highest threshold is n or more, for n from 0 to 100."""
    counts = dict(reached.group_by("highest").agg(pl.col("companies").sum()).iter_rows())
    totals, total = [0] * 101, 0
    for n in range(100, -1, -1):
        total += int(counts.get(n, 0))
        totals[n] = total
    return totals


def _is_eligible(profile: Profile) -> pl.Expr:
    """Whether nothing but the fit score keeps a company out of a tier."""
    required = [pl.col(credit_column(name)).fill_null(0) > 0 for name in profile.required]
    return pl.all_horizontal(
        pl.col("outcome").is_not_null(),
        pl.col("disqualified_by").is_null(),
        pl.col("coverage") >= profile.coverage.minimum,
        *required,
    )
