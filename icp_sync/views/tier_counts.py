"""Renders the number of companies in each tier before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.table import Table
from rich.text import Text

ARROWS: Final = {1: ("↑", "green"), 0: ("=", ""), -1: ("↓", "red")}


def tier_words(name: str) -> str:
    """`tier 1` for `tier_1`, as every line of a terminal names it."""
    return name.replace("_", " ")


def tiers_view(before: Mapping[str, int], after: Mapping[str, int]) -> Table:
    """One row for each tier: companies before, after and the difference; only the number after if `before` is empty."""
    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column("")
    if not before:
        table.add_column("companies", justify="right")
        for tier, count in after.items():
            table.add_row(tier_words(tier), f"{count:,}")
        return table
    for name in ("before", "", "after", "change"):
        table.add_column(name, justify="right")
    for tier, count in after.items():
        moved = count - before.get(tier, 0)
        arrow, style = ARROWS[(moved > 0) - (moved < 0)]
        change = f"{moved:+,}".replace("-", "−") if moved else ""
        cells = (f"{before.get(tier, 0):,}", arrow, f"{count:,}", change)
        table.add_row(Text(tier_words(tier)), *(Text(cell, style=style) for cell in cells))
    return table
