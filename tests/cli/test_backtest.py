"""`backtest` holds a portal's deals against the tiers: over HTTP once a day, from the state otherwise."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import PortalAddress, SandboxPortal, generate_deals, serve_in_thread
from tests.cli.conftest import DAY, PROFILES, Command

WON = {"hs_is_closed": "true", "hs_is_closed_won": "true", "closedate": "2026-02-01", "amount": "100"}
PAGE, SEARCH = "GET /crm/objects/deals", "POST /crm/objects/deals/search"


@pytest.fixture
def portal() -> SandboxPortal:
    """300 German companies of which 100 are large: tier 1 of the small profile, the others tier 2."""
    portal = SandboxPortal(searches=1_000)
    employees = ["800" if row < 100 else "20" for row in range(300)]
    portal.add_companies(pl.DataFrame({"name": [f"C{row}" for row in range(300)], "numberofemployees": employees,
                                       "country": ["Deutschland"] * 300}))  # fmt: skip
    won = [row % 10 < (7 if row < 100 else 3) for row in range(300)]
    portal.add_records("deals", frame_of(portal, won), [[company] for company in portal.companies_frame()["id"]])
    return portal


def frame_of(portal: SandboxPortal, won: list[bool]) -> pl.DataFrame:
    moments = {"createdate": portal.now() - 60 * DAY * 1_000, "closedate": portal.now() - 10 * DAY * 1_000}
    return pl.DataFrame(
        {
            "hs_is_closed": ["true"] * len(won),
            "hs_is_closed_won": [str(one).lower() for one in won],
            "amount_in_home_currency": ["1000"] * len(won),
            "hubspot_owner_id": [str(portal.owners[row % 2].id) for row in range(len(won))],
            **{name: pl.Series([moment] * len(won)).cast(pl.Datetime("ms")) for name, moment in moments.items()},
        }
    )


@pytest.fixture
def planned(icp_sync: Command, portal: SandboxPortal) -> Command:
    assert icp_sync("plan").code == 0
    portal.calls.reset()
    return icp_sync


@pytest.mark.slow
def test_tier_1_wins_more_and_the_table_says_by_how_much(planned: Command) -> None:
    document = planned("backtest", "--json").document
    assert document["verdict"]["code"] == "wins_more"
    rows = {row["tier"]: row for row in document["tiers"]}
    assert (rows["tier_1"]["decided"], rows["tier_1"]["won"], rows["tier_1"]["rate"]) == (100, 70, 0.7)
    assert (rows["tier_2"]["decided"], rows["tier_2"]["won"]) == (200, 60)
    assert document["left_out"] == {}
    assert planned("backtest").out.startswith(
        "Tier 1 wins more: 70 % of its 100 deals were won, against 30 % of the 200 of all others: 40 percentage points"
    )


@pytest.mark.slow
def test_deals_are_read_once_a_day_and_then_what_changed(planned: Command, portal: SandboxPortal) -> None:
    assert planned("backtest", "--json").document["deals"] == 300
    assert portal.calls.by_route[PAGE] == 3
    assert portal.calls.total <= 1.02 * (3 + 3)
    portal.calls.reset()
    planned("backtest")
    assert portal.calls.total == 0
    portal.create_record("deals", WON, [portal.companies_frame()["id"][0]])
    assert planned("backtest", "--fresh", "--json").document["deals"] == 301
    assert PAGE not in portal.calls.by_route
    portal.calls.reset()
    planned("backtest", "--fresh")
    assert portal.calls.total <= 3


@pytest.mark.slow
def test_an_archived_deal_is_gone_though_search_leaves_no_trace_of_it(planned: Command, portal: SandboxPortal) -> None:
    planned("backtest")
    portal.archive_record("deals", portal.objects["deals"].records.ids[0])
    assert planned("backtest", "--fresh", "--json").document["deals"] == 299


@pytest.mark.slow
def test_nothing_is_written(planned: Command, portal: SandboxPortal) -> None:
    before = portal.state_digest()
    planned("backtest", "--by", "owner")
    assert portal.state_digest() == before


@pytest.mark.long
@pytest.mark.slow
def test_the_page_of_a_backtest_and_that_of_a_report_say_what_the_terminal_says(
    planned: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    page, report = tmp_path / "backtest.html", tmp_path / "report.html"
    before = planned("report", "--out", report)
    assert (before.code, "Not measured yet on this page" in report.read_text(encoding="utf-8")) == (0, True)
    sentence = planned("backtest", "--report", page).out.splitlines()[0]
    assert f'<p class="finding">{sentence}' in page.read_text(encoding="utf-8")
    portal.calls.reset()
    planned("report", "--out", report)
    assert f'<p class="finding">{sentence}' in report.read_text(encoding="utf-8")
    assert "<p>What to do next: work tier 1 first, but go on selling" in report.read_text(encoding="utf-8")
    assert portal.calls.total == 0


def shown(planned: Command) -> str:
    return planned("backtest", "--by", "owner").out


@pytest.mark.slow
def test_strata_by_owner(planned: Command) -> None:
    strata = planned("backtest", "--by", "owner", "--json").document["strata"]
    assert (strata["by"], len(strata["rows"])) == ("hubspot_owner_id", 2)
    assert strata["low"] > 1
    assert (
        "Comparing only deals of the same owner (2 of 2 have deals of both tier 1 and others), tier 1 wins clearly "
        "more" in shown(planned)
    )


@pytest.mark.slow
def test_owners_have_names_where_they_are_shown_and_ids_in_documents(
    planned: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    owner, name = str(portal.owners[0].id), "anna.becker@example.com"
    page = tmp_path / "page.html"
    ended = planned("backtest", "--by", "owner", "--names", "--report", page, "--json")
    assert ended.document["strata"]["rows"][0]["value"] == owner
    assert name in page.read_text(encoding="utf-8")
    for company in portal.filled_values():
        portal.edit_company(company, {"hubspot_owner_id": owner})
    assert planned("plan", "--full").code == 0
    planned("report", "last", "--out", page)
    assert name not in page.read_text(encoding="utf-8")
    planned("report", "last", "--out", page, "--names")
    assert name in page.read_text(encoding="utf-8")
    assert not [
        file for file in (tmp_path / "state").rglob("*") if file.is_file() and name.encode() in file.read_bytes()
    ]


@pytest.mark.slow
def test_too_few_deals_say_so(icp_sync: Command, portal: SandboxPortal) -> None:
    for deal in list(portal.objects["deals"].records.ids)[:290]:
        portal.archive_record("deals", deal)
    icp_sync("plan")
    ended = icp_sync("backtest")
    assert ended.code == 0
    assert ended.out.startswith("Too few deals to say: ")
    assert " won and " in ended.out.splitlines()[0]
    assert "\nWhat to do next: let colleagues judge companies" in ended.out
    assert "too few" in ended.out


@pytest.mark.slow
def test_no_deals_are_an_answer(icp_sync: Command, portal: SandboxPortal) -> None:
    for deal in list(portal.objects["deals"].records.ids):
        portal.archive_record("deals", deal)
    icp_sync("plan")
    document = icp_sync("backtest", "--json").document
    assert (document["verdict"]["code"], document["deals"]) == ("too_few", 0)


@pytest.mark.slow
def test_kpis_work_without_deals_and_without_their_scope(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked for the scope, told to do without deals, and then told to have them read."""
    profile = tmp_path / "kpis.yaml"
    kpis = "outcomes: {deals: null, kpis: [{id: people, property: numberofemployees, better: higher}]}\n"
    profile.write_text((PROFILES / "small.yaml").read_text(encoding="utf-8") + kpis, encoding="utf-8")
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(profile))
    icp_sync("plan")
    portal.calls.reset()
    document = icp_sync("backtest", "--json").document
    values = {row["tier"]: (row["known"], row["value"]) for row in document["kpis"] if row["known"]}
    assert values == {"tier_1": (100, 800.0), "tier_2": (200, 20.0)}
    assert "What to do next: compare the tiers by their KPIs (below); if" in icp_sync("backtest").out
    assert portal.calls.total == 0
    profile.write_text(
        profile.read_text(encoding="utf-8").replace(", kpis: [", ", nightly: false}\n#"), encoding="utf-8"
    )
    refused = icp_sync("backtest", "--json").document["error"]["message"]
    assert "icp-sync sample asks colleagues" in refused


@pytest.mark.slow
def test_a_backtest_of_other_deals_leaves_the_verdict_that_check_asks_about(planned: Command, tmp_path: Path) -> None:
    def verdicts() -> list[bytes]:
        return [file.read_bytes() for file in (tmp_path / "state").rglob("verdict.*.json")]

    planned("backtest")
    before = verdicts()
    assert before
    for option in (("--unit", "deal"), ("--since", "2026-11-01"), ("--as-of", "2026-06-01")):
        planned("backtest", *option)
        assert verdicts() == before


def test_before_the_first_reading_it_says_what_to_run(icp_sync: Command) -> None:
    ended = icp_sync("backtest", "--json")
    assert ended.code == 1
    assert "run icp-sync plan first" in ended.document["error"]["message"]


@pytest.fixture
def without_scope(portal: SandboxPortal, planned: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    portal.tokens["pat-companies"] = frozenset({"crm.objects.companies.read"})
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-companies")
    return planned


def test_without_the_scope_it_is_named(without_scope: Command) -> None:
    ended = without_scope("backtest", "--json")
    assert ended.code == 1
    assert "crm.objects.deals.read" in ended.document["error"]["message"]


def test_without_scipy_it_says_what_to_install(planned: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda _: None)
    ended = planned("backtest", "--json")
    assert ended.code == 2
    assert "pip install 'icp-sync[evidence]'" in ended.document["error"]["message"]


def test_deals_of_another_portal_are_not_mixed_in(planned: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    other = SandboxPortal(portal_id=7)
    with serve_in_thread(other) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        ended = planned("backtest", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "wrong_portal")


@pytest.mark.slow
def test_a_leak_is_named_and_left_out(icp_sync: Command, tmp_path: Path, address: PortalAddress) -> None:
    text = (Path(__file__).parents[1] / "profiles" / "small.yaml").read_text(encoding="utf-8")
    leaky = text.replace("disqualifiers:", "  - {id: stage, label: customer, property: lifecyclestage, weight: 50, "
                         "match: {is: customer}, evidence: none}\ndisqualifiers:", 1)  # fmt: skip
    profile = tmp_path / "leaky.yaml"
    profile.write_text(leaky.partition("tests:")[0], encoding="utf-8")
    assert address.url
    icp_sync("plan", "--profile", profile)
    document = icp_sync("backtest", "--profile", profile, "--json").document
    assert [(leak["criterion"], leak["kind"]) for leak in document["leaks"]] == [("stage", "reads_deals")]
    assert document["with_leaks"] is not None
    rows = {row["tier"]: row["companies"] for row in document["tiers"]}
    assert (rows["tier_1"], rows["tier_2"]) == (100, 200)  # as without the criterion; with it nobody knows enough
    assert (
        "Left out: stage, since deals fill in the field it reads (lifecyclestage)."
        in icp_sync("backtest", "--profile", profile).out
    )


@pytest.mark.slow
@pytest.mark.parametrize(("signal", "leaks"), [("leak", ["tools"]), ("none", [])])
def test_technologies_filled_in_by_selling_are_found(
    icp_sync: Command, tmp_path: Path, portal: SandboxPortal, signal: str, leaks: list[str]
) -> None:
    for deal in list(portal.objects["deals"].records.ids):
        portal.archive_record("deals", deal)
    generate_deals(portal, 600, signal)
    text = (Path(__file__).parents[1] / "profiles" / "small.yaml").read_text(encoding="utf-8")
    asking = text.replace("disqualifiers:", "  - {id: tools, label: tools, property: web_technologies, weight: 50, "
                          "match: {has_any: [docker]}, evidence: none}\ndisqualifiers:", 1)  # fmt: skip
    profile = tmp_path / "tools.yaml"
    profile.write_text(asking.partition("tests:")[0], encoding="utf-8")
    icp_sync("plan", "--profile", profile)
    document = icp_sync("backtest", "--profile", profile, "--json").document
    assert [leak["criterion"] for leak in document["leaks"]] == leaks
