"""How many companies would reach a tier from every score, and from which score it would hold about so many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
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
    has, `most`: by the lowest there can be. `moves`: every line that moves for it, its own first; none where no other
    line comes nearer.
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
    """How many companies would be in the tier or a higher one, entered at 0, 1, …, 100 points, before capacity.

    `leave` stays where it is, or goes down with `enter`: a holder of the tier counts from there.
    """
    reach = _Reach.of(tier, verdict)
    return tuple(reach.companies(n, tier.leave) for n in range(101))


def size_top_tier(verdict: Verdict, wanted: int) -> TierSize:
    """The whole score that the highest tier would be entered from to hold about `wanted` companies.

    `leave` stays as far below it as it is, so that no more companies flap. A lower tier goes down as far as the linter
    asks for, in the same way; one that lies so far below already stays.
    """
    tiers = verdict.profile.tiers
    top, reach = tiers[0], _Reach.of(tiers[0], verdict)
    now = reach.companies(math.ceil(top.enter), top.leave)
    moves = {n: tuple(_moves(tiers, n)) for n in range(101)}
    counts = {n: reach.companies(n, _moved_leave(top, n)) for n in moves if all(move.after >= 0 for move in moves[n])}
    most = max(counts.values(), default=now)
    best = min(counts, key=lambda n: (abs(counts[n] - wanted), abs(n - top.enter)), default=None)
    if best is None or abs(now - wanted) <= abs(counts[best] - wanted):
        return TierSize(top.tier, wanted, top.enter, now, now, most, ())
    return TierSize(top.tier, wanted, best, counts[best], now, most, moves[best])


@dataclass(frozen=True, slots=True)
class _Reach:
    """Companies that nothing but the fit score keeps out, by the whole score they have at least (0 to 100).

    `holders` are in the tier, or a higher one, already: they are kept down to `leave`, `kept` by the one it has.
    `standing`: those that somebody else put in it or a higher one, whatever their score.
    """

    fresh: Sequence[int]
    holders: Sequence[int]
    leave: float | None
    kept: int
    standing: int

    @classmethod
    def of(cls, tier: Tier, verdict: Verdict) -> _Reach:
        rank = TIERS.index(tier.tier) + 1
        judged = verdict.movable_by_signature.filter(_is_eligible(verdict.profile)).with_columns(
            holds=pl.col(live.RANK).is_between(1, rank)
        )
        # A score of 79.9 reaches 79, not 80: rounded down it is the highest whole threshold reached.
        reached = judged.select("companies", "holds", highest=(pl.col("score") + 1e-9).floor().cast(pl.Int64))
        fresh, holders = (_at_least(reached.filter(pl.col("holds") == holds)) for holds in (False, True))
        kept = int(judged.filter("holds", pl.col("score") >= tier.leave_threshold)["companies"].sum())
        return cls(fresh, holders, tier.leave, kept, verdict.standing(TIERS[:rank]))

    def companies(self, enter: int, leave: float | None) -> int:
        """How many would be in it; `leave`: the tier's own, or a whole one."""
        if leave is None or enter < leave:
            kept = self.holders[enter]
        else:
            kept = self.kept if leave == self.leave else self.holders[int(leave)]
        return self.standing + self.fresh[enter] + kept


def _moved_leave(tier: Tier, enter: float) -> float | None:
    """Where a tier is left once it is entered from there: as many points below as it is now."""
    if tier.leave is None or enter == tier.enter:
        return tier.leave
    return max(0, math.floor(enter - (tier.enter - tier.leave)))


def _moves(tiers: Sequence[Tier], line: float) -> Iterator[MovedLine]:
    """The lines that move where the first of these tiers is entered from `line`, a whole one; below 0 none can lie."""
    for tier, below in zip_longest(tiers, tiers[1:]):
        leave = _moved_leave(tier, line)
        yield MovedLine(tier.tier, "enter", tier.enter, line)
        if tier.leave is not None and leave is not None and leave != tier.leave:
            yield MovedLine(tier.tier, "leave", tier.leave, leave)
        if below is None:
            return
        kept_to = line if leave is None else leave
        if below.enter <= line - MIN_POINTS_BETWEEN_TIERS and below.leave_threshold <= kept_to:
            return
        band = math.floor(below.enter - below.leave_threshold)
        line = min(line - MIN_POINTS_BETWEEN_TIERS, math.floor(kept_to) + band)


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
