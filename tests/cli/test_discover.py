"""`discover` names what won companies have in common and drafts a profile; nothing uses the draft by itself."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command

LARGE = 100


@pytest.fixture
def large_wins() -> int:
    """Of ten large companies so many bought; of ten others three did."""
    return 7


@pytest.fixture
def portal(large_wins: int) -> SandboxPortal:
    """300 companies of several countries, of which 100 are large, with a deal each."""
    portal = SandboxPortal(searches=1_000)
    employees = ["800" if row < LARGE else "20" for row in range(300)]
    countries = [("Deutschland", "Austria", "Spain", "France")[row % 4] for row in range(300)]
    domains = [f"c{row}.example" for row in range(300)]
    portal.add_companies(pl.DataFrame({"name": [f"C{row}" for row in range(300)], "numberofemployees": employees,
                                       "country": countries, "domain": domains}))  # fmt: skip
    won = [row % 10 < (large_wins if row < LARGE else 3) for row in range(300)]
    closed = [portal.now() - (10 + row * 37 % 300) * DAY * 1_000 for row in range(300)]
    deals = {
        "hs_is_closed": ["true"] * 300,
        "hs_is_closed_won": [str(one).lower() for one in won],
        "createdate": pl.Series([moment - 20 * DAY * 1_000 for moment in closed]).cast(pl.Datetime("ms")),
        "closedate": pl.Series(closed).cast(pl.Datetime("ms")),
    }
    portal.add_records("deals", pl.DataFrame(deals), [[company] for company in portal.companies_frame()["id"]])
    return portal


@pytest.fixture
def planned(icp_sync: Command, portal: SandboxPortal) -> Command:
    assert icp_sync("plan").code == 0
    portal.calls.reset()
    return icp_sync


@pytest.mark.slow
def test_a_trait_is_named_and_becomes_a_draft_that_passes_check(planned: Command, tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    document = planned("discover", "--out", out, "--json").document
    (trait,) = [trait for trait in document["found"] if trait["distinct"]]
    assert (trait["trait"], trait["property"]) == ("number of employees is at least 800", "numberofemployees")
    assert [trait[key] for key in ("won_with", "decided_with", "won_without", "decided_without")] == [70, 100, 60, 200]
    assert trait["p_adjusted"] <= 0.001
    assert document["model"]["auc"] > document["model"]["profile_auc"]
    text = out.read_text(encoding="utf-8")
    assert document["draft"]["text"] == text
    assert "won 70 of 100 (70 % [60, 78]) with, 60 of 200 without; lift 2.3, p under 0.001; first deals 20" in text
    assert "C1" not in text
    checked = planned("check", "--profile", out, "--json").document
    assert [finding for finding in checked["findings"] if finding["severity"] != "note"] == []
    assert [test["ok"] for test in checked["tests"]] == [True, True]
    assert planned("plan", "--profile", out).code == 0


@pytest.mark.slow
def test_the_page_says_it_in_words(planned: Command) -> None:
    ended = planned("discover")
    assert ended.out.startswith("One trait tells won from lost companies by more than chance, of ")
    assert "looked at; companies with it were won more often." in ended.out
    assert "traits rank won companies above lost ones " in ended.out
    assert "equal scores counted half (50 is a coin toss, 100 perfect). Allowing for chance, that is " in ended.out
    assert "next: keep your present profile, and run icp-sync discover again in 3 months" in ended.out
    assert "70 of 100 (70 %)" in ended.out
    assert "nothing uses it by itself" in ended.out


def test_a_file_that_is_there_is_never_overwritten(planned: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    out.write_text("mine", encoding="utf-8")
    assert planned("discover", "--out", out).code == 2
    assert out.read_text(encoding="utf-8") == "mine"
    assert portal.calls.total == 0


@pytest.mark.slow
def test_nothing_is_written_in_hubspot(planned: Command, portal: SandboxPortal) -> None:
    before = portal.state_digest()
    planned("discover")
    assert portal.state_digest() == before


class TestWithoutASignal:
    @pytest.fixture
    def large_wins(self) -> int:
        return 3

    @pytest.mark.slow
    def test_nothing_is_drafted_and_it_says_what_could_have_been_seen(self, planned: Command, tmp_path: Path) -> None:
        ended = planned("discover", "--out", tmp_path / "draft.yaml")
        assert ended.code == 0
        assert ended.out.startswith(
            "These deals and fields show no clear difference between the companies you won and those you lost. "
            "Smaller ones may exist: only a common trait whose companies win "
        )
        assert "no reason to sell to just anyone.\nWhat to do next: let colleagues" in ended.out
        assert not (tmp_path / "draft.yaml").exists()
        document = planned("discover", "--json").document
        assert (document["found"], document["model"], document["draft"]) == ([], None, None)
        assert document["detectable_lift"] > 1

    @pytest.mark.slow
    def test_a_list_of_customers_is_described(self, planned: Command, portal: SandboxPortal, tmp_path: Path) -> None:
        listed = tmp_path / "loved.csv"
        lines = [*(f"https://www.c{row}.example/" for row in range(15)), "nobody.example"]
        listed.write_text("Company Domain Name\n" + "\n".join(lines), encoding="utf-8")
        ended = planned("discover", "--customers", listed)
        assert ended.out.startswith("One trait tells listed companies from all others by more than chance")
        assert "This describes the companies you listed, and proves nothing" in ended.out
        assert "15 listed companies against 285 others in scope." in ended.out
        shown = tmp_path / "shown.csv"
        shown.write_text("Record ID\n1.200\n", encoding="utf-8")
        refused = planned("discover", "--customers", shown, "--json")
        assert refused.code == 2
        assert "'1.200' is no record id; write ids as digits alone" in refused.document["error"]["message"]
        text = planned("discover", "--customers", listed, "--json").document["draft"]["text"]
        assert "listed 15 of 100 (15 % [9, 23]) with, 0 of 200 without" in text
        assert portal.calls.total == 0

    @pytest.mark.slow
    def test_what_is_known_of_the_listed_above_all_is_compared_by_what_it_says(
        self, icp_sync: Command, portal: SandboxPortal, tmp_path: Path
    ) -> None:
        """Loved companies have fuller records: that their size is known is left out, that they are large is not."""
        ids = portal.companies_frame()["id"]
        portal.edit_companies({ids[row]: {"numberofemployees": ""} for row in range(LARGE, 300, 2)})
        icp_sync("plan")
        listed = tmp_path / "loved.csv"
        listed.write_text("domain\n" + "\n".join(f"c{row}.example" for row in range(15)), encoding="utf-8")
        ended = icp_sync("discover", "--customers", listed)
        assert (
            "Left out: whether numberofemployees is known (of 100 % of the listed and 65 % of the others); what it "
            "says is compared." in ended.out
        )
        traits = icp_sync("discover", "--customers", listed, "--json").document["found"]
        assert "number of employees is at least 800" in [trait["trait"] for trait in traits]
        assert not [trait["trait"] for trait in traits if "known" in trait["trait"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("city\nBerlin\n", "has no column of record ids or domains"),
        ("domain\nelsewhere.example\n", "lists no company of the last reading"),
        ("domain\nc1.example\nc2.example\n", "2 of the list are in scope"),
    ],
)
def test_a_list_that_tells_nothing_is_refused(planned: Command, tmp_path: Path, content: str, message: str) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(content, encoding="utf-8")
    ended = planned("discover", "--customers", listed, "--json")
    assert ended.code in {1, 2}
    assert message in ended.document["error"]["message"]


@pytest.mark.slow
def test_too_few_deals_are_refused(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    for deal in list(portal.objects["deals"].records.ids)[:270]:
        portal.archive_record("deals", deal)
    icp_sync("plan")
    ended = icp_sync("discover", "--out", tmp_path / "draft.yaml", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "too_few")
    assert "9 won and 21 lost" in ended.document["error"]["message"]
    assert not (tmp_path / "draft.yaml").exists()


def test_without_scikit_learn_it_says_what_to_install(planned: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda name: None if name == "sklearn" else True)
    ended = planned("discover", "--json")
    assert ended.code == 2
    assert "this needs sklearn" in ended.document["error"]["message"]
