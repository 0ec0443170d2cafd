"""Names companies have: each option, technology and industry, and the groups that several of them are in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind, parsed_column
from icp_sync.companies.parse.usage_words import UNSURE
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.vocabulary.aliases_and_groups import CanonicalNames
from icp_sync.vocabulary.industries import hubspot_values, is_industry_property

Properties = tuple[str, ...]


def candidate_industry_matches(
    parsed: pl.DataFrame, properties: Properties, context: EvaluationContext, support: int
) -> Iterator[Match]:
    """Options that `support` companies have; of an industry HubSpot's values, and groups of them."""
    counts = _counts(parsed, properties, ValueKind.INDUSTRIES)
    is_industry = any(map(is_industry_property, properties))
    # A value in HubSpot's own spelling is that one value; its name alone could mean a group.
    values = hubspot_values() if is_industry else {}
    for name in _frequent_names(counts, support):
        yield Match(in_=(values.get(name, name),))
    if is_industry:
        yield from (
            Match(in_=(group,)) for group in _groups_with_several_members(counts, context.vocabulary.industries)
        )


def technology_matches(
    parsed: pl.DataFrame, properties: Properties, context: EvaluationContext, support: int
) -> Iterator[Match]:
    """Technologies that `support` companies have, and groups of them."""
    counts = _counts(parsed, properties, ValueKind.TECHNOLOGIES)
    groups = _groups_with_several_members(counts, context.vocabulary.technologies)
    for name in dict.fromkeys([*_frequent_names(counts, support), *groups]):
        yield Match(has_any=(name,))


def _counts(parsed: pl.DataFrame, properties: Properties, kind: ValueKind) -> dict[str, int]:
    """Name → companies that have it, by the first of the properties that can be read."""
    members = pl.coalesce(parsed_column(name, kind) for name in properties)
    names = parsed.select(members.alias("name")).explode("name", empty_as_null=True).drop_nulls()
    counted = names.group_by("name").len().sort("name").iter_rows()
    return {name: count for name, count in counted if name and not name.startswith(UNSURE)}


def _frequent_names(counts: dict[str, int], support: int) -> list[str]:
    return [name for name, count in counts.items() if count >= support]


def _groups_with_several_members(counts: Collection[str], glossary: CanonicalNames) -> list[str]:
    """Groups of which companies have two members or more: of one alone it would say the same."""
    return sorted(group for group, members in glossary.groups.items() if len(members.intersection(counts)) > 1)
