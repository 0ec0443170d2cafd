"""A plan that a guardrail blocks is saved, so that it can be looked at and applied with an override."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from icp_sync.errors import GuardrailHeld
from icp_sync.plan import plan_file
from icp_sync.plan.plan import Plan
from icp_sync.runs.profile_run import ProfileRun


def save_if_blocked(
    plan: Plan, profile_run: ProfileRun, allow: frozenset[str] = frozenset(), *, is_recorded: bool = False
) -> GuardrailHeld | None:
    """Save a plan that guardrails block, for a person to look at, and return the error; None when none blocks.

    `is_recorded`: the run stands in the ledger, so that `show` tells more about it.
    """
    blocking = [check for check in plan.blocked_by if check.name not in allow]
    if not blocking:
        return None
    # Kept whole, since the portal moves on: what is applied later must be what a person looked at, not a new plan.
    path = profile_run.store.plans.save(plan.origin.run_id, plan_file.plan_file_lines(plan))
    sentences = [f"{check.sentence} is allowed" for check in blocking]
    again = profile_run.repeat_options
    apply = apply_command(path, [check.name for check in plan.blocked_by], again)
    show = f" ({shlex.join(['icp-sync', 'show', profile_run.run_id, *again])})" if is_recorded else ""
    return GuardrailHeld(
        f"held by a guardrail, nothing was written: {'; '.join(sentences)}. Look at the plan{show}, then: {apply}",
        plan=path,
        command=apply,
        details=sentences,
    )


def apply_command(path: Path, blocking: Sequence[str], again: Sequence[str]) -> str:
    """The command that applies a saved plan past the guardrails `blocking`; `again`: options that it needs as well.

    Words with blanks are quoted for a POSIX shell; why it is allowed is left to who types it.
    """
    # Several lists may have passed one guardrail; it is allowed once for all of them. What the run that drew the plan
    # allowed is no part of the file, so it is named again.
    allowed = [word for name in dict.fromkeys(blocking) for word in ("--allow", name)]
    return shlex.join(["icp-sync", "apply", str(path), *allowed, *again]) + ' --because "…"'
