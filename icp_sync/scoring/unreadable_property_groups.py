"""Undecided companies that lack a property group although something stands in one of its properties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.scoring.answer_patterns import UNDECIDED, answer_signatures, judge_patterns
from icp_sync.scoring.data_purchase_groups import PropertyGroup
from icp_sync.scoring.program import Program
from icp_sync.scoring.purchase_simulation import GROUP, lacks_group
from icp_sync.scoring.unrecognised_values import flags_of_property
from icp_sync.scoring.verdict_signatures import signature_names
from icp_sync.vocabulary.text_keys import has_content

UNREADABLE_VALUES: Final[dict[str, type[pl.DataType]]] = {
    ID: pl.Int64,
    GROUP: pl.UInt32,
    "property": pl.String,
    "value": pl.String,
}


def count_companies_with_unreadable(
    evaluated: pl.DataFrame, undecided: pl.DataFrame, group: PropertyGroup, program: Program
) -> int:
    """The companies that lack a group and have a text in it that says something nobody could read.

    `evaluated`: of `evaluate_predicates`; `undecided`: signatures with their answers. Words such as "N/A" say nothing,
    as in `count_unrecognised`.
    """
    names = _properties_with_flags(evaluated, group)
    if not names:
        return 0
    companies = _companies_with_flags(evaluated, undecided, group, program)
    return int(companies.select(pl.any_horizontal(map(_is_unreadable, names)).sum()).item())


def unreadable_values(evaluated: pl.DataFrame, program: Program, groups: Sequence[PropertyGroup]) -> pl.DataFrame:
    """What the companies hold that `count_companies_with_unreadable` counts: a row for each text nobody could read.

    Columns `id`, `group` (its place in `groups`), `property`, `value`.
    """
    undecided = judge_patterns(answer_signatures(evaluated, program), program).filter(UNDECIDED)
    values = [pl.DataFrame(schema=UNREADABLE_VALUES)]
    for place, group in enumerate(groups):
        names = _properties_with_flags(evaluated, group)
        if names:
            companies = _companies_with_flags(evaluated, undecided, group, program)
            values += [_values_of(name, companies, place) for name in names]
    return pl.concat(values)


def _values_of(name: str, companies: pl.DataFrame, place: int) -> pl.DataFrame:
    columns = {GROUP: pl.lit(place, pl.UInt32), "property": pl.lit(name), "value": pl.col(name)}
    return companies.filter(_is_unreadable(name)).select(ID, **columns)


def _properties_with_flags(evaluated: pl.DataFrame, group: PropertyGroup) -> list[str]:
    """The properties of a group whose texts may be unreadable; that of a technology takes any word as it is."""
    return [name for name in group.properties if flags_of_property(name, evaluated)]


def _flag_column(name: str) -> str:
    return f"{name}:flagged"


def _is_unreadable(name: str) -> pl.Expr:
    return pl.col(_flag_column(name)) & has_content(pl.col(name)).fill_null(value=False)


def _companies_with_flags(
    evaluated: pl.DataFrame, undecided: pl.DataFrame, group: PropertyGroup, program: Program
) -> pl.DataFrame:
    """The undecided companies that lack a group and have a flag in it: `id`, its texts, and the flag of each."""
    signature, names = signature_names(program.signature), _properties_with_flags(evaluated, group)
    flags = {_flag_column(name): pl.any_horizontal(flags_of_property(name, evaluated)) for name in names}
    flagged = evaluated.lazy().select(ID, *signature, *names, **flags).filter(pl.any_horizontal(*flags))
    lacking = undecided.lazy().filter(lacks_group(group)).select(signature)
    # Collected before it is asked for content, or Polars asks that of every company instead of these few.
    return flagged.join(lacking, signature, "semi", maintain_order="left").drop(signature).collect()
