"""Draws where tiered companies are: circles on the world's land, one a country, their area its companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import pi, sqrt
from typing import Any, Final

import altair as alt
import orjson

from icp_sync.views import charts

_LAND: Final = files("icp_sync.views") / "data" / "land-110m.json"
_WIDTH: Final = 680
_HEIGHT: Final = 310
# Equal Earth is 5.41 radians wide; a little less land at the edges keeps the middle large.
_SCALE: Final = 127
_LARGEST: Final = 1_600
_NAMED: Final = 6
# Degrees that a name takes on the map, upwards and to the right.
_TALL: Final = 9
_WIDE: Final = 50


@dataclass(frozen=True, slots=True)
class Bubble:
    """A country's tiered companies, at the place of its largest city in degrees."""

    name: str
    latitude: float
    longitude: float
    companies: int


def world_map(bubbles: Sequence[Bubble], figure: str) -> str:
    """The map; the largest are drawn first, so that small ones lie on top, and the first few are named."""
    rows = [
        {"name": bubble.name, "lat": bubble.latitude, "lon": bubble.longitude, "companies": bubble.companies}
        for bubble in sorted(bubbles, key=lambda bubble: -bubble.companies)
    ]
    frame = {"type": "equalEarth", "scale": _SCALE, "translate": [_WIDTH / 2, _HEIGHT / 2 + 32]}
    frame |= {"clipExtent": [[0, 0], [_WIDTH, _HEIGHT]]}
    land = alt.Chart(_land()).mark_geoshape(fill="var(--land)", stroke=None)
    largest = max(row["companies"] for row in rows)
    circles = (
        alt.Chart(charts.values(rows))
        .mark_circle(fill="var(--bubble)", fillOpacity=0.55, stroke="var(--bubble)", strokeWidth=1.2, opacity=1)
        .encode(
            longitude="lon:Q", latitude="lat:Q",
            size=alt.Size("companies:Q", legend=None, scale=alt.Scale(domain=[0, largest], range=[0, _LARGEST])),
        )
    )  # fmt: skip
    names = [_name(row, sqrt(_LARGEST * row["companies"] / largest / pi)) for row in _uncrowded(rows)]
    chart = alt.layer(land, circles, *names).project(**frame).properties(width=_WIDTH, height=_HEIGHT)
    return charts.inline_svg(chart, figure)


def _uncrowded(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The largest countries whose names do not run into that of a larger one."""
    named: list[Mapping[str, Any]] = []
    for row in rows:
        if all(abs(row["lat"] - other["lat"]) > _TALL or abs(row["lon"] - other["lon"]) > _WIDE for other in named):
            named.append(row)
    return named[:_NAMED]


def _name(row: Mapping[str, Any], radius: float) -> Any:
    """A country's name to the right of its circle."""
    text = alt.Chart(charts.values([dict(row)])).encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
    place = {"fontSize": 13, "fontWeight": "bold", "align": "left", "dx": radius + 4}
    halo = text.mark_text(**place, stroke=charts.SURFACE, strokeWidth=3)
    return alt.layer(halo, text.mark_text(**place))


@cache
def _land() -> Any:
    return alt.Data(values=orjson.loads(_LAND.read_bytes()), format=alt.TopoDataFormat(feature="land", type="topojson"))
