"""The use cases: a run is preflight, extract, score, plan, guardrails, apply, lists, report, in this order.

Each takes a `PortalSession`: one portal, the profiles to run on it, and what the command was asked to do. It connects,
opens a `ProfileRun` for each profile (session, profile, state, run id), and hands back values that `views` draw.
"""
