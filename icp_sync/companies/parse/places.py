"""Resolves a company's country, subdivision and city; each distinct address once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.parse.cities import NO_CITIES, look_up_distinct, resolve_cities
from icp_sync.companies.parse.parsed_columns import ValueKind, parse_properties, parsed_column
from icp_sync.companies.parse.suggestions import suggest_places
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts, count_failed_texts
from icp_sync.vocabulary.country_recognition import locate_country
from icp_sync.vocabulary.subdivision_texts import parse_subdivision, parse_subdivision_with_country
from icp_sync.vocabulary.subdivisions import subdivision_keys, subdivisions
from icp_sync.vocabulary.text_keys import text_key_expr

_KINDS: Final[dict[str, type[pl.DataType]]] = {
    "country": pl.String,
    "subdivision": pl.String,
    "city": pl.Int64,
    "lat": pl.Float64,
    "lon": pl.Float64,
}
Location = Mapping[str, Sequence[str]]
"""`country`, `state`, `city` → properties, of which the first that resolves counts."""
PARTS: Final = tuple(_KINDS)
"""Alpha-2 code, ISO 3166-2 code, GeoNames id, degrees north and east; null is unknown."""


def place_part_column(part: str) -> str:
    """The column that holds a part of a company's place."""
    return f"resolved place:{part}"  # no property's: a name with a blank


def resolve_places(frame: pl.DataFrame, location: Location) -> pl.DataFrame:
    """The company frame with the columns of `place` for each of `PARTS`; rows and their order stay.

    Properties of `location` that the frame lacks are ignored. A missing part is taken from the others: the country
    from a state whose name is no other country's, or from the city; the subdivision from the city. A city is the most
    populous of its name in the known subdivision, else country; without either, one of 50,000 people and ten times the
    next.
    """
    # Portals leave many of these empty, such as the state's code, and what is empty need not be parsed.
    filled = {column.name for column in frame if column.null_count() < frame.height}
    named = {part: [name for name in location[part] if name in filled] for part in ("country", "state", "city")}
    sources = list(dict.fromkeys(name for names in named.values() for name in names))
    if not sources:
        return frame.with_columns(
            pl.lit(None, dtype=kind).alias(place_part_column(part)) for part, kind in _KINDS.items()
        )
    rows = frame.select(sources).unique()
    rows = _with_cities(_with_subdivisions(_with_countries(rows, named["country"]), named["state"]), named["city"])
    resolved = rows.select(*sources, *map(place_part_column, PARTS))
    return frame.join(resolved, on=sources, how="left", nulls_equal=True, maintain_order="left")


def unplaced_flags(part: str, names: Iterable[str], resolved: str) -> list[pl.Expr]:
    """For each of these properties a Boolean column: whether it has a text while the column `resolved` is null.

    `part`: "state" or "city", what they name; `resolved`: the column with the resolved place.
    """
    return [
        (pl.col(name).is_not_null() & pl.col(resolved).is_null()).alias(unplaced_column(part, name)) for name in names
    ]


def unplaced_column(part: str, property_name: str) -> str:
    """The column of `unplaced_flags` for a property."""
    return f"{property_name}:without {part}"


def unrecognised_places(frame: pl.DataFrame, part: str, location: Location) -> dict[str, UnrecognisedTexts]:
    """By property, the unrecognised states or cities of a frame with the columns of `unplaced_flags`."""
    names = [name for name in location[part] if name in frame.columns]
    unplaced = {name: count_failed_texts(frame, name, unplaced_column(part, name)) for name in names}
    return {
        name: _with_suggestions(frame, part, name, location, texts) for name, texts in unplaced.items() if texts.count
    }


def _with_suggestions(
    frame: pl.DataFrame, part: str, name: str, location: Location, texts: UnrecognisedTexts
) -> UnrecognisedTexts:
    """Adds suggestions for the few texts shown, each from the country it most often occurs with."""
    sources = {source for names in location.values() for source in names if source in frame.columns}
    shown = frame.filter(pl.col(unplaced_column(part, name)), pl.col(name).is_in(texts.examples)).select(
        sorted(sources)
    )
    country = place_part_column("country")
    counted = resolve_places(shown, location).group_by(name, country).len("resolved place:companies")
    beside = counted.drop_nulls(country).sort("resolved place:companies", country)
    countries = dict(beside.select(name, country).iter_rows())
    return replace(texts, nearest=suggest_places(part, texts.examples, countries))


def _with_countries(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The country, and as `part` what the text names of it: `England` is the United Kingdom and England."""
    rows = parse_properties(rows, [(name, ValueKind.COUNTRY) for name in names])
    country = _first_known([pl.col(parsed_column(name, ValueKind.COUNTRY)) for name in names])
    parts = [look_up_distinct(rows[name], _part_of_country) for name in names]
    inside = [
        pl.when(part.str.slice(0, 2) == pl.col(place_part_column("country"))).then(part) for part in map(pl.lit, parts)
    ]
    return rows.with_columns(country.alias(place_part_column("country"))).with_columns(
        _first_known(inside).alias(place_part_column("part"))
    )


def _with_subdivisions(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The subdivision, the outermost one around it as `top`, the state's key; a country that only a state tells."""
    country, subdivision = place_part_column("country"), place_part_column("subdivision")
    keys = rows.select(text_key_expr(pl.col(name)) for name in names).get_columns()
    alone = _first_known([pl.lit(look_up_distinct(states, subdivisions().by_distinct_name.get)) for states in keys])
    with_country = _first_known(
        [pl.lit(look_up_distinct(rows[name], parse_subdivision_with_country)) for name in names]
    )
    of_none = pl.when(pl.col(country).is_null()).then(pl.coalesce(alone, with_country))
    state = _first_known([pl.lit(_state_column(rows, name, states)) for name, states in zip(names, keys, strict=True)])
    rows = rows.with_columns(pl.coalesce(state, of_none, place_part_column("part")).alias(subdivision))
    known = [look_up_distinct(states, _known_subdivision_key) for states in keys]
    top = pl.lit(look_up_distinct(rows[subdivision], subdivisions().outermost_code))
    return rows.with_columns(
        pl.coalesce(country, pl.col(subdivision).str.slice(0, 2)).alias(country),
        top.alias(place_part_column("top")),
        _first_known([pl.lit(states) for states in known]).alias(place_part_column("state key")),
    )


def _state_column(rows: pl.DataFrame, name: str, keys: pl.Series) -> pl.Series:
    """The subdivision of the known country that a property names: by its table, else each odd text by itself.

    `keys`: those of the property's texts.
    """
    texts = rows.select(pl.col(place_part_column("country")).alias("country"), pl.col(name).alias("text"))
    spellings = texts.select(pl.concat_str("country", pl.lit(" "), pl.lit(keys))).to_series()
    texts = texts.with_columns(look_up_distinct(spellings, subdivisions().by_country.get).alias("code"))
    odd = texts.filter(pl.col("code").is_null()).drop_nulls(["country", "text"]).select("country", "text").unique()
    parsed = [(country, text, code) for country, text in odd.iter_rows() if (code := parse_subdivision(country, text))]
    if not parsed:
        return texts["code"]
    table = pl.DataFrame(parsed, schema={"country": pl.String, "text": pl.String, "said": pl.String}, orient="row")
    joined = texts.join(table, on=["country", "text"], how="left", maintain_order="left")
    return joined.select(pl.coalesce("code", "said")).to_series()


def _part_of_country(text: str) -> str | None:
    location = locate_country(text)
    return location.part if location else None


def _with_cities(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Adds the city of the first property that resolves, and its country and subdivision where unknown."""
    country, subdivision = place_part_column("country"), place_part_column("subdivision")
    rows = rows.with_row_index(place_part_column("row"))
    known = rows.select(
        row=place_part_column("row"),
        country=country,
        top=place_part_column("top"),
        state=place_part_column("state key"),
    )
    named = [resolve_cities(known.with_columns(rows[name].alias("text"))) for name in names]
    resolved = pl.concat([NO_CITIES, *named]).unique("row", keep="first", maintain_order=True)
    rows = rows.join(resolved.rename(place_part_column), on=place_part_column("row"), how="left")
    return rows.with_columns(
        pl.coalesce(country, place_part_column("lies")).alias(country),
        pl.coalesce(subdivision, place_part_column("around")).alias(subdivision),
    )


def _first_known(expressions: Sequence[pl.Expr]) -> pl.Expr:
    """The first of the expressions that is not null; there may be none of them."""
    return pl.coalesce(*expressions, pl.lit(None, dtype=pl.String))


def _known_subdivision_key(key: str) -> str | None:
    """The key, where it names a subdivision in some country."""
    return key if key in subdivision_keys() else None
