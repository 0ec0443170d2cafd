"""What came of the portals of a fleet: one table, and one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.errors import GuardrailHeld
from icp_sync.fleet.outcome import PortalOutcome, highest_exit_code
from icp_sync.profile.model.types import TIERS
from icp_sync.text_truncation import shorten
from icp_sync.views.history import MOMENT
from icp_sync.views.sanitise import sanitise

_MAX_MESSAGE: Final = 60
_MAX_DETAILS: Final = 5
_STYLE: Final[Mapping[int | None, str]] = {0: "", None: "", 3: "", 4: "yellow"}
"""Exit code → colour of its row; red for all others."""


def fleet_document(outcomes: Sequence[PortalOutcome], *, status: bool = False, **more: Any) -> dict[str, Any]:
    """The `--json` document; `status`: with when each portal last ran and last ended well. `more`: keys beside."""
    return {
        "portals": [_portal_document(outcome, status=status) for outcome in outcomes],
        "exit_code": highest_exit_code(outcomes),
        **more,
    }


def fleet_view(outcomes: Sequence[PortalOutcome], *, status: bool = False) -> RenderableType:
    """One row a portal in the order of the file, a sentence on all of them, and in full what a row has no room for."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("portal")
    for title in (*(tier.replace("_", " ") for tier in TIERS), "changes"):
        table.add_column(title, justify="right")
    table.add_column("held by")
    for title in ("last run (UTC)", "last success (UTC)") if status else ("seconds",):
        table.add_column(title, justify="left" if status else "right")
    table.add_column("exit", justify="right")
    table.add_column("what")
    for outcome in outcomes:
        cells = [sanitise(cell) for cell in _cells(outcome, status=status)]
        table.add_row(*cells, style=_STYLE.get(outcome.exit_code, "red"))
    return Group(table, Text(_summary_sentence(outcomes)), *map(sanitise, _full_error_lines(outcomes)))


def progress_line(outcome: PortalOutcome, number: int, total: int) -> str:
    """One line when a portal has ended: the `number`th of `total`."""
    came_of = f"{outcome.changes:,} changes" if outcome.error is None else _error_cell(outcome)
    return f"[{outcome.name}] exit {outcome.exit_code} after {outcome.seconds:.0f} s: {came_of} ({number} of {total})"


def _full_error_lines(outcomes: Sequence[PortalOutcome]) -> Iterator[str]:
    """What is wrong and what to do, of each portal whose row cuts it short."""
    for outcome in outcomes:
        error = outcome.error or {}
        message, details = str(error.get("message", "")), [str(detail) for detail in error.get("details") or ()]
        if len(message) > _MAX_MESSAGE:
            yield f"{outcome.name}: {message}"
        if outcome.exit_code and outcome.exit_code != GuardrailHeld.exit_code:
            yield from (f"{outcome.name}: {detail}" for detail in details[:_MAX_DETAILS])


def _cells(outcome: PortalOutcome, *, status: bool) -> list[str]:
    tiers = [f"{outcome.tiers[tier]:,}" if tier in outcome.tiers else "" for tier in TIERS]
    # Of a portal that nobody scored, 0 would be a statement.
    changes = f"{outcome.changes:,}" if outcome.tiers or outcome.changes else ""
    moments = [f"{moment:{MOMENT}}" if moment else "" for moment in (outcome.last_run, outcome.last_success)]
    when = moments if status else [f"{outcome.seconds:,.0f}"]
    code = "" if outcome.exit_code is None else str(outcome.exit_code)
    return [
        outcome.name, *tiers, changes, ", ".join(outcome.guardrails), *when, code, _error_cell(outcome)
    ]  # fmt: skip


def _error_cell(outcome: PortalOutcome) -> str:
    if outcome.error is None:
        return "" if outcome.exit_code is not None else "no run yet"
    return shorten(("busy: " if outcome.busy else "") + str(outcome.error.get("message", "")), _MAX_MESSAGE)


def _summary_sentence(outcomes: Sequence[PortalOutcome]) -> str:
    """How many ended well, and how many ended with each other code."""
    codes = [outcome.exit_code for outcome in outcomes]
    well = sum(code == 0 for code in codes)
    others = sorted({code for code in codes if code}, reverse=True)
    counts = [f"{codes.count(code):,} with exit {code}" for code in others]
    open_ended = [outcome for outcome in outcomes if outcome.exit_code is None]
    at_work = sum(outcome.error is not None for outcome in open_ended)
    unknown = {"at work": at_work, "not run yet": len(open_ended) - at_work}
    words = [f"{count:,} {what}" for what, count in unknown.items() if count]
    return ", ".join([f"{well:,} of {len(codes):,} portals ended well", *counts, *words])


def _portal_document(outcome: PortalOutcome, *, status: bool) -> dict[str, Any]:
    moments = {"last_run": outcome.last_run, "last_success": outcome.last_success} if status else {}
    return {
        "name": outcome.name,
        "portal_id": outcome.portal_id,
        "exit_code": outcome.exit_code,
        "tiers": dict(outcome.tiers),
        "changes": outcome.changes,
        "held": list(outcome.guardrails),
        "seconds": round(outcome.seconds, 1),
        "error": None if outcome.error is None else dict(outcome.error),
        **{name: moment and moment.isoformat() for name, moment in moments.items()},
    }
