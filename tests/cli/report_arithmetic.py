"""The numbers of a run's report worked out anew in plain Python, from the portal's records and the plan's lines alone.

It knows the profile `PROFILE` by heart and shares no code with icp_sync. Texts are read by the two tables below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Record = Mapping[str, str]
TIER, FLAG, LOCK = "hs_ideal_customer_profile", "hs_is_target_account", "icp_fit_lock"
SCORE, POTENTIAL, OUTCOME, REASONS = "icp_fit_score", "icp_fit_potential", "icp_fit_outcome", "icp_fit_reasons"
STAMP: Final = "icp_fit_profile"
OUTPUTS: Final = (
    TIER, FLAG, SCORE, POTENTIAL, "icp_fit_coverage", OUTCOME, REASONS, STAMP, "icp_fit_changed_at",
)  # fmt: skip
TIERS: Final = ("tier_1", "tier_2", "tier_3")
OUTCOMES: Final = ("tiered", "disqualified", "not_icp", "insufficient_data")
COUNTRIES: Final[Mapping[str, str | None]] = {
    "Germany": "DE", "Deutschland": "DE", "Austria": "AT", "France": "FR", "Atlantis": None, "": None,
}  # fmt: skip
WEIGHTS: Final = {"country": 50, "employees": 30, "tools": 20}
ENTER: Final = {"tier_1": 90, "tier_2": 50}
PROFILE: Final = """
schema: 1
profile: {name: night, kind: icp, owner: tests, review_by: 2027-12-31}
criteria:
  - {id: country, label: Germany, trait: geography, weight: 50, match: {region: DE}, partial: [{match: {region: DACH}, credit: 0.5}], evidence: none}
  - {id: employees, label: 100 or more employees, trait: size, property: numberofemployees, weight: 30, match: {at_least: 100}, evidence: Placeholder of a template}
  - {id: tools, label: Jira, trait: need, property: web_technologies, weight: 20, match: {has_any: [jira]}}
disqualifiers:
  - {id: lost, reason: a lost customer, property: hs_lead_status, match: {is: UNQUALIFIED}}
tiers:
  - {tier: tier_1, enter: 90, capacity: 20}
  - {tier: tier_2, enter: 50}
write:
  tier: hs_ideal_customer_profile
  target_account: {property: hs_is_target_account, tiers: [tier_1]}
  score: icp_fit_score
  potential: icp_fit_potential
  coverage: icp_fit_coverage
  outcome: icp_fit_outcome
  reasons: icp_fit_reasons
  profile: icp_fit_profile
  changed_at: icp_fit_changed_at
lock: {property: icp_fit_lock}
lists:
  - {name: Night tier 1, kind: static, where: {tier: [tier_1]}, order_by: score}
"""  # noqa: E501 - one line a criterion


@dataclass(frozen=True)
class Night:
    """One night: records before and after it, the plan's lines, and who was on the list; ids are texts.

    `held`: company → the head count its record lost, by which it is still judged. `foreign`, `overridden`: ids.
    `set_by_hand`: those of the overridden that somebody gave a tier since the last run; they had none.
    """

    before: Mapping[str, Record]
    after: Mapping[str, Record]
    changes: Mapping[str, Mapping[str, Any]]
    members: frozenset[str]
    vanished: Mapping[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    overridden: frozenset[str] = frozenset()
    set_by_hand: frozenset[str] = frozenset()

    def wanted(self, company: str, name: str) -> str:
        """The text of an output as the plan wants it."""
        planned: Mapping[str, str] = self.changes.get(company, {}).get("after", {})
        return planned.get(name, self.before[company].get(name) or "")

    def text(self, company: str, name: str) -> str:
        """The text a company is judged by."""
        return self.before[company].get(name) or ("" if name != "numberofemployees" else self.vanished.get(company, ""))


def answers(night: Night, company: str) -> dict[str, float | None]:
    """The credit of each criterion, None = unknown."""
    country = COUNTRIES[night.text(company, "country")]
    head_count = night.text(company, "numberofemployees")
    tools = [tool for tool in night.text(company, "web_technologies").split(";") if tool]
    return {
        "country": None if country is None else {"DE": 1.0, "AT": 0.5}.get(country, 0.0),
        "employees": float(int(head_count) >= 100) if head_count.isdigit() else None,
        "tools": float("jira" in tools) if tools else None,
    }


def disqualified(night: Night, company: str) -> bool:
    return night.text(company, "hs_lead_status") == "UNQUALIFIED"


def numbers(night: Night) -> dict[str, Any]:
    """The counts of the document, under its keys."""
    companies = sorted(night.before, key=int)
    tier = {company: night.wanted(company, TIER) for company in companies}
    earned = {company: answers(night, company) for company in companies}
    return {
        "companies": {"read": len(companies), "scored": len(companies), "foreign": len(night.foreign)},
        "outcomes": _all(OUTCOMES, (night.wanted(company, OUTCOME) for company in companies)),
        "tiers": _all(TIERS, tier.values()),
        "live_tiers": _all(TIERS, (record.get(TIER) or "" for record in night.before.values())),
        "written_tiers": _all(TIERS, (record.get(TIER) or "" for record in night.after.values())),
        "matrix": _matrix(night, tier),
        "scores": {"fit": _bins(night, SCORE), "potential": _bins(night, POTENTIAL)},
        "criteria": {
            name: _answers(earned[company][name] for company in companies)
            | {"in_tier_1": _answers(earned[company][name] for company in companies if tier[company] == "tier_1")}
            for name in WEIGHTS
        },
        "disqualifiers": {"lost": sum(disqualified(night, company) for company in companies)},
        "places": _places(night, tier),
        "properties": _properties(night),
        "causes": dict(Counter(change["why"]["cause"] for change in night.changes.values())),
        "changes": dict(Counter(name for change in night.changes.values() for name in change["after"])),
        "lists": _list(night, tier),
        "people": {
            "locked": sum(record.get(LOCK) == "true" for record in night.before.values()),
            "foreign": len(night.foreign), "overrides": len(night.overridden), "held": len(night.vanished), "pins": 0,
            "locked_named": [
                {"id": company, "name": record.get("name", ""), "domain": record.get("domain", "")}
                for company, record in sorted(night.before.items(), key=lambda item: int(item[0]))
                if record.get(LOCK) == "true"
            ],
        },
        "near": {name: _near(night, tier, name) for name in ENTER},
        "near_leave": {name: _near_leave(night, tier, name) for name in ENTER},
        "guardrail": _changed(night),
    }  # fmt: skip


def best(night: Night) -> list[tuple[str, str, float]]:
    """The target accounts in their order: id, tier, score."""
    rows = [(company, night.wanted(company, TIER), _number(night.wanted(company, SCORE))) for company in night.before]
    tiered = [row for row in rows if row[1]]
    return sorted(tiered, key=lambda row: (row[1], -row[2], int(row[0])))[:50]


def movers(night: Night, sign: int) -> list[tuple[str, float]]:
    """Who rises most (sign 1) or falls most (−1), with the points: by tiers, then points, then id."""
    rows = []
    for company, change in night.changes.items():
        if change["why"]["cause"] in {"first", "adopted"}:
            continue
        record = night.before[company]
        was = "" if company in night.set_by_hand else record.get(TIER) or ""
        tiers = _rank(night.wanted(company, TIER)) - _rank(was)
        points = round(_number(night.wanted(company, SCORE)) - _number(record.get(SCORE) or "0"), 1)
        if (sign * tiers, sign * points) > (0, 0):
            rows.append((company, points, tiers))
    rows.sort(key=lambda row: (-sign * row[2], -sign * row[1], int(row[0])))
    return [(company, points) for company, points, _ in rows[:20]]


def shopping(night: Night) -> dict[str, dict[str, Any]]:
    """By criterion what buying it would do to the undecided: each is scored with the value set both ways."""
    undecided = [company for company in night.before if night.wanted(company, OUTCOME) == "insufficient_data"]
    everybody = {company: answers(night, company) for company in night.before}
    return {
        name: {
            "missing": len(lacking),
            "lifts": dict(
                Counter(tier for company in lacking if (tier := tier_by_score(everybody[company] | {name: 1.0})))
            ),
            "settles": sum(_settled(everybody[company], name) for company in lacking),
            "rate": _rate(earned[name] for earned in everybody.values()),
        }
        for name in WEIGHTS
        for lacking in [[company for company in undecided if everybody[company][name] is None]]
    }


def _settled(earned: Mapping[str, float | None], name: str) -> bool:
    return all(_decided(earned, name, value) for value in (1.0, 0.0))


def _decided(earned: Mapping[str, float | None], name: str, value: float) -> bool:
    assumed = {**earned, name: value}
    return tier_by_score(assumed) is not None or _sum(assumed, 1.0) < ENTER["tier_2"]


def tier_by_score(earned: Mapping[str, float | None]) -> str | None:
    score = _sum(earned, 0.0)
    return next((tier for tier, enter in ENTER.items() if score >= enter), None)


def _sum(earned: Mapping[str, float | None], unknown: float) -> float:
    return sum(weight * (unknown if earned[name] is None else earned[name] or 0.0) for name, weight in WEIGHTS.items())


def _rate(earned: Iterable[float | None]) -> float | None:
    known = [credit for credit in earned if credit is not None]
    return sum(credit == 1.0 for credit in known) / len(known) if len(known) >= 50 else None


def _near(night: Night, tier: Mapping[str, str], name: str) -> int:
    """Companies outside a tier, and every higher one, at most five points under its line, that nothing rules out."""
    return sum(
        ENTER[name] - 5 <= _number(night.wanted(company, SCORE)) < ENTER[name]
        and night.wanted(company, OUTCOME) in {"tiered", "insufficient_data"}
        and not (tier[company] and tier[company] <= name)
        for company in night.before
    )


def _near_leave(night: Night, tier: Mapping[str, str], name: str) -> int:
    """Companies in a tier less than five points above the score that leaves it, which is the one that enters here."""
    return sum(
        tier[company] == name and ENTER[name] <= _number(night.wanted(company, SCORE)) < ENTER[name] + 5
        for company in night.before
    )


def _changed(night: Night) -> tuple[int, int]:
    """Companies of ours whose tier or outcome changes, of all of ours; overridden ones are nobody's doing."""
    ours = [company for company in night.before if night.before[company].get(STAMP) and company not in night.overridden]
    moved = [
        company
        for company in ours
        if any(night.wanted(company, name) != (night.before[company].get(name) or "") for name in (TIER, OUTCOME))
    ]
    return len(moved), len(ours)


def _all(names: Iterable[str], values: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    return {name: counts[name] for name in names}


def _matrix(night: Night, tier: Mapping[str, str]) -> dict[tuple[str, str], int]:
    cells = Counter((night.before[company].get(TIER) or "none", tier[company] or "none") for company in night.before)
    names = (*TIERS, "none")
    return {(was, now): cells[was, now] for was in names for now in names}


def _bins(night: Night, name: str) -> list[tuple[int, str, int]]:
    counts: Counter[tuple[int, str]] = Counter()
    for company in night.before:
        low = min(int(_number(night.wanted(company, name)) // 5) * 5, 95)
        counts[low, night.wanted(company, OUTCOME)] += 1
    ordered = sorted(counts.items(), key=lambda row: (row[0][0], OUTCOMES.index(row[0][1])))
    return [(low, outcome, count) for (low, outcome), count in ordered]


def _answers(earned: Iterable[float | None]) -> dict[str, int]:
    kinds: dict[str, Callable[[float | None], bool]] = {
        "hit": lambda credit: credit == 1,
        "partial": lambda credit: credit == 0.5,
        "miss": lambda credit: credit == 0,
        "unknown": lambda credit: credit is None,
    }
    listed = list(earned)
    return {name: sum(map(kind, listed)) for name, kind in kinds.items()}


def _places(night: Night, tier: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    by_country: dict[str, list[str]] = {}
    for company in night.before:
        if country := COUNTRIES[night.text(company, "country")]:
            by_country.setdefault(country, []).append(tier[company])
    return {country: (len(tiers), *(tiers.count(name) for name in TIERS)) for country, tiers in by_country.items()}


def _properties(night: Night) -> dict[str, tuple[int, int, int]]:
    """Filled, read, not recognised; head counts are digits, and any text names tools or a status."""
    readable: dict[str, Callable[[str], bool]] = {
        "country": lambda text: COUNTRIES[text] is not None,
        "numberofemployees": str.isdigit,
        "web_technologies": bool,
        "hs_lead_status": bool,
    }
    counts = {}
    for name, is_read in readable.items():
        texts = [text for record in night.before.values() if (text := record.get(name) or "")]
        read = sum(map(is_read, texts))
        counts[name] = (len(texts), read, len(texts) - read)
    return counts


def _list(night: Night, tier: Mapping[str, str]) -> tuple[int, int, int]:
    wanted = {company for company, name in tier.items() if name == "tier_1"}
    return len(night.members), len(wanted - night.members), len(night.members - wanted)


def _rank(tier: str) -> int:
    return 3 - TIERS.index(tier) if tier in TIERS else 0


def _number(text: str) -> float:
    return float(text or 0)
