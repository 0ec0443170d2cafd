"""The arms of an experiment: for the terminal, and in the words that the page shows too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.document_types import ArmRow, ExperimentFigures
from icp_sync.views.sanitise import sanitise

COLUMNS: Final = ("companies", "decided", "won", "bought", "of companies", "95 %")
_NEXT: Final = {
    "challenger_better": "let the challenger take the champion's place.",
    "champion_better": "keep the champion, and take write.experiment out of the challenger.",
    "no_difference": "keep the simpler profile, or let it run where a smaller difference would matter.",
    "too_few": "let it run, treat each arm as it was meant, and look again in a quarter.",
}
"""Answer → what a person does with it."""


def experiment_view(figures: ExperimentFigures) -> Iterator[RenderableType]:
    """The answer, a row an arm, and what was left out."""
    yield Text()
    yield sanitise(figures.sentence, style="bold")
    yield Text(experiment_next_step(figures))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("arm")
    for heading in COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in figures.arms:
        table.add_row(row.arm, *arm_cells(row))
    yield table
    basis, *left_out = experiment_basis(figures)
    yield Text(basis, style="dim")
    yield from (Text(f"  {sentence}", style="dim") for sentence in left_out)


def experiment_next_step(figures: ExperimentFigures) -> str:
    """What a person does with the answer."""
    return f"What to do next: {_NEXT[figures.code]}"


def experiment_basis(figures: ExperimentFigures) -> Iterator[str]:
    """What is counted, and what is not."""
    yield "Deals created since a company's arm was written; it is companies that were drawn by lot."
    if figures.earlier:
        yield f"{figures.earlier:,} decided deals are older than the arm of their company"
    if figures.undated:
        yield f"{figures.undated:,} companies have an arm that this state did not write"


def arm_cells(row: ArmRow) -> tuple[str, ...]:
    """The cells under `COLUMNS`."""
    counts = (f"{row.companies:,}", f"{row.decided:,}", f"{row.won:,}", f"{row.bought:,}")
    if row.rate is None or row.low is None or row.high is None:
        return (*counts, "", "too few")
    return (*counts, f"{100 * row.rate:.0f} %", f"{100 * row.low:.0f} – {100 * row.high:.0f}")
