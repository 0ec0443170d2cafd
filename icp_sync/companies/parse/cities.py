"""Resolves city texts to GeoNames ids, given the known country and subdivision; null where it would be a guess."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import polars as pl

from icp_sync.companies.parse.city_texts import city_readings
from icp_sync.vocabulary import cities, regions
from icp_sync.vocabulary.city_name_meanings import CERTAIN, NOWHERE, SURER, means_subdivision, subdivision_has_city
from icp_sync.vocabulary.country_recognition import locate_country
from icp_sync.vocabulary.country_spellings import country_of_key
from icp_sync.vocabulary.places import american_region_keys
from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.text_keys import EMPTY_KEYS, text_key, text_key_expr

_LARGE: Final = 100_000
_SHORT: Final = 3
"""A key of so few letters is a city's or a company's abbreviation before it is a country's or a state's."""
_ABBREVIATIONS: Final = frozenset({"uk", "usa", "uae"})
_AMBIGUOUS: Final = "georgia"
"""A country, and a state of another."""
_COMMA: Final = r"[,;|\n]"

NO_CITIES: Final = pl.DataFrame(
    schema={
        "row": pl.get_index_type(), "city": pl.Int64, "lies": pl.String, "around": pl.String, "lat": pl.Float64,
        "lon": pl.Float64,
    }
)  # fmt: skip
_READING: Final = pl.Schema(
    {
        "text": pl.String,
        "order": pl.Int64,
        "key": pl.String,
        "reads": pl.String,
        "proof": pl.String,
        "sizable": pl.Boolean,
    }
)


def resolve_cities(rows: pl.DataFrame) -> pl.DataFrame:
    """The city of each row's `text`, as a frame with the columns of `NO_CITIES`.

    `rows`: `row`, `text`, `country` (alpha-2), `top` (outermost ISO 3166-2 code), `state` (key of the state's text);
    null where unknown. A row whose city is unknown is missing from the result, or has a null city where its text names
    a country or a subdivision instead.
    The whole text is tried first (`Stratford-upon-Avon`), then its parts as city, state, country, postcode and
    district. The name of a country or region and an empty word never mean a city of that name elsewhere.
    """
    named = _with_areas(rows.filter(pl.col("text").is_not_null()).with_columns(key=text_key_expr(pl.col("text"))))
    named = named.filter(~pl.col("nowhere"))
    by_whole_text = _cities_in_area(_best_city(_whole_text_rows(named)), named)
    left = named.join(by_whole_text, on="row", how="anti")
    if left.is_empty():
        return by_whole_text
    by_reading = _cities_in_area(_best_city(_reading_rows(left.filter(pl.col("nation").is_null()))), named)
    left = left.join(by_reading, on="row", how="anti")
    areas = _rows_without_city(left)
    located = _country_or_subdivision_rows(
        left.filter(pl.col("country").is_null(), pl.col("nation").is_null(), pl.col("area").is_null())
    )
    return pl.concat([by_whole_text, by_reading, areas, located])


def look_up_distinct(texts: pl.Series, value_of: Callable[[str], str | None]) -> pl.Series:
    """The value of each text (String), such as by a table's `get`; null for a null and for a text without one.

    Each distinct text is asked for once, by Python: Polars would copy the whole table, of ten thousand rows, at each
    use.
    """
    known = {text: value for text in texts.unique().drop_nulls().to_list() if (value := value_of(text))}
    if not known:
        return texts.clear(texts.len())
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def _with_areas(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds what else a text names: a country (`nation`), a subdivision (`area`), or no place (`nowhere`)."""
    known = subdivisions()
    here = look_up_distinct(rows.select(pl.concat_str("country", pl.lit(" "), "key")).to_series(), known.by_country.get)
    names = set(rows.filter(pl.col("country").is_null())["key"].unique()) & known.by_distinct_name.keys()
    outweighing = {name: known.by_name[name] for name in names if means_subdivision(known.by_name[name], name)}
    alone = pl.col("key").replace_strict(outweighing, default=None, return_dtype=pl.String)
    area = pl.when(pl.col("country").is_null()).then(alone).otherwise(pl.lit(here))
    return rows.with_columns(
        look_up_distinct(rows["key"], _country_code).alias("nation"),
        pl.when(pl.col("key").str.len_chars() > _SHORT).then(area).alias("area"),
        pl.col("key").is_in(_non_city_keys().implode()).alias("nowhere"),
    )


def _whole_text_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The whole text as a city's name; a country's name means only a city in it, by the city's own name."""
    return rows.with_columns(
        pl.coalesce("country", "nation").alias("country"),
        pl.lit(None, dtype=pl.String).alias("proof"),
        pl.lit(0, dtype=pl.Int64).alias("order"),
        pl.lit(value=False).alias("sizable"),
        (pl.col("nation").is_not_null() | pl.col("text").str.contains(_COMMA)).alias("just so"),
    )


def _cities_in_area(matches: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The cities found; where a text is a subdivision's name, those that lie in it or are as well known."""
    inside = pl.col("top area") == pl.col("around")
    areas = rows.select("row", "area", look_up_distinct(rows["area"], subdivisions().outermost_code).alias("top area"))
    as_well_known = (
        pl.col("own") & (pl.col("population") >= _LARGE) & (pl.col("area").str.slice(0, 2) == pl.col("lies"))
    )
    known = pl.col("in state") | as_well_known
    return matches.join(areas, on="row").filter(inside.fill_null(value=True) | known).select(NO_CITIES.columns)


def _rows_without_city(left: pl.DataFrame) -> pl.DataFrame:
    """Rows without a city, for texts that name a country or a subdivision."""
    named = left.filter(pl.col("nation").is_not_null() | pl.col("area").is_not_null())
    alone = named.filter(pl.col("country").is_null(), pl.col("nation").is_null()).select("area", "key").unique()
    # A city called like the subdivision around it (Geneva) that was not certain leaves that open too.
    unclear = [
        name for area, name in alone.iter_rows() if subdivision_has_city(subdivisions().outermost_code(area), name)
    ]
    named = named.filter(~pl.col("key").is_in(unclear) | pl.col("country").is_not_null())
    area = pl.when(pl.col("nation").is_null()).then(pl.col("area"))
    return _with_all_columns(named.select("row", lies=pl.coalesce("nation", area.str.slice(0, 2)), around=area))


def _country_or_subdivision_rows(left: pl.DataFrame) -> pl.DataFrame:
    """The country and subdivision of texts that name them beside an unknown city."""
    texts = left.filter(pl.col("key").str.len_chars() > _SHORT, pl.col("key") != _AMBIGUOUS)["text"].unique()
    places = [(text, *place) for text in texts if (place := locate_country(text))]
    table = pl.DataFrame(places, schema={"text": pl.String, "lies": pl.String, "around": pl.String}, orient="row")
    return _with_all_columns(left.join(table, on="text").select("row", "lies", "around"))


def _with_all_columns(rows: pl.DataFrame) -> pl.DataFrame:
    none = [pl.lit(None, dtype=kind).alias(name) for name, kind in NO_CITIES.schema.items() if name not in rows.columns]
    return rows.with_columns(none).select(NO_CITIES.columns).cast(NO_CITIES.schema)


def _reading_rows(left: pl.DataFrame) -> pl.DataFrame:
    """The readings of the texts left over, one row each that agrees with the known country."""
    readings = [
        (text, order, *reading) for text in left["text"].unique() for order, reading in enumerate(city_readings(text))
    ]
    table = pl.DataFrame(readings, schema=_READING, orient="row")
    rows = left.drop("key").join(table, on="text")
    agreeing = rows.filter((pl.col("reads") == pl.col("country")).fill_null(value=True))
    return agreeing.with_columns(pl.coalesce("country", "reads").alias("country"), pl.lit(value=False).alias("just so"))


def _best_city(rows: pl.DataFrame) -> pl.DataFrame:
    """For each row the city with the most weight of its first reading that is certain."""
    row = rows.with_columns(pl.coalesce("proof", "state").alias("state"))
    # Only the states there are: of seventeen thousand the rest need not be hashed.
    states = _state_table().filter(pl.col("key").is_in(row["state"].unique().implode()))
    lies = (pl.col("country") == pl.col("lies")).fill_null(value=True)
    lies &= pl.col("proof").is_not_null() | (pl.col("top") == pl.col("around")).fill_null(value=True)
    in_state = (pl.col("within") == pl.col("around")).fill_null(value=False)
    at = ["row", "order"]
    candidates = (
        row.lazy()
        .join(_cities_by_key(rows["key"]).lazy(), on="key")
        .filter(lies, pl.col("own") | ~pl.col("just so"), ~pl.col("sizable") | (pl.col("population") >= _LARGE))
        .join(states.lazy(), left_on=["lies", "state"], right_on=["country", "key"], how="left")
        .with_columns(in_state.alias("in state"), (pl.col("population") * _spelling_weight()).alias("weight"))
        .filter(pl.col("in state") | ~pl.col("in state").any().over(at), pl.col("in state") | pl.col("proof").is_null())
        .sort(*at, "weight", "city", descending=[False, False, True, False])
    )
    rival = (pl.col("lies") != pl.col("lies").first()) | pl.col("around").ne_missing(pl.col("around").first())
    best_of_each = candidates.group_by(at, maintain_order=True).agg(
        pl.col("city", "lies", "around", "lat", "lon", "country", "in state", "population", "sizable", "own").first(),
        pl.col("weight").first().alias("best"),
        pl.col("weight").filter(rival).max().fill_null(0).alias("next"),
    )
    certain = best_of_each.filter(_is_certain()).collect().sort(at)
    return certain.unique("row", keep="first", maintain_order=True)


def _spelling_weight() -> pl.Expr:
    return pl.when("own").then(SURER).otherwise(1)


def _is_certain() -> pl.Expr:
    """With a country, the most populous is meant; without, one with people enough and ten times the next."""
    alone = (pl.col("population") >= CERTAIN) & (pl.col("best") >= pl.col("next") * SURER) & ~pl.col("sizable")
    return pl.col("country").is_not_null() | pl.col("in state") | alone


def _cities_by_key(keys: pl.Series) -> pl.DataFrame:
    """What these keys spell: cities, and the districts and areas that stand for one."""
    districts = cities.district_names().filter(pl.col("key").is_in(keys.unique().implode()))
    spelled = pl.concat([cities.spellings_of_keys(keys), districts])
    # Searched in the table sorted by city: a join would hash all of its seventy thousand.
    return spelled.hstack(_city_table_by_id()[_city_table_by_id()["city"].search_sorted(spelled["city"])].drop("city"))


@cache
def _city_table_by_id() -> pl.DataFrame:
    """Every city that has a spelling, sorted by its id."""
    table = cities.city_table().sort("city")
    table = table.select("city", "population", "lat", "lon", lies="country", around="subdivision")
    return table.with_columns(pl.col("lat", "lon").cast(pl.Float64), pl.col("population").cast(pl.Int64))


@cache
def _state_table() -> pl.DataFrame:
    known = subdivisions()
    names, codes = pl.Series(known.by_country.keys()), pl.Series(known.by_country.values())
    return pl.DataFrame(
        {
            "country": names.str.slice(0, 2),
            "key": names.str.slice(3),
            "within": look_up_distinct(codes, known.outermost_code),
        }
    )


def _country_code(key: str) -> str | None:
    """The alpha-2 code of a whole country with that name, but for one that is also a state's."""
    is_name = (len(key) > _SHORT or key in _ABBREVIATIONS) and key != _AMBIGUOUS
    return country_of_key(key) if is_name else None


@cache
def _non_city_keys() -> pl.Series:
    """Keys that name no city: empty words, and regions of several countries or states."""
    areas = {text_key(name) for name in (*regions.region_keys(), *american_region_keys())}
    return pl.Series(sorted(EMPTY_KEYS | NOWHERE | areas))
