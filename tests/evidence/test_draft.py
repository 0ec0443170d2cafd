"""The model over found traits, and the draft it becomes: weights, near misses, thresholds, evidence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from icp_sync.evidence.candidate_traits import CandidateTrait, profile_trait_sources
from icp_sync.evidence.comparison_sides import (
    ComparedSides,
    detectable_lift,
    sides_of_deals,
    sides_of_listed_companies,
    too_small_reason,
)
from icp_sync.evidence.discover import Discovery, discover
from icp_sync.evidence.discover_document import Draft
from icp_sync.evidence.draft import DraftInputs, build_draft
from icp_sync.evidence.draft_criteria import DraftedCriterion, EvidenceBasis, draft_criteria
from icp_sync.evidence.draft_text import flow_style
from icp_sync.evidence.draft_tiers import draft_tiers
from icp_sync.evidence.trait_matrix import TraitMatrix
from icp_sync.evidence.trait_model import TrainingOutcomes, fit_traits, rank_auc
from icp_sync.evidence.trait_tallies import build_found_trait
from icp_sync.evidence.win_rates import Tally
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.match import Match
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.profile_tests import run_profile_tests

TODAY = dt.date(2026, 11, 30)
SMALL = Path(__file__).parents[1] / "profiles" / "small.yaml"
BASIS = EvidenceBasis("won", "first deals")
SIZES = (20, 90, 300, 900, 5_000)


@pytest.fixture(scope="module")
def present() -> LoadedProfile:
    return parse_profile(SMALL.read_bytes(), "small.yaml")


@pytest.fixture(scope="module")
def companies() -> pl.DataFrame:
    """1,000 companies: size wins the more the nearer it is to 900, and Spain loses."""
    count = 1_000
    countries = ["Germany", "Austria", "Spain", "France", "Poland"]
    return pl.DataFrame(
        {
            "id": range(count),
            "name": [f"Firm {n}" for n in range(count)],
            "numberofemployees": [str(SIZES[n % 5] + n % 7) for n in range(count)],
            "country": [countries[n // 5 % 5] for n in range(count)],
            **{
                name: pl.Series([None] * count, dtype=pl.String)
                for name in ("hs_country_code", "state", "city", "type")
            },
            "hs_lead_status": pl.Series([None] * count, dtype=pl.String),
            "hs_state_code": pl.Series([None] * count, dtype=pl.String),
        }
    )


@pytest.fixture(scope="module")
def sides(companies: pl.DataFrame) -> ComparedSides:
    chance = np.random.default_rng(7)
    share = np.array([0.15, 0.15, 0.4, 0.7, 0.4])[np.arange(1_000) % 5]
    spain = (companies["country"] == "Spain").to_numpy()
    won = chance.random(1_000) < np.where(spain, share * 0.3, share)
    decided = pl.DataFrame({"company": companies["id"], "won": won}).with_columns(closed=pl.lit(dt.date(2026, 5, 1)))
    return sides_of_deals(decided)


@pytest.fixture(scope="module")
def discovery(present: LoadedProfile, companies: pl.DataFrame, sides: ComparedSides) -> Discovery:
    context = EvaluationContext.for_profile(present.profile, TODAY)
    scores = companies.select("id", score=pl.lit(50.0))
    return discover(sides, companies, scores, present.profile, context, profile_trait_sources(present.profile))


@pytest.fixture(scope="module")
def draft(present: LoadedProfile, companies: pl.DataFrame, sides: ComparedSides, discovery: Discovery) -> Draft:
    assert discovery.model is not None
    drafted = draft_criteria(
        discovery.matrix, discovery.model.coefficients, discovery.traits, sides.won, present.profile, BASIS
    )
    losing = [
        (discovery.matrix.traits[place], trait)
        for place, trait in discovery.traits.items()
        if trait.distinct and trait.difference < 0
    ]
    inputs = DraftInputs(present, drafted, losing, int(sides.won.sum()), BASIS, TODAY)
    return build_draft(inputs, companies, EvaluationContext.for_profile(present.profile, TODAY))


def test_the_model_ranks_unseen_companies_better_than_a_profile_that_knows_nothing(discovery: Discovery) -> None:
    assert discovery.model is not None
    assert discovery.model.auc > 0.65
    assert discovery.model.profile_auc == 0.5


def test_the_auc_is_that_of_scikit_learn() -> None:
    chance = np.random.default_rng(3)
    for _ in range(50):
        won, values = chance.random(60) < 0.4, np.round(chance.random(60), 1)
        assert rank_auc(won, values) == pytest.approx(roc_auc_score(won, values), abs=1e-12)


def test_a_band_becomes_a_match_with_its_neighbour_as_a_near_miss(draft: Draft) -> None:
    profile = parse_profile(draft.text, "draft").profile
    size = next(criterion for criterion in profile.criteria if criterion.property_name == "numberofemployees")
    assert size.match.between is not None or size.match.at_least is not None
    assert size.partial
    assert all(0 < partial.credit < 1 for partial in size.partial)
    assert size.trait == "size"
    assert size.evidence is not None
    assert size.evidence.startswith("won ")


def test_near_misses_stand_the_best_first(present: LoadedProfile) -> None:
    """The first that is hit gives its credit, and a draft whose credits rose did not pass `check --strict`."""
    source = next(one for one in profile_trait_sources(present.profile) if one.properties == ("numberofemployees",))
    bands, wins = [(1, 9), (10, 99), (100, 499), (500, 999), (1_000, 9_999)], (20, 36, 28, 4, 4)
    traits = tuple(CandidateTrait(source, Match(between=band), (n, n)) for n, band in enumerate(bands))
    band = np.repeat(np.arange(5), 40)
    won = np.concatenate([np.arange(40) < count for count in wins])
    matrix = TraitMatrix(traits, (band[:, None] == np.arange(5)).astype(np.int8))
    found_trait = build_found_trait(traits[1], matrix.verdicts[:, 1], won, 0.001, distinct=True)
    (drafted,) = draft_criteria(matrix, {1: 1.0}, {1: found_trait}, won, present.profile, BASIS)
    assert [(near["match"], near["credit"]) for near in drafted.data["partial"]] == [
        ({"between": [100, 499]}, 0.75),
        ({"between": [1, 9]}, 0.25),
    ]


def test_weights_are_fives(draft: Draft) -> None:
    weights = [criterion.weight for criterion in draft.criteria]
    assert all(weight % 5 == 0 and weight >= 5 for weight in weights)
    assert weights == sorted(weights, reverse=True)


def test_what_loses_is_a_comment_and_never_a_disqualifier(draft: Draft, present: LoadedProfile) -> None:
    profile = parse_profile(draft.text, "draft").profile
    assert profile.disqualifiers == present.profile.disqualifiers
    assert '#   - {id: "…", reason: "lies in Spain", match: {region: [ES]}}' in draft.text


def test_the_draft_is_a_hypothesis_with_a_date_and_passing_tests(draft: Draft) -> None:
    loaded = parse_profile(draft.text, "draft")
    assert loaded.profile.profile.review_by == TODAY + dt.timedelta(days=90)
    assert loaded.profile.profile.kind == "icp"
    assert [result.ok for result in run_profile_tests(loaded.profile, TODAY)] == [True, True]
    assert "Firm" not in draft.text
    assert loaded.warnings == ()


def test_vendors_and_the_committee_go_into_the_draft_as_far_as_it_asks_for_them(companies: pl.DataFrame) -> None:
    """Found with a vendor's values it would score otherwise without them; and what it writes of them needs both."""
    text = SMALL.read_text(encoding="utf-8").replace(
        "write:\n", "write:\n  enriched: {numberofemployees: icp_employees_by_vendor}\n"
    )
    people = "people: [{id: boss, role: decision_maker, match: {property: jobtitle, contains_any: [cto]}}]"
    present = parse_profile(
        text.replace("lists:\n", "lists:\n  - {name: Nobody, kind: static, where: {committee: [none]}}\n")
        + "enrichment:\n  - {source: acme, columns: {Employees: numberofemployees, Phone: phone}}\n"
        + "  - {source: other, columns: {Phone: phone}}\n"
        + f"personas: {{tiers: [tier_1, tier_2], {people}, write: {{committee: icp_committee}}}}\n",
        "present.yaml",
    )
    asked = {"label": "large", "trait": "size", "property": "numberofemployees", "match": {"at_least": 500}}
    drafted = (DraftedCriterion(0, {"id": "size", "weight": 100, **asked, "evidence": "won 61 of 140"}),)
    inputs = DraftInputs(present, drafted, [], 200, BASIS, TODAY)
    draft = build_draft(inputs, companies, EvaluationContext.for_profile(present.profile, TODAY))
    loaded = parse_profile(draft.text, "draft")
    assert [one.rule for one in loaded.warnings] == []
    assert [one.columns for one in loaded.profile.enrichment] == [{"Employees": "numberofemployees"}]
    assert loaded.profile.personas is not None
    assert [persona.id for persona in loaded.profile.personas.people] == ["boss"]
    assert set(loaded.profile.personas.tiers) <= {tier.tier for tier in loaded.profile.tiers}
    assert "Nobody" in [target.name for target in loaded.profile.lists]
    assert "then icp-sync enrich acme FILE with it too." in " ".join(draft.text.replace("# ", "").split())


def test_under_100_wins_it_is_an_early_customer_profile(
    present: LoadedProfile, companies: pl.DataFrame, sides: ComparedSides, discovery: Discovery
) -> None:
    assert discovery.model is not None
    drafted = draft_criteria(
        discovery.matrix, discovery.model.coefficients, discovery.traits, sides.won, present.profile, BASIS
    )
    context = EvaluationContext.for_profile(present.profile, TODAY)
    inputs = DraftInputs(present, drafted, [], 99, BASIS, TODAY)
    assert build_draft(inputs, companies, context).kind == "ecp"


def test_tiers_hold_5_15_and_30_percent() -> None:
    tiers = draft_tiers(pl.Series("score", [float(n) for n in range(1, 101)] * 3))
    assert [(tier.tier, tier.enter) for tier in tiers] == [("tier_1", 96), ("tier_2", 81), ("tier_3", 51)]
    assert [tier.share for tier in tiers] == pytest.approx([0.05, 0.15, 0.30])


@pytest.mark.parametrize(
    ("scores", "tiers"),
    [([0.0] * 50 + [100.0] * 50, [100.0]), ([0.0] * 9, [100.0]), ([60.0, 58.0, 40.0, 0.0], [60.0, 40.0])],
)
def test_few_scores_give_few_tiers(scores: list[float], tiers: list[float]) -> None:
    assert [tier.enter for tier in draft_tiers(pl.Series("score", scores))] == tiers


@pytest.mark.parametrize(("won", "lost", "refused"), [(19, 100, True), (100, 19, True), (20, 20, False)])
def test_under_20_of_either_is_refused(*, won: int, lost: int, refused: bool) -> None:
    outcomes = [True] * won + [False] * lost
    closed = pl.lit(dt.date(2026, 5, 1))
    decided = pl.DataFrame({"company": range(won + lost), "won": outcomes}).with_columns(closed=closed)
    assert (too_small_reason(sides_of_deals(decided)) is not None) == refused


def test_of_many_others_a_sample_is_compared() -> None:
    companies = pl.Series(range(30_000))
    sides = sides_of_listed_companies(pl.Series(range(0, 300, 10)), companies, 5)
    assert (sides.sampled, int(sides.won.sum()), sides.won.size) == (True, 30, 20_030)
    assert not sides_of_listed_companies(pl.Series(range(30)), companies.head(1_000), 5).sampled


def test_the_lift_that_could_have_been_seen_shrinks_with_more_deals() -> None:
    lifts = [detectable_lift(Tally(deals / 4, deals), 3.5) for deals in (400, 4_000, 40_000)]
    assert all(lift is not None and lift > 1 for lift in lifts)
    assert lifts == sorted(lifts, key=lambda lift: -(lift or 0))
    assert detectable_lift(Tally(0, 100), 3.5) is None


def test_yaml_is_read_back_as_written() -> None:
    value = {"match": {"in": ["NO", 'Köln: "a"', "on", "1.10", "true"]}, "weight": 5.0, "flag": True, "none": None}
    text = f"schema: 1\nx: {flow_style(value)}\n"
    from icp_sync.profile.source.yaml_document import parse_yaml

    assert parse_yaml(text).data == {"schema": 1, "x": value}


def test_how_much_better_traits_rank_has_its_range(present: LoadedProfile) -> None:
    """Against a score that says nothing it leaves out zero; against the traits themselves it holds it."""
    chance = np.random.default_rng(4)
    verdicts = (chance.random((600, 1)) < 0.4).astype(np.int8)
    won = chance.random(600) < np.where(verdicts[:, 0] == 1, 0.6, 0.2)
    matrix = TraitMatrix((CandidateTrait(profile_trait_sources(present.profile)[0], Match(known=True)),), verdicts)
    quarters = np.zeros(600, dtype=np.int64)
    against_noise, against_itself = (
        fit_traits(matrix, [0], TrainingOutcomes(won, quarters, scores), 3.0, 1)
        for scores in (chance.random(600) * 100, verdicts[:, 0].astype(np.float64))
    )
    assert 0 < against_noise.gain.low < against_noise.gain.value < against_noise.gain.high
    assert against_noise.gain.value == pytest.approx(against_noise.auc - against_noise.profile_auc)
    assert against_itself.gain.low <= 0 <= against_itself.gain.high
