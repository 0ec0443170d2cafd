"""All that is done with a profile and companies between reading and writing: check, score, plan, lists, views."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import polars as pl

from icp_sync.companies.frame import company_frame, with_missing_columns
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.errors import PreflightFailed, ProfileInvalid
from icp_sync.plan import plan_file
from icp_sync.plan.builder import PlanPreview, build_plan
from icp_sync.plan.change_frame import iter_changes
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.managed_properties import GROUP
from icp_sync.plan.outputs import output_specs
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import Plan
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.portal.account import Account
from icp_sync.profile import lint
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_measurements import PortalFacts, PropertyFacts
from icp_sync.runs.extract.preflight import ALWAYS_READ, Preflight, preflight, required_properties
from icp_sync.scoring.explain import explain
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.list_filter import match_list_clauses
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import ScoreResult, score
from icp_sync.views.plan_csv import plan_csv
from icp_sync.views.plan_terminal import plan_view
from icp_sync.views.profile_markdown import profile_markdown
from tests.generated.companies import AROUND, Company
from tests.generated.matches import TEXTS, Written
from tests.plan.drawings import applied, origin_of, unchanged_list
from tests.views.rendering import lines

DAY: Final = dt.date(2026, 11, 21)
ACCOUNT: Final = Account(4242, "UTC", "app.hubspot.com", "STANDARD", "EUR")


def loaded(profile: Written) -> LoadedProfile:
    """The profile as its file is read; JSON is YAML."""
    try:
        return parse_profile(json.dumps(profile), "generated.yaml")
    except ProfileInvalid as invalid:
        raise AssertionError("generated, and not valid: " + "; ".join(map(str, invalid.details))) from invalid


def check(given: LoadedProfile) -> None:
    """What `check` does without a portal, and what `doc` says."""
    advice = [*given.locate(lint.lint_on_day(given.profile, DAY))]
    facts = {name: PropertyFacts(0.5, {"BANKING": "Banking"}, 0.5, 2, 0.5, {"xyzzy": None}) for name in TEXTS}
    advice += given.locate(lint.lint_portal(given.profile, PortalFacts(facts, "USD", {"tier_1": 0.9}, 0.9)))
    assert all(str(problem).startswith("generated.yaml:") for problem in advice)
    assert len(run_profile_tests(given.profile, DAY)) == len(given.profile.tests)
    assert profile_markdown(given.profile, {"tier_1": 3, "tiered": 3})


def fitting(profile: Profile, lacking: Collection[str]) -> Preflight:
    """A portal without these properties, or, where the profile cannot do without them, with all."""
    whole = {one.name: one for one in _definitions(profile)}
    try:
        return preflight(profile, ACCOUNT, {name: one for name, one in whole.items() if name not in lacking})
    except PreflightFailed:
        return preflight(profile, ACCOUNT, whole)


def plan(profile: Profile, companies: Sequence[Company], lacking: Collection[str], *, again: bool) -> None:
    """Plan for these companies, of which nothing is known but what is pulled; and `again` once that is applied."""
    checked = fitting(profile, lacking)
    assert Requirements.for_profile(profile).source_properties(profile) <= {*required_properties(profile)}, (
        "scoring looks at what nobody pulls"
    )
    texts = {name: [one.get(name) for one in companies] for name in checked.pulled}
    pulled = with_missing_columns(company_frame(range(1, len(companies) + 1), texts), checked.absent)
    drawing, scored = drawn(pulled, profile, checked)
    assert scored.frame.height + scored.outside.len() == len(companies)
    explained = explain(with_ownership(pulled, profile, adopt=False), compile_profile(profile, DAY), {})
    assert len(explained) == len(companies)
    assert plan_csv(drawing, ACCOUNT.ui_domain)
    assert lines(plan_view(drawing, Forecast(1, 1.0)))
    assert plan_file.parse_plan_file(plan_file.plan_file_lines(drawing.plan)).fingerprint == drawing.plan.fingerprint
    if again:
        _comes_to_rest(applied(pulled, drawing.plan), drawing.plan, profile, checked)


def _comes_to_rest(pulled: pl.DataFrame, first: Plan, profile: Profile, checked: Preflight) -> None:
    """A night later nothing is left to write, but for who left a tier: to come back `enter` counts, no more `leave`.

    Such a company's outcome and reasons may follow once (design, section 2: rule 3 goes by the live tier); its tier
    may not.
    """
    tier = profile.write.properties()["tier"]
    fallen = {change.id for change in iter_changes(first.changes) if change.before.get(tier) and tier in change.after}
    second = drawn(pulled, profile, checked)[0].plan
    later = list(iter_changes(second.changes))
    assert {change.id for change in later} <= fallen, "the plan comes to no rest"
    assert not [change for change in later if tier in change.after], "a tier is decided twice"
    if later:
        third = drawn(applied(pulled, second), profile, checked)[0].plan
        assert third.changes.is_empty(), "the plan comes to no rest"


def drawn(companies: pl.DataFrame, profile: Profile, checked: Preflight) -> tuple[PlanPreview, ScoreResult]:
    """A plan, and the verdicts it was drawn from."""
    frame = with_ownership(companies, profile, adopt=False)
    program = compile_profile(profile, DAY)
    scored = score(frame, program)
    asking = [target for target in profile.lists if any(target.where.company_clauses())]
    given = PlanInputs(
        origin_of(profile),
        to_make=checked.to_make,
        lists={target.name: unchanged_list("7", pl.Series([1, 99])) for target in profile.lists},
        last_read=3,
        meeting={target.name: match_list_clauses(frame, target.where, program) for target in asking},
    )
    return build_plan(frame, scored, profile, given), scored


def _definitions(profile: Profile) -> Iterator[PropertyDefinition]:
    """A portal that has it all; what HubSpot would keep as numbers is text here, as messy as text is."""
    for name in dict.fromkeys((*TEXTS, *AROUND, *ALWAYS_READ)):
        yield PropertyDefinition(name, name, "string", "text", "companyinformation")
    written = profile.write.properties()
    for output, shape in output_specs(profile).items():
        options = tuple(Option(value, label) for value, label in shape.options)
        yield PropertyDefinition(written[output], shape.label, shape.type, shape.field_type, GROUP, options)
