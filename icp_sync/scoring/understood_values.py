"""What a company's values were understood as, as columns to be written for lists and reports in HubSpot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind, high_column, low_column, parsed_column
from icp_sync.companies.parse.usage_words import UNSURE
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import question_leaf_properties
from icp_sync.scoring.inputs_to_parse import Requirements, country_properties_for_outputs
from icp_sync.scoring.operators.geography import CITY_NAME, place_column
from icp_sync.scoring.operators.operator_table import OPERATORS
from icp_sync.scoring.predicates import question_matches
from icp_sync.vocabulary.sales_regions import sales_regions

LONGEST: Final = 1_024
"""What a plan admits of one value; lists and reports ask for less."""
_LISTS: Final = frozenset({ValueKind.MEMBERS, ValueKind.INDUSTRIES, ValueKind.TECHNOLOGIES})


def understood_columns(profile: Profile) -> Iterator[tuple[Requirements, pl.Expr]]:
    """A String column `understood.<name>` for each name in `write.understood`, null = not understood, and its needs.

    It is made of a normalised frame with the names of cities. Countries are alpha-2 codes and states ISO 3166-2; a
    number is written if it is one, not if it is an interval. No value is longer than `LONGEST` characters.
    """
    criteria = {criterion.id: criterion for criterion in profile.criteria}
    here = _place_columns(profile.location.country)
    for name in profile.write.understood:
        if name in here:
            needs, text = (
                Requirements(places=country_properties_for_outputs(profile), cities=name == "city"),
                here[name],
            )
        else:
            asked = [(criteria[name], match) for match in question_matches(criteria[name])]
            needs, text = Requirements.for_questions(asked, profile), _criterion_value(criteria[name], profile)
        yield needs, text.str.head(LONGEST).alias(understood_column(name))


def understood_column(name: str) -> str:
    """The column of what is written as understood under a name."""
    return f"understood.{name}"


def written_columns(profile: Profile) -> list[str]:
    """The columns of all values of companies that are written beside their scores."""
    understood = [understood_column(name) for name in profile.write.understood]
    return [*understood, *(enriched_column(name) for name in profile.write.enriched)]


def enriched_column(name: str) -> str:
    """The column of a vendor's value that is written under a property's name."""
    return f"enriched.{name}"


def _place_columns(countries: tuple[str, ...]) -> dict[str, pl.Expr]:
    country = pl.col(place_column(countries, "country"))
    return {
        "country": country,
        "region": country.replace_strict(sales_regions(), default=None, return_dtype=pl.String),
        "state": pl.col(place_column(countries, "subdivision")),
        "city": pl.col(place_column(countries, CITY_NAME)),
    }


def _criterion_value(criterion: Criterion, profile: Profile) -> pl.Expr:
    """The first thing that could be read of all the criterion asks about."""
    leaves = (leaf for match in question_matches(criterion) for leaf in match.leaves())
    return pl.coalesce(
        text
        for leaf in leaves
        for text in _leaf_values(leaf, question_leaf_properties(criterion, leaf, profile.location))
    )


def _leaf_values(leaf: Match, properties: tuple[str, ...]) -> Iterator[pl.Expr]:
    operator = OPERATORS[leaf.operator]
    if operator.place_part:
        yield pl.col(place_column(properties, operator.place_part))
    for reading in operator.readings:
        yield from (_as_text(name, reading) for name in properties)


def _as_text(name: str, reading: ValueKind) -> pl.Expr:
    if reading is ValueKind.NUMBER:
        # A range ("51 - 200" in hs_employee_range) has no one number, and its middle would be an invention.
        number = pl.when(pl.col(low_column(name)) == pl.col(high_column(name))).then(pl.col(low_column(name)))
        return number.cast(pl.String).str.strip_suffix(".0")
    if reading is ValueKind.RAW:
        return pl.col(name)  # phrases are searched in the decoded text; what people see again is the text as found
    value = pl.col(parsed_column(name, reading))
    if reading is ValueKind.TECHNOLOGIES:
        sure = value.list.eval(pl.element().filter(~pl.element().str.starts_with(UNSURE)))
        value = pl.when(sure.list.len() > 0).then(sure)
    # HubSpot joins the values of a multiple checkbox by ";" (hubspot-api.md, section 3), so a list reads like one.
    return value.list.join(";") if reading in _LISTS else value.cast(pl.String)
