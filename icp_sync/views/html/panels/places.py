"""Panel 8: in which countries the tiered companies are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.profile_figures import Place
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.profile.model.types import TIERS
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel, PanelFigure
from icp_sync.views.html.world_map import Bubble, world_map
from icp_sync.vocabulary.cities import largest_city_coordinates
from icp_sync.vocabulary.country_spellings import english_name

MAX_COUNTRIES: Final = 20


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A country: `tiered` companies, their share of all tiered ones, and by tier."""

    name: str
    companies: int
    tiered: int
    share: str
    tiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlacesPanel(Panel):
    """The countries with most tiered companies first; `more` says what the table leaves out."""

    tiers: tuple[str, ...]
    rows: tuple[PlaceRow, ...]
    more: str
    figure: PanelFigure | None


def build(document: ReportDocument) -> PlacesPanel:
    """Countries of tiered companies, as a table of the first twenty and as circles on a map."""
    places = sorted(
        (place for place in document.places if _tier_sum(place)), key=lambda place: (-_tier_sum(place), place.country)
    )
    tiers = tuple(tier for tier in TIERS if any(getattr(place, tier) for place in places))
    total = sum(document.tiers.values())
    return PlacesPanel(
        finding=_finding_sentence(document, places, total),
        empty=not places,
        tiers=tiers,
        rows=tuple(_row(place, tiers, total) for place in places[:MAX_COUNTRIES]),
        more=_more(places, total),
        figure=_map_figure(places) if places else None,
    )


def _tier_sum(place: Place) -> int:
    return place.tier_1 + place.tier_2 + place.tier_3


def _finding_sentence(document: ReportDocument, places: list[Place], total: int) -> str:
    if not places:
        return _no_place_sentence(document, total)
    first = places[0]
    tiered = _tier_sum(first)
    sentence = (
        f"{english_name(first.country)} has {tiered:,} of {total:,} tiered companies ({words.percent(tiered, total)})"
    )
    others = len(places) - 1
    return (
        f"{sentence}; the rest are in {others} other {'country' if others == 1 else 'countries'}."
        if others
        else f"{sentence}."
    )


def _no_place_sentence(document: ReportDocument, total: int) -> str:
    if not document.is_counted:
        return "Countries were not counted for this run."
    if not document.asks_place:
        return "The profile asks for no place, so no country was read."
    return "No tiered company has a country that could be read." if total else "No company is in a tier."


def _row(place: Place, tiers: tuple[str, ...], total: int) -> PlaceRow:
    counts = tuple(getattr(place, tier) for tier in tiers)
    return PlaceRow(
        english_name(place.country), place.companies, _tier_sum(place), words.percent(_tier_sum(place), total), counts
    )


def _more(places: list[Place], total: int) -> str:
    """What the table does not show: further countries, and tiered companies without one."""
    rest = places[MAX_COUNTRIES:]
    unplaced = total - sum(map(_tier_sum, places))
    sentence = []
    if rest:
        sentence.append(
            f"{sum(map(_tier_sum, rest)):,} more in {len(rest)} other {'country' if len(rest) == 1 else 'countries'}"
        )
    if unplaced > 0:
        sentence.append(f"{words.companies(unplaced)} in a tier without a country that could be read")
    return f"Not in the table: {words.join_names(sentence)}." if sentence else ""


def _map_figure(places: list[Place]) -> PanelFigure | None:
    cities = largest_city_coordinates()
    bubbles = [
        Bubble(english_name(place.country), *cities[place.country], _tier_sum(place))
        for place in places
        if place.country in cities
    ]
    if not bubbles:
        return None
    count = f"{len(bubbles)} {'country' if len(bubbles) == 1 else 'countries'}"
    caption = f"Tiered companies in {count}: a circle stands at a country's largest city, and its area is their number."
    return PanelFigure("world-map", caption, world_map(bubbles, "world-map"))
