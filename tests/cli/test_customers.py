"""`customers` ranks who bought, says the rank by each measure, and writes a sheet that runs no formula."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command

NAMES = ["Best", "=cmd()", "Once", "Lost"]
DEALS = [(0, "900", 40, True), (0, "100", 10, True), (1, "500", 50, True), (1, "50", 30, True), (2, "300", 20, True),
         (3, "9999", 20, False)]  # fmt: skip
"""Company, amount, days since it closed, won."""


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal(searches=1_000)
    portal.add_companies(pl.DataFrame({"name": NAMES, "country": ["DE"] * 4, "numberofemployees": ["800"] * 4}))
    closed = [portal.now() - days * DAY * 1_000 for _, _, days, _ in DEALS]
    deals = {
        "hs_is_closed": ["true"] * len(DEALS),
        "hs_is_closed_won": [str(won).lower() for *_, won in DEALS],
        "amount_in_home_currency": [amount for _, amount, *_ in DEALS],
        "dealtype": [
            "newbusiness",
            "existingbusiness",
            "newbusiness",
            "existingbusiness",
            "newbusiness",
            "newbusiness",
        ],
        "createdate": pl.Series([moment - DAY * 1_000 for moment in closed]).cast(pl.Datetime("ms")),
        "closedate": pl.Series(closed).cast(pl.Datetime("ms")),
    }
    ids = portal.companies_frame()["id"]
    portal.add_records("deals", pl.DataFrame(deals), [[ids[company]] for company, *_ in DEALS])
    return portal


@pytest.fixture
def planned(icp_sync: Command) -> Command:
    assert icp_sync("plan").code == 0
    return icp_sync


@pytest.mark.slow
def test_customers_are_ranked_by_revenue_and_upsell(planned: Command, portal: SandboxPortal) -> None:
    document = planned("customers", "--json").document
    assert document["customers"] == 3
    ids = list(portal.companies_frame()["id"])
    assert [customer["id"] for customer in document["top"]] == ids[:3]
    best = {rank["measure"]: (rank["value"], rank["rank"], rank["known"]) for rank in document["top"][0]["ranks"]}
    assert best["won_revenue"] == (1000, 1, 3)
    assert best["latest_upsell"][1:] == (1, 2)
    once = {rank["measure"]: rank for rank in document["top"][2]["ranks"]}
    assert (once["latest_upsell"]["rank"], once["latest_upsell"]["value"]) == (None, None)


def test_what_customers_are_worth_is_all_their_deals_whichever_a_backtest_counts(
    planned: Command, tmp_path: Path
) -> None:
    text = (Path(__file__).parents[1] / "profiles" / "small.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "small.yaml"
    profile.write_text(
        f"{text}\noutcomes: {{deals: {{where: {{dealtype: {{in: [newbusiness]}}}}}}}}\n", encoding="utf-8"
    )
    best = planned("customers", "--profile", profile, "--json").document["top"][0]
    ranks = {rank["measure"]: rank["value"] for rank in best["ranks"]}
    assert ranks["won_revenue"] == 1000
    assert ranks["latest_upsell"] is not None


@pytest.mark.slow
def test_a_kpi_counts_the_way_that_is_better(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    ids = [int(company) for company in portal.companies_frame()["id"]]
    portal.edit_companies(
        {company: {"numberofemployees": size} for company, size in zip(ids, ["9", "1", "5"], strict=False)}
    )
    text = (Path(__file__).parents[1] / "profiles" / "small.yaml").read_text(encoding="utf-8").partition("tests:")[0]
    profile = tmp_path / "kpis.yaml"
    kpis = "outcomes: {kpis: [{id: effort, property: numberofemployees, better: lower}]}\n"
    profile.write_text(text + kpis, encoding="utf-8")
    icp_sync("plan", "--profile", profile)
    document = icp_sync("customers", "--profile", profile, "--json").document
    ranks = {
        customer["id"]: {rank["measure"]: rank["rank"] for rank in customer["ranks"]} for customer in document["top"]
    }
    assert [ranks[company]["effort"] for company in ids[:3]] == [3, 1, 2]


def test_the_page_shows_why_a_customer_ranks_above_another(planned: Command) -> None:
    """Ranks did not: ties, and who never bought again, count for the order and not for a rank."""
    out = planned("customers").out
    assert out.startswith("The best 3 of 3 companies that bought, in order of the last column.")
    assert "1,000 (100 %)" in out


@pytest.mark.slow
def test_the_sheet_asks_four_questions_and_runs_no_formula(planned: Command, tmp_path: Path) -> None:
    sheet = tmp_path / "interviews.csv"
    planned("customers", "--top", 2, "--interviews", sheet)
    assert sheet.read_bytes().startswith(codecs.BOM_UTF8), "without it Excel garbles umlauts"
    header, first, second = csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines())
    assert header[:4] == ["Record ID", "Company name", "Company Domain Name", "Why we ask"]
    assert sum(question.endswith("?") for question in header) == 4
    assert first[1] == "Best"
    assert first[3].startswith("2 won deals; won revenue 1,000, 1 of 3; latest upsell 20")
    assert second[1] == "'=cmd()"


def test_a_filled_sheet_is_never_overwritten(planned: Command, tmp_path: Path) -> None:
    sheet = tmp_path / "interviews.csv"
    sheet.write_text("answers", encoding="utf-8")
    assert planned("customers", "--interviews", sheet).code == 2
    assert sheet.read_text(encoding="utf-8") == "answers"


@pytest.mark.slow
def test_without_wins_there_is_nobody_to_rank(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    for deal in list(portal.objects["deals"].records.ids)[:5]:
        portal.archive_record("deals", deal)
    icp_sync("plan")
    ended = icp_sync("customers", "--interviews", tmp_path / "sheet.csv")
    assert (ended.code, ended.out.strip()) == (0, "No decided deal was won yet, so there are no customers to rank.")
    assert not (tmp_path / "sheet.csv").exists()
