"""The story of a run, in order: preflight, pull, plan, guardrails, apply, lists, report."""
