"""The use cases: a run is preflight, extract, score, plan, guardrails, apply, lists, report, in this order."""
