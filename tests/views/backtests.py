"""Backtests as documents, to be drawn: a plain one, and one whose texts attack."""

from __future__ import annotations

from typing import Any, Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import GROUPS

MOMENT: Final = "2026-11-29T01:00:00Z"
GROUNDS: Final[list[dict[str, Any]]] = [
    {"ground": "wins_less", "value": 0.37, "others": 0.33, "p": 0.4, "holds": False},
    {"ground": "pays_less", "value": 900.0, "others": 14_960.0, "p": 0.001, "holds": True},
    {"ground": "takes_longer", "value": None, "others": None, "p": None, "holds": None},
    {"ground": "churns_more", "value": 0.4, "others": 0.1, "p": 0.002, "holds": True},
]


def plain(**changes: Any) -> BacktestDocument:
    """Two criteria left out, four KPIs, two owners, judged as companies were."""
    verdict = {
        "code": "wins_more",
        "sentence": "Tier 1 wins more: 58 % of its 62 deals were won, against 33 % of the 2,392 of all others: 25 "
        "percentage points more, 13 to 37 allowing for chance.",
        "more_deals": 0,
        "early": True,
    }
    rows = [_row(tier, 100) for tier in (*GROUPS, "all")]
    values: dict[str, Any] = {
        "profile": "s0-icp", "digest": "abc", "portal_id": 4711, "judged": "opened", "unit": "deal",
        "since": "2023-11-29", "as_of": "2026-11-29", "read_at": MOMENT, "deals": 4_000,
        "past": {"companies": 600, "calls": 12, "values": 1_000, "not_that_far_back": 250},
        "left_out": {"open": 214, "later_deal": 1_332}, "currencies": ["EUR", "USD"], "design_effect": 1.4,
        "leaks": [
            {"criterion": "stage", "kind": "reads_deals", "properties": ["lifecyclestage"]},
            {"criterion": "tools", "kind": "filled_by_selling", "properties": ["web_technologies"],
             "known_won": 0.8, "known_lost": 0.2},
        ],
        "tiers": rows,
        "tests": {"tier_1_vs_rest": {"difference": 0.25, "low": 0.13, "high": 0.37, "p": 0.0001},
                  "tier_1_vs_lower": gap(0.10, -0.05, 0.24), "lower_vs_outside": gap(0.16, 0.08, 0.25),
                  "trend": {"z": 4.0, "p": 0.0001}, "detectable_difference": 0.1},
        "auc": {"value": 0.61, "low": 0.59, "high": 0.63, "too_few": False},
        "gain": [{"companies": step / 20, "wins": step / 20, "revenue": None} for step in range(1, 21)],
        "concentrated": False,
        "market": [{"tier": tier, "customers": 1, "open": 2, "lost": 3, "untouched": 4} for tier in GROUPS],
        "use": {"open_pipeline": 0.06, "new_deals": 0.04, "new_deals_counted": 234},
        "bought_anyway": [{"reason": "partner", "decided": 174, "won": 64, "grounds": GROUNDS}],
        "kpis": [{"kpi": "nps", "tier": "tier_1", "known": 40, "value": 8.5},
                 {"kpi": "nps", "tier": "tier_2", "known": 4, "value": None}],
        "strata": {"by": "hubspot_owner_id", "odds_ratio": 2.8, "low": 1.7, "high": 4.7, "left_out": 0,
                   "difference": gap(0.25, 0.13, 0.37),
                   "rows": [_stratum("77000101"), _stratum("77000102")]},
        "verdict": verdict, "with_leaks": verdict | {"code": "too_few", "sentence": "Too few deals to say."},
    }  # fmt: skip
    return BacktestDocument.model_validate(values | changes)


def gap(difference: float, low: float, high: float) -> dict[str, float]:
    """A difference of win rates between its bounds."""
    return {"difference": difference, "low": low, "high": high}


def hostile(text: str) -> BacktestDocument:
    """Every text a person can choose is `text`."""
    leak = {"criterion": text, "kind": "reads_deals", "properties": [text]}
    strata = {"by": text, "rows": [_stratum(text)], "odds_ratio": None, "low": None, "high": None, "left_out": 1}
    return plain(
        profile=text, leaks=[leak], strata=strata, currencies=[text, text],
        kpis=[{"kpi": text, "tier": "tier_1", "known": 40, "value": 8.5}],
        bought_anyway=[{"reason": text, "decided": 1, "won": 1, "grounds": []}],
    )  # fmt: skip


def _row(tier: str, decided: int) -> dict[str, Any]:
    return {
        "tier": tier, "companies": 200, "decided": decided, "won": 40, "rate": 0.4, "low": 0.31, "high": 0.5,
        "lift": 1.0, "median_amount": 28_154.0, "median_cycle_days": 46.0, "revenue_share": 0.08,
        "open_pipeline": None, "too_few": False,
    }  # fmt: skip


def _stratum(value: str) -> dict[str, Any]:
    return {"value": value, "tier_1_decided": 15, "tier_1_won": 11, "rest_decided": 419, "rest_won": 155}
