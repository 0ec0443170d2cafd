"""Two nights of a small portal: what one run wrote, what people and time did to it, and why the next run changes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import company_frame
from icp_sync.plan.builder import PlanPreview, build_plan
from icp_sync.plan.change_causes import Known, explain_changes
from icp_sync.plan.change_explanation import Why
from icp_sync.plan.change_frame import Change, iter_changes, property_names
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.plan.stepwise_rescoring import Baseline
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.plan.drawings import applied, origin_of, profile_of

FIRST_NIGHT: Final = dt.date(2026, 11, 20)
SECOND_NIGHT: Final = dt.date(2026, 11, 21)
Texts = Mapping[str, str]

CRITERIA: Final[Sequence[Mapping[str, Any]]] = (
    {"id": "trade", "weight": 3, "property": "industry", "match": {"is": "Banking"}},
    {"id": "size", "weight": 1, "property": "numberofemployees", "match": {"at_least": 100}},
    {"id": "fresh", "weight": 2, "property": "closedate", "match": {"within_days": 30}},
)
DISQUALIFIERS: Final = ({"id": "partner", "property": "type", "match": {"is": "PARTNER"}},)


def profile(
    *outputs: str, criteria: Sequence[Mapping[str, Any]] = CRITERIA, enter: float = 80, **rest: object
) -> Profile:
    """A profile of three criteria, 50, 16.7 and 33.3 points, and a disqualifier."""
    tiers = [{"tier": "tier_1", "enter": enter}, {"tier": "tier_2", "enter": 40}]
    return profile_of(*outputs, **{"criteria": criteria, "tiers": tiers, "disqualifiers": DISQUALIFIERS, **rest})


PROFILE: Final = profile()
IDEAL: Final[Texts] = {
    "industry": "BANKING", "numberofemployees": "500", "closedate": "2026-11-01", "type": "PROSPECT",
}  # fmt: skip
"""A company of tier 1 with 100 points."""
SMALLER: Final = {**IDEAL, "numberofemployees": "5"}
"""The same with 83.3."""
NO_DIFFERENCES: Final = pl.DataFrame(schema={"id": pl.Int64, "property": pl.String, "was": pl.String})


@dataclass(frozen=True)
class Night:
    """What a plan is made from, and the plan."""

    companies: pl.DataFrame
    preview: PlanPreview
    profile: Profile
    day: dt.date

    def written(self) -> pl.DataFrame:
        """The company frame once the plan is applied."""
        own = [name for name in self.companies.columns if ":" not in name]
        return applied(self.companies.select(own), self.preview.plan)

    def written_at_once(self) -> pl.DataFrame:
        """The same for many companies, of which the plan changes all."""
        changes = self.preview.plan.changes
        texts = {f"after.{name}": name for name in property_names(changes)}
        own = [name for name in self.companies.columns if ":" not in name and name not in texts.values()]
        return self.companies.select(own).join(changes.select("id", *texts).rename(texts), on="id", how="left")

    def explained(self, baseline: Baseline | None, known: Known = MappingProxyType({})) -> pl.DataFrame:
        """Its change frame with true causes."""
        plan, program = self.preview.plan, compile_profile(self.profile, self.day)
        return explain_changes(plan.changes, self.preview.diff, self.companies, program, baseline, known)


def night(companies: pl.DataFrame, profile: Profile, day: dt.date, allow: Sequence[str] = ()) -> Night:
    """The plan of one run over the company frame, all properties of the profile in it."""
    names = [
        *property_names_read(profile),
        *profile.write.properties().values(),
    ]
    lacking = [pl.lit(None, pl.String).alias(name) for name in dict.fromkeys(names) if name not in companies.columns]
    frame = with_ownership(companies.with_columns(lacking), profile, adopt="adopt" in allow)
    inputs = PlanInputs(origin_of(profile), MissingObjects(), lists=None, last_read=None, allow=allow)
    return Night(frame, build_plan(frame, score(frame, compile_profile(profile, day)), profile, inputs), profile, day)


def texts_of(*companies: Texts) -> pl.DataFrame:
    """Companies 1, 2, … with these texts."""
    names = dict.fromkeys(name for company in companies for name in company)
    return company_frame(
        range(1, len(companies) + 1), {name: [company.get(name) for company in companies] for name in names}
    )


def edited(companies: pl.DataFrame, edits: Mapping[int, Texts]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame after these edits of companies, and the differences a snapshot finds."""
    rows = [(company, name, text) for company, texts in edits.items() for name, text in texts.items()]
    differences = []
    for company, name, text in rows:
        here = pl.col("id") == company
        if name not in companies.columns:
            companies = companies.with_columns(pl.lit(None, pl.String).alias(name))
        differences.append((company, name, companies.filter(here)[name].item()))
        companies = companies.with_columns(pl.when(here).then(pl.lit(text or None)).otherwise(name).alias(name))
    schema = {"id": pl.Int64, "property": pl.String, "was": pl.String}
    return companies, pl.DataFrame(differences, schema=schema, orient="row")


@dataclass(frozen=True)
class Second:
    """What happens between two nights; by default nothing, under the same profile, on the same day."""

    edits: Mapping[int, Texts] = field(default_factory=dict)
    old: Profile = PROFILE
    new: Profile = PROFILE
    day: dt.date = FIRST_NIGHT
    ended: Sequence[tuple[int, str]] = ()
    unknown: bool = False

    def changes(self, *companies: Texts, known: Known = MappingProxyType({})) -> list[Change]:
        """What the second run changes of companies the first has written."""
        first = night(texts_of(*companies), self.old, FIRST_NIGHT)
        frame, differences = edited(first.written(), self.edits)
        ended = pl.DataFrame(list(self.ended), schema={"id": pl.Int64, "property": pl.String}, orient="row")
        profiles = {} if self.unknown else {scoring_digest(self.old): self.old}
        baseline = Baseline(FIRST_NIGHT, profiles, differences, ended)
        return list(iter_changes(night(frame, self.new, self.day).explained(baseline, known)))

    def why(self, company: Texts = IDEAL, **given: Any) -> Why:
        """Why the second run changes the one company there is."""
        (change,) = self.changes(company, **given)
        assert change.why is not None
        return change.why
