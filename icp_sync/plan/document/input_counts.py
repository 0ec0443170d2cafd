"""Counts what the companies of a plan have filled in: properties read and not recognised, and countries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import NOW, PROPERTY, with_current_texts
from icp_sync.plan.diff_columns import IN_SCOPE
from icp_sync.plan.document.profile_figures import MAX_EXAMPLES, MAX_SHOPPING, Place, PropertyFigures, ShoppingItem
from icp_sync.plan.plan import Population
from icp_sync.profile.model.types import TIERS
from icp_sync.profile.property_reads import property_names_read
from icp_sync.scoring.inputs_to_parse import country_properties
from icp_sync.scoring.operators.geography import COUNTRY, place_column
from icp_sync.scoring.program import Program
from icp_sync.scoring.shopping_list import shopping_list
from icp_sync.scoring.unrecognised_values import flags_of_property


@dataclass(frozen=True, slots=True)
class LostTexts:
    """Property → companies judged by a text their records lost: all of them, and those whose record is empty now."""

    judged: Mapping[str, int] = field(default_factory=dict)
    emptied: Mapping[str, int] = field(default_factory=dict)


def count_lost_texts(holds: pl.DataFrame, companies: pl.DataFrame) -> LostTexts:
    """Count the holds that stand (`HOLDS`); `companies`: the company frame as read, without their old texts."""
    now = with_current_texts(holds, companies)
    counts = [rows[PROPERTY].value_counts().iter_rows() for rows in (holds, now.filter(pl.col(NOW).is_null()))]
    return LostTexts(*map(dict, counts))


def count_properties(
    evaluated: pl.DataFrame, program: Program, population: Population, lost: LostTexts
) -> tuple[PropertyFigures, ...]:
    """Each property the profile reads of a company, in its order; one the portal lacks is filled nowhere.

    The lock is none of them: a person sets it on few records, and on the others nothing is missing.

    `evaluated`: of `evaluate_predicates`, all companies read. `lost`: texts that stand in it, and on no record.
    """
    profile = program.profile
    lock = profile.lock.property_name if profile.lock else None
    names = [name for name in property_names_read(profile) if name != lock]
    texts = {name: evaluated[name].len() - evaluated[name].null_count() for name in names if name in evaluated.columns}
    return tuple(
        PropertyFigures(
            name=name,
            filled=texts.get(name, 0) - lost.emptied.get(name, 0),
            read=texts.get(name, 0) - lost.judged.get(name, 0) - _count_unreadable(evaluated, name),
            unrecognised=population.unrecognised.get(name, 0),
            examples=population.examples.get(name, ())[:MAX_EXAMPLES],
        )
        for name in names
    )


def _count_unreadable(evaluated: pl.DataFrame, name: str) -> int:
    """The companies whose text in a property could not be read, as a value or as a place; "N/A" is among them."""
    flags = flags_of_property(name, evaluated)
    return int(evaluated.select(pl.any_horizontal(flags).sum()).item()) if flags else 0


def count_companies_by_country(diff: pl.DataFrame, evaluated: pl.DataFrame, program: Program) -> tuple[Place, ...]:
    """The companies in scope by country, the most first; those of unknown country are in none.

    Empty where the profile asks for no place.
    """
    countries = country_properties(program.requirements, program.profile)
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
    listed = shopping_list(evaluated, program, ordered=False).groups[:MAX_SHOPPING]
    return tuple(ShoppingItem(**asdict(group)) for group in listed)
