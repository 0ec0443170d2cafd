"""Turns an Altair chart into SVG that lives inside a page: no script, no font to load, the page's own colours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import vl_convert

INK: Final = "var(--ink)"
MUTED: Final = "var(--muted)"
LINE: Final = "var(--line)"
SURFACE: Final = "var(--surface)"
TIER_COLOURS: Final[Mapping[str, str]] = {
    "tier_1": "var(--tier-1)", "tier_2": "var(--tier-2)", "tier_3": "var(--tier-3)", "none": "var(--no-tier)",
}  # fmt: skip
OUTCOME_COLOURS: Final[Mapping[str, str]] = {
    "tiered": "var(--tiered)", "insufficient_data": "var(--unknown)",
    "not_icp": "var(--no-tier)", "disqualified": "var(--disqualified)",
}  # fmt: skip

_CONFIG: Final[Mapping[str, Any]] = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED, "labelFontSize": 12, "titleColor": MUTED, "titleFontSize": 12, "titleFontWeight": "normal",
        "domainColor": LINE, "tickColor": LINE, "gridColor": LINE, "gridOpacity": 0.6, "labelPadding": 6,
    },
    "header": {"labelColor": INK, "titleColor": INK, "labelFontSize": 13, "labelAnchor": "start"},
    "text": {"color": INK, "fontSize": 12},
}  # fmt: skip
_ROOT: Final = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"[^>]*>(.*)</svg>', re.DOTALL)
_NOISE: Final = re.compile(
    r' (?:role|aria-[a-z]+|pointer-events|stroke-miterlimit)="[^"]*"| opacity="1"|<path class="(?:back|fore)ground"'
    r'[^>]* d="(?:|M0,0h0v0h0Z)"[^>]*(?:/>|></path>)'
)
_NUMBER: Final = re.compile(r"-?\d+\.\d{2,}")
_ID: Final = re.compile(r'\bid="([\w-]+)"')
_NAME: Final = re.compile(r'(\bid="|url\(#)([\w-]+)')


def inline_svg(chart: Any, figure: str, *, name: str = "", datasets: Mapping[str, Any] | None = None) -> str:
    """The chart as an `<svg>` element, labelled by the element `{figure}-caption`; its marks are hidden from readers.

    `name` tells several pictures of one figure apart: names inside an SVG count for the whole page. `datasets` are
    large data that the chart names, since Altair copies what it holds with every layer. Raises ValueError for a chart
    that Vega cannot draw.
    """
    # Altair validated each part when it was made; to do so again costs more than to draw.
    specification = chart.to_dict(validate=False)
    specification |= {"config": _CONFIG, "datasets": {**specification.get("datasets", {}), **(datasets or {})}}
    drawn = _ROOT.search(vl_convert.vegalite_to_svg(specification))
    if drawn is None:
        raise ValueError("Vega drew no picture")
    width, height, marks = drawn.groups()
    marks = _NUMBER.sub(_round_coordinate, _NOISE.sub("", marks))
    marks = _make_ids_unique(marks, f"{figure}{name}")
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {size} role="img" aria-labelledby="{figure}-caption"><g aria-hidden="true">{marks}</g></svg>'


def _make_ids_unique(marks: str, prefix: str) -> str:
    """The marks with ids of their own: Vega counts them up over all pictures of a process."""
    ids = {name: f"{prefix}-{n}" for n, name in enumerate(dict.fromkeys(_ID.findall(marks)))}
    return _NAME.sub(lambda use: use[1] + ids[use[2]], marks)


def _round_coordinate(number: re.Match[str]) -> str:
    """A coordinate to a tenth of a pixel, which nobody sees and which halves an outline."""
    return f"{float(number[0]):.1f}".removesuffix(".0")


def inline_data(rows: list[dict[str, Any]]) -> Any:
    """Rows as a chart's data, inside its specification."""
    return alt.InlineData(values=rows)
