"""A plan that a guardrail blocks is saved, so that it can be looked at and applied with an override."""

from __future__ import annotations

from icp_sync.errors import GuardrailHeld
from icp_sync.plan import planfile
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.plan import Plan
from icp_sync.state.plans import PlanStore


def save_if_blocked(plan: Plan, plans: PlanStore, allow: frozenset[str] = frozenset()) -> GuardrailHeld | None:
    """Save a plan that guardrails block, for a person to look at, and return the error; None when none blocks."""
    blocking = [check for check in plan.held if check.name not in allow]
    if not blocking:
        return None
    path = plans.save(plan.origin.run_id, planfile.lines(plan))
    names = " ".join(f"--allow {name}" for name in dict.fromkeys(check.name for check in blocking))
    return GuardrailHeld(
        f"held by a guardrail, nothing was written: {'; '.join(map(_guardrail_text, blocking))}. "
        f"Look at the plan, then: icp-sync apply {path} {names}",
        plan=path,
        details=[_guardrail_text(check) for check in blocking],
    )


def _guardrail_text(check: GuardrailCheck) -> str:
    where = f" of list {check.list_name}" if check.list_name else ""
    bound = "at least" if check.name == "read_at_least" else "at most"
    share = f"{check.part:,} of {check.whole:,} is {check.actual:.1%}"
    return f"{check.name}{where}: {share}, {bound} {check.limit:.1%} is allowed"
