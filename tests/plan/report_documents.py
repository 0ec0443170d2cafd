"""Documents made by hand: a night on which much moved, the one before, a held one. Their sums hold, for pages too."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from icp_sync.plan.document.report_document import ReportDocument

_TIERS: Final = ("tier_1", "tier_2", "tier_3", "none")
_HOSTILE: Final = '<script>alert("1")</script> \u202eevil'
_REASONS: Final = (
    "Tier 1 (86): Germany; 500–10,000 employees; two or more tools we connect to. Not known: revenue, +10."
)


def night() -> ReportDocument:
    """Sunday night: 41 companies came into tier 1 and 12 left it."""
    return ReportDocument.model_validate(_night())


def night_before() -> ReportDocument:
    """Saturday night, under a former profile."""
    document = _night() | {
        "run_id": "20261128T020000Z-0badc0",
        "at": dt.datetime(2026, 11, 28, 2, 0, tzinfo=dt.UTC),
        "as_of": dt.date(2026, 11, 28),
        "tiers": {"tier_1": 2303, "tier_2": 5210, "tier_3": 0},
    }
    document["profile"] = document["profile"] | {"digest": "c0ffee123456", "file": "beef" * 3}
    return ReportDocument.model_validate(document)


def night_held() -> ReportDocument:
    """The same night, held by a guardrail: nothing was written, and the records are as before."""
    document = _night()
    checks = [document["guardrails"][0] | {"limit": 0.01, "held": True}, *document["guardrails"][1:]]
    command = "icp-sync apply /state/plans/20261129T020000Z-1a2b3c.jsonl --allow changed"
    sentence = "changed: 180 of 8,200 is 2.2%, at most 1.0% is allowed"
    message = f'held by a guardrail, nothing was written: {sentence}. Look at the plan, then: {command} --because "…"'
    figures_held = {
        "state": "held",
        "guardrails": checks,
        "next_command": command,
        "written_tiers": document["live_tiers"],
        "applied": {"companies": 0, "lists": 0, "failed": 0},
        "error": {"code": "guardrail_held", "message": message, "details": [sentence]},
    }
    return ReportDocument.model_validate(document | figures_held)


def _night() -> dict[str, Any]:
    moves = {("tier_1", "tier_1"): 2291, ("tier_1", "tier_2"): 9, ("tier_1", "none"): 3, ("tier_2", "tier_1"): 30,
             ("tier_2", "tier_2"): 5160, ("tier_2", "none"): 20, ("none", "tier_1"): 11, ("none", "tier_2"): 45,
             ("none", "none"): 48902}  # fmt: skip
    return {
        "format": 1,
        "command": "run",
        "state": "written",
        "at": dt.datetime(2026, 11, 29, 2, 0, tzinfo=dt.UTC),
        "run_id": "20261129T020000Z-1a2b3c",
        "portal_id": 4711,
        "account": {"ui_domain": "app-eu1.hubspot.com", "time_zone": "Europe/Berlin", "currency": "EUR"},
        "profile": {
            "name": "s0-icp", "digest": "0123456789ab", "file": "fedcba987654", "kind": "icp",
            "title": "DevOps teams at consultancies and manufacturers in the German-speaking market",
        },
        "as_of": dt.date(2026, 11, 29),
        "next_command": None,
        **_populations(moves),
        **_movements(),
        **_fit(),
        **_lists_and_people(),
        **_run(),
    }  # fmt: skip


def _populations(moves: dict[tuple[str, str], int]) -> dict[str, Any]:
    before = {tier: sum(n for (was, _), n in moves.items() if was == tier) for tier in _TIERS[:3]}
    after = {tier: sum(n for (_, now), n in moves.items() if now == tier) for tier in _TIERS[:3]}
    return {
        "companies": {"read": 56471, "scored": 56471, "foreign": 12},
        "outcomes": {"tiered": 7546, "disqualified": 4120, "not_icp": 21555, "insufficient_data": 23250},
        "tiers": after,
        "live_tiers": before,
        "written_tiers": after,
        "tier_lines": [
            {
                "tier": "tier_1",
                "enter": 80,
                "leave": 75,
                "capacity": 2500,
                "companies": 2332,
                "near": 410,
                "near_leave": 120,
            },
            {"tier": "tier_2", "enter": 60, "leave": 60, "companies": 5214, "near": 1300, "near_leave": 310},
        ],
        "matrix": [
            {"before": was, "after": now, "companies": moves.get((was, now), 0)} for was in _TIERS for now in _TIERS
        ],
    }


def _movements() -> dict[str, Any]:
    piece = {
        "step": "data",
        "points": 20.0,
        "criterion": "stack",
        "property": "web_technologies",
        "was": "",
        "now": "jira",
    }
    up = [_mover(100 + n, "tier_2" if n % 3 else None, "tier_1", 66.0, 86.0, [piece]) for n in range(20)]
    lost = piece | {"points": -20.0, "was": "jira", "now": ""}
    down = [_mover(200 + n, "tier_1", None, 86.0, 66.0, [lost]) for n in range(12)]
    example = {"id": "100", "name": "Muster AG", "domain": "muster.example", "before": "tier_2", "after": "tier_1",
               "sentence": "Tier 2 → Tier 1: web_technologies went from empty to jira (+20.0)"}  # fmt: skip
    return {
        "causes": [
            {"cause": "first", "companies": 26, "examples": []},
            {"cause": "data", "companies": 131, "examples": [example, example | {"id": "101", "name": _HOSTILE}]},
            {"cause": "profile", "companies": 49, "examples": [example | {"id": "102"}]},
        ],
        "put_back": 2,
        "movers": {"up": up, "down": down},
        "target_accounts": [
            {"id": str(5000 + n), "name": f"Beispiel {n} GmbH" if n else _HOSTILE, "domain": f"beispiel{n}.example",
             "owner": str(70 + n % 3) if n % 4 else None, "tier": "tier_1", "score": 100 - n / 2, "reasons": _REASONS}
            for n in range(50)
        ],
    }  # fmt: skip


def _mover(
    company_id: int, was: str | None, now: str | None, before: float, after: float, pieces: list[dict[str, Any]]
) -> dict[str, Any]:
    names = [(tier or "no tier").replace("tier_", "Tier ") for tier in (was, now)]
    return {
        "id": str(company_id),
        "name": f"Company {company_id}",
        "domain": f"company{company_id}.example",
        "owner": "71",
        "cause": "data",
        "tier_before": was,
        "tier_after": now,
        "score_before": before,
        "score_after": after,
        "points": round(after - before, 1),
        "outcome": "tiered" if now else "insufficient_data",
        "reasons_before": "Tier 2 (66): Germany.",
        "reasons": _REASONS,
        "sentence": f"{names[0]} → {names[1]}: web_technologies changed ({after - before:+.1f})",
        "pieces": pieces,
        "thresholds": [],
    }


def _fit() -> dict[str, Any]:
    total, first = 56471, 2332
    criteria = [("country", "Germany", "geography", 20, True, (21000, 3000, 30000)),
                ("employees", "500–10,000 employees", "size", 20, False, (9000, 4000, 30000)),
                ("revenue", "€10–100M revenue", "finance", 10, False, (6000, 0, 20000)),
                ("stack", "two or more tools we connect to", "need", 20, False, (0, 0, 33221))]  # fmt: skip
    return {
        "scores": {
            "fit": [[0, "disqualified", 4120], [20, "not_icp", 21555], [50, "insufficient_data", 23250],
                    [60, "tiered", 3914], [75, "tiered", 1300], [80, "tiered", 1900], [95, "tiered", 432]],
            "potential": [[30, "not_icp", 21555], [70, "disqualified", 4120], [85, "insufficient_data", 23250],
                          [95, "tiered", 7546]],
        },
        "criteria": [
            {"id": name, "label": label, "trait": trait, "weight": weight, "points": weight / 0.7, "required": required,
             "hit": hit, "partial": partial, "miss": miss, "unknown": total - hit - partial - miss,
             "in_tier_1": {"hit": 2000, "partial": 100, "miss": 132, "unknown": first - 2232}}
            for name, label, trait, weight, required, (hit, partial, miss) in criteria
        ],
        "disqualifiers": [
            {"id": "public_sector", "reason": "the public sector buys by tender", "companies": 4000},
            {"id": "competitor", "reason": "a competitor", "companies": 120},
        ],
        "properties": [
            {"name": "country", "filled": 54000, "read": 53500, "unrecognised": 480,
             "examples": ["'Detuschland' (Germany?)", "'Earth'", repr(_HOSTILE)]},
            {"name": "annualrevenue", "filled": 20000, "read": 20000, "unrecognised": 0},
            {"name": "web_technologies", "filled": 0, "read": 0, "unrecognised": 0},
        ],
        "unrecognised": {"country": 480},
        "unrecognised_examples": {"country": ["'Detuschland' (Germany?)", "'Earth'"]},
        "shopping": [
            {"properties": ["web_technologies"], "criteria": ["stack"], "missing": 23000,
             "lifts": {"tier_1": 900, "tier_2": 7190}, "settles": 12000, "expected": None, "unreadable": 0},
            {"properties": ["numberofemployees", "hs_employee_range"], "criteria": ["employees"], "missing": 19000,
             "lifts": {"tier_1": 350, "tier_2": 7000}, "settles": 9000, "expected": 1830.5, "unreadable": 212},
        ],
        "places": [
            {"country": "DE", "companies": 21000, "tier_1": 1900, "tier_2": 4000},
            {"country": "AT", "companies": 2000, "tier_1": 232, "tier_2": 800},
            {"country": "SG", "companies": 1000, "tier_1": 200, "tier_2": 414},
        ],
    }  # fmt: skip


def _lists_and_people() -> dict[str, Any]:
    return {
        "changes": {
            "companies": 206,
            "properties": {"icp_tier": 118, "icp_score": 206, "icp_reasons": 206},
            "lists": {"Target accounts": {"add": 41, "remove": 12, "create": False, "filter": False}},
        },
        "to_make": {"properties": [], "options": {}},
        "lists": [
            {"name": "Target accounts", "kind": "static", "members": 2303, "add": 41, "remove": 12},
            {"name": "Undecided", "kind": "active", "members": None, "add": 0, "remove": 0},
        ],
        "guardrails": [
            {"name": "changed", "limit": 0.1, "actual": 180 / 8200, "held": False, "part": 180, "whole": 8200,
             "allowed": False, "bound": "at most"},
            {"name": "list_shrink", "limit": 0.2, "actual": 12 / 2303, "held": False, "part": 12, "whole": 2303,
             "allowed": False, "bound": "at most", "list": "Target accounts"},
            {"name": "read_at_least", "limit": 0.95, "actual": None, "held": False, "part": 0, "whole": None,
             "allowed": False, "bound": "at least"},
        ],
        "allowed": [],
        "people": {"locked": 4, "foreign": 12, "overrides": 3, "held": 17, "pins": 2},
        "held": {"companies": 17, "properties": {"annualrevenue": 17}, "outages": []},
        "overrides": {"open": 3, "opened": 1, "ended": 0},
        "pins": {"in": 1, "out": 1},
        "committees": {
            "tiers": [
                {"tier": "tier_1", "committees": {"complete": 1200, "partial": 700, "none": 332, "unknown": 100}},
                {"tier": "tier_2", "committees": {"complete": 900, "partial": 3314, "none": 1000, "unknown": 0}},
            ],
            "missing": [{"title": "Head of platform", "companies": 3000}, {"title": _HOSTILE, "companies": 41}],
        },
        "review": {
            "review_by": dt.date(2027, 2, 1),
            "owner": "revops@example.com",
            "evidence": [
                {"id": "country", "given": True, "placeholder": True},
                {"id": "employees", "given": True, "placeholder": False},
                {"id": "revenue", "given": False, "placeholder": False},
                {"id": "stack", "given": True, "placeholder": False},
            ],
        },
    }  # fmt: skip


def _run() -> dict[str, Any]:
    return {
        "forecast": {"calls": 9, "minutes": 0.02, "share_of_day": 0.000036, "left_today": 249000, "history": 0},
        "applied": {"companies": 206, "lists": 1, "failed": 0},
        "already": 0,
        "made": [],
        "skipped": [{"id": "4712", "reason": "icp_tier was edited since the plan"}],
        "skipped_total": 1,
        "rejected": [],
        "rejected_total": 0,
        "quarantined": [{"id": "9", "reason": _HOSTILE, "since": "2026-11-20T02:00:00Z"}],
        "quarantined_total": 1,
        "lists_failed": [],
        "calls": {
            "total": 580,
            "by_route": {"GET /crm/objects/companies": 565, "POST /crm/objects/companies/batch/update": 3,
                         "PUT /crm/lists/{id}/memberships/add": 12},
        },
        "quota": {"limit": 250000, "left": 248420, "bound": "the account's daily limit"},
        "seconds": 61.4,
        "reading": {"whole": True, "companies": 56471, "notes": []},
    }  # fmt: skip
