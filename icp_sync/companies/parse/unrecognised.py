"""Values nobody could read: which rows have one, how many there are, and what the commonest look like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.parse.parse import Input, ValueKind, column, low
from icp_sync.companies.parse.suggest import Pairs, near_countries, near_truths
from icp_sync.vocabulary.industries import company_aliases, names_industries
from icp_sync.vocabulary.keys import has_content

_EXAMPLES: Final = 5


_CAN_FAIL: Final = frozenset({ValueKind.NUMBER, ValueKind.BOOLEAN, ValueKind.COUNTRY, ValueKind.DATE, ValueKind.YEAR})


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """How many companies say something for a property that could not be read; the commonest texts first."""

    count: int
    examples: tuple[str, ...]
    nearest: Pairs = ()
    """(example, known value) for the examples that look like a value that could be read."""


def parse_failed(needs: Collection[Input]) -> list[pl.Expr]:
    """For each property of a read frame whose text may fail to be understood, a Boolean column: whether it did."""
    return [_failed(name, lacking).alias(failed_column(name)) for name, lacking in _failing(needs).items()]


def failed_column(property_name: str) -> str:
    """The column that tells whether a property's text was not understood; see `failed`."""
    return f"{property_name}:failed"


def unparsed_by_property(frame: pl.DataFrame, needs: Collection[Input]) -> dict[str, Unrecognised]:
    """By property, the companies of a frame with the columns of `failed` whose text says something all the same."""
    found = {name: count_failed(frame, name, failed_column(name)) for name in _failing(needs)}
    return {name: _with_near(name, texts, needs) for name, texts in found.items() if texts.count}


def count_failed(frame: pl.DataFrame, name: str, failed: str) -> Unrecognised:
    """The companies whose text in a property says something, among those for which the column `failed` is true."""
    text = pl.col(name)
    # Collected in between, or Polars asks what each company's text says and not only what each distinct one does.
    counts = frame.lazy().filter(failed).group_by(text).len("companies").collect()
    commonest = counts.filter(has_content(text)).sort(["companies", name], descending=[True, False])
    return Unrecognised(int(commonest["companies"].sum()), tuple(commonest[name].head(_EXAMPLES)))


def _failed(name: str, lacking: Iterable[pl.Expr]) -> pl.Expr:
    return pl.col(name).is_not_null() & pl.any_horizontal(lacking)


def _failing(needs: Collection[Input]) -> dict[str, list[pl.Expr]]:
    """By property, in order, for each of its readings that may fail, whether it did."""
    lacking: dict[str, list[pl.Expr]] = {}
    for name, reading in sorted(set(needs)):
        # Who asks for a year has read a bare one, though it is no day.
        if reading in _CAN_FAIL and not (reading is ValueKind.DATE and (name, ValueKind.YEAR) in needs):
            lacking.setdefault(name, []).append(_lacks(name, reading))
        elif reading is ValueKind.INDUSTRIES and names_industries(name):
            lacking.setdefault(name, []).append(~_knows_any(pl.col(column(name, reading))))
    return lacking


def _lacks(name: str, reading: ValueKind) -> pl.Expr:
    return pl.col(low(name) if reading is ValueKind.NUMBER else column(name, reading)).is_null()


def _knows_any(members: pl.Expr) -> pl.Expr:
    """Whether any member is an industry of the tables; an unknown one is compared literally."""
    return members.list.agg(pl.element().is_in(sorted(set(company_aliases().values()))).any())


def _with_near(name: str, texts: Unrecognised, needs: Collection[Input]) -> Unrecognised:
    """Only the few texts that are shown are looked up: a portal may hold a million distinct ones."""
    kinds = [kind for kind in sorted(_NEAR) if (name, kind) in needs]
    near = {text: known for kind in kinds for text, known in _NEAR[kind](texts.examples)}
    return replace(texts, nearest=tuple(near.items()))


_NEAR: Final[dict[ValueKind, Callable[[Iterable[str]], Pairs]]] = {
    ValueKind.COUNTRY: near_countries,
    ValueKind.BOOLEAN: near_truths,
}
"""Numbers and days have no nearest one; all other kinds of value take any text as it is."""
