"""Counts what the companies of a plan have filled in: properties read and not recognised, and countries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, NO_DIFFERENCES, NOW, PROPERTY, with_current_texts
from icp_sync.plan.diff_columns import IN_SCOPE, any_of
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
    """Which companies are judged by a text their record lost (`KEY`): all, and those whose record is empty now."""

    judged: pl.DataFrame = field(default_factory=NO_DIFFERENCES.clone)
    emptied: pl.DataFrame = field(default_factory=NO_DIFFERENCES.clone)


def find_lost_texts(holds: pl.DataFrame, companies: pl.DataFrame) -> LostTexts:
    """Those of the holds that stand (`HOLDS`); `companies`: the company frame as read, without their old texts."""
    now = with_current_texts(holds, companies)
    return LostTexts(*(rows.select(KEY) for rows in (holds, now.filter(pl.col(NOW).is_null()))))


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
    return tuple(
        PropertyFigures(
            name=name,
            filled=_count_texts(evaluated, name, lost.emptied),
            read=_count_texts(evaluated, name, lost.judged, flags_of_property(name, evaluated)),
            unrecognised=population.unrecognised.get(name, 0),
            examples=population.examples.get(name, ())[:MAX_EXAMPLES],
        )
        for name in names
    )


def _count_texts(evaluated: pl.DataFrame, name: str, lost: pl.DataFrame, flags: Iterable[str] = ()) -> int:
    """The companies with a text in a property, but for those whose text is `lost` and those that are flagged.

    A text may be both: an unknown word that a record lost is held, since it was compared as it is written.
    """
    if name not in evaluated.columns:
        return 0
    ids = lost.filter(pl.col(PROPERTY) == name)[ID]
    left_out = any_of(pl.col(ID).is_in(ids.implode()) if ids.len() else None, *map(pl.col, flags))
    return int(evaluated.select((pl.col(name).is_not_null() & ~left_out.fill_null(value=False)).sum()).item())


def asks_place(program: Program) -> bool:
    """Whether the profile asks where a company is."""
    return country_properties(program.requirements, program.profile) is not None


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
