"""The groups (arms) of an experiment for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.document_types import ArmRow, ExperimentFigures
from icp_sync.views.sanitise import sanitise


def experiment_view(figures: ExperimentFigures) -> Iterator[RenderableType]:
    """The answer, a row an arm, and what was left out."""
    yield Text()
    yield sanitise(figures.sentence, style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("group")
    for heading in ("companies", "decided", "won", "customers", "of companies", "likely range"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in figures.arms:
        table.add_row(*_cells(row))
    yield table
    yield Text(
        "Deals created since a company was put in its group; it is companies that were drawn by lot.", style="dim"
    )
    if figures.earlier:
        yield Text(f"  {figures.earlier:,} decided deals are older than the group of their company", style="dim")
    if figures.undated:
        yield Text(f"  {figures.undated:,} companies are in a group that this state did not write", style="dim")


def _cells(row: ArmRow) -> tuple[str, ...]:
    counts = (row.arm, f"{row.companies:,}", f"{row.decided:,}", f"{row.won:,}", f"{row.bought:,}")
    if row.rate is None or row.low is None or row.high is None:
        return (*counts, "", "too few")
    return (*counts, f"{100 * row.rate:.0f} %", f"{100 * row.low:.0f} – {100 * row.high:.0f}")
