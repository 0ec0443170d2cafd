"""Small portals for the tests of planning: what stands on each record, and the verdict on each company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import company_frame
from icp_sync.plan.builder import PlanPreview, build_plan
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects, Plan, PlanOrigin
from icp_sync.plan.plan_inputs import LiveList, PlanInputs
from icp_sync.profile.digest import file_digest, scoring_digest
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.score import ScoreResult

NOW: Final = dt.datetime(2026, 11, 21, 3, 0, 0, 123456, dt.UTC)
MOMENT: Final = "2026-11-21T03:00:00.123Z"
PORTAL: Final = 4242
PROPERTY: Final = {
    "tier": "hs_ideal_customer_profile",
    "target_account": "hs_is_target_account",
    **{
        name: f"icp_fit_{name}"
        for name in ("score", "potential", "coverage", "outcome", "reasons", "profile", "changed_at")
    },
}
"""Output → the property it is written to in these tests."""

Texts = Mapping[str, str]
Verdict = Mapping[str, Any]
Company = tuple[Texts, Verdict | None]
"""What stands on a record by output, and the verdict on the company; None = it is outside the scope."""

OUTSIDE: Final = None
BLANK: Final[Texts] = {}


def verdict(
    tier: str | None = "tier_1",
    outcome: str = "tiered",
    score: float = 90.0,
    reasons: str = "fits",
    fit: float | None = 1.0,
) -> Verdict:
    """A verdict as scoring hands it over; `fit` is the credit of the one criterion."""
    usual = {"potential": 95.0, "coverage": 0.5, "disqualified_by": None, "credit.fit": fit}
    return {"score": score, "outcome": outcome, "tier": tier, "reasons": reasons, **usual}


TIER_1: Final = verdict()
TIER_2: Final = verdict("tier_2", score=70.0)
NO_TIER: Final = verdict(None, "not_icp", 10.0)


def unchanged_list(list_id: str, members: pl.Series) -> LiveList:
    """A static list that nobody touched since our last change."""
    return LiveList(list_id, members, last=members)


def profile_of(*outputs: str, **rest: object) -> Profile:
    """A profile that writes these outputs, by default all of them."""
    write: dict[str, object] = {name: PROPERTY[name] for name in outputs or PROPERTY}
    if "target_account" in write:
        write["target_account"] = {"property": PROPERTY["target_account"], "tiers": ["tier_1"]}
    return Profile.model_validate(
        {
            "schema": 1,
            "profile": {"name": "test", "kind": "icp"},
            "criteria": [{"id": "fit", "weight": 1, "property": "industry", "match": {"known": True}}],
            "tiers": [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 60}],
            "write": write,
            **rest,
        }
    )


PROFILE: Final = profile_of()
STAMP: Final = f"test@{scoring_digest(PROFILE)}"
OLD_STAMP: Final = "test@000000000000"


def origin_of(profile: Profile) -> PlanOrigin:
    """A plan of `profile` drawn now."""
    return PlanOrigin("run-1", PORTAL, NOW, NOW.date(), profile.name, scoring_digest(profile), file_digest(profile))


def frame_of(profile: Profile, *companies: Company) -> pl.DataFrame:
    """Companies 1, 2, … as the portal has them."""
    written = profile.write.properties()
    columns = {name: [live.get(output) for live, _ in companies] for output, name in written.items()}
    return company_frame(range(1, len(companies) + 1), columns)


def scored_of(*companies: Company) -> ScoreResult:
    """The verdicts on companies 1, 2, …."""
    inside = [{"id": n, **judged} for n, (_, judged) in enumerate(companies, 1) if judged is not None]
    schema = {"id": pl.Int64, **dict.fromkeys(TIER_1, pl.String)} | dict.fromkeys(
        ("score", "potential", "coverage", "credit.fit"), pl.Float64
    )
    outside = [n for n, (_, judged) in enumerate(companies, 1) if judged is None]
    return ScoreResult(pl.DataFrame(inside, schema=schema), pl.Series(outside, dtype=pl.Int64), {})


def drawn(
    *companies: Company, profile: Profile = PROFILE, extra: Mapping[str, list[str]] | None = None, **given: Any
) -> PlanPreview:
    """The plan for companies 1, 2, … in a portal that has everything else; `extra`: further texts by property."""
    circumstances: dict[str, Any] = {"to_make": MissingObjects(), "lists": None, "last_read": None, **given}
    frame = frame_of(profile, *companies).with_columns(pl.Series(name, some) for name, some in (extra or {}).items())
    return build_plan(
        with_ownership(frame, profile, adopt="adopt" in circumstances.get("allow", ())),
        scored_of(*companies),
        profile,
        PlanInputs(origin_of(profile), **circumstances),
    )


def writes(drawing: PlanPreview, company: int = 1) -> dict[str, str]:
    """Output → text that the plan writes to one company."""
    outputs = {name: output for output, name in PROPERTY.items()}
    after = {one.id: one.after for one in drawing.plan.iter_changes()}.get(company, {})
    return {outputs[name]: text for name, text in after.items()}


def settled(judged: Verdict, profile: Profile = PROFILE) -> dict[str, str]:
    """What stands on a record once a run has written `judged`."""
    return {name: text for name, text in writes(drawn((BLANK, judged), profile=profile)).items() if text}


def applied(companies: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The company frame as it reads once the plan is written; what is cleared reads as null."""
    texts = {name: companies[name].to_list() for name in companies.columns if name != "id"}
    row = {company: n for n, company in enumerate(companies["id"])}
    for change in plan.iter_changes():
        for name, text in change.after.items():
            texts[name][row[change.id]] = text
    return company_frame(companies["id"].to_list(), texts)


OURS_1, OURS_2 = settled(TIER_1), settled(TIER_2)
STAYS: Company = (OURS_1, TIER_1)
LEAVES: Company = (OURS_1, TIER_2)
TIERLESS: Company = (settled(NO_TIER), NO_TIER)


def judged(name: str, *companies: Company, **given: Any) -> GuardrailCheck:
    """The check of one guardrail, for a portal of these companies."""
    plan = drawn(*companies, **given).plan
    (guardrail,) = [one for one in plan.guardrails if one.name == name]
    return guardrail
