"""Takes the pictures of a run's report, from three nights of a portal in a box: part of `make pictures`.

`docs/img/report.png` and `report-dark.png` are the top of the page on a desk, `report-narrow.png` on a phone;
`backtest.png` is the page of a backtest, of another portal with deals, and `tune.png` the what-if page over it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from icp_sync.sandbox import PortalAddress, SandboxPortal, generate_companies, generate_deals, serve_in_thread

Command = Callable[[Sequence[str], PortalAddress, str], str]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its file, the window in CSS pixels, and the colours the reader asked for."""

    file: str
    width: int
    height: int
    dark: bool = False


SHOTS: Final = (
    Shot("report.png", 1100, 1000),
    Shot("report-dark.png", 1100, 1000, dark=True),
    Shot("report-narrow.png", 360, 780),
)
BACKTEST: Final = Shot("backtest.png", 1100, 900)
TUNE: Final = Shot("tune.png", 1100, 1000)
MOVED: Final = "?tiers.tier_1.enter=70&tiers.tier_1.leave=65"
ROOT: Final = Path(__file__).parents[1]
COMPANIES: Final = 2_000
DEALS_AND_COMPANIES: Final = 4_000
EDITED: Final = 12
DAY_S: Final = 24 * 3_600
LIFTED: Final = re.compile(
    r"Not known: 500–10,000 employees(, \+20|[^.]*the first alone) would make it (?P<tier>tier \d)"
)
"""In the reasons of a company that the head count alone would lift into a tier."""


def draw(folder: Path, on_a_terminal: Command) -> None:
    """Write the pictures into a folder; where Chromium is not installed they stay as they are, and that is said."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("Chromium is not installed; the pictures of the report stay as they are\n")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_all(browser, folder, on_a_terminal)
        browser.close()


def take_all(browser: Browser, folder: Path, on_a_terminal: Command) -> None:
    """Live the nights, hold deals against tiers, and write each picture into the folder."""
    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryDirectory() as other:
        page, evidence = Path(state) / "report.html", Path(other) / "backtest.html"
        live_three_nights(state, page, on_a_terminal)
        hold_deals_against_tiers(other, evidence, on_a_terminal)
        for shot in SHOTS:
            take(browser, page.as_uri(), shot, folder / shot.file)
        take(browser, evidence.as_uri(), BACKTEST, folder / BACKTEST.file)
        with tuning(other) as address:
            take(browser, address + MOVED, TUNE, folder / TUNE.file)


def live_three_nights(state: str, page: Path, on_a_terminal: Command) -> None:
    """Nights with people's work between them, and the page of the last."""
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    with serve_in_thread(portal) as address:
        on_a_terminal(["run", "--quiet"], address, state)
        for night in (1, 2):
            portal.ahead += DAY_S
            work(portal, night)
            on_a_terminal(["run", "--quiet", "--report", str(page)], address, state)


def hold_deals_against_tiers(state: str, page: Path, on_a_terminal: Command) -> None:
    """The page of a backtest of the portal that the guide to evidence names."""
    portal = SandboxPortal()
    generate_companies(portal, DEALS_AND_COMPANIES)
    generate_deals(portal, DEALS_AND_COMPANIES)
    with serve_in_thread(portal) as address:
        on_a_terminal(["plan", "--quiet"], address, state)
        on_a_terminal(["backtest", "--report", str(page)], address, state)


def work(portal: SandboxPortal, night: int) -> None:
    """People fill in head counts that were not known, which lifts companies, and one turns out to be small."""
    rows = (
        portal.companies_frame("hs_object_id", "icp_fit_reasons", "hs_ideal_customer_profile").fill_null("").to_dicts()
    )
    lifted = [(found["tier"], row["hs_object_id"]) for row in rows if (found := LIFTED.search(row["icp_fit_reasons"]))]
    for _, company in sorted(lifted)[::2][:EDITED]:
        portal.edit_company(int(company), {"numberofemployees": "2400"})
    tier_1 = [row for row in rows if row["hs_ideal_customer_profile"] == "tier_1"]
    portal.edit_company(int(tier_1[night]["hs_object_id"]), {"numberofemployees": "40"})


@contextmanager
def tuning(state: str) -> Iterator[str]:
    """The address of a what-if page over the last reading, until the block ends."""
    command = [sys.executable, "-m", "icp_sync", "tune", "--no-browser", "--json", "--profile", "config/icp.yaml"]
    environment = {"PATH": os.environ["PATH"], "HOME": state, "ICP_SYNC_STATE": str(Path(state) / "state")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        printed = "".join(takewhile(lambda line: line != "}\n", process.stdout or ()))
        yield json.loads(printed + "}")["address"]
        process.terminate()


def take(browser: Browser, address: str, shot: Shot, picture: Path) -> None:
    """The top of the page as a window of that size shows it."""
    window = browser.new_page(
        viewport={"width": shot.width, "height": shot.height}, color_scheme="dark" if shot.dark else "light"
    )
    window.goto(address)
    window.screenshot(path=picture)
    window.close()
