"""A difference of two win rates in words, for people without statistics."""

from __future__ import annotations


def points_range(low: float, high: float) -> str:
    """Where a difference lies, chance allowed for: `11 points less to 8 more`, `13 to 37 points more`."""
    if low < 0 < high:
        return f"{_points(low)} points less to {_points(high)} more"
    least, most = sorted((abs(low), abs(high)))
    return f"{_points(least)} to {_points(most)} points {'less' if low < 0 else 'more'}"


def excludes_zero(low: float | None, high: float | None) -> bool:
    """Whether the bounds of a difference leave out zero."""
    return low is not None and high is not None and not low <= 0 <= high


def _points(difference: float) -> str:
    points = f"{100 * abs(difference):.0f}"
    return "under 1" if points == "0" and difference else points
