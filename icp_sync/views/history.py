"""Runs and companies as the ledger remembers them, for a terminal and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.plan.change_sentence import CAUSE_WORDS
from icp_sync.plan.run_record import CUT_SHORT, RunRecord, TimelineRow
from icp_sync.views.sanitise import sanitise

MOMENT: Final = "%Y-%m-%d %H:%M"
_WORDS: Final = {str(cause): words for cause, words in CAUSE_WORDS.items()}


def runs_view(runs: Sequence[RunRecord]) -> RenderableType:
    """One line a run: when, which, what came of it, and why companies changed; where there is none, how to make one."""
    if not runs:
        return Text("no run is remembered here; icp-sync plan says what the first would write")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("started (UTC)", "run", "command", "came of it", "changes", "causes"):
        table.add_column(title)
    for run in runs:
        cells = (f"{run.started_at:{MOMENT}}", run.run_id, _command_text(run), outcome_words(run), f"{run.changes:,}")
        table.add_row(*map(sanitise, (*cells, causes_words(run))))
    return table


def timeline_view(rows: Sequence[TimelineRow]) -> RenderableType:
    """One line for each time a run meant to change the company; that none did, where it is so."""
    if not rows:
        return Text("no remembered run meant to change this company; icp-sync explain says where it stands")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("date (UTC)", "run", "tier", "came of it", "why"):
        table.add_column(title)
    for row in rows:
        cells = (
            f"{row.at:{MOMENT}}",
            row.run_id,
            tier_move_words(row.tier_before, row.tier_after),
            row.result,
            row.sentence,
        )
        table.add_row(*map(sanitise, cells))
    return table


def runs_document(runs: Sequence[RunRecord]) -> dict[str, Any]:
    """The runs for machines, the newest first."""
    return {
        "runs": [
            {
                "run_id": run.run_id,
                "command": run.command,
                "started_at": run.started_at.isoformat(),
                "exit_code": run.exit_code,
                "changes": run.changes,
                "causes": dict(run.causes),
                "held": [*run.blocking_guardrails],
                "allowed": [*run.allowed],
            }
            for run in runs
        ]
    }


def timeline_document(rows: Sequence[TimelineRow]) -> dict[str, Any]:
    """A company's timeline for machines, the newest first."""
    return {
        "timeline": [
            {
                "at": row.at.isoformat(),
                "run_id": row.run_id,
                "id": str(row.id),
                "tier_before": row.tier_before,
                "tier_after": row.tier_after,
                "cause": row.cause,
                "result": row.result,
                "sentence": row.sentence,
            }
            for row in rows
        ]
    }


def outcome_words(run: RunRecord) -> str:
    """What came of a run, in a few words."""
    if run.ended_at is None:
        return "has not ended"
    allowed = f" (allowed: {', '.join(run.allowed)})" if run.allowed else ""
    if guardrails := run.blocking_guardrails:
        return f"held by {', '.join(guardrails)}{allowed}"
    wrote = f"{run.written:,} written" + (f", {run.rejected:,} refused" if run.rejected else "")
    wrote += allowed
    if run.exit_code is None:
        return f"{wrote}, {CUT_SHORT}"
    return wrote if run.exit_code == 0 else f"{wrote}, exit {run.exit_code}" + (f" ({run.error})" if run.error else "")


def causes_words(run: RunRecord) -> str:
    """The causes with their companies, such as `12 data changed, 3 first score`."""
    return ", ".join(f"{count:,} {_WORDS.get(cause, cause)}" for cause, count in run.causes.items())


def tier_move_words(before: str | None, after: str | None) -> str:
    """Both tiers, "" where the run did not write the tier."""
    if before is None and after is None:
        return ""
    names = [(tier or "no tier").replace("_", " ") for tier in (before, after)]
    return " → ".join(names)


def _command_text(run: RunRecord) -> str:
    return f"{run.command} of {run.undoes}" if run.undoes else run.command
