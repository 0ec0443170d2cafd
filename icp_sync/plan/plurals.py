"""A number with its noun: `1 override`, `1,200 companies`."""

from __future__ import annotations


def count_noun(count: int, singular: str, plural: str = "") -> str:
    """The number in words for people; `plural`: the noun of any other number than 1, by default with an s."""
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"
