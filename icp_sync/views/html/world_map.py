"""Draws where tiered companies are: circles on the world's land, one a country, their area its companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import pi, sqrt
from typing import Any, Final

import altair as alt
import orjson

from icp_sync.views import charts

_FILE: Final = files("icp_sync.views") / "data" / "land-110m.json"
_LAND: Final = alt.NamedData("land", format=alt.TopoDataFormat(feature="land", type="topojson"))
_WIDTH: Final = 680
_HEIGHT: Final = 310
# Equal Earth is 5.41 radians wide; a little less land at the edges keeps the middle large.
_SCALE: Final = 127
_SOUTHWARDS: Final = 32
_LARGEST: Final = 1_600
_NAMED: Final = 6
# Degrees that a name takes on the map, upwards and to the right.
_TALL: Final = 9
_BROAD: Final = 50


@dataclass(frozen=True, slots=True)
class Bubble:
    """A country's tiered companies, at the place of its largest city in degrees."""

    name: str
    latitude: float
    longitude: float
    companies: int


def world_map(bubbles: Sequence[Bubble], figure: str) -> str:
    """The map, of one country or more; the largest circles lie lowest, and a few that stand apart are named."""
    largest_first = sorted(bubbles, key=lambda bubble: -bubble.companies)
    largest = largest_first[0].companies
    land = alt.Chart(_LAND).mark_geoshape(fill="var(--land)", stroke=None)
    circles = (
        alt.Chart(charts.inline_data([_bubble_row(bubble) for bubble in largest_first]))
        .mark_circle(fill="var(--bubble)", fillOpacity=0.55, stroke="var(--bubble)", strokeWidth=1.2, opacity=1)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("companies:Q", legend=None, scale=alt.Scale(domain=[0, largest], range=[0, _LARGEST])),
        )
    )
    names = [
        _country_label(bubble, sqrt(_LARGEST * bubble.companies / largest / pi))
        for bubble in _bubbles_to_label(largest_first)
    ]
    chart = alt.layer(land, circles, *names).project(
        "equalEarth",
        scale=_SCALE,
        translate=[_WIDTH / 2, _HEIGHT / 2 + _SOUTHWARDS],
        clipExtent=[[0, 0], [_WIDTH, _HEIGHT]],
    )
    return charts.inline_svg(
        chart.properties(width=_WIDTH, height=_HEIGHT), figure, datasets={"land": _land_outlines()}
    )


def _bubbles_to_label(largest_first: Sequence[Bubble]) -> list[Bubble]:
    """The largest countries whose names do not run into that of a larger one."""
    named: list[Bubble] = []
    for bubble in largest_first:
        if all(
            abs(bubble.latitude - other.latitude) > _TALL or abs(bubble.longitude - other.longitude) > _BROAD
            for other in named
        ):
            named.append(bubble)
    return named[:_NAMED]


def _bubble_row(bubble: Bubble) -> dict[str, Any]:
    return {"name": bubble.name, "lat": bubble.latitude, "lon": bubble.longitude, "companies": bubble.companies}


def _country_label(bubble: Bubble, radius: float) -> Any:
    """A country's name to the right of its circle, which is `radius` pixels large."""
    text = alt.Chart(charts.inline_data([_bubble_row(bubble)])).encode(
        longitude="lon:Q", latitude="lat:Q", text="name:N"
    )
    place: dict[str, Any] = {"fontSize": 13, "fontWeight": "bold", "align": "left", "dx": radius + 4}
    return alt.layer(text.mark_text(**place, stroke=charts.SURFACE, strokeWidth=3), text.mark_text(**place))


@cache
def _land_outlines() -> Any:
    """The world's land as TopoJSON, in its coarsest form."""
    return orjson.loads(_FILE.read_bytes())
