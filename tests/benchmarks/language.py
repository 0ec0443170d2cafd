"""Twenty-five criteria of every kind over a million companies, from text columns to the scored frame.

Each population is scored in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.benchmarks.bars import Figure

COMPANIES: Final = 1_000_000
FEWER: Final = 100_000
GENERATED: Final = 50_000
AS_OF: Final = dt.date(2026, 11, 21)
PROFILE: Final = Path(__file__).with_suffix(".yaml")


def measure() -> Iterator[Figure]:
    """A million companies, and what one of a hundred thousand costs beside one of them."""
    many, fewer = _measured(COMPANIES), _measured(FEWER)
    pace = many["companies"] / many["seconds"]
    growth = many["seconds"] / many["companies"] / (fewer["seconds"] / fewer["companies"])
    yield Figure("25 criteria from text to reasons", pace, 250_000, "companies/s", more_is_better=True)
    yield Figure("vocabulary for all of them", many["vocabulary"], 1.5, "s")
    yield Figure("peak memory, the texts included", many["peak"], 2_500, "MB")
    yield Figure("cost of a company at 1,000,000 ÷ at 100,000", growth, 1.5, "times")


def texts(companies: int) -> pl.DataFrame:
    """A generated portal repeated, with name, description, revenue, employees and money another in every row."""
    portal = SandboxPortal()
    generate_companies(portal, min(GENERATED, companies))
    generated = portal.companies_frame(*_names())
    row, number = pl.int_range(1, companies + 1, dtype=pl.Int64), pl.int_range(1, companies + 1).cast(pl.String)
    repeated = pl.concat([generated] * -(-companies // generated.height)).head(companies)
    revenue = (pl.col("annualrevenue").cast(pl.Float64).cast(pl.Int64) + row).cast(pl.String)
    money = (row * 37 % 900_000_000 + row).cast(pl.String)
    return repeated.with_columns(
        id=row,
        name=pl.col("name") + " " + number,
        description=pl.col("description") + " No. " + number,
        numberofemployees=pl.col("numberofemployees") + "." + number.str.zfill(7),
        annualrevenue=pl.when(row % 2 == 0).then(revenue).otherwise("$" + _grouped(revenue)),
        total_money_raised=pl.when(row % 3 == 0).then(money).when(row % 3 == 1).then("€" + _grouped(money)),
    )


def _grouped(digits: pl.Expr) -> pl.Expr:
    """1234567 → 1,234,567."""
    return digits.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.strip_suffix(",").str.reverse()


def _names() -> list[str]:
    profile = parse_profile(PROFILE.read_bytes(), PROFILE.name).profile
    return list(dict.fromkeys(["name", *property_names_read(profile)]))


def _measured(companies: int) -> dict[str, float]:
    """Seconds for the vocabulary and for the scoring, and the peak of the process in MB."""
    command = [sys.executable, "-m", "tests.benchmarks.language", str(companies)]
    ended = subprocess.run(command, capture_output=True, check=True)
    answer: dict[str, float] = json.loads(ended.stdout)
    return answer


def main(companies: int) -> None:
    """Score one population and print what it took as JSON."""
    profile, few, many = parse_profile(PROFILE.read_bytes(), PROFILE.name).profile, texts(100), texts(companies)
    started = time.perf_counter()
    score(few, compile_profile(profile, AS_OF))
    vocabulary = time.perf_counter() - started
    started = time.perf_counter()
    score(many, compile_profile(profile, AS_OF))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = {"companies": companies, "vocabulary": vocabulary, "seconds": seconds, "peak": peak}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]))
