"""Predicates about a value as it stands: phrases, regular expressions, yes or no, and whether there is one."""

from __future__ import annotations

import polars as pl

from icp_sync.companies.parse.parsed_columns import ValueKind, parsed_column
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.vocabulary.text_keys import contains_phrase, text_key_expr, text_keys

Properties = tuple[str, ...]


def contains_any(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when the words of any phrase stand side by side in the text, compared by key."""
    return contains_phrase(_first_readable(properties, ValueKind.RAW), leaf.contains_any or ())


def starts_with(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when the text's key begins with the key of any prefix; the prefix may end within a word."""
    keys = text_key_expr(_first_readable(properties, ValueKind.RAW))
    prefixes_of: dict[int, list[str]] = {}
    for prefix in text_keys(leaf.starts_with or ()):
        prefixes_of.setdefault(len(prefix), []).append(prefix)
    # One lookup for each length: a list of a thousand prefixes costs no more than its few lengths.
    return pl.any_horizontal(keys.str.head(length).is_in(prefixes) for length, prefixes in prefixes_of.items())


def matches(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when the regular expression is found anywhere, whatever the case."""
    # TEXT as stored, not RAW: an expression is written for the very value, entities and all.
    return _first_readable(properties, ValueKind.TEXT).str.contains(f"(?i){leaf.matches}")


def known(properties: Properties, leaf: Match, _: EvaluationContext) -> pl.Expr:
    """Hit when any of the properties has content, or, asked with false, when none has; never unknown."""
    # PRESENT is never null: that a property is empty is known, so this is the one operator without an unknown.
    present = pl.any_horizontal(parsed_column(name, ValueKind.PRESENT) for name in properties)
    return present if leaf.known else ~present


def is_true(properties: Properties, _: Match, __: EvaluationContext) -> pl.Expr:
    """Hit when the value says yes."""
    return _first_readable(properties, ValueKind.BOOLEAN)


def is_false(properties: Properties, _: Match, __: EvaluationContext) -> pl.Expr:
    """Hit when the value says no."""
    return ~_first_readable(properties, ValueKind.BOOLEAN)


def _first_readable(properties: Properties, reading: ValueKind) -> pl.Expr:
    """The first of the properties that can be read, company by company."""
    first, *others = (pl.col(parsed_column(name, reading)) for name in properties)
    return pl.coalesce(first, *others) if others else first
