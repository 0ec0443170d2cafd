"""The types of an edit."""

from __future__ import annotations

from collections.abc import Mapping

from icp_sync.profile.findings import Path

Value = float | str | tuple[str, ...] | None
"""A number, a word, the ids of `required`, or None: nothing there (no bound, no `leave`, no tier; a criterion, a
disqualifier or a test taken out)."""

Edits = Mapping[Path, Value]
"""Place → value wanted there. A place names criteria and disqualifiers by id, tiers by tier, tests by name:

    ("criteria", ID)                                   None: taken out, with all that hangs on it
    ("criteria", ID, "weight")                         a number
    ("criteria", ID, "missing")                        "unknown" or "miss"
    ("criteria", ID, "partial", N, "credit")           a number between 0 and 1
    (…, "match", [… "all"|"any", N | "not" …], BOUND)  BOUND: "at_least" · "at_most" · "between", 0|1 · "age_years", 0|1
                                                       · "within_days" · "older_than_days" · "within_km", "km"
    ("disqualifiers", ID)                              None: taken out
    ("required",)                                      ids of criteria; their order is the profile's own
    ("coverage", "minimum")                            a share, 0 to 1
    ("tiers", TIER, "enter" | "leave")                 a fit score; `leave` may be None
    ("tiers", TIER, "capacity")                        how many companies (of each value of `per`), or None
    ("tests", NAME, "expect", KEY)                     what the test expects; ("credits", ID) for a credit

`…` before "match" is ("criteria", ID), ("criteria", ID, "partial", N), ("disqualifiers", ID) or ("scope",).
"""
