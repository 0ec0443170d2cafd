"""Where companies are: countries, shipped regions, states and metros."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.operators.geography import COUNTRY, SUBDIVISION, place_column
from icp_sync.vocabulary.cities import metro_names
from icp_sync.vocabulary.places import american_regions
from icp_sync.vocabulary.regions import shipped_regions
from icp_sync.vocabulary.subdivisions import subdivisions

Properties = tuple[str, ...]


def place_matches(
    parsed: pl.DataFrame, countries: Properties, context: EvaluationContext, support: int
) -> Iterator[Match]:
    """Places that companies are in: those with `support`, and wider ones that hold several of them."""
    of_country = _counts(parsed, place_column(countries, COUNTRY))
    of_state = _counts(parsed, place_column(countries, SUBDIVISION))
    for name in (
        *_frequent_places(of_country, support),
        *_regions(of_country, of_state),
        *_frequent_states(of_state, support),
    ):
        yield Match(region=(name,))
    yield from _metros(parsed, countries, context, support)


def _regions(of_country: dict[str, int], of_state: dict[str, int]) -> Iterator[str]:
    for codes, names in shipped_regions().items():
        if len(codes.intersection(of_country)) > 1:
            yield names[0]
    for codes, names in american_regions().items():
        if len(codes.intersection(of_state)) > 1:
            yield names[0]


def _frequent_states(of_state: dict[str, int], support: int) -> list[str]:
    """The outermost subdivisions, such as a state or a nation."""
    known, outer = subdivisions(), dict[str, int]()
    for code, count in of_state.items():
        outer[known.outermost_code(code)] = outer.get(known.outermost_code(code), 0) + count
    return _frequent_places(outer, support)


def _metros(parsed: pl.DataFrame, countries: Properties, context: EvaluationContext, support: int) -> Iterator[Match]:
    of_city = dict(parsed.group_by(place_column(countries, "city")).len().drop_nulls().iter_rows())
    for name in metro_names() if of_city else ():
        covered = context.vocabulary.find_cities(name)
        if covered and sum(of_city.get(city, 0) for city in covered.ids | covered.districts) >= support:
            yield Match(city=(name,))


def _counts(parsed: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(parsed.group_by(column).len().drop_nulls().sort(column).iter_rows())


def _frequent_places(counts: dict[str, int], support: int) -> list[str]:
    return [name for name, count in counts.items() if count >= support]
