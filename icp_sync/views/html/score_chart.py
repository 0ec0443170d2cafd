"""Draws how the companies' fit scores lie between the tiers' lines, and their potential below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from icp_sync.views import charts

BIN_WIDTH: Final = 5
_ORDER: Final = tuple(charts.OUTCOME_COLOURS)

Bins = Sequence[tuple[int, str, int]]
"""Lower end of a bin, outcome, companies."""


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """Where a tier begins: `enter` points to come in, `leave` points below which a company goes."""

    tier: str
    enter: float
    leave: float

    @property
    def short(self) -> str:
        """`T1`: a name that fits above a line."""
        return f"T{self.tier.removeprefix('tier_')}"


def score_chart(fit: Bins, potential: Bins, lines: Sequence[ThresholdLine], figure: str) -> tuple[str, str]:
    """Two histograms of twenty bins by outcome, one below the other, wide and narrow."""
    rows = {"fit": _rows(fit), "potential": _rows(potential)}
    wide = charts.inline_svg(_stacked_histograms(lines, (640, 190)), figure, name="-wide", datasets=rows)
    return wide, charts.inline_svg(_stacked_histograms(lines, (264, 150)), figure, name="-narrow", datasets=rows)


def _rows(bins: Bins) -> list[dict[str, Any]]:
    return [
        {"from": lower, "to": lower + BIN_WIDTH, "outcome": outcome, "order": _ORDER.index(outcome), "companies": n}
        for lower, outcome, n in bins
        if n
    ]


def _stacked_histograms(lines: Sequence[ThresholdLine], size: tuple[int, int]) -> Any:
    now = _histogram("fit", lines, size, "Fit score: what is proven")
    later = _histogram("potential", lines, size, "Potential: if all unknowns fit")
    return alt.vconcat(now, later, spacing=28)


def _histogram(dataset: str, lines: Sequence[ThresholdLine], size: tuple[int, int], title: str) -> Any:
    width, height = size
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X(
        "from:Q", bin="binned", title=None, scale=scale, axis=alt.Axis(grid=False, values=list(range(0, 101, 20)))
    )
    y = alt.Y(
        "companies:Q", stack="zero", title=None, axis=alt.Axis(format="~s", tickCount=3, domain=False, ticks=False)
    )
    colours = alt.Scale(domain=list(_ORDER), range=list(charts.OUTCOME_COLOURS.values()))
    bars = (
        alt.Chart(alt.NamedData(dataset))
        .mark_bar(stroke=charts.SURFACE, strokeWidth=1)
        .encode(x=x, x2="to:Q", y=y, order="order:Q", color=alt.Color("outcome:N", scale=colours, legend=None))
    )
    heading = alt.TitleParams(title, anchor="start", color=charts.INK, fontSize=13, fontWeight="bold", offset=20)
    return alt.layer(*_tier_bands(lines, height), bars, _tier_rules(lines)).properties(
        width=width, height=height, title=heading
    )


def _tier_bands(lines: Sequence[ThresholdLine], height: int) -> list[Any]:
    """The bands in which a company keeps a tier it has."""
    bands = [{"from": line.leave, "to": line.enter} for line in lines if line.leave < line.enter]
    if not bands:
        return []
    band = alt.Chart(charts.inline_data(bands)).mark_rect(color="var(--band)", opacity=1)
    return [band.encode(x="from:Q", x2="to:Q", y=alt.value(0), y2=alt.value(height))]


def _tier_rules(lines: Sequence[ThresholdLine]) -> Any:
    """The scores from which a company is in a tier, named above."""
    ends = alt.Chart(charts.inline_data([{"from": line.enter, "label": line.short} for line in lines]))
    rule = ends.mark_rule(color=charts.INK, strokeWidth=1.5).encode(x="from:Q")
    name = ends.mark_text(baseline="bottom", dy=-4, fontWeight="bold").encode(
        x="from:Q", y=alt.value(0), text="label:N"
    )
    return alt.layer(rule, name)
