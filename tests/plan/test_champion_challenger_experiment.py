"""A live A/B: who is in which arm follows from the name and the record id, and nothing moves anybody."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.plan.builder import build_plan
from icp_sync.plan.champion_challenger_experiment import (
    company_arm,
    describe_experiment,
    describe_experiment_edits,
    experiment_arms,
)
from icp_sync.plan.list_diff import active_list_filters
from icp_sync.plan.managed_properties import managed_properties
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects, Plan
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.plan.static_list_members import choose_list_members
from icp_sync.profile.model.lists import TargetList
from icp_sync.profile.model.outputs import Experiment
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.score import ScoreResult
from tests.marks import with_slow
from tests.plan.drawings import TIER_1, origin_of, profile_of

Q1 = {"name": "q1", "against": "old", "share": "50%", "property": "icp_experiment"}


def _profile(**changes: str) -> Profile:
    return profile_of(write={"tier": "icp_b_tier", "experiment": {**Q1, **changes}})


def _experiment(**changes: str) -> Experiment:
    experiment = _profile(**changes).write.experiment
    assert experiment is not None
    return experiment


def test_an_arm_is_the_hash_of_name_and_id() -> None:
    for company in (1, 77, 9_999_999_543):
        first = int(hashlib.sha256(f"q1:{company}".encode()).hexdigest()[:16], 16)
        assert company_arm(_experiment(), company) == ("challenger" if first / 2**64 < 0.5 else "champion")


@pytest.mark.parametrize("share", with_slow(["50%"], ["20%"]))
def test_of_100000_the_challenger_gets_its_share_to_a_point_and_ten_runs_move_nobody(share: str) -> None:
    """Each run plans all of them on what the run before wrote, and every time the profiles agree on other companies."""
    profile, experiment = _profile(share=share), _experiment(share=share)
    ids = pl.int_range(9_999_900_000, 10_000_000_000, dtype=pl.Int64, eager=True)
    live = company_frame(ids.to_list(), {"icp_experiment": [""] * ids.len(), "icp_b_tier": ["tier_1"] * ids.len()})
    ours = pl.DataFrame([ids.alias("id")]).with_columns(tier=pl.lit("tier_1"))
    for run in range(10):
        agree = (pl.col("id") % 10 == run) & (run > 0)
        theirs = ours.with_columns(tier=pl.when(agree).then("tier"))
        plan = _plan(profile, live, ours, experiment_arms(profile, live, ours, theirs if run else theirs.clear()))
        assert plan.changes.height == (ids.len() if run == 0 else 0)
        if run == 0:
            live = live.with_columns(icp_experiment=plan.changes["after.icp_experiment"])
    assert live["icp_experiment"].to_list() == [company_arm(experiment, company) for company in ids]
    challengers = (live["icp_experiment"] == "challenger").mean()
    assert challengers == pytest.approx(float(experiment.share), abs=0.01)


def _plan(profile: Profile, live: pl.DataFrame, scores: pl.DataFrame, arms: pl.DataFrame) -> Plan:
    """The plan of the profile's tiers and arms over `live`."""
    columns = {name: pl.lit(value) for name, value in TIER_1.items() if name != "tier"}
    scored = ScoreResult(scores.with_columns(**columns), pl.Series([], dtype=pl.Int64), {})
    inputs = PlanInputs(origin_of(profile), MissingObjects(), None, None, arms=arms)
    return build_plan(with_ownership(live, profile, adopt=True), scored, profile, inputs).plan


def test_another_name_draws_anew_and_another_share_moves_nobody_back() -> None:
    ids = range(2_000)
    first, other, more = (
        [company_arm(_experiment(**changes), company) == "challenger" for company in ids]
        for changes in ({}, {"name": "q2"}, {"share": "60%"})
    )
    assert 900 < sum(a == b for a, b in zip(first, other, strict=True)) < 1_100
    assert all(b for a, b in zip(first, more, strict=True) if a)


def _scores(tiers: dict[int, str | None]) -> pl.DataFrame:
    return pl.DataFrame({"id": list(tiers), "tier": list(tiers.values())}, schema={"id": pl.Int64, "tier": pl.String})


def test_only_those_they_disagree_on_have_an_arm() -> None:
    challenger = _scores({1: "tier_1", 2: "tier_2", 3: "tier_1", 4: "tier_2", 5: None, 6: "tier_1"})
    champion = _scores({1: "tier_1", 2: "tier_1", 3: "tier_2", 4: "tier_3", 5: None})
    companies = pl.DataFrame(
        {"id": [1, 2, 3, 4, 5, 6], "icp_experiment": [None] * 6}, schema_overrides={"icp_experiment": pl.String}
    )
    arms = experiment_arms(_profile(), companies, challenger, champion)
    assert arms["id"].to_list() == [2, 3, 6]


def test_who_is_in_the_experiment_stays_in_the_arm_of_the_own_id() -> None:
    """A record that took over the arm of one merged into it, or was edited by hand, gets its own back."""
    agreed = _scores({1: "tier_1", 2: "tier_2"})
    ours = company_arm(_experiment(), 1)
    other = "champion" if ours == "challenger" else "challenger"
    for on_record in (ours, other, "rubbish"):
        companies = pl.DataFrame({"id": [1, 2], "icp_experiment": [on_record, ""]})
        assert experiment_arms(_profile(), companies, agreed, agreed).rows() == [(1, ours)]


@pytest.mark.parametrize(
    ("changes", "edited"),
    [
        ({}, False),
        ({"share": "50.0%"}, False),
        ({"share": "30%"}, True),
        ({"name": "q2"}, True),
        ({"against": "older"}, True),
        ({"property": "icp_experiment_2"}, True),
        ({"name": "q2", "property": "icp_experiment_2"}, False),
        ({"name": "q2", "share": "30%", "property": "icp_experiment_2"}, False),
    ],
)
def test_an_experiment_is_not_edited_midway(changes: dict[str, str], edited: bool) -> None:
    (running,) = [made for made in managed_properties(_profile()) if made.name == "icp_experiment"]
    portal = {running.name: running.description, "name": "The name of the company."}
    edits = list(describe_experiment_edits(_profile(**changes), portal))
    assert len(edits) == edited
    assert not edited or "q1 against old, 50 % to the challenger" in edits[0]


def test_the_description_says_the_share_as_people_write_it() -> None:
    assert _experiment(share="12.50%").share == Decimal("0.125")
    assert describe_experiment(_experiment(share="12.50%")).startswith(
        "Arm of the experiment q1 against old, 12.5 % to the challenger."
    )


def _list(kind: str) -> TargetList:
    return TargetList.model_validate({"name": "Arm", "kind": kind, "where": {"experiment": ["challenger"]}})


def test_a_static_list_holds_the_arm_as_it_stands_after_the_run() -> None:
    texts = {
        "desired.experiment": ["challenger", None, "champion", None],
        "live.experiment": ["", "challenger", "", ""],
    }
    diff = pl.DataFrame({"id": [1, 2, 3, 4], "score": [1.0] * 4, "in_scope": [True] * 4, **texts})
    assert choose_list_members(_list("static"), diff).ids.sort().to_list() == [1, 2]


def test_an_active_list_filters_on_the_property() -> None:
    (branch,) = active_list_filters(_list("active").where, _profile().write)["filterBranches"]
    (leaf,) = branch["filters"]
    assert (leaf["property"], leaf["operation"]["values"]) == ("icp_experiment", ["challenger"])
