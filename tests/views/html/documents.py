"""Documents at their edges: nothing in them, one company, everything hostile, everything as large as it may be."""

from __future__ import annotations

from typing import Any, Final

from icp_sync.plan.document.named_companies import MAX_NAME, MAX_REASONS
from icp_sync.plan.document.report_document import ReportDocument
from tests.plan.report_documents import night

HOSTILE: Final = (
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "\u202egnp.exe\u2066 \u200fעברית",
    "' onmouseover='alert(1)",
    "</style><svg/onload=alert(1)>",
    "https://evil.example/login",
)


def empty() -> ReportDocument:
    """A portal without a company, read for the first time."""
    zero: dict[str, Any] = {
        "companies": {"read": 0, "scored": 0, "foreign": 0},
        "outcomes": dict.fromkeys(("tiered", "disqualified", "not_icp", "insufficient_data"), 0),
        "tiers": {"tier_1": 0}, "live_tiers": {}, "written_tiers": {}, "tier_lines": [], "matrix": [], "causes": [],
        "put_back": 0, "movers": {}, "scores": {}, "criteria": [], "disqualifiers": [], "properties": [],
        "unrecognised": {}, "unrecognised_examples": {}, "shopping": [], "places": [], "target_accounts": [],
        "lists": [], "guardrails": [], "people": {}, "held": {"companies": 0, "properties": {}, "outages": []},
        "overrides": {"open": 0, "opened": 0, "ended": 0}, "pins": {}, "review": {}, "forecast": None, "skipped": [],
        "committees": {},
        "skipped_total": 0, "rejected": [], "rejected_total": 0, "quarantined": [], "quarantined_total": 0,
        "calls": {"total": 0, "by_route": {}}, "quota": {},
    }  # fmt: skip
    return edited(night(), zero)


def edited(document: ReportDocument, changes: dict[str, Any]) -> ReportDocument:
    """The document with other values under some of its keys."""
    return ReportDocument.model_validate(document.model_dump() | changes)


def hostile() -> ReportDocument:
    """Every text that comes from a portal or a profile is an attack."""
    document = night().model_dump()
    _poison(document, 0)
    for length, key in ((MAX_NAME, "name"), (MAX_NAME, "domain"), (MAX_REASONS, "reasons")):
        document["target_accounts"][1][key] = "x" * length
    document["causes"][0]["examples"] = [{**document["causes"][1]["examples"][0], "sentence": "<b>" * 10_000}]
    return ReportDocument.model_validate(document)


_TEXTS: Final = frozenset(
    {"name", "domain", "owner", "reasons", "reasons_before", "sentence", "label", "reason", "title", "message", "per"}
    | {"was", "now", "ui_domain", "time_zone", "bound", "next_command"}
)


def _poison(value: Any, turn: int) -> None:
    """Puts the next attack in the place of each text, down all of a document."""
    if isinstance(value, list | tuple):
        for n, item in enumerate(value):
            _poison(item, turn + n)
    elif isinstance(value, dict):
        for n, (key, item) in enumerate(value.items()):
            if key in _TEXTS and isinstance(item, str):
                value[key] = HOSTILE[(turn + n) % len(HOSTILE)]
            _poison(value[key], turn + n)


def largest() -> ReportDocument:
    """As much as a document of a million companies may hold: full lists, long names, long reasons."""
    document = night().model_dump()
    name, reasons = "Ä" * MAX_NAME, "r" * MAX_REASONS
    mover = document["movers"]["up"][0] | {"name": name, "reasons": reasons, "reasons_before": reasons}
    document["movers"] = {side: [mover | {"id": str(n)} for n in range(20)] for side in ("up", "down")}
    account = document["target_accounts"][0] | {"name": name, "domain": name, "reasons": reasons}
    document["target_accounts"] = [account | {"id": str(n)} for n in range(50)]
    document["quarantined"] = [document["quarantined"][0] | {"reason": reasons} for _ in range(50)]
    document["skipped"] = [{"id": str(n), "reason": reasons} for n in range(50)]
    criterion = document["criteria"][0]
    document["criteria"] = [criterion | {"id": f"c{n}", "label": name} for n in range(40)]
    outcomes = ("tiered", "disqualified", "not_icp", "insufficient_data")
    bins = [(lower, outcome, 99_999) for lower in range(0, 100, 5) for outcome in outcomes]
    document["scores"] = {"fit": bins, "potential": bins}
    codes = ["DE", "AT", "CH", "US", "GB", "FR", "IT", "ES", "NL", "BE", "SG", "HK", "MT", "BH", "IN", "CN", "JP", "BR"]
    document["places"] = [document["places"][0] | {"country": code} for code in codes]
    return ReportDocument.model_validate(document)
