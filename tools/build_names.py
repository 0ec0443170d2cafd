"""Distils Unicode's CLDR into the country and subdivision names that the vocabulary ships beside the standard's.

Not part of the package and run by hand, when CLDR has a newer release:

    python -m venv names && names/bin/pip install babel polars pycountry && npm pack cldr-subdivisions-full
    PYTHONPATH=. names/bin/python tools/build_names.py cldr-subdivisions-full/package/subdivisions/en/en.json

CLDR is licensed under the Unicode License v3; NOTICE gives the credit.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pycountry
from babel import Locale

from icp_sync.vocabulary.subdivisions import subdivisions
from icp_sync.vocabulary.text_keys import text_key

DATA = Path(__file__).parents[1] / "icp_sync" / "vocabulary" / "data"
_LANGUAGES = (
    "de fr es it pt pt_PT nl sv da nb nn fi is et lv lt pl cs sk sl hr sr sr_Latn bs mk bg ro hu el tr ru uk be ka hy"
    " az kk he ar fa ur hi bn ta th vi id ms fil ja ko zh zh_Hant ca eu gl cy ga sq af sw"
)
LANGUAGES = _LANGUAGES.split()


def main(subdivisions_file: Path) -> None:
    """Write `country_names.csv` and `subdivision_english.csv`."""
    spoken = [Locale.parse(language) for language in LANGUAGES]
    codes = sorted({country.alpha_2 for country in pycountry.countries} | {"XK"})
    write("country_names.csv", ((code, {one.territories.get(code, "") for one in spoken}) for code in codes))
    file = json.loads(subdivisions_file.read_text(encoding="utf-8"))
    names = file["subdivisions"]["localeDisplayNames"]["subdivisions"]
    english = {f"{code[:2]}-{code[2:]}".upper(): name for code, name in names.items()}
    known = subdivisions()
    added = (
        (code, {name}) for code, name in english.items() if text_key(known.names.get(code, name)) != text_key(name)
    )
    write("subdivision_english.csv", added)


def write(file: str, names: Iterable[tuple[str, set[str]]]) -> None:
    """One row a code, its names parted by semicolons."""
    with (DATA / file).open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("code", "names"))
        table.writerows((code, ";".join(sorted(spelled - {""}))) for code, spelled in names)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
