"""The shopping list of 5,000 real companies against brute force: each scored with the value filled in, both ways."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from icp_sync.companies.frame import with_missing_columns
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_reads
from icp_sync.scoring.data_purchase_groups import property_groups
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import evaluate_predicates, score, score_signatures
from icp_sync.scoring.shopping_list import GroupValue, lifted_companies, shopping_list

REAL: Final = Path(__file__).parents[3] / "shared" / "data" / "companies_real_shared.parquet"
OWN: Final = Path(__file__).parents[1] / "profiles" / "real.yaml"
COMPANIES: Final = 5_000
TODAY: Final = dt.date(2026, 11, 21)

pytestmark = pytest.mark.skipif(
    not REAL.exists(), reason="the real companies (../shared/data) are absent, as in a fresh clone"
)

Texts = Mapping[str, str]
VALUES: Final[Mapping[str, tuple[tuple[Texts, Texts], ...]]] = {
    "real": (
        ({"total_money_raised": "9000000"}, {"total_money_raised": "7"}),
        ({"numberofemployees": "800"}, {"numberofemployees": "1"}),
        ({"web_technologies": "docker"}, {"web_technologies": "cobol"}),
        ({"industry": "INTERNET"}, {"industry": "DAIRY"}),
        ({"country": "Germany", "state": "", "city": ""}, {"country": "Chad", "state": "", "city": ""}),
        ({"is_public": "false"}, {"is_public": "true"}),
    ),
    "s1-tech-startup": (
        ({"numberofemployees": "20"}, {"numberofemployees": "7"}),
        ({"web_technologies": "aws;jira"}, {"web_technologies": "cobol"}),
        ({"industry": "COMPUTER_SOFTWARE"}, {"industry": "DAIRY"}),
        ({"annualrevenue": "5000000"}, {"annualrevenue": "1"}),
    ),
}
"""Profile → a value of each property group that hits all its criteria, and one that misses all."""


@dataclass(frozen=True)
class Judged:
    """Real companies as a profile reads them, evaluated and scored by it."""

    companies: pl.DataFrame
    program: Program
    evaluated: pl.DataFrame
    scored: pl.DataFrame


@cache
def judged(name: str) -> Judged:
    """Every eleventh of the real companies."""
    text = OWN.read_bytes() if name == "real" else templates.template_text(name)
    profile = parse_profile(text, name).profile
    frame = pl.read_parquet(REAL).gather_every(11).head(COMPANIES).with_columns(pl.all().cast(pl.String))
    numbered = frame.with_columns(id=pl.int_range(1, COMPANIES + 1, dtype=pl.Int64))
    companies = with_missing_columns(numbered, [n for read in property_reads(profile) for n in read.alternatives])
    program = compile_profile(profile, TODAY)
    evaluated = evaluate_predicates(companies, program)
    return Judged(companies, program, evaluated, score_signatures(evaluated, program)[0])


def brute_force(name: str, value: GroupValue, hit: Texts, missed: Texts) -> dict[str, Any]:
    """What a value brings that stands on the record of every undecided company lacking it."""
    companies, program, scored = judged(name).companies, judged(name).program, judged(name).scored
    unanswered = pl.any_horizontal(pl.col(f"credit.{criterion}").is_null() for criterion in value.criteria)
    lacking = scored.filter(unanswered, outcome="insufficient_data")["id"]
    concerned = companies.filter(pl.col("id").is_in(lacking.implode()))
    with_hit, with_miss = (
        score(concerned.with_columns(pl.lit(text or None, pl.String).alias(n) for n, text in texts.items()), program)
        for texts in (hit, missed)
    )
    lifted = with_hit.frame.filter(outcome="tiered")
    settled = (with_hit.frame["outcome"] != "insufficient_data") & (with_miss.frame["outcome"] != "insufficient_data")
    return {
        "missing": lacking.len(), "lifts": dict(Counter(lifted["tier"])), "settles": settled.sum(),
        "companies": sorted(lifted.select("id", "tier").rows()),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "hit", "missed"), [(name, *texts) for name, purchases in VALUES.items() for texts in purchases]
)
def test_what_a_value_lifts_and_settles_is_what_comes_of_it_on_the_record(name: str, hit: Texts, missed: Texts) -> None:
    program, evaluated = judged(name).program, judged(name).evaluated
    (group,) = (each for each in property_groups(program.profile) if not hit.keys().isdisjoint(each.properties))
    (value,) = shopping_list(evaluated, program, [group]).groups

    rows = lifted_companies(evaluated, program, [group]).select("id", "tier").rows()
    got = {"missing": value.missing, "lifts": value.lifts, "settles": value.settles, "companies": sorted(rows)}
    assert got == brute_force(name, value, hit, missed)
