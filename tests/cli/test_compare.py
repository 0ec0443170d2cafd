"""`compare` holds a challenger against the profile: on the last reading, by the deals last read, with no call."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.cli.conftest import DAY, PROFILES, Command

SMALL = (PROFILES / "small.yaml").read_text(encoding="utf-8").partition("tests:")[0]
FEW = "match: {at_most: 50}"


@pytest.fixture
def portal() -> SandboxPortal:
    """300 German companies, of which 100 are large and buy in 70 of 100 cases, the others in 30."""
    portal = SandboxPortal(searches=1_000)
    large = [row < 100 for row in range(300)]
    portal.add_companies(pl.DataFrame({
        "name": [f"C{row}" for row in range(300)], "country": ["Deutschland"] * 300,
        "numberofemployees": ["800" if one else "20" for one in large], "city": ["Bonn"] * 300,
    }))  # fmt: skip
    created = portal.now() - 60 * DAY * 1_000
    moments = {"createdate": created, "closedate": created + 50 * DAY * 1_000}
    deals = pl.DataFrame({
        "hs_is_closed": ["true"] * 300,
        "hs_is_closed_won": [str(row % 10 < (7 if one else 3)).lower() for row, one in enumerate(large)],
        "amount_in_home_currency": ["1000"] * 300,
        **{name: pl.Series([moment] * 300).cast(pl.Datetime("ms")) for name, moment in moments.items()},
    })  # fmt: skip
    portal.add_records("deals", deals, [[company] for company in portal.companies_frame()["id"]])
    return portal


@pytest.fixture
def challenger(tmp_path: Path) -> Path:
    """Calls the small companies tier 1, and writes properties of its own that do not exist yet."""
    return write(tmp_path, SMALL.replace("match: {at_least: 100}", FEW))


def write(folder: Path, text: str, name: str = "challenger") -> Path:
    own = text.replace("name: small", f"name: {name}").replace("name: Small", f"name: {name}")
    own = own.replace("icp_fit_", "icp_b_").replace("hs_ideal_customer_profile", "icp_b_tier")
    file = folder / f"{name}.yaml"
    file.write_text(own.replace("hs_is_target_account", "icp_b_target"), encoding="utf-8")
    return file


@pytest.fixture
def planned(icp_sync: Command, portal: SandboxPortal) -> Command:
    assert icp_sync("plan").code == 0
    assert icp_sync("backtest").code == 0
    portal.calls.reset()
    return icp_sync


@pytest.mark.slow
def test_the_profile_whose_tier_1_won_more_picks_better(
    planned: Command, portal: SandboxPortal, challenger: Path
) -> None:
    document = planned("compare", challenger, "--json").document
    assert document["verdict"]["code"] == "champion_better"
    decisive = document["decisive"]
    rows = [decisive[row] for row in ("both", "only_champion", "only_challenger")]
    assert [(row["companies"], row["won"]) for row in rows] == [(0, 0), (100, 70), (200, 60)]
    assert document["matrix"] == [
        {"champion": "tier_1", "challenger": "tier_2", "companies": 100},
        {"champion": "tier_2", "challenger": "tier_1", "companies": 200},
    ]
    assert document["moved"] == document["companies"] == 300
    assert document["ranking"]["high"] < 0
    assert len(document["examples"]["only_challenger"]) == 10
    assert planned("compare", challenger).out.startswith(
        "Your present profile (small) picks better in these deals: of companies that it alone calls tier 1, 70 % of "
    )
    assert portal.calls.total == 0


@pytest.mark.slow
def test_each_ones_rows_are_those_of_its_own_backtest(planned: Command, challenger: Path) -> None:
    document = planned("compare", challenger, "--json").document
    assert document["champion"]["deals"]["tiers"] == planned("backtest", "--json").document["tiers"]
    planned("plan", "--profile", challenger)
    own = planned("backtest", "--profile", challenger, "--json").document
    assert document["challenger"]["deals"]["tiers"] == own["tiers"]
    assert document["challenger"]["deals"]["auc"] == own["auc"]


@pytest.mark.slow
def test_each_is_judged_with_the_values_of_its_own_vendors(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    """Both were judged with the champion's: a challenger that differs in what a vendor knows moved nobody."""
    ids = [int(company) for company in portal.companies_frame()["id"]]
    portal.edit_companies({company: {"numberofemployees": ""} for company in ids[290:]})
    source = "enrichment:\n  - {source: acme, key: record_id, columns: {Employees: numberofemployees}}\n"
    challenger = write(tmp_path, SMALL + source)
    vendor = tmp_path / "acme.csv"
    vendor.write_text("Record ID,Employees\n" + "".join(f"{company},800\n" for company in ids[290:]), encoding="utf-8")
    for profile in ((), ("--profile", challenger)):
        assert icp_sync("plan", *profile).code == 0
    assert icp_sync("enrich", "acme", vendor, "--profile", challenger).code == 0
    icp_sync("backtest")
    document = icp_sync("compare", challenger, "--json").document
    moved = {"champion": "tier_2", "challenger": "tier_1", "companies": 10}
    assert (document["moved"], moved in document["matrix"]) == (10, True)
    own = icp_sync("backtest", "--profile", challenger, "--json").document
    assert document["challenger"]["deals"]["tiers"] == own["tiers"]
    assert icp_sync("compare", PROFILES / "small.yaml", "--profile", challenger, "--json").document["moved"] == 10
    third = write(tmp_path, (SMALL + source).replace("enter: 90", "enter: 95"), "third")
    assert icp_sync("compare", third, "--profile", challenger, "--json").document["moved"] == 0


@pytest.mark.slow
def test_without_deals_the_movement_is_all_there_is(icp_sync: Command, challenger: Path) -> None:
    icp_sync("plan")
    document = icp_sync("compare", challenger, "--json").document
    assert (document["verdict"]["code"], document["decisive"], document["ranking"]) == ("no_deals", None, None)
    assert document["champion"]["deals"] is None
    out = icp_sync("compare", challenger).out
    assert out.startswith(
        "The other profile (challenger) adds 200 companies to tier 1 and drops 100. No deals are known yet"
    )
    assert "\nWhat to do next: icp-sync backtest, which reads the deals; then this comparison again." in out
    assert "dates are judged by 2020-02-29" in icp_sync("compare", challenger, "--as-of", "2020-02-29").err


@pytest.mark.slow
def test_the_table_of_companies_that_move(planned: Command, challenger: Path, tmp_path: Path) -> None:
    table = tmp_path / "moved.csv"
    assert planned("compare", challenger, "--csv", table).code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 300
    assert (rows[0]["name"], rows[0]["champion"], rows[0]["challenger"]) == ("C0", "tier_1", "tier_2")
    assert rows[0]["champion_reasons"].startswith("Tier 1")


@pytest.mark.slow
def test_what_was_never_read_is_read_by_a_plan_of_the_challenger(planned: Command, tmp_path: Path) -> None:
    by_city = SMALL.replace("property: numberofemployees, weight: 40, match: {at_least: 100}",
                            "property: phone, weight: 40, match: {known: true}")  # fmt: skip
    challenger = write(tmp_path, by_city)
    ended = planned("compare", challenger, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "nothing_read")
    assert f"lacks phone, which {challenger} reads; run icp-sync plan --profile" in ended.document["error"]["message"]
    planned("plan", "--profile", challenger)
    assert planned("compare", challenger, "--json").document["moved"] == 100


@pytest.mark.slow
def test_a_criterion_that_knows_how_deals_ended_decides_nothing(
    icp_sync: Command, tmp_path: Path, portal: SandboxPortal
) -> None:
    assert portal.companies_frame().height == 300
    match = "match: {is: customer}, evidence: none"
    stage = f"  - {{id: stage, label: customer, property: lifecyclestage, weight: 900, {match}}}\n"
    challenger = write(tmp_path, SMALL.replace("disqualifiers:", f"{stage}disqualifiers:", 1))
    for profile in ((), ("--profile", challenger)):
        icp_sync("plan", *profile)
    icp_sync("backtest")
    document = icp_sync("compare", challenger, "--json").document
    assert [leak["criterion"] for leak in document["challenger"]["deals"]["leaks"]] == ["stage"]
    assert document["verdict"]["code"] == "same_tier_1"  # without it; with it nobody reaches a tier
    assert document["moved"] == 300
    out = icp_sync("compare", challenger).out
    assert out.startswith("Not counted: stage, whose data most likely comes from the sale. Both profiles ")
    assert (
        "\nWhat to do next: take stage out of the profile that asks for it, but leave the data in HubSpot. Then: keep"
        in out
    )


REFUSED = {
    "score every company alike": SMALL,
    "has one problem": SMALL.replace("weight: 60", "weight: heavy"),
    "nowhere.yaml cannot be read (No such file or directory); name another with the argument OTHER": None,
}


def test_what_cannot_be_compared_is_refused(planned: Command, tmp_path: Path) -> None:
    for message, text in REFUSED.items():
        challenger = write(tmp_path, text) if text else tmp_path / "nowhere.yaml"
        ended = planned("compare", challenger, "--json")
        assert ended.code == 2
        assert message in ended.document["error"]["message"]


@pytest.mark.slow
def test_a_challenger_of_another_portal_is_refused(
    planned: Command, challenger: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serve_in_thread(SandboxPortal(portal_id=7)) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "elsewhere"))
        assert planned("plan", "--profile", challenger).code == 0
    for file in (tmp_path / "elsewhere").glob("*challenger*"):
        file.rename(tmp_path / "state" / file.name)
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", str(SandboxPortal().portal_id))
    ended = planned("compare", challenger, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "wrong_portal")
    assert "has run on portal 7" in ended.document["error"]["message"]


def test_without_scipy_it_says_what_to_install(
    icp_sync: Command, challenger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda _: None)
    ended = icp_sync("compare", challenger, "--json")
    assert ended.code == 2
    assert "pip install 'icp-sync[evidence]'" in ended.document["error"]["message"]


def test_an_older_profile_tried_again_says_whom_it_keeps_since_they_are_in_the_tier_now(
    icp_sync: Command, tmp_path: Path
) -> None:
    """A tier is left lower than it is entered, so the old file gave fewer a tier than it would now."""
    assert icp_sync("run").code == 0
    older = SMALL.replace("tier_1, enter: 90", "tier_1, enter: 100").replace("enter: 60", "enter: 95, leave: 50")
    file = tmp_path / "older.yaml"
    file.write_text(older, encoding="utf-8")
    document = icp_sync("compare", file, "--json").document
    assert (document["champion"]["kept"], document["challenger"]["kept"]) == (0, 200)
    shown = " ".join(icp_sync("compare", file).out.split())
    assert "in a tier only because HubSpot has them in it or above it now" in shown
