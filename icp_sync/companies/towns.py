"""Which city a text means, given what is known of its country and subdivision; unknown where that is a guess."""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from icp_sync.vocabulary import cities
from icp_sync.vocabulary.countries import country_code
from icp_sync.vocabulary.keys import key
from icp_sync.vocabulary.subdivisions import subdivisions

_LARGE: Final = 100_000
_SURER: Final = 10
"""An own name counts so many times an alternate one; without a country, an alternate name must lead by as much."""

_WITH_KIND: Final = r"^(.+) (?:city|si|shi)$"

NO_TOWN: Final = pl.DataFrame(
    schema={
        "row": pl.get_index_type(), "city": pl.Int64, "lies": pl.String, "around": pl.String, "lat": pl.Float64,
        "lon": pl.Float64,
    }
)  # fmt: skip


def towns(rows: pl.DataFrame) -> pl.DataFrame:
    """The city each row's `text` means: `row`, its GeoNames id, country, subdivision, lat and lon, as in `NO_TOWN`.

    `rows` has `row`, `text`, `country` (alpha-2), `top` (outermost ISO 3166-2 code) and `state` (the key of what
    stands for one), null where unknown. A row whose city is unknown has none in the answer.
    The whole text goes first (`Stratford-upon-Avon`), then what stands before a comma, bracket or slash
    (`Austin, TX`, where what follows must be its state or country), or before the word city (`Taipei City`).
    """
    asked = rows.filter(pl.col("text").is_not_null()).with_columns(pl.lit(None, dtype=pl.String).alias("proof"))
    whole = _meant(asked.with_columns(key(pl.col("text")).alias("key")))
    left = asked.join(whole, on="row", how="anti")
    begun = _meant(_begun(left.filter(pl.col("text").str.contains(r"[,(/;|]"))))
    bare = key(pl.col("text")).str.extract(_WITH_KIND)
    return pl.concat([whole, begun, _meant(left.with_columns(bare.alias("key")))])


def _begun(asked: pl.DataFrame) -> pl.DataFrame:
    head = key(pl.col("text").str.extract(r"^([^,(/;|]+)"))
    tail = pl.col("text").str.extract(r"^[^,(/;|]+,([^,(/;|]+)")
    split = asked.with_columns(head.alias("key"), tail.alias("tail"))
    tails = split["tail"].drop_nulls().unique().to_list()
    found = {text: code for text in tails if (code := _country(text))}
    country = pl.col("tail").replace_strict(found, default=None, return_dtype=pl.String)
    said = pl.coalesce("country", country)
    # A country behind the comma says no more once it is read; anything else there must prove to be the state.
    proof = pl.when(pl.col("tail").is_not_null() & country.is_null()).then(key(pl.col("tail")))
    agreeing = split.filter(country.is_null() | (country == said))
    return agreeing.with_columns(said.alias("country"), proof.alias("proof")).drop("tail")


def _country(text: str) -> str | None:
    return country_code(text) if len(text.strip()) > 2 else None


def _meant(asked: pl.DataFrame) -> pl.DataFrame:
    """The city with the most weight among those that what is known leaves, if it is certain enough."""
    row = asked.lazy().with_columns(pl.coalesce("proof", "state").alias("state"))
    lies = (pl.col("country") == pl.col("lies")).fill_null(True) & (pl.col("top") == pl.col("around")).fill_null(True)
    in_state = (pl.col("within") == pl.col("around")).fill_null(False)
    candidates = (
        row.join(cities.spellings().lazy(), on="key")
        .join(_table().lazy(), on="city")
        .filter(lies)
        .join(_states().lazy(), left_on=["lies", "state"], right_on=["country", "key"], how="left")
        .with_columns(in_state.alias("in state"), (pl.col("population") * _weight()).alias("weight"))
        .filter(
            pl.col("in state") | ~pl.col("in state").any().over("row"), pl.col("in state") | pl.col("proof").is_null()
        )
        .sort("row", "weight", "city", descending=[False, True, False])
    )
    found = candidates.group_by("row", maintain_order=True).agg(
        pl.col("city", "lies", "around", "lat", "lon", "country", "in state", "own").first(),
        pl.col("weight").slice(0, 1).first().alias("best"),
        pl.col("weight").slice(1, 1).first().fill_null(0).alias("next"),
        ((pl.col("population") > _LARGE) & pl.col("own")).sum().alias("large"),
    )
    return found.filter(_certain()).select("row", "city", "lies", "around", "lat", "lon").collect()


def _weight() -> pl.Expr:
    return pl.when("own").then(_SURER).otherwise(1)


def _certain() -> pl.Expr:
    """With a country, the most populous is meant; without, no second large city may have the name."""
    alone = pl.col("large") < 2
    known_name = pl.col("own") | (pl.col("best") >= pl.col("next") * _SURER)
    return pl.col("country").is_not_null() | pl.col("in state") | (alone & known_name)


@cache
def _table() -> pl.DataFrame:
    table = cities.table().select("city", "population", "lat", "lon", lies="country", around="subdivision")
    return table.with_columns(pl.col("lat", "lon").cast(pl.Float64), pl.col("population").cast(pl.Int64))


@cache
def _states() -> pl.DataFrame:
    known = subdivisions()
    rows = [(country, name, known.top(code)) for (country, name), code in known.by_country.items()]
    return pl.DataFrame(rows, schema=["country", "key", "within"], orient="row")
