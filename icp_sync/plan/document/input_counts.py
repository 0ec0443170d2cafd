"""Counts what the companies of a plan have filled in: properties read and not recognised, and countries."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.places import flag_of
from icp_sync.companies.parse.unrecognised import failed_column
from icp_sync.plan.diff_columns import IN_SCOPE
from icp_sync.plan.document.figures import MAX_EXAMPLES, MAX_SHOPPING, Place, PropertyFigures, ShoppingItem
from icp_sync.plan.plan import Population
from icp_sync.profile.model.types import TIERS
from icp_sync.profile.property_reads import reads
from icp_sync.scoring.operators.geography import COUNTRY, place_column
from icp_sync.scoring.program import Program
from icp_sync.scoring.requirements import country_source
from icp_sync.scoring.shopping import shopping_list


def count_properties(evaluated: pl.DataFrame, program: Program, population: Population) -> tuple[PropertyFigures, ...]:
    """Each property the profile reads, in its order; one the portal lacks is filled nowhere.

    `evaluated`: of `evaluate_predicates`, all companies read.
    """
    names = dict.fromkeys(name for read in reads(program.profile) for name in read.alternatives)
    present = [name for name in names if name in evaluated.columns]
    filled = {name: evaluated.height - evaluated[name].null_count() for name in present}
    failed = {name: _count_failed(evaluated, name) for name in present}
    return tuple(
        PropertyFigures(
            name=name,
            filled=filled.get(name, 0),
            read=filled.get(name, 0) - failed.get(name, 0),
            unrecognised=population.unrecognised.get(name, 0),
            examples=population.examples.get(name, ())[:MAX_EXAMPLES],
        )
        for name in names
    )


def _count_failed(evaluated: pl.DataFrame, name: str) -> int:
    """The companies whose text in a property could not be read, as a value or as a place; "N/A" is among them."""
    flags = [
        column
        for column in (failed_column(name), flag_of("state", name), flag_of("city", name))
        if column in evaluated.columns
    ]
    return int(evaluated.select(pl.any_horizontal(flags).sum()).item()) if flags else 0


def count_places(diff: pl.DataFrame, evaluated: pl.DataFrame, program: Program) -> tuple[Place, ...]:
    """The companies in scope by country, the most first; those of unknown country are in none.

    Empty where the profile asks for no place.
    """
    countries = country_source(program.requirements, program.profile)
    if countries is None:
        return ()
    country = place_column(countries, COUNTRY)
    there = evaluated.select(ID, country=country)
    companies = diff.lazy().filter(IN_SCOPE).select(ID, "effective_tier")
    in_tiers = [(pl.col("effective_tier") == tier).sum().alias(tier) for tier in TIERS]
    counted = (
        companies.join(there.lazy(), on=ID, how="left")
        .drop_nulls("country")
        .group_by("country")
        .agg(pl.len().alias("companies"), *in_tiers)
        .sort("companies", "country", descending=[True, False])
        .collect()
    )
    return tuple(Place(**row) for row in counted.iter_rows(named=True))


def shopping_items(evaluated: pl.DataFrame, program: Program) -> tuple[ShoppingItem, ...]:
    """The missing values that would decide most, best first; nothing of a profile whose criteria are never unknown."""
    listed = shopping_list(evaluated, program).groups[:MAX_SHOPPING]
    return tuple(ShoppingItem(**asdict(group)) for group in listed)
