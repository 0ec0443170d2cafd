"""What a person waits for: the CPU of `--help`, of `check`, and of scoring a handful of companies."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from tests.benchmarks.bars import Figure
from tests.benchmarks.scoring_speed import AS_OF

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = ROOT / "config" / "icp.yaml"
TIMES: Final = 9


def measure() -> Iterator[Figure]:
    """The median of nine; the first run of each warms the caches of files and of the vocabulary."""
    yield Figure("icp-sync --help", _median(lambda: _command("--help")), 0.35, "s CPU")
    yield Figure("icp-sync check of the shipped profile", _median(lambda: _command("check")), 0.9, "s CPU")
    companies, program = _three()
    yield Figure("score() of three companies", 1000 * _median(lambda: _scoring(companies, program)), 60, "ms CPU")


def _median(seconds: Callable[[], float]) -> float:
    seconds()
    return sorted(seconds() for _ in range(TIMES))[TIMES // 2]


def _command(*words: str) -> float:
    """The CPU seconds of a command in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "icp_sync", *words], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _three() -> tuple[pl.DataFrame, Program]:
    profile = parse_profile(SHIPPED.read_bytes(), SHIPPED.name).profile
    portal = SandboxPortal()
    generate_companies(portal, 3)
    names = property_names_read(profile)
    return portal.companies_frame(*names), compile_profile(profile, AS_OF)


def _scoring(companies: pl.DataFrame, program: Program) -> float:
    started = time.process_time()
    score(companies, program)
    return time.process_time() - started
