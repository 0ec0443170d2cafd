"""The groups (arms) of an experiment: for the terminal, and in the words that the page shows too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.document_types import ArmRow, ExperimentFigures
from icp_sync.views.sanitise import sanitise

COLUMNS: Final = ("companies", "decided", "won", "customers", "of companies", "likely range")


def experiment_view(figures: ExperimentFigures) -> Iterator[RenderableType]:
    """The answer, a row an arm, and what was left out."""
    yield Text()
    yield sanitise(figures.sentence, style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("group")
    for heading in COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in figures.arms:
        table.add_row(row.arm, *arm_cells(row))
    yield table
    basis, *left_out = experiment_basis(figures)
    yield Text(basis, style="dim")
    yield from (Text(f"  {sentence}", style="dim") for sentence in left_out)


def experiment_basis(figures: ExperimentFigures) -> Iterator[str]:
    """What is counted, and what is not."""
    yield "Deals created since a company was put in its group; it is companies that were drawn by lot."
    if figures.earlier:
        yield f"{figures.earlier:,} decided deals are older than the group of their company"
    if figures.undated:
        yield f"{figures.undated:,} companies are in a group that this state did not write"


def arm_cells(row: ArmRow) -> tuple[str, ...]:
    """The cells under `COLUMNS`."""
    counts = (f"{row.companies:,}", f"{row.decided:,}", f"{row.won:,}", f"{row.bought:,}")
    if row.rate is None or row.low is None or row.high is None:
        return (*counts, "", "too few")
    return (*counts, f"{100 * row.rate:.0f} %", f"{100 * row.low:.0f} – {100 * row.high:.0f}")
