"""The shopping list of a million companies by the template with the most signatures: from text, and beside a score."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Final

import polars as pl

from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.shopping_list import shopping_list
from tests.benchmarks.bars import Figure

COMPANIES: Final = 1_000_000
GENERATED: Final = 100_000
AS_OF: Final = dt.date(2026, 11, 21)
TEMPLATE: Final = "s2-saas"


def measure() -> Iterator[Figure]:
    """CPU of scoring and the list together, as the command does both, and of the list alone, as a run does."""
    profile = parse_profile(templates.template_text(TEMPLATE), TEMPLATE).profile
    portal = SandboxPortal()
    generate_companies(portal, GENERATED)
    companies = portal.companies_frame(*property_names_read(profile))
    many = pl.concat([companies] * (COMPANIES // GENERATED)).with_columns(
        id=pl.int_range(1, COMPANIES + 1, dtype=pl.Int64)
    )
    program = compile_profile(profile, AS_OF)
    started = time.process_time()
    scored = score(many, program)
    before = time.process_time()
    shopping_list(scored.evaluated, program)
    ended = time.process_time()
    yield Figure("shopping list of 1,000,000 companies from text, CPU", ended - started, 5, "s")
    yield Figure("shopping list of 1,000,000 companies already scored, CPU", ended - before, 0.5, "s")
