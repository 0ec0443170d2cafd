"""Unrecognised values: which rows have one, their number, and the most frequent with a suggestion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.parse.parsed_columns import Input, ValueKind, low_column, parsed_column
from icp_sync.companies.parse.suggestions import Pairs, suggest_booleans, suggest_countries
from icp_sync.vocabulary.industries import company_aliases, is_industry_property
from icp_sync.vocabulary.text_keys import has_content

_MAX_EXAMPLES: Final = 5


_CAN_FAIL: Final = frozenset({ValueKind.NUMBER, ValueKind.BOOLEAN, ValueKind.COUNTRY, ValueKind.DATE, ValueKind.YEAR})


@dataclass(frozen=True, slots=True)
class UnrecognisedTexts:
    """The number of companies with an unrecognised text in a property, and the most frequent texts."""

    count: int
    examples: tuple[str, ...]
    nearest: Pairs = ()
    """(example, known value) for the examples that are similar to a known value."""


def parse_failed_flags(inputs: Collection[Input]) -> list[pl.Expr]:
    """For each property of a parsed frame that may fail to parse, a Boolean column `failed_column(name)`."""
    return [
        _failed_flag(name, failures).alias(failed_column(name))
        for name, failures in _failures_by_property(inputs).items()
    ]


def failed_column(property_name: str) -> str:
    """The name of the Boolean column of `parse_failed_flags` for a property."""
    return f"{property_name}:failed"


def unparsed_by_property(frame: pl.DataFrame, inputs: Collection[Input]) -> dict[str, UnrecognisedTexts]:
    """By property, the unrecognised texts of a frame with `parse_failed_flags`; empty words do not count."""
    unparsed = {name: count_failed_texts(frame, name, failed_column(name)) for name in _failures_by_property(inputs)}
    return {name: _with_suggestions(name, texts, inputs) for name, texts in unparsed.items() if texts.count}


def count_failed_texts(frame: pl.DataFrame, name: str, failed: str) -> UnrecognisedTexts:
    """The texts with content in a property, among the companies for which the Boolean column `failed` is true."""
    if not frame[failed].any():
        return UnrecognisedTexts(0, ())
    text = pl.col(name)
    # Collected before the filter, or Polars pushes `has_content` down to every company instead of distinct texts.
    counts = frame.lazy().filter(failed).group_by(text).len("companies:counted").collect()
    commonest = counts.filter(has_content(text)).sort(["companies:counted", name], descending=[True, False])
    return UnrecognisedTexts(int(commonest["companies:counted"].sum()), tuple(commonest[name].head(_MAX_EXAMPLES)))


def _failed_flag(name: str, failures: Iterable[pl.Expr]) -> pl.Expr:
    return pl.col(name).is_not_null() & pl.any_horizontal(failures)


def _failures_by_property(inputs: Collection[Input]) -> dict[str, list[pl.Expr]]:
    """Property → for each kind that may fail to parse, whether it did; sorted by property."""
    failures: dict[str, list[pl.Expr]] = {}
    for name, kind in sorted(set(inputs)):
        # A bare year is no day, but is recognised where the property is also parsed to a year.
        if kind in _CAN_FAIL and not (kind is ValueKind.DATE and (name, ValueKind.YEAR) in inputs):
            failures.setdefault(name, []).append(_is_unparsed(name, kind))
        elif kind is ValueKind.INDUSTRIES and is_industry_property(name):
            failures.setdefault(name, []).append(~_has_known_industry(pl.col(parsed_column(name, kind))))
    return failures


def _is_unparsed(name: str, kind: ValueKind) -> pl.Expr:
    return pl.col(low_column(name) if kind is ValueKind.NUMBER else parsed_column(name, kind)).is_null()


def _has_known_industry(members: pl.Expr) -> pl.Expr:
    """Whether any member is a known industry; an unknown one is compared literally."""
    return members.list.agg(pl.element().is_in(sorted(set(company_aliases().values()))).any())


def _with_suggestions(name: str, texts: UnrecognisedTexts, inputs: Collection[Input]) -> UnrecognisedTexts:
    """Adds suggestions for the few examples shown; a portal may have a million distinct texts."""
    kinds = [kind for kind in sorted(_SUGGEST) if (name, kind) in inputs]
    near = {text: known for kind in kinds for text, known in _SUGGEST[kind](texts.examples)}
    return replace(texts, nearest=tuple(near.items()))


_SUGGEST: Final[dict[ValueKind, Callable[[Iterable[str]], Pairs]]] = {
    ValueKind.COUNTRY: suggest_countries,
    ValueKind.BOOLEAN: suggest_booleans,
}
"""Numbers and days have no nearest one; all other kinds of value take any text as it is."""
