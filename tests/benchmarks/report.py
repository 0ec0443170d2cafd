"""The report without RUN: its CPU from command to file on real companies, and the page's size as portals grow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from icp_sync.profile import templates
from tests.benchmarks.bars import Figure, LeftOut, Line
from tests.benchmarks.sandbox import Portal, sandbox

REAL: Final = Path("/work/shared/data/companies_real_shared.parquet")
TEMPLATE: Final = "s1-tech-startup"
BARS_KB: Final = {100_000: 800, 1_000_000: 1_000}


def measure() -> Iterator[Line]:
    """The page of the real companies after one run, and those of generated ones after one plan."""
    yield from _real()
    for companies, bar in BARS_KB.items():
        with (
            tempfile.TemporaryDirectory() as state,
            sandbox("--companies", str(companies), "--deals", "5000", state=Path(state)) as portal,
        ):
            profile = _profile(state)
            portal.job("plan", "--profile", profile)
            portal.job("backtest", "--profile", profile)
            _, size = _page(portal, state)
            yield Figure(f"page of {companies:,} companies and their deals", size, bar, "KB")


def _real() -> Iterator[Line]:
    if not REAL.exists():
        yield LeftOut("the report of the real companies", f"{REAL} is absent")
        return
    with tempfile.TemporaryDirectory() as state, sandbox("--from", str(REAL), state=Path(state)) as portal:
        portal.job("run", "--profile", _profile(state))
        cpu, size = _page(portal, state)
        yield Figure("report of 56,471 real companies, CPU from command to file", cpu, 5, "s")
        yield Figure("its page", size, None, "KB")


def _profile(folder: str) -> str:
    file = Path(folder) / "icp.yaml"
    file.write_text(templates.template_text(TEMPLATE))
    return str(file)


def _page(portal: Portal, folder: str) -> tuple[float, float]:
    """Seconds of CPU for a page of the snapshot scored now, and its size in kilobytes."""
    page = Path(folder) / "page.html"
    ended = portal.job("report", "--profile", str(Path(folder) / "icp.yaml"), "--out", str(page))
    return ended.cpu, page.stat().st_size / 1000
