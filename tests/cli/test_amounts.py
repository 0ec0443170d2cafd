"""Amounts in other currencies than the profile's, from the command line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command

SMALL = (PROFILES / "small.yaml").read_text()


@pytest.fixture(autouse=True)
def _revenues(portal: SandboxPortal) -> None:
    """Three companies, of ten million each, in euros, dollars and yen."""
    codes = ["EUR", "USD", "JPY"]
    domains = [f"{code.lower()}.de" for code in codes]
    texts = {"annualrevenue": ["10000000"] * 3, "hs_annual_revenue_currency_code": codes, "domain": domains}
    portal.add_companies(pl.DataFrame(texts))


def profile(folder: Path, currencies: str = "") -> Path:
    """The small profile in euros, whose second criterion asks for a million of them."""
    path = folder / "revenue.yaml"
    rule = "property: annualrevenue, weight: 40, match: {at_least: 1000000}"
    text = SMALL.replace("property: numberofemployees, weight: 40, match: {at_least: 100}", rule)
    text = text.replace("kind: icp", f"kind: icp, currency: EUR{currencies}")
    path.write_text(text[: text.index("tests:")])
    return path


def credit_of(icp_sync: Command, domain: str, path: Path) -> float | None:
    """What a company's revenue earns."""
    (company,) = icp_sync("explain", domain, "--profile", path, "--json").document["companies"]
    credit: float | None = company["criteria"][1]["credit"]
    return credit


def test_amounts_are_converted_by_the_currency_beside_them(icp_sync: Command, tmp_path: Path) -> None:
    path = profile(tmp_path, ", currencies: {JPY: 0.0062}")
    given = {code: credit_of(icp_sync, f"{code}.de", path) for code in ("eur", "jpy", "usd")}
    assert given == {"eur": 1.0, "jpy": 0.0, "usd": None}


@pytest.mark.slow
def test_plan_says_how_many_name_another_currency(icp_sync: Command, tmp_path: Path) -> None:
    notes = icp_sync("plan", "--profile", profile(tmp_path), "--json").document["reading"]["notes"]
    assert any(note.startswith("for annualrevenue, 2 companies name another currency than the") for note in notes)
    assert "(JPY 1, USD 1)" in icp_sync("plan", "--profile", profile(tmp_path)).out


@pytest.mark.slow
def test_with_rates_plan_and_check_say_which_is_lacking(icp_sync: Command, tmp_path: Path) -> None:
    path = profile(tmp_path, ", currencies: {JPY: 0.0062}")
    sentence = "1 company names a currency that profile.currencies does not tell the worth of (USD 1)"
    assert sentence in " ".join(icp_sync("plan", "--profile", path).out.split())
    findings = icp_sync("check", "--portal", "--profile", path, "--json").document["findings"]
    (finding,) = [one for one in findings if one["rule"] == "other-currencies"]
    assert sentence in finding["message"]
    assert finding["path"] == "criteria[1].property"


def test_the_portals_currency_and_time_zone_are_said_where_they_do_not_go_with_us(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    portal.time_zone = "Mars/Olympus"
    path = profile(tmp_path)
    path.write_text(path.read_text().replace("currency: EUR", "currency: CHF"))
    notes = icp_sync("plan", "--profile", path, "--json").document["reading"]["notes"]
    assert any(note.startswith("the profile's amounts are in CHF, the portal's in ") for note in notes)
    assert "the portal's time zone is Mars/Olympus, which this machine does not know, so days go by UTC" in notes
