"""A number with its noun: `1 override`, `1,200 companies`."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """The number in words for people; `many`: the noun of any other number than 1, by default with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
