"""What a difference or a ranking comes to, for people without statistics: its range in words, whether it is chance."""

from __future__ import annotations

from typing import Final

_COIN: Final = (0.45, 0.55)
"""A range within these, around 0.5, tells of nothing worth acting on."""


def points_range(low: float, high: float) -> str:
    """Where a difference lies, chance allowed for: `11 points less to 8 more`, `13 to 37 points more`."""
    if low < 0 < high:
        return f"{_points(low)} points less to {_points(high)} more"
    least, most = sorted((abs(low), abs(high)))
    return f"{_points(least)} to {_points(most)} points {'less' if low < 0 else 'more'}"


def printed_gap(first: float, second: float) -> str:
    """The points between two rates as they are printed beside it: who subtracts 26 % from 51 % finds 25."""
    gap = abs(_printed_percent(first) - _printed_percent(second))
    return "under 1" if gap == 0 and first != second else f"{gap}"


def chance_clause(first: float, second: float, low: float, high: float) -> str:
    """Where the difference of two printed rates lies; that it may be chance, where they differ and zero is within."""
    between = points_range(low, high)
    if excludes_zero(low, high) or _printed_percent(first) == _printed_percent(second):
        return f"allowing for chance, {between}"
    return f"the gap may be chance (allowing for it, {between})"


def excludes_zero(low: float | None, high: float | None) -> bool:
    """Whether the bounds of a difference leave out zero."""
    return low is not None and high is not None and not low <= 0 <= high


def is_coin_toss(low: float | None, high: float | None) -> bool:
    """Whether a ranking between these bounds is like chance, and enough deals say so; False where it is not known."""
    return low is not None and high is not None and _COIN[0] < low <= 0.5 <= high < _COIN[1]


def _printed_percent(share: float) -> int:
    return int(f"{100 * share:.0f}")


def _points(difference: float) -> str:
    points = f"{100 * abs(difference):.0f}"
    return "under 1" if points == "0" and difference else points
