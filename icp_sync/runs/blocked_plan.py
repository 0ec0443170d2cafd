"""A plan that a guardrail blocks is saved, so that it can be looked at and applied with an override."""

from __future__ import annotations

from icp_sync.errors import GuardrailHeld
from icp_sync.plan import planfile
from icp_sync.plan.plan import Plan
from icp_sync.state.plans import PlanStore


def save_if_blocked(plan: Plan, plans: PlanStore, allow: frozenset[str] = frozenset()) -> GuardrailHeld | None:
    """Save a plan that guardrails block, for a person to look at, and return the error; None when none blocks."""
    blocking = [check for check in plan.blocked_by if check.name not in allow]
    if not blocking:
        return None
    # Kept whole, since the portal moves on: what is applied later must be what a person looked at, not a new plan.
    path = plans.save(plan.origin.run_id, planfile.lines(plan))
    sentences = [f"{check.sentence} is allowed" for check in blocking]
    names = " ".join(f"--allow {name}" for name in dict.fromkeys(check.name for check in blocking))
    return GuardrailHeld(
        f"held by a guardrail, nothing was written: {'; '.join(sentences)}. "
        f"Look at the plan, then: icp-sync apply {path} {names}",
        plan=path,
        details=sentences,
    )
