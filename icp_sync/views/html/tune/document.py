"""The answer as JSON, for whoever asks with `Accept: application/json`."""

from __future__ import annotations

from typing import Any

from icp_sync.views.html.tune.answer import Answer


def answer_document(answer: Answer) -> dict[str, Any]:
    """`{tiers, outcomes, moved, tests, findings}`, and `deals` where any are known; a tier null is no tier."""
    compared = answer.comparison
    wins = answer.wins or {}
    deals = {group: {"won": int(tally.won), "decided": int(tally.decided)} for group, tally in wins.items()}
    return ({} if answer.wins is None else {"deals": deals}) | {
        "tiers": {tier: _pair(pair) for tier, pair in compared.tiers.items()},
        "outcomes": {outcome: _pair(pair) for outcome, pair in compared.outcomes.items()},
        "moved": [{"before": was, "after": now, "companies": n} for was, now, n in compared.moved],
        "tests": [
            {"name": test.name, "ok": test.ok, "expected": test.expected, "got": test.got} for test in answer.tests
        ],
        "findings": [
            {
                "severity": finding.severity,
                "line": finding.line,
                "path": finding.path,
                "rule": finding.rule,
                "message": finding.message,
            }
            for finding in answer.findings
        ],
    }


def _pair(pair: tuple[int, int]) -> dict[str, int]:
    before, after = pair
    return {"before": before, "after": after}
