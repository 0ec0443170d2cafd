"""The A/B that the guide to two profiles shows is what the commands print of the portal and challenger it names."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies, generate_deals
from tests.cli.conftest import DAY, Command
from tests.docs.pages import ROOT, blocks

GUIDE: Final = ROOT / "docs" / "guides" / "try-two-profiles.md"
CHAMPION: Final = ROOT / "config" / "icp.yaml"
TODAY: Final = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
CHANGED: Final = (
    (r"(?m)^(  name:) s0-icp\b", "tools-first"),
    (r"(?s)(- id: country\n    label:) Germany", "Germany, Austria or Switzerland"),
    (r"(?s)(- id: country\n.*?    match:) \{ region: DE \}", "{ region: DACH }"),
    (r"(?s)(- id: employees\n.*?    weight:) 20\b", "5"),
    (r"(?s)(- id: stack\n.*?    weight:) 20\b", "40"),
    (r"(- \{ tier: tier_1, enter:) 80, leave: 75\b", "70"),
)
"""What stands before a value of the shipped profile, and the challenger's."""
BOUGHT: Final = {"challenger": 18, "champion": 4}


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal(clock=TODAY.timestamp, searches=10_000)
    generate_companies(portal, 4_000)
    generate_deals(portal, 4_000)
    return portal


@pytest.fixture
def challenger(tmp_path: Path) -> Path:
    """The shipped profile with the guide's lines changed, and with its `write` and `lists`."""
    live, lines = [block.text for block in blocks(GUIDE) if block.language == "yaml"]
    text = CHAMPION.read_text(encoding="utf-8")
    for (before, value), line in zip(CHANGED, lines.splitlines(), strict=True):
        assert value in line
        text, count = re.subn(before, rf"\1 {value}", text, count=1)
        assert count == 1
    for section in live.strip().split("\n\n"):
        text = re.sub(rf"(?m)^{section.partition(':')[0]}:\n(?:.+\n)*", f"{section}\n", text, count=1)
    file = tmp_path / "challenger.yaml"
    file.write_text(text.partition("# Who decides there")[0], encoding="utf-8")
    return file


def _won(portal: SandboxPortal) -> None:
    """So many companies of each arm buy, by a deal each that opens and closes by tomorrow."""
    arms = portal.companies_frame("icp_experiment").group_by("icp_experiment").agg("id")
    drawn = dict(arms.drop_nulls().iter_rows())
    buyers = [company for arm, count in BOUGHT.items() for company in sorted(drawn[arm])[:count]]
    moments = {"createdate": portal.now() + 3_600_000, "closedate": portal.now() + 7_200_000}
    deals = {
        "hs_is_closed": ["true"] * len(buyers),
        "hs_is_closed_won": ["true"] * len(buyers),
        **{name: pl.Series([moment] * len(buyers)).cast(pl.Datetime("ms")) for name, moment in moments.items()},
    }
    portal.add_records("deals", pl.DataFrame(deals), [[company] for company in buyers])


def _missing(shown: str, printed: str) -> list[str]:
    """The parts of what a guide shows, between empty lines, that were not printed."""
    return [part for part in shown.strip().split("\n\n") if part not in printed]


@pytest.mark.long
@pytest.mark.slow
def test_the_guide_shows_the_arms_made_written_listed_and_compared(
    icp_sync: Command, portal: SandboxPortal, challenger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(CHAMPION))
    monkeypatch.setenv("ICP_SYNC_AS_OF", "2026-11-30")
    monkeypatch.setenv("COLUMNS", "140")
    compared, planned, evening, spring = [block.text for block in blocks(GUIDE) if block.language == "text"]
    both = ("--profile", CHAMPION, "--profile", challenger)
    by_arm = ("backtest", "--profile", challenger, "--by", "icp_experiment")

    def printed(*words: object) -> str:
        return "\n".join(line.rstrip() for line in icp_sync(*words).out.splitlines())

    printed("plan")
    printed("backtest")
    assert _missing(compared, printed("compare", challenger)) == []
    assert _missing(planned, printed("plan", *both)) == []
    assert icp_sync("run", *both).code == 0
    assert len(portal.list_members("Challenger arm")) == 29
    assert _missing(evening, printed(*by_arm)) == []
    _won(portal)
    portal.ahead += DAY
    monkeypatch.setenv("ICP_SYNC_AS_OF", "2026-12-01")
    assert _missing(spring, printed(*by_arm, "--fresh")) == []
