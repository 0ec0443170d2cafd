"""Reading 100,000 companies with 25 properties: our typed frame beside the official client and dlt's REST paginator.

Each reads the same sandbox in a process of its own, in turn, and tells what the reading alone cost; to import and to
connect counts for nobody.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.bars import Figure, LeftOut, Line
from tests.benchmarks.sandbox import Portal, sandbox

COMPANIES: Final = 100_000
ROUNDS: Final = 5
ROOT: Final = Path(__file__).parents[2]
# `make bench` puts it there.
DLT: Final = ROOT / ".venv/bench/bin/python"


def measure() -> Iterator[Line]:
    """Five rounds, interleaved; the median of what each is to ours."""
    pythons = {"ours": Path(sys.executable), "official": Path(sys.executable)}
    if (DLT.parents[1] / ".installed").exists():
        pythons["dlt_rest"] = DLT
    with tempfile.TemporaryDirectory() as state, sandbox("--companies", str(COMPANIES), state=Path(state)) as portal:
        rounds = [{name: _read(name, python, portal) for name, python in pythons.items()} for _ in range(ROUNDS)]
    ours = "100,000 companies into our typed frame"
    yield Figure(f"{ours}, CPU", median(one["ours"] for one in rounds), None, "s")
    yield _fewer("the official client's get_all()", rounds, "official", 6)
    if "dlt_rest" in pythons:
        yield _fewer("dlt's REST paginator", rounds, "dlt_rest", 2)
    else:
        yield LeftOut(f"{ours} beside dlt's REST paginator", "dlt is not installed")


def _fewer(whose: str, rounds: list[dict[str, float]], name: str, bar: float) -> Figure:
    ratio = median(one[name] / one["ours"] for one in rounds)
    cost = median(one[name] for one in rounds)
    return Figure(f"CPU of {whose} ({cost:.3g} s) ÷ ours", ratio, bar, "times", more_is_better=True)


def _read(name: str, python: Path, portal: Portal) -> float:
    """CPU-seconds of one reading, which must have read everything."""
    command = [str(python), "-m", f"tests.benchmarks.readers.{name}"]
    ended = subprocess.run(command, env=portal.environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(ended.stdout)
    if figures["companies"] != COMPANIES:
        raise RuntimeError(f"{name} read {figures['companies']:,} companies, not {COMPANIES:,}")
    return figures["cpu"]
