"""A figure and the bar it is held against."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`actual` is to be at most `bar`, or at least when `more_is_better`."""

    name: str
    actual: float
    bar: float
    unit: str
    more_is_better: bool = False

    @property
    def meets(self) -> bool:
        return self.actual >= self.bar if self.more_is_better else self.actual <= self.bar


def show(figures: Iterable[Figure]) -> None:
    """One line a figure."""
    for one in figures:
        sign = "≥" if one.more_is_better else "≤"
        verdict = "meets" if one.meets else "MISSES"
        sys.stdout.write(f"{one.name}: {_number(one.actual)} {one.unit} ({verdict} {sign} {_number(one.bar)})\n")
    sys.stdout.flush()


def _number(value: float) -> str:
    """Counts whole, measures with three figures."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
