"""Draws companies by tier over the last runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from icp_sync.views import charts

_NAME_HEIGHT: Final = 16
"""Pixels that the name of a line needs."""
_DASHES: Final[Mapping[str, list[int]]] = {"tier_1": [1, 0], "tier_2": [7, 3], "tier_3": [2, 3]}


@dataclass(frozen=True, slots=True)
class RunTiers:
    """A run's tiers: `at` by the portal's clock (`2026-11-29T02:00:00`), `edited` whether the profile changed."""

    at: str
    tiers: Mapping[str, int]
    edited: bool = False


def history_chart(nights: Sequence[RunTiers], figure: str) -> tuple[str, str]:
    """The same lines wide and narrow, one a tier, with a mark where the profile was another than in the run before."""
    tiers = [tier for tier in _DASHES if any(night.tiers.get(tier) for night in nights)]
    rows = {"nights": _rows(nights, tiers)}
    wide = charts.inline_svg(_lines(nights, tiers, (640, 220)), figure, name="-wide", datasets=rows)
    return wide, charts.inline_svg(_lines(nights, tiers, (264, 200)), figure, name="-narrow", datasets=rows)


def _rows(nights: Sequence[RunTiers], tiers: Sequence[str]) -> list[dict[str, Any]]:
    return [{"at": night.at, "tier": tier, "companies": night.tiers.get(tier, 0)} for night in nights for tier in tiers]


def _lines(nights: Sequence[RunTiers], tiers: Sequence[str], size: tuple[int, int]) -> Any:
    width, height = size
    colour = alt.Color(
        "tier:N", scale=alt.Scale(domain=list(tiers), range=[charts.TIER_COLOURS[tier] for tier in tiers]), legend=None
    )
    dash = alt.StrokeDash(
        "tier:N", scale=alt.Scale(domain=list(tiers), range=[_DASHES[tier] for tier in tiers]), legend=None
    )
    within_a_day = nights[0].at[:10] == nights[-1].at[:10]
    clock = "%H:%M" if within_a_day else "%-d %b"
    ticks = _ticks(nights, 16 if within_a_day else 10, max(width // 90, 2))
    x = alt.X("at:T", title=None, axis=alt.Axis(format=clock, values=ticks, grid=False))
    y = alt.Y("companies:Q", title=None, axis=alt.Axis(format=",d", tickCount=4, domain=False, ticks=False))
    base = alt.Chart(alt.NamedData("nights")).encode(x=x, y=y)
    lines = base.mark_line(strokeWidth=2.5).encode(color=colour, strokeDash=dash)
    points = base.mark_point(filled=True, size=28, opacity=1).encode(color=colour)
    ends = alt.Chart(charts.inline_data(_tier_label_rows(nights, tiers, height)))
    names = ends.mark_text(align="left", dx=8, fontWeight="bold").encode(x=x, y=y, text="label:N")
    return alt.layer(_edit_marks(nights, x), lines, points, names).properties(width=width, height=height)


def _ticks(nights: Sequence[RunTiers], length: int, most: int) -> list[alt.DateTime]:
    """The moments the axis names, the last first; runs that begin with the same text of that length share a name."""
    named = [*{night.at[:length]: dt.datetime.fromisoformat(night.at) for night in nights}.values()]
    step = -(-len(named) // most)
    return [
        alt.DateTime(year=at.year, month=at.month, date=at.day, hours=at.hour, minutes=at.minute, seconds=at.second)
        for at in named[::-1][::step]
    ]


def _tier_label_rows(nights: Sequence[RunTiers], tiers: Sequence[str], height: int) -> list[dict[str, Any]]:
    """The names at the ends of the lines, from the bottom up, each at least its own height above the one below."""
    highest = max((count for night in nights for count in night.tiers.values()), default=0)
    last, room, least = nights[-1], highest * _NAME_HEIGHT / height, 0.0
    names, highest_first = [], sorted(tiers, key=lambda tier: -last.tiers.get(tier, 0))
    for tier in reversed(highest_first):
        at = max(last.tiers.get(tier, 0), least)
        names.append({"at": last.at, "companies": at, "label": tier.replace("tier_", "Tier ")})
        least = at + room
    return names


def _edit_marks(nights: Sequence[RunTiers], x: alt.X) -> Any:
    """Where the profile was edited: a thin line over the whole height, and a mark at its top."""
    edits = alt.Chart(charts.inline_data([{"at": night.at} for night in nights if night.edited]))
    rule = edits.mark_rule(color=charts.MUTED, strokeDash=[3, 3]).encode(x=x)
    mark = edits.mark_text(text="▼", color=charts.MUTED, dy=-2, baseline="bottom").encode(x=x, y=alt.value(0))
    return alt.layer(rule, mark)
