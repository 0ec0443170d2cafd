"""Twelve plain criteria with reasons over a million companies whose columns are normalised already."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import verdict_signatures
from icp_sync.scoring.inputs_to_parse import parse_company_inputs
from icp_sync.scoring.predicates import distinct_predicates, encode_kleene, predicate_exprs, profile_matches
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score_signatures
from tests.benchmarks.bars import Figure

COMPANIES: Final = 1_000_000
GENERATED: Final = 100_000
AS_OF: Final = dt.date(2026, 11, 21)
PROFILE: Final = Path(__file__).with_name("profile.yaml")


def measure() -> Iterator[Figure]:
    """The median of five."""
    profile = parse_profile(PROFILE.read_bytes(), PROFILE.name).profile
    names = list(property_names_read(profile))
    portal = SandboxPortal()
    generate_companies(portal, GENERATED)
    companies = portal.companies_frame(*names)
    many = pl.concat([companies] * (COMPANIES // GENERATED)).with_columns(
        id=pl.int_range(1, COMPANIES + 1, dtype=pl.Int64)
    )
    program = compile_profile(profile, AS_OF)
    normalised = live.with_live_columns(parse_company_inputs(many, profile, program.requirements))
    seconds = sorted(_timed(normalised, program) for _ in range(5))[2]
    yield Figure("12 criteria with reasons", COMPANIES / seconds / 1e6, 1.5, "million companies/s", more_is_better=True)


def _timed(normalised: pl.DataFrame, program: Program) -> float:
    started = time.perf_counter()
    predicates = distinct_predicates(profile_matches(program.profile), program.profile.location)
    evaluated = (
        normalised.lazy()
        .with_columns(encode_kleene(predicate_exprs(predicates, program.context)))
        .with_columns(verdict_signatures.pack_signature(program.signature, program.signature))
    )
    score_signatures(evaluated.collect(), program)
    return time.perf_counter() - started
