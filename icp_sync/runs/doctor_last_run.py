"""Doctor's first lines: what came of the last run, how to go on where its plan was held, and what stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from icp_sync.errors import GuardrailHeld
from icp_sync.plan.run_record import CUT_SHORT, RunRecord
from icp_sync.plan.validate_saved_plan import FRESH
from icp_sync.runs.blocked_plan import apply_command
from icp_sync.runs.exemptions import standing_holds
from icp_sync.state.store import StateStore


def describe_last_run(store: StateStore, now: dt.datetime, again: Sequence[str] = ()) -> tuple[str, str]:
    """One line on the last run, and what to do next, empty where there is nothing. Raises StateUnusable.

    `again`: the options by which a command finds this profile and its state.
    """
    last = store.runs.last()
    if last is None:
        return "no run yet", ""
    when = f"{last.command} {last.run_id} of {last.started_at:%Y-%m-%d %H:%M} UTC on {last.host}"
    # The row is written before the first call that changes the portal, its end after the last one.
    if last.ended_at is None:
        return f"{when} began to write and never ended", "the next icp-sync run finishes it"
    if last.exit_code == GuardrailHeld.exit_code:
        return f"{when} was held by {', '.join(last.blocking_guardrails)}; nothing was written", (
            _next_step(last, store, now, again)
        )
    written = f"{last.written:,} of {last.changes:,} changes written"
    if last.exit_code is None:
        return f"{when}: {written}, {CUT_SHORT}", ""
    if last.exit_code:
        return f"{when} ended with exit code {last.exit_code} ({last.error}), {written}", ""
    return f"{when} went well, {written}", ""


def describe_overrides_holds_pins(store: StateStore) -> tuple[str, str]:
    """One line on how much stands against the profile, and what lists it. Raises StateUnusable."""
    counts = {
        "override": len(store.overrides.list_open()),
        "held input": standing_holds(store.snapshot.load()).height,
        "pin": len(store.membership_pins.list_open()),
    }
    standing = [f"{count:,} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items() if count]
    if not standing:
        return "nothing stands against the profile", ""
    return f"{', '.join(standing)} open", "icp-sync overrides lists them, icp-sync release ends them"


def _next_step(run: RunRecord, store: StateStore, now: dt.datetime, again: Sequence[str]) -> str:
    path: Path | None = store.plans.find(run.plan_of or run.run_id)
    if path is None:
        return "its plan is no longer kept; icp-sync run draws it anew"
    apply = apply_command(path, (*run.allowed, *run.blocking_guardrails), again)
    if now - run.started_at > FRESH:
        return f"its plan is more than 24 hours old; icp-sync run draws it anew, or {apply} --allow stale"
    return f"look at the plan, then {apply}"
