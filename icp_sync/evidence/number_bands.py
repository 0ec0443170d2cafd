"""Numbers, ages and dates as bands: cut at quintiles, and every run of neighbouring bands a candidate.

All runs, since merging bands by how often they win would look at the outcome before it is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

import numpy as np
import polars as pl

from icp_sync.companies.parse.parsed_columns import high_column, low_column
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.operators.dates import completed_years, days_ago

Properties = tuple[str, ...]

_SHARES: Final = (0.2, 0.4, 0.6, 0.8)
_DIGITS: Final = 2  # a border such as 1,237 employees says no more than 1,200, and reads worse


@dataclass(frozen=True, slots=True)
class NumberBand:
    """A run of neighbouring bands as a match; `span`: the first and the last of them."""

    match: Match
    span: tuple[int, int]


def number_bands(parsed: pl.DataFrame, properties: Properties, _: EvaluationContext) -> Iterator[NumberBand]:
    """Runs of bands of a number; of a range in text its middle counts."""
    least, most = (pl.coalesce(end(name) for name in properties) for end in (low_column, high_column))
    middle = (least + most) / 2
    ends = parsed.select(least=least, most=most, middle=middle).filter(pl.col("middle").is_finite())
    is_whole = bool(ends.select(((pl.col("least") % 1 == 0) & (pl.col("most") % 1 == 0)).all()).item())
    yield from _all_band_spans("between", ends["middle"], 1.0 if is_whole else 0.0)


def age_bands(parsed: pl.DataFrame, properties: Properties, context: EvaluationContext) -> Iterator[NumberBand]:
    """Runs of bands of completed years."""
    values = parsed.select(completed_years(properties, context)).to_series().drop_nulls()
    yield from _all_band_spans("age_years", values, 1.0)


def recency_bands(parsed: pl.DataFrame, properties: Properties, context: EvaluationContext) -> Iterator[NumberBand]:
    """`within_days` at each border; the other side is what it is not."""
    values = parsed.select(days_ago(properties, context)).to_series().drop_nulls()
    for place, border in enumerate(_borders(values.filter(values >= 0))):
        yield NumberBand(Match(within_days=int(border)), (0, place))


def _all_band_spans(operator: str, values: pl.Series, step: float) -> Iterator[NumberBand]:
    """`step`: how far apart neighbouring values are; 0 where they are not whole."""
    borders = _borders(values)
    if step:
        # 1.8 parts whole numbers where 2 does; from there bands begin, and the one before ends at 1.
        borders = sorted({float(ceil(border)) for border in borders})
    ends = [None, *borders, None]
    bands = len(ends) - 1
    for first in range(bands):
        for last in range(first, bands):
            bounds = (ends[first], ends[last + 1])
            if bounds != (None, None):
                yield NumberBand(_band_match(operator, bounds, step), (first, last))


def _band_match(operator: str, bounds: tuple[float | None, float | None], step: float) -> Match:
    """From one border up to what lies just under the next; whole numbers are told apart by one."""
    least, most = bounds[0], None if bounds[1] is None else bounds[1] - step
    if operator == "age_years":
        return Match(age_years=(least, most))
    if least is None:
        return Match(at_most=most)
    return Match(at_least=least) if most is None else Match(between=(least, most))


def _borders(values: pl.Series) -> list[float]:
    """The quintiles, rounded, each once; none that leaves nothing below it."""
    if values.is_empty():
        return []
    numbers = values.cast(pl.Float64).to_numpy()
    smallest = float(numbers.min())
    rounded = {_round_significant(float(border)) for border in np.quantile(numbers, _SHARES)}
    return sorted(border for border in rounded if border > smallest)


def _round_significant(value: float) -> float:
    if not value:
        return 0.0
    return round(value, _DIGITS - 1 - floor(log10(abs(value))))
