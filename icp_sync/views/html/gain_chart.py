"""Draws the gain curve: how much of the wins lies with the best by fit score, beside what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from icp_sync.evidence.document_types import GainPoint
from icp_sync.views import charts


def gain_chart(gain: Sequence[GainPoint], figure: str) -> tuple[str, str]:
    """The curve from 0 to 100 % of the decided deals, wide and narrow."""
    wide = charts.inline_svg(_chart(gain, (640, 240)), figure, name="-wide")
    return wide, charts.inline_svg(_chart(gain, (264, 200)), figure, name="-narrow")


def _chart(gain: Sequence[GainPoint], size: tuple[int, int]) -> Any:
    width, height = size
    points = [{"best": 0.0, "wins": 0.0}, *({"best": point.companies, "wins": point.wins} for point in gain)]
    ends = [{"best": 0.0, "wins": 0.0}, {"best": 1.0, "wins": 1.0}]
    x, y = _axis(alt.X, "best", "best by fit score"), _axis(alt.Y, "wins", "of the wins")
    curve = alt.Chart(charts.inline_data(points)).mark_line(color="var(--tier-1)", strokeWidth=2.5).encode(x=x, y=y)
    chance = alt.Chart(charts.inline_data(ends)).mark_line(color=charts.MUTED, strokeDash=[4, 4]).encode(x=x, y=y)
    return alt.layer(chance, curve).properties(width=width, height=height)


def _axis(channel: Any, name: str, title: str) -> Any:
    scale, axis = alt.Scale(domain=[0, 1], nice=False), alt.Axis(format="%", tickCount=4)
    return channel(f"{name}:Q", title=title, scale=scale, axis=axis)
