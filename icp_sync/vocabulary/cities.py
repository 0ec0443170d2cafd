"""The world's cities of 5,000 people and more, by any spelling, and the metros that stand for many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Final

import polars as pl

from icp_sync.vocabulary.aliases_and_groups import read_shipped_csv, split_members
from icp_sync.vocabulary.name_suggestions import nearest_key
from icp_sync.vocabulary.places import Place, find_place
from icp_sync.vocabulary.text_keys import text_key, text_keys

_DATA: Final = files("icp_sync.vocabulary") / "data"
_EARTH_RADIUS_KM: Final = 6371.0088
_LARGE: Final = 100_000
_OWN_NAME: Final = 10
_LONG: Final = 6
_CITY_STATES: Final = frozenset({"SG", "MC", "VA", "GI", "HK", "MO"})


@dataclass(frozen=True, slots=True)
class CityCoverage:
    """The GeoNames ids and city states that a `city` name covers."""

    ids: frozenset[int]
    countries: frozenset[str]
    """The countries of the cities: a company in another country is in none of them."""
    city_states: frozenset[str] = frozenset()
    """Countries that are a city, such as `SG`: any address there is in it."""
    districts: frozenset[int] = frozenset()
    """GeoNames ids of the cities' districts."""


def city_table() -> pl.DataFrame:
    """One row a city: city (GeoNames id), name, country, subdivision (outermost ISO 3166-2), lat, lon, population."""
    return _read_parquet("cities.parquet")


@cache
def largest_city_coordinates() -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude, in degrees, of the most populous city of each country, by alpha-2 code."""
    largest = city_table().sort("population", descending=True).unique("country", keep="first", maintain_order=True)
    return {country: (lat, lon) for country, lat, lon in largest.select("country", "lat", "lon").iter_rows()}


def city_spellings() -> pl.DataFrame:
    """One row a spelling of a city: key, city, own (its own name rather than an alternate)."""
    return _read_parquet("city_names.parquet")


def spellings_of_keys(keys: pl.Series) -> pl.DataFrame:
    """The rows of `spellings` with one of these keys.

    The table is sorted by key: what a search in it takes depends on these keys alone, while a join would hash
    all of its half a million for a single company.
    """
    known, wanted = city_spellings(), keys.drop_nulls().unique()
    ends = (known["key"].search_sorted(wanted, side) for side in ("left", "right"))
    rows = pl.select(pl.int_ranges(*ends).explode(empty_as_null=False)).to_series()
    return known[rows]


def districts() -> pl.DataFrame:
    """One row a city of the table that is a district of another: city, of (both GeoNames ids)."""
    return _read_parquet("districts.parquet")


@cache
def district_names() -> pl.DataFrame:
    """Like `spellings`: districts that no table has, and areas called after their city, each as that city."""
    pairs = [
        (int(row["city"]), name)
        for row in read_shipped_csv("district_names.csv")
        for name in split_members(row["names"])
    ]
    keys = text_keys(name for _, name in pairs)
    named = {"key": keys, "city": [city for city, _ in pairs], "own": [False] * len(pairs)}
    return pl.DataFrame(named, schema=city_spellings().schema).unique(maintain_order=True)


def cities_to_suggest() -> tuple[str, ...]:
    """Metros and cities of 100,000 people and more, one spelling each, for suggestions."""
    large = city_table().filter(pl.col("population") >= _LARGE).sort("population", descending=True)["name"].to_list()
    return (*metro_names(), *large)


def metro_names() -> tuple[str, ...]:
    """The shipped metros, one spelling each."""
    return tuple(dict.fromkeys(row["name"] for row in read_shipped_csv("metros.csv")))


@lru_cache(maxsize=1 << 10)
def find_covered_cities(name: str) -> CityCoverage | None:
    """The cities of a metro, or the most populous city of that name, in the country or state behind a comma.

    `San Francisco`, `Portland, Maine`, `Austin, TX`, `Paris, France`, `Silicon Valley`; None when no vocabulary
    knows it.
    """
    for where in _name_readings(name):
        members = _cities_in_circles(_metro_circles(where.head), where.within)
        members = _largest_city(where) if members.is_empty() else members
        if not members.is_empty():
            return _city_coverage(members)
    return None


def city_coordinates(name: str) -> tuple[float, float] | None:
    """Latitude and longitude, in degrees, of a city, or of a metro that is called like no city."""
    for where in _name_readings(name):
        for matches in (_largest_city(where), _centres(_metro_circles(where.head))):
            if not matches.is_empty():
                return float(matches["lat"][0]), float(matches["lon"][0])
    return None


def suggest_city(text: str, country: str | None) -> str | None:
    """The city of a country (alpha-2) most similar to a text; without a country, of all large cities.

    None for the name of a large city of another country: it is no misspelling, but a wrong country.
    """
    return None if text_key(text) in _names_by_key(None) else nearest_key(text, _names_by_key(country))


@lru_cache(maxsize=4)
def _names_by_key(country: str | None) -> dict[str, str]:
    candidates = city_table().filter(
        pl.col("population") >= _LARGE if country is None else pl.col("country") == country
    )
    # Alternate names are many, and something short is always like one of them.
    known = (
        city_spellings().filter(pl.col("own") | (pl.col("key").str.len_chars() >= _LONG)).join(candidates, on="city")
    )
    # Of cities that share a spelling the last one, and so the most populous, is shown.
    return dict(known.sort("own", "population", "city").select("key", "name").iter_rows())


@dataclass(frozen=True, slots=True)
class _QualifiedName:
    """A city's or metro's name, and the places it must lie in."""

    head: str
    within: tuple[Place, ...] = ()


def _name_readings(name: str) -> Iterator[_QualifiedName]:
    """Yields what a name may mean: `Ontario, CA` is first a city in Canada, then one in California."""
    yield _QualifiedName(name)
    head, *tails = name.split(",")
    for read in (find_place, _us_state):
        within = [read(tail.strip()) or find_place(tail.strip()) for tail in tails]
        if within and all(within):
            yield _QualifiedName(head, tuple(part for part in within if part))


def _us_state(code: str) -> Place | None:
    return find_place(f"US-{code}") if len(code) == 2 else None


def distance_km(lat: pl.Expr, lon: pl.Expr, to_lat: float, to_lon: float) -> pl.Expr:
    """Kilometres (Float64) from each point, in degrees, to one point; null for null coordinates (haversine formula)."""
    lat_1, lat_2 = lat.radians(), pl.lit(to_lat).radians()
    half_lat, half_lon = (lat_1 - lat_2) / 2, (lon - to_lon).radians() / 2
    chord = half_lat.sin() ** 2 + lat_1.cos() * lat_2.cos() * half_lon.sin() ** 2
    return 2 * _EARTH_RADIUS_KM * chord.clip(0, 1).sqrt().arcsin()


@dataclass(frozen=True, slots=True)
class _Circle:
    within: str
    lat: float
    lon: float
    km: float

    def contains_city(self) -> pl.Expr:
        """Whether a city of the table lies in it."""
        near = distance_km(pl.col("lat"), pl.col("lon"), self.lat, self.lon) <= self.km
        return near & (pl.col("subdivision" if "-" in self.within else "country") == self.within)


@cache
def _circles_by_metro() -> dict[str, tuple[_Circle, ...]]:
    metros: dict[str, tuple[_Circle, ...]] = {}
    aliases: dict[str, str] = {}
    for row in read_shipped_csv("metros.csv"):
        key = text_key(row["name"])
        circle = _Circle(row["within"], float(row["lat"]), float(row["lon"]), float(row["km"]))
        metros[key] = (*metros.get(key, ()), circle)
        aliases.update({text_key(alias): key for alias in split_members(row["aliases"])})
    return metros | {alias: metros[key] for alias, key in aliases.items()}


def _metro_circles(name: str) -> tuple[_Circle, ...]:
    return _circles_by_metro().get(text_key(name), ())


def _cities_in_circles(circles: Iterable[_Circle], within: Iterable[Place]) -> pl.DataFrame:
    return city_table().filter(
        pl.any_horizontal(pl.lit(False), *(circle.contains_city() for circle in circles)), *_location_filters(within)
    )


def _centres(circles: Iterable[_Circle]) -> pl.DataFrame:
    return pl.DataFrame([(circle.lat, circle.lon) for circle in circles], ["lat", "lon"], orient="row")


def _largest_city(name: _QualifiedName) -> pl.DataFrame:
    """The most populous city; an own name counts ten times an alternate one, of which some are far-fetched."""
    weight = pl.col("population") * pl.when("own").then(_OWN_NAME).otherwise(1)
    matches = spellings_of_keys(pl.Series([text_key(name.head)])).join(city_table(), on="city")
    return matches.filter(*_location_filters(name.within)).sort(weight, -pl.col("city"), descending=True).head(1)


def _location_filters(within: Iterable[Place]) -> Iterator[pl.Expr]:
    for part in within:
        around = part.subdivisions | (part.partly_covered_areas - {code[:2] for code in part.subdivisions})
        yield pl.col("country").is_in(sorted(part.countries)) | pl.col("subdivision").is_in(sorted(around))


def _city_coverage(members: pl.DataFrame) -> CityCoverage:
    countries = frozenset(members["country"])
    inside = districts().filter(pl.col("of").is_in(members["city"].implode()))["city"]
    return CityCoverage(frozenset(members["city"]), countries, countries & _CITY_STATES, frozenset(inside))


@cache
def _read_parquet(file: str) -> pl.DataFrame:
    with as_file(_DATA / file) as path:
        return pl.read_parquet(path)
