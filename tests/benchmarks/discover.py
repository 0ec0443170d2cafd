"""`discover`: 5,000 decided companies and 500 candidates in time; silent on noise; finds what was planted."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from icp_sync.companies.frame import with_missing_columns
from icp_sync.evidence.candidate_traits import CandidateTrait, TraitSource, candidate_traits, profile_trait_sources
from icp_sync.evidence.comparison_sides import sides_of_deals
from icp_sync.evidence.deal_history import deal_history
from icp_sync.evidence.discover import discover
from icp_sync.evidence.draft import DraftInputs, build_draft
from icp_sync.evidence.draft_criteria import EvidenceBasis, draft_criteria
from icp_sync.evidence.permutation_test import Flags, Floats, compare_traits
from icp_sync.evidence.trait_matrix import TraitMatrix, min_support, trait_matrix
from icp_sync.evidence.trait_model import TrainingOutcomes, fit_traits, rank_auc
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.sandbox import SandboxPortal, generate_companies, generate_deals
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from tests.benchmarks.backtest import PROFILE, deal_frame
from tests.benchmarks.bars import Figure
from tests.evidence.test_permutation_test import noise, planted

NULL_SETS: Final = 400
SAMPLES: Final = 100
CHAINS: Final = 100
REAL: Final = Path("/work/shared/data/companies_real_shared.parquet")
"""Real companies, where they are at hand; else the sandbox's."""
FEWER: Final = 399
BASIS: Final = EvidenceBasis("won", "deals")


def measure() -> Iterator[Figure]:
    """Every bar in turn; what is to be many is given as a share with the least that is good."""
    yield speed()
    yield silence()
    yield detection()
    yield chain()


def speed() -> Figure:
    """CPU from answers to a model, with as many found traits as noise and three planted ones give."""
    verdicts = np.column_stack([planted(5_000, 1)[0], noise(5_000, 440, 2)[0]])
    _, won, quarters = planted(5_000, 1)
    source = TraitSource(("industry",), Group.NAME, Match(known=True))
    matrix = TraitMatrix(
        tuple(CandidateTrait(source, Match(in_=(f"n{n}",))) for n in range(verdicts.shape[1])), verdicts
    )
    started = time.process_time()
    comparison = compare_traits(verdicts, won, quarters, 1)
    places = [int(place) for place in np.flatnonzero(comparison.p_adjusted <= 0.05)]
    fit_traits(matrix, places, TrainingOutcomes(won, quarters, np.zeros(won.size)), comparison.critical, 1)
    return Figure("discover, 5,000 decided and 500 candidates, CPU", time.process_time() - started, 20, "s")


def silence() -> Figure:
    """How many of 400 null data sets show a trait: real companies' columns, outcomes drawn at random."""
    loaded = _profile()
    companies = _real(loaded.profile).head(3_000)
    context = EvaluationContext.for_profile(loaded.profile, dt.datetime.now(dt.UTC).date())
    support = min_support(companies.height)
    traits = candidate_traits(profile_trait_sources(loaded.profile), companies, loaded.profile, context, support)
    matrix = trait_matrix(traits, companies, loaded.profile, context)
    spoke = 0
    for seed in range(NULL_SETS):
        chance = np.random.default_rng(seed)
        quarters = chance.integers(0, 12, companies.height)
        won = chance.random(companies.height) < 0.2 + quarters / 60
        spoke += bool(compare_traits(matrix.verdicts, won, quarters, seed, FEWER).p_adjusted.min() <= 0.05)
    name = f"discover speaks on {NULL_SETS} null data sets ({len(matrix.traits)} candidates)"
    return Figure(name, spoke, 32, "times")


def detection() -> Figure:
    """Of 100 samples of 4,000 with three planted traits, those in which one is missed."""
    missed = sum(
        not (compare_traits(*planted(4_000, seed), seed, FEWER).p_adjusted[:3] <= 0.05).all() for seed in range(SAMPLES)
    )
    return Figure(f"discover misses a planted trait, of {SAMPLES} samples of 4,000", missed, 5, "times")


def chain() -> Figure:
    """How often a draft from a generated portal's deals ranks other deals of it worse than the template does."""
    worse = sum(_draft_is_worse(seed) for seed in range(1, CHAINS + 1))
    return Figure(f"a draft ranks new deals worse than the template, of {CHAINS}", worse, CHAINS * 0.05, "times")


def _draft_is_worse(seed: int) -> bool:
    loaded = _profile()
    portal = SandboxPortal()
    generate_companies(portal, 4_000, seed)
    names = list(property_names_read(loaded.profile))
    companies = with_missing_columns(portal.companies_frame(*names), names)
    program = compile_profile(loaded.profile, dt.datetime.now(dt.UTC).date())
    scores = score(companies, program).frame
    decided, fresh = (_decided(seed * 100 + offset, companies, program) for offset in (0, 1))
    sides = sides_of_deals(decided)
    sources = profile_trait_sources(loaded.profile)
    document = discover(sides, companies, scores, loaded.profile, program.context, sources)
    if document.model is None:
        return True
    drafted = draft_criteria(
        document.matrix, document.model.coefficients, document.traits, sides.won, loaded.profile, BASIS
    )
    inputs = DraftInputs(loaded, drafted, [], int(sides.won.sum()), BASIS, program.context.as_of)
    draft = parse_profile(build_draft(inputs, companies, program.context).text, "draft").profile
    ours = score(companies, compile_profile(draft, program.context.as_of)).frame
    return _area(ours, fresh) <= _area(scores, fresh)


def _decided(seed: int, companies: pl.DataFrame, program: Program) -> pl.DataFrame:
    """First decided deals of these companies in a portal of their own."""
    portal = SandboxPortal()
    generate_companies(portal, companies.height, seed // 100)
    generate_deals(portal, companies.height, seed=seed)
    return deal_history(deal_frame(portal), companies, DealOutcomes(), program).decided


def _area(scores: pl.DataFrame, decided: pl.DataFrame) -> float:
    joined = decided.join(scores.select(company="id", score="score"), on="company", how="left")
    won: Flags = joined["won"].to_numpy().astype(bool)
    values: Floats = joined["score"].fill_null(0).to_numpy()
    return rank_auc(won, values)


def _profile() -> LoadedProfile:
    return parse_profile(PROFILE.read_bytes(), str(PROFILE))


def _real(profile: Profile) -> pl.DataFrame:
    names = list(property_names_read(profile))
    if not REAL.exists():
        portal = SandboxPortal()
        generate_companies(portal, 3_000)
        return with_missing_columns(portal.companies_frame(*names), names)
    texts = pl.read_parquet(REAL).with_row_index("row").cast({"row": pl.Int64})
    kept = [name for name in dict.fromkeys(names) if name in texts.columns]
    return with_missing_columns(texts.select(pl.col("row").alias("id"), pl.col(kept).cast(pl.String)), names)
