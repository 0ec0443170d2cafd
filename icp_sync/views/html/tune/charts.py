"""Charts of the what-if page: SVG whose shapes are placed by attributes and coloured by the stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from icp_sync.profile.model.profile import Tier
from icp_sync.profile.model.types import OUTCOMES
from icp_sync.scoring.verdict_comparison import BIN, BINS, VerdictComparison

WIDTH: Final = 600
HEIGHT: Final = 180
_PER_POINT: Final = WIDTH / 100
_STACK: Final = ("tiered", "insufficient_data", "not_icp", "disqualified")


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """A rectangle of the histogram; `kind` names its colour in the stylesheet."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A tier's threshold: from `x` on it is entered, down to `leave` it is kept."""

    tier: str
    name: str
    x: float
    leave: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Companies by fit score; `most` is the height of the scale."""

    bars: tuple[HistogramBar, ...]
    lines: tuple[ThresholdLine, ...]
    most: int
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """Companies a tier takes by the score it is entered from: `points` of a polyline, and where it is entered now.

    `enter`: in points of fit score; `x`, `y`: in the picture, which begins at `lowest`. `rows`: every score, and how
    many from it.
    """

    tier: str
    name: str
    enter: float
    lowest: int
    points: str
    x: float
    y: float
    now: int
    most: int
    places: float | None
    rows: tuple[tuple[int, int], ...]

    @property
    def ticks(self) -> tuple[tuple[int, int], ...]:
        """The rows the axis names: both ends and what lies evenly between."""
        drawn = self.rows[self.lowest :]
        return drawn[:: max((len(drawn) - 1) // 5, 1)]


def histogram(comparison: VerdictComparison, tiers: Sequence[Tier]) -> Histogram:
    """Twenty bins of the fit score, stacked by outcome, with the tiers' lines."""
    totals = [sum(comparison.histogram[outcome][n] for outcome in OUTCOMES) for n in range(len(BINS))]
    most = max([*totals, 1])
    bars = []
    for n, lower in enumerate(BINS):
        top = float(HEIGHT)
        for outcome in _STACK:
            height = round(HEIGHT * comparison.histogram[outcome][n] / most, 2)
            if height:
                top -= height
                bars.append(HistogramBar(outcome, lower * _PER_POINT + 1, round(top, 2), BIN * _PER_POINT - 2, height))
    rows = tuple(
        (f"{lower}–{lower + BIN}", tuple(comparison.histogram[outcome][n] for outcome in OUTCOMES))
        for n, lower in enumerate(BINS)
    )
    return Histogram(tuple(bars), tuple(_threshold_line(tier) for tier in tiers), most, rows)


def threshold_curve(comparison: VerdictComparison, tier: Tier) -> ThresholdCurve:
    """What it would take: how many companies the tier takes as its threshold moves."""
    counts = comparison.curves[tier.tier]
    # The lowest thresholds take everybody; drawn to scale, what is near the line would lie flat on the floor.
    lowest = max(0, min(int(tier.enter) // 10 * 10 - 30, 60))
    most = max(counts[lowest], 1)
    across = WIDTH / (100 - lowest)
    points = [(across * (n - lowest), HEIGHT * (1 - counts[n] / most)) for n in range(lowest, 101)]
    now = counts[min(100, -int(-tier.enter // 1))]
    limit = tier.capacity.limit if tier.capacity and not tier.capacity.per else None
    return ThresholdCurve(
        tier.tier,
        tier.tier.replace("_", " "),
        tier.enter,
        lowest,
        " ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        round(across * (tier.enter - lowest), 1),
        round(HEIGHT * (1 - now / most), 1),
        now,
        most,
        round(HEIGHT * (1 - limit / most), 1) if limit is not None and limit <= most else None,
        tuple(enumerate(counts)),
    )


def _threshold_line(tier: Tier) -> ThresholdLine:
    return ThresholdLine(
        tier.tier, f"T{tier.tier.removeprefix('tier_')}", tier.enter * _PER_POINT, tier.leave_threshold * _PER_POINT
    )
