"""The rows of a blind sheet: a link to each company, and what a person needs to judge whether it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from icp_sync.catalogue.standard_properties import is_written_by_deals
from icp_sync.companies.enumeration_options import listed_options
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_reads
from icp_sync.tables.review_sheets import RECORD, TO_FILL_IN
from icp_sync.views.csv_text import first_nonempty_text_expr
from icp_sync.views.links import record_link

_ASKED_IN: Final = ("scope", "criteria", "disqualifiers", "location", "derive")


def sheet_rows(
    companies: pl.DataFrame,
    profile: Profile,
    definitions: Mapping[str, PropertyDefinition],
    portal: tuple[str, int],
) -> pl.DataFrame:
    """A row a company, in the order given: its record, name, domain, and what the profile asks about, as texts.

    `portal`: the host of its record pages, and its id. Values of enumerations stand as people see them. Nothing there
    tells what the profile makes of a company or how its deals went: both would be copied, not judged.
    """
    links = [record_link(*portal, company) for company in companies[ID]]
    texts = with_missing_columns(companies, ("name", "domain"))
    columns = [
        pl.Series(RECORD, links, dtype=pl.String),
        texts["name"].alias("Company"),
        texts["domain"].alias("Domain"),
    ]
    for names in _question_properties(profile):
        there = [name for name in names if name in companies.columns]
        if there:
            labelled = companies.select(_option_labels_expr(definitions.get(name), name) for name in there)
            header = _column_header(there, definitions, {*TO_FILL_IN, *(column.name for column in columns)})
            columns.append(labelled.select(first_nonempty_text_expr(there, there).alias(header)).to_series())
    return pl.DataFrame(columns).fill_null("")


def _question_properties(profile: Profile) -> Iterator[tuple[str, ...]]:
    """Yields the alternatives of what the profile asks about, but what is ours, the lock's, a KPI or a deal's."""
    ours = {*profile.write.properties().values(), *(kpi.property_name for kpi in profile.outcomes.kpis)}
    ours |= {"name", "domain", *([profile.lock.property_name] if profile.lock else [])}
    for read in property_reads(profile):
        names = tuple(name for name in read.alternatives if name not in ours and not is_written_by_deals(name))
        if names and read.path.startswith(_ASKED_IN):
            yield names


def _column_header(names: list[str], definitions: Mapping[str, PropertyDefinition], taken: set[str]) -> str:
    """The label of the first, which counts where it is filled; its name where that label is taken."""
    name = names[0]
    label = definitions[name].label if name in definitions else name
    return name if label in taken else label


def _option_labels_expr(definition: PropertyDefinition | None, name: str) -> pl.Expr:
    """The texts of a property with the labels of its options; several are separated by `; `."""
    options = listed_options(definition) if definition else ()
    if not options:
        return pl.col(name)
    labels = {option.value: option.label for option in options}
    members = pl.col(name).str.split(";").list.eval(pl.element().replace(labels)).list.join("; ")
    return members.alias(name)
