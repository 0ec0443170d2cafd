"""Questions about named things: a value's members against names, aliases and groups (design: "Text", "Sets").

A group is met when one member is present, and counts once however many are.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from icp_sync.companies.readings import Reading, column
from icp_sync.profile.match import Match
from icp_sync.scoring.basis import Basis
from icp_sync.vocabulary.keys import key_of
from icp_sync.vocabulary.websites import host_of, is_website

Properties = tuple[str, ...]
Groups = set[frozenset[str]]  # each the canonical keys of what one name stands for


def is_(properties: Properties, leaf: Match, basis: Basis) -> pl.Expr:
    """Hit when any member is named."""
    return _any(_values(properties), _named(leaf.is_, properties, basis))


def in_(properties: Properties, leaf: Match, basis: Basis) -> pl.Expr:
    """Hit when any member is named."""
    return _any(_values(properties), _named(leaf.in_, properties, basis))


def not_in(properties: Properties, leaf: Match, basis: Basis) -> pl.Expr:
    """Hit when no member is named."""
    return ~_any(_values(properties), _named(leaf.not_in, properties, basis))


def has_any(properties: Properties, leaf: Match, basis: Basis) -> pl.Expr:
    """Hit when a name, or `at_least` so many, are met."""
    groups = _technologies(leaf.has_any, basis)
    if not leaf.at_least or leaf.at_least == 1:
        return _any(_tools(properties), groups)
    return _met(_tools(properties), groups) >= leaf.at_least


def has_all(properties: Properties, leaf: Match, basis: Basis) -> pl.Expr:
    """Hit when every name is met."""
    groups = _technologies(leaf.has_all, basis)
    return _met(_tools(properties), groups) == len(groups)


def has_none(properties: Properties, leaf: Match, basis: Basis) -> pl.Expr:
    """Hit when no name is met."""
    return ~_any(_tools(properties), _technologies(leaf.has_none, basis))


def _values(properties: Properties) -> pl.Expr:
    return pl.coalesce(column(name, Reading.INDUSTRIES) for name in properties)


def _tools(properties: Properties) -> pl.Expr:
    return pl.coalesce(column(name, Reading.TECHNOLOGIES) for name in properties)


def _named(names: Iterable[str] | None, properties: Properties, basis: Basis) -> Groups:
    """What the names stand for; asked of websites, each is its host too."""
    groups = {basis.vocabulary.industry(name) for name in names or ()}
    hosts = map(host_of, names or ()) if any(map(is_website, properties)) else ()
    return groups | {frozenset({key_of(host)}) for host in hosts}


def _technologies(names: Iterable[str] | None, basis: Basis) -> Groups:
    return {basis.vocabulary.technology(name) for name in names or ()}


def _any(members: pl.Expr, groups: Groups) -> pl.Expr:
    """Whether any group is met; null when the value is unknown."""
    return _count(members, frozenset().union(*groups)) > 0


def _met(members: pl.Expr, groups: Groups) -> pl.Expr:
    """How many groups are met; null when the value is unknown."""
    alone = frozenset(key for group in groups if len(group) == 1 for key in group)
    together = [_any(members, {group}).cast(pl.UInt32) for group in groups if len(group) > 1]
    return pl.sum_horizontal(_count(members, alone), *together, ignore_nulls=False)


def _count(members: pl.Expr, keys: frozenset[str]) -> pl.Expr:
    """How many of the members, which are distinct, are among the keys."""
    return members.list.agg(pl.element().is_in(sorted(keys)).sum())
