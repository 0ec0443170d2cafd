"""A figure and the bar it is held against."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`actual` is to be at most `bar`, or at least when `more_is_better`; `bar` None is told for comparison only."""

    name: str
    actual: float
    bar: float | None
    unit: str
    more_is_better: bool = False

    @property
    def meets(self) -> bool:
        if self.bar is None:
            return True
        return self.actual >= self.bar if self.more_is_better else self.actual <= self.bar

    def __str__(self) -> str:
        sentence = f"{self.name}: {_number(self.actual)} {self.unit}"
        if self.bar is None:
            return sentence
        sign = "≥" if self.more_is_better else "≤"
        return f"{sentence} ({'meets' if self.meets else 'MISSES'} {sign} {_number(self.bar)})"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that could not be had here, and why."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}: left out, {self.why}"


Line = Figure | LeftOut


def show(figures: Iterable[Line]) -> None:
    """One line a figure, as soon as it is known."""
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()


def _number(value: float) -> str:
    """Counts whole, measures with three figures."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
