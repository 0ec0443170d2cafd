"""The answer as JSON, for whoever asks with `Accept: application/json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icp_sync.profile.edits.query_pairs import path_to_text
from icp_sync.scoring.threshold_curve import TierSize
from icp_sync.views.html.tune.whatif_answer import HOLD, DealTally, WhatIfAnswer


def answer_document(answer: WhatIfAnswer) -> dict[str, Any]:
    """`{tiers, outcomes, moved, tests, findings}`; a tier null is no tier.

    And `deals` and `deals_by_file` where any are known, `hold` where somebody asks from which line the highest tier
    would hold so many.
    """
    compared = answer.comparison
    deals = {"deals": answer.wins, "deals_by_file": answer.wins_before}
    asked = {name: _wins_json(wins) for name, wins in deals.items() if wins is not None}
    size = {HOLD: _tier_size_json(answer.size)} if answer.size else {}
    return {
        **asked,
        **size,
        "tiers": {tier: _before_after_json(pair) for tier, pair in compared.tier_counts_before_after.items()},
        "outcomes": {outcome: _before_after_json(pair) for outcome, pair in compared.outcomes.items()},
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


def _wins_json(wins: Mapping[str, DealTally]) -> dict[str, Any]:
    return {group: {"won": int(tally.won), "decided": int(tally.decided)} for group, tally in wins.items()}


def _tier_size_json(size: TierSize) -> dict[str, Any]:
    moves = [{"place": path_to_text(move.edit_path), "before": move.before, "after": move.after} for move in size.moves]
    return {
        "tier": size.tier, "wanted": size.wanted, "enter": size.enter, "companies": size.companies, "now": size.now,
        "moves": moves,
    }  # fmt: skip


def _before_after_json(pair: tuple[int, int]) -> dict[str, int]:
    before, after = pair
    return {"before": before, "after": after}
