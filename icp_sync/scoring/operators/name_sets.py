"""Questions about named things: a value's members against names, aliases and groups (design: "Text", "Sets").

A group is met when one member is present, and counts once however many are. What a name stands for is worked out once,
when the expression is built: no company pays for the options of its portal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind, parsed_column
from icp_sync.companies.parse.usage_words import UNSURE
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.websites import is_website_property, website_host

Properties = tuple[str, ...]
Groups = frozenset[frozenset[str]]  # each the keys of what one name stands for
Verdict = Callable[[pl.Expr, Groups], pl.Expr]


def is_(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when any member is named."""
    return _industry_verdict(properties, leaf.is_, context)


def in_(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when any member is named."""
    return _industry_verdict(properties, leaf.in_, context)


def not_in(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when no member is named."""
    return ~_industry_verdict(properties, leaf.not_in, context)


def has_any(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when a name, or `at_least` so many, are met."""
    wanted = leaf.at_least or 1
    enough: Verdict = (
        _is_any_met if wanted == 1 else lambda members, groups: _count_met_groups(members, groups) >= wanted
    )
    return _technology_verdict(properties, leaf.has_any, context, enough)


def has_all(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when every name is met."""
    return _technology_verdict(
        properties, leaf.has_all, context, lambda members, groups: _count_met_groups(members, groups) == len(groups)
    )


def has_none(properties: Properties, leaf: Match, context: EvaluationContext) -> pl.Expr:
    """Hit when no name is met."""
    return ~_technology_verdict(properties, leaf.has_none, context, _is_any_met)


def _industry_verdict(properties: Properties, names: Iterable[str] | None, context: EvaluationContext) -> pl.Expr:
    known = context.vocabulary
    groups = {
        name: _keys_of_names(name, names, context, known.covered_industry_keys, known.canonical_industry)
        for name in properties
    }
    return _verdict_on_first_readable(groups, ValueKind.INDUSTRIES, _is_any_met)


def _technology_verdict(
    properties: Properties, names: Iterable[str] | None, context: EvaluationContext, verdict: Verdict
) -> pl.Expr:
    known = context.vocabulary
    groups = {
        name: _keys_of_names(name, names, context, known.covered_technology_keys, known.canonical_technology)
        for name in properties
    }
    return _verdict_on_first_readable(groups, ValueKind.TECHNOLOGIES, _unknown_where_unsure(verdict))


def _unknown_where_unsure(verdict: Verdict) -> Verdict:
    """The verdict, unknown where it stands or falls with a member that is perhaps in use."""

    def decided(members: pl.Expr, groups: Groups) -> pl.Expr:
        # Hardly a company has one, and to ask whether it has costs an eighth of asking about the names again.
        unsure = members.list.agg(pl.element().str.starts_with(UNSURE).any())
        surely = verdict(members, groups)
        with_unsure = frozenset(group | {f"{UNSURE}{key}" for key in group} for group in groups)
        perhaps = verdict(pl.when(unsure).then(members), with_unsure)
        return pl.when(~unsure | (surely == perhaps)).then(surely)

    return decided


def _keys_of_names(
    property_name: str,
    names: Iterable[str] | None,
    context: EvaluationContext,
    meant: Callable[[str], frozenset[str]],
    canonical: Callable[[str], str],
) -> Groups:
    """What each name stands for in a property: by the vocabulary, as an option, as a website's host."""
    # The portal's options count beside the vocabulary: people write the label they see, HubSpot stores the value.
    return frozenset(
        meant(name).union(
            map(canonical, context.conventions.options.option_keys(property_name, name)),
            _host_keys(property_name, name),
        )
        for name in names or ()
    )


def _host_keys(property_name: str, name: str) -> set[str]:
    return {text_key(website_host(name))} if is_website_property(property_name) else set()


def _verdict_on_first_readable(groups: Mapping[str, Groups], reading: ValueKind, verdict: Verdict) -> pl.Expr:
    """The verdict on the first property that can be read; a name may be another option in each."""
    # Usually the names mean the same in every property, and one expression over the first readable value will do.
    if len(set(groups.values())) == 1:
        members = pl.coalesce(parsed_column(name, reading) for name in groups)
        return verdict(members, next(iter(groups.values())))
    return pl.coalesce(verdict(pl.col(parsed_column(name, reading)), meant) for name, meant in groups.items())


def _is_any_met(members: pl.Expr, groups: Groups) -> pl.Expr:
    """Whether any group is met; null when the value is unknown."""
    return _count_members(members, frozenset().union(*groups)) > 0


def _count_met_groups(members: pl.Expr, groups: Groups) -> pl.Expr:
    """How many groups are met; null when the value is unknown."""
    # A name without aliases, as most are, is met once at most: all of these are counted in one pass over the list.
    alone = frozenset(key for group in groups if len(group) == 1 for key in group)
    together = [_is_any_met(members, frozenset({group})).cast(pl.UInt32) for group in groups if len(group) > 1]
    return pl.sum_horizontal(_count_members(members, alone), *together, ignore_nulls=False)


def _count_members(members: pl.Expr, keys: frozenset[str]) -> pl.Expr:
    """How many of the members, which are distinct, are among the keys."""
    return members.list.agg(pl.element().is_in(sorted(keys)).sum())
