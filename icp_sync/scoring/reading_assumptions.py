"""Texts whose reading left something out or took something for granted, beside what they were read as.

Nobody sees a value that was read wrongly; these are the ones a person can object to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.numbers.currencies import UNCLEAR, Currencies, parse_currency_codes
from icp_sync.companies.parse.parsed_columns import Input, ValueKind, parse_properties, parsed_column
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.parse.usage_words import product_words
from icp_sync.profile.model.profile import Location, Profile
from icp_sync.scoring.explain_values import describe_value
from icp_sync.scoring.inputs_to_parse import Requirements, parse_company_inputs
from icp_sync.scoring.operators.geography import CITY_NAME, Properties, place_column, with_city_names
from icp_sync.vocabulary.industries import industries
from icp_sync.vocabulary.technologies import technologies
from icp_sync.vocabulary.text_keys import text_key

Assumed = dict[str, str]
"""Text → what it was read as."""

_MOST: Final = 5
"""Texts shown a property."""
_LOOKED_AT: Final = 5_000
"""Distinct texts looked at a property, the commonest first: this is a sample."""
_PLAIN: Final[Mapping[ValueKind, str]] = {
    ValueKind.NUMBER: r"^\s*[-+]?\d[\d.,' ]*(?:[-–]\s*\d[\d.,' ]*)?\+?\s*$",
    ValueKind.DATE: r"^\s*\d{4}(-\d\d-\d\d.*|\.0)?\s*$|^\d{11,}$",
    ValueKind.YEAR: r"^\s*\d{4}(-\d\d-\d\d.*|\.0)?\s*$|^\d{11,}$",
    ValueKind.COUNTRY: r"^[^,;/|&()\[\]\d]*$",
}
"""What is read as it stands, by kind of value."""
_LEFT_OUT: Final = r"[(\[~]|[^\W\d_]{4,}"
"""What tells that a number lost words: they are shown before those that only have a unit or a currency."""
_PART_OF_A_PLACE: Final = r"[,;/()\[\]\d]"
_NO_CURRENCY: Final = "XXX"
"""ISO 4217 for none."""


def reading_assumptions(
    companies: pl.DataFrame, profile: Profile, conventions: Conventions = NO_CONVENTIONS
) -> dict[str, Assumed]:
    """By property, up to five such texts of a company frame, those that lost most and the commonest first."""
    needs, readings = Requirements.for_profile(profile), dict[str, Assumed]()
    header, by = profile.profile, conventions
    currencies = Currencies(header.currency or _NO_CURRENCY, header.currencies or {})
    for need in sorted(needs.source_inputs(profile)):
        if need[0] in companies.columns:
            _add_readings(readings, need[0], _property_readings(companies, need, by, currencies))
    for countries in sorted(needs.places):
        for name, text, understood in _place_readings(companies, countries, profile):
            _add_readings(readings, name, [(text, understood)])
    return {name: texts for name, texts in readings.items() if texts}


def _add_readings(readings: dict[str, Assumed], name: str, texts: Iterable[tuple[str, str]]) -> None:
    """The first reading of a text stands, and five texts are enough."""
    known = readings.setdefault(name, {})
    for text, understood in texts:
        if len(known) < _MOST:
            known.setdefault(text, understood)


def _property_readings(
    companies: pl.DataFrame, need: Input, by: Conventions, currencies: Currencies
) -> Iterator[tuple[str, str]]:
    name, reading = need
    if reading in {ValueKind.TECHNOLOGIES, ValueKind.INDUSTRIES}:
        yield from _tech_and_industry_readings(parse_properties(_commonest_texts(companies, [name]), [need], by), need)
    elif reading in _PLAIN:
        # Plain spellings leave nothing out, and are nearly all texts: among them the odd ones would not be seen.
        odd = companies.filter(~pl.col(name).str.contains(_PLAIN[reading]))
        yield from _value_readings(parse_properties(_commonest_texts(odd, [name]), [need], by), need, currencies)


def _value_readings(texts: pl.DataFrame, need: Input, currencies: Currencies) -> Iterator[tuple[str, str]]:
    name, reading = need
    lost = pl.col(name).str.contains(_LEFT_OUT) & pl.lit(reading is ValueKind.NUMBER)
    codes = parse_currency_codes(texts[name], None, currencies).alias("currency:named")
    for row in texts.with_columns(codes).sort(lost, descending=True, maintain_order=True).to_dicts():
        if (understood := describe_value(name, reading, row)) is not None:
            code = row["currency:named"] if reading is ValueKind.NUMBER else None
            yield row[name], f"{understood} {code}" if code not in {None, UNCLEAR} else understood


def _tech_and_industry_readings(texts: pl.DataFrame, need: Input) -> Iterator[tuple[str, str]]:
    """Texts that were parted elsewhere than at `;`, or in which a product stands under another name."""
    name, reading = need
    shipped = technologies() if reading is ValueKind.TECHNOLOGIES else industries()
    for text, members in texts.select(name, parsed_column(name, reading)).iter_rows():
        written = {shipped.canonical_key(text_key(part)) for part in text.split(";")}
        if more := [member for member in members or () if member not in written]:
            yield text, "; ".join(map(product_words, [member for member in more if member in shipped.aliases] or more))


def _place_readings(companies: pl.DataFrame, countries: Properties, profile: Profile) -> Iterator[tuple[str, str, str]]:
    """Property, text and place, where the country was inferred or a part of a city's text left out."""
    location, there = profile.location, set(companies.columns)
    names = [name for name in _place_properties(countries, location) if name in there]
    lacking = pl.all_horizontal(pl.lit(True), *(pl.col(name).is_null() for name in countries if name in there))
    longer = (pl.col(name).str.contains(_PART_OF_A_PLACE) for name in location.city if name in there)
    doubtful = companies.filter(pl.any_horizontal(lacking, *longer))
    inputs = parse_company_inputs(
        _commonest_texts(doubtful, names), profile, Requirements(places=frozenset([countries]))
    )
    for row in with_city_names(inputs, [countries]).to_dicts():
        country, city = row[place_column(countries, "country")], row[place_column(countries, CITY_NAME)]
        inferred = country is not None and not any(row.get(name) for name in countries)
        for name in (*location.state, *location.city) if inferred else ():
            if row.get(name):
                yield name, row[name], f"{city}, {country}" if city and name in location.city else country
        yield from ((name, row[name], f"{city}, {country}") for name in _shortened_properties(row, location, city))


def _shortened_properties(row: Mapping[str, Any], location: Location, city: str | None) -> Iterator[str]:
    """The properties whose text says more than the city that was found in it."""
    for name in location.city if city else ():
        if row.get(name) and pl.Series([row[name]]).str.contains(_PART_OF_A_PLACE).item():
            yield name


def _place_properties(countries: Properties, location: Location) -> dict[str, None]:
    return dict.fromkeys([*countries, *location.state, *location.city, *location.zip])


def _commonest_texts(companies: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The distinct texts of these properties, the commonest first; none where all of them are empty."""
    filled = companies.filter(pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in names)))
    counted = filled.group_by(names or ID).len("companies:counted")
    return counted.sort(["companies:counted", *names], descending=[True] + [False] * len(names)).head(_LOOKED_AT)
