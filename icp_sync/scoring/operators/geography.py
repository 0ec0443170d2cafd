"""Questions about places, over a company's country, subdivision and city as resolved (design: "Geography").

A question that names properties of its own reads the country there and all else where the profile's `location` says,
so several places of one company can stand side by side, each in columns called after the properties of its country.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

import polars as pl

from icp_sync.companies.parse import places
from icp_sync.companies.parse.places import resolve_places
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Location
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.vocabulary import cities
from icp_sync.vocabulary.cities import distance_km
from icp_sync.vocabulary.places import Place, unite_places
from icp_sync.vocabulary.vocabulary import Vocabulary

Properties = tuple[str, ...]
Meaning = TypeVar("Meaning")

COUNTRY: Final = "country"
SUBDIVISION: Final = "subdivision"
CITY_NAME: Final = "name"
"""Parts of a place; each is a column, `place_column(countries, part)`."""


def place_column(countries: Properties, part: str) -> str:
    """The column that holds a part of the place whose country is read from these properties."""
    return f"place {','.join(countries)}:{part}"


def with_places(companies: pl.DataFrame, wanted: Iterable[Properties], location: Location) -> pl.DataFrame:
    """The frame with the columns of `place` for each of the wanted country properties."""
    for countries in wanted:
        resolved = resolve_places(companies, {**location.model_dump(), "country": countries})
        companies = resolved.rename(
            {places.place_part_column(part): place_column(countries, part) for part in places.PARTS}
        )
    return companies


def with_city_names(companies: pl.DataFrame, wanted: Iterable[Properties]) -> pl.DataFrame:
    """The frame with the name of the city of each of the wanted places, in the column `place(…, CITY_NAME)`."""
    # The table of cities is joined by id, not mapped by a dict: Polars would copy the whole dict at each use.
    for countries in wanted:
        city, name = place_column(countries, "city"), place_column(countries, CITY_NAME)
        # Of seventy thousand cities only those there are: the rest need not be hashed.
        there = cities.city_table().filter(pl.col("city").is_in(companies[city].unique().implode()))
        names = there.select(pl.col("city").alias(city), pl.col("name").alias(name))
        companies = companies.join(names, on=city, how="left", maintain_order="left")
    return companies


def needs_subdivision(leaf: Match, vocabulary: Vocabulary) -> bool:
    """Whether a region covers countries in part, so that the country alone cannot always tell."""
    return bool(_union_of_regions(leaf, vocabulary).subdivisions)


def region(countries: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit in one of the places, missed outside all, unknown where only the subdivision could tell."""
    # Where a country lies partly inside the region and the state is empty, the company may be in or out: no answer is
    # true, so it is unknown.
    whole = _union_of_regions(leaf, context.vocabulary)
    country, part = pl.col(place_column(countries, COUNTRY)), pl.col(place_column(countries, SUBDIVISION))
    inside = country.is_in(sorted(whole.countries)) | part.is_in(sorted(whole.subdivisions)).fill_null(False)
    perhaps = country.is_in(sorted(whole.partly_covered_areas)) & (
        part.is_null() | part.is_in(sorted(whole.partly_covered_areas))
    )
    return pl.when(inside).then(True).when(country.is_null() | perhaps).then(None).otherwise(False)


def _union_of_regions(leaf: Match, vocabulary: Vocabulary) -> Place:
    return unite_places(_require_known(vocabulary.find_region(name), name) for name in leaf.region or ())


def city(countries: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit in one of the cities; unknown where the company's city is, save in a country that is one of them."""
    named = [_require_known(context.vocabulary.find_cities(name), name) for name in leaf.city or ()]
    ids, whole = (
        set[int]().union(*(one.ids | one.districts for one in named)),
        set[str]().union(*(one.city_states for one in named)),
    )
    # Of a city state (Singapore) the country says the city, which forms then leave empty.
    in_city = pl.col(place_column(countries, "city")).is_in(sorted(ids))
    return in_city | pl.col(place_column(countries, COUNTRY)).is_in(sorted(whole)) if whole else in_city


def within_km(countries: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit within the circle; unknown where the company's city is."""
    if leaf.within_km is None:
        raise ValueError("within_km asks for a place and a distance")
    centre = _require_known(context.vocabulary.find_coordinates(leaf.within_km.of), leaf.within_km.of)
    here = pl.col(place_column(countries, "lat")), pl.col(place_column(countries, "lon"))
    return distance_km(*here, *centre) <= leaf.within_km.km


def _require_known(meaning: Meaning | None, name: str) -> Meaning:
    if meaning is None:
        raise ValueError(f"no vocabulary knows the place {name!r}")
    return meaning
