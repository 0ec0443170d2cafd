"""`enrich` brings a vendor's file in, and every command that scores uses its values where HubSpot has none."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import COMPANIES, DAY, PROFILES, Command, company_ids
from tests.cli.twins import Twins

SOURCE = '{source: acme, columns: {Employees: numberofemployees}, date: "As of", max_age_days: 180}'
OUTPUT = "write:\n  enriched: {numberofemployees: icp_employees_by_vendor}"
DELTA = 3
"""Delta is German and has no employees: tier_2, and tier_1 with a vendor's 800."""


@pytest.fixture
def portal() -> SandboxPortal:
    """Five companies, whose values HubSpot has had for ten days."""
    portal = SandboxPortal()
    portal.ahead -= 10 * DAY
    portal.add_companies(pl.DataFrame(COMPANIES))
    portal.ahead += 10 * DAY
    return portal


class Vendor:
    """The small profile with a vendor's source, and files of that vendor."""

    def __init__(self, folder: Path) -> None:
        self.profile, self.file = folder / "icp.yaml", folder / "acme.csv"
        self.name(SOURCE)

    def name(self, *sources: str) -> None:
        text = (PROFILES / "small.yaml").read_text().replace("write:", OUTPUT)
        self.profile.write_text(text + "enrichment:\n" + "".join(f"  - {source}\n" for source in sources))

    def send(self, *rows: str, header: str = "Domain,Employees,As of") -> Path:
        self.file.write_text("\n".join([header, *rows]) + "\n")
        return self.file


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vendor:
    vendor = Vendor(tmp_path)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(vendor.profile))
    return vendor


def day_of(days_ago: int) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(days=days_ago)).date().isoformat()


@pytest.fixture
def today() -> str:
    return day_of(0)


@pytest.fixture
def planned(icp_sync: Command, vendor: Vendor, portal: SandboxPortal, twins: Twins, tmp_path: Path) -> Command:
    """The profile has run before any file was brought in."""

    def run() -> None:
        assert icp_sync("run", "--profile", vendor.profile).code == 0

    twins.begin("enrich", portal, tmp_path / "state", run)
    portal.calls.reset()
    return icp_sync


def tier(portal: SandboxPortal, place: int) -> str | None:
    return portal.filled_values()[str(company_ids(portal)[place])].get("hs_ideal_customer_profile") or None


@pytest.mark.slow
def test_a_file_fills_what_hubspot_lacks_and_its_value_is_written_beside(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str
) -> None:
    file = vendor.send(f"https://www.Delta.de/about, 800 ,{today}", f"alpha.de,20,{today}", f"nobody.de,5,{today}")
    ended = planned("enrich", "acme", file, "--json")
    assert ended.code == 0, ended.err
    assert portal.calls.total == 0
    assert ended.document["companies"] == {"all": 5, "matched": 2, "unmatched": 3}
    assert ended.document["rows"] | {"rows": 3, "matched": 2, "unmatched": 1} == ended.document["rows"]
    employees = ended.document["properties"]["numberofemployees"]
    assert (employees["filled"], employees["conflicting"], employees["agreeing"]) == (1, 1, 0)
    assert ended.document["tiers"]["tier_1"] == {"before": 1, "after": 2}
    planned("run")
    company = portal.filled_values()[str(company_ids(portal)[DELTA])]
    assert tier(portal, DELTA) == "tier_1"
    assert company["icp_employees_by_vendor"] == "800", "without the spaces around it, which HubSpot may drop"
    assert not company.get("numberofemployees"), "HubSpot's own are never written"
    month = f"{dt.date.fromisoformat(today):%b %Y}"
    assert company["icp_fit_reasons"].endswith(f"(acme, {month})")
    assert tier(portal, 0) == "tier_1", "ours is there, so the vendor's 20 does not count"


@pytest.mark.slow
def test_a_night_without_news_changes_nothing_and_undo_takes_it_back(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str
) -> None:
    before = portal.filled_values()[str(company_ids(portal)[DELTA])]
    planned("enrich", "acme", vendor.send(f"delta.de,800,{today}"))
    assert planned("run", "--json").document["changes"]["companies"] == 1
    portal.ahead += DAY
    assert planned("plan", "--json").document["changes"]["companies"] == 0
    assert planned("undo", "last", "--yes").code == 0
    after = portal.filled_values()[str(company_ids(portal)[DELTA])]
    assert tier(portal, DELTA) == "tier_2"
    assert not after.get("icp_employees_by_vendor")
    assert after["icp_fit_reasons"] == before["icp_fit_reasons"]


@pytest.mark.slow
def test_a_value_that_expires_is_unknown_at_once_and_no_hold_carries_it(
    planned: Command, portal: SandboxPortal, vendor: Vendor
) -> None:
    planned("enrich", "acme", vendor.send(f"delta.de,800,{day_of(179)}"))
    planned("run")
    assert tier(portal, DELTA) == "tier_1"
    portal.ahead += 2 * DAY
    ended = planned("run")
    assert "1 value expired, older than 180 days, so unknown" in ended.out
    assert tier(portal, DELTA) == "tier_2"
    assert portal.filled_values()[str(company_ids(portal)[DELTA])].get("icp_employees_by_vendor") in {None, ""}


def test_a_change_by_a_vendor_is_a_change_of_data(planned: Command, vendor: Vendor, today: str) -> None:
    planned("enrich", "acme", vendor.send(f"delta.de,800,{today}"))
    assert planned("plan", "--json").document["causes"] == {"data": 1}


@pytest.mark.slow
def test_explain_shows_the_source_and_its_age(planned: Command, vendor: Vendor) -> None:
    planned("enrich", "acme", vendor.send(f"delta.de,800,{day_of(79)}"))
    explained = planned("explain", "delta.de").out
    assert f"numberofemployees counts as 800, by acme of {day_of(79)} (79 days old); HubSpot has none" in explained
    (company,) = planned("explain", "delta.de", "--json").document["companies"]
    assert company["enriched"][0]["age_days"] == 79


@pytest.mark.slow
def test_prefer_counts_where_hubspot_has_not_changed_since(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str
) -> None:
    """HubSpot has had the values for ten days; the vendor is newer, until somebody edits."""
    vendor.name(SOURCE.replace("date:", "mode: prefer, date:"))
    assert planned("plan").code == 0
    assert planned("enrich", "acme", vendor.send(f"alpha.de,20,{today}"), "--json").code == 0
    preferred = planned("explain", "alpha.de", "--json").document["companies"][0]
    assert preferred["enriched"][0]["was"] == "800"
    assert preferred["tier"] == "tier_2"
    planned("run")
    portal.ahead += DAY
    assert planned("plan", "--json").document["changes"]["companies"] == 0, "our own write is no change"
    portal.edit_company(company_ids(portal)[0], {"numberofemployees": "900"})
    planned("run")
    assert tier(portal, 0) == "tier_1"


@pytest.mark.slow
def test_an_older_vendor_is_not_preferred(planned: Command, vendor: Vendor) -> None:
    vendor.name(SOURCE.replace("date:", "mode: prefer, date:"))
    ended = planned("enrich", "acme", vendor.send(f"alpha.de,20,{day_of(30)}"), "--json")
    employees = ended.document["properties"]["numberofemployees"]
    assert (employees["preferred"], employees["conflicting"]) == (0, 1)


@pytest.mark.slow
def test_the_first_source_that_can_be_read_wins(planned: Command, vendor: Vendor, today: str) -> None:
    vendor.name(SOURCE, "{source: second, columns: {Size: numberofemployees}}")
    planned("enrich", "second", vendor.send("delta.de,50", "epsilon.de,7", header="Website,Size"))
    planned("enrich", "acme", vendor.send(f"delta.de,about many,{today}"))
    assert planned("explain", "delta.de", "--json").document["companies"][0]["enriched"][0]["source"] == "second"
    planned("enrich", "acme", vendor.send(f"delta.de,800,{today}"))
    assert planned("explain", "delta.de", "--json").document["companies"][0]["enriched"][0]["source"] == "acme"


@pytest.mark.slow
def test_a_company_merged_since_keeps_what_the_file_said_of_it(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str
) -> None:
    ids = company_ids(portal)
    planned("enrich", "acme", vendor.send(f"epsilon.de,800,{today}"))
    portal.edit_company(ids[4], {"numberofemployees": ""})
    portal.merge(ids[DELTA], ids[4])
    (company,) = planned("explain", "delta.de", "--json").document["companies"]
    assert (company["tier"], company["enriched"][0]["value"]) == ("tier_1", "800")
    assert "its values count for 1 company" in planned("plan").out


@pytest.mark.slow
def test_conflicts_are_a_table_no_spreadsheet_runs(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str, tmp_path: Path
) -> None:
    portal.edit_company(company_ids(portal)[0], {"name": "=cmd()"})
    planned("plan")
    planned("enrich", "acme", vendor.send(f"alpha.de,20,{today}", f"beta.at,300,{today}"), "--conflicts", "c.csv")
    (row,) = csv.DictReader((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines())
    assert (row["name"], row["hubspot"], row["vendor"], row["counts"]) == ("'=cmd()", "800", "20", "hubspot")


REFUSED = {
    "no rows": ((), "Domain,Employees,As of", "has no rows"),
    "a changed header": (("delta.de,8,2026-01-01",), "Domain,Employee,As of", 'did you mean Employee?'),
    "another separator": (("delta.de^8",), "Domain^Employees^As of", "part columns by commas"),
    "no key": (("1,2,3",), "Firm,Employees,As of", "say which has it by key_column"),
    "no date": (("delta.de,8,soon",), "Domain,Employees,As of", 'no date in the column "As of" can be read'),
    "days to come": (("delta.de,8,2099-01-01",), "Domain,Employees,As of", "or they all lie in the future"),
    "two rows of a day": (("delta.de,8,2026-01-01", "www.delta.de,9,2026-01-01"), "Domain,Employees,As of",
                          "several rows for delta.de"),
    "blank keys": ((",8,2026-01-01", " ,9,2026-01-01"), "Domain,Employees,As of", "none of its rows has a domain"),
    "nobody of ours": (("else.de,8,2026-01-01", ",9,2026-01-01"), "Domain,Employees,As of",
                       "no row is of a company as last read, and 1 of 2 have a domain"),
    "mail providers": (("gmail.com,8,2026-01-01",), "Domain,Employees,As of",
                       "1 of 1 have a domain, 1 of them a mail provider's, which is nobody's; see that they are your"),
    "formulas": (("delta.de,=1+1,2026-01-01",), "Domain,Employees,As of", "none of its values for our"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_kept(
    planned: Command, vendor: Vendor, tmp_path: Path, fault: str
) -> None:
    rows, header, message = REFUSED[fault]
    ended = planned("enrich", "acme", vendor.send(*rows, header=header))
    assert ended.code == 2
    assert message in ended.err
    assert not [*(tmp_path / "state").glob("enrichment.*")]


def test_a_source_the_profile_does_not_name_is_refused(planned: Command, vendor: Vendor) -> None:
    ended = planned("enrich", "acne", vendor.send("delta.de,8,2026-01-01"))
    assert ended.code == 2
    assert "did you mean acme?" in ended.err


def lose_file(folder: Path) -> Path:
    """The vendor's file, gone from the state; returned as it was, elsewhere."""
    (kept,) = (folder / "state").rglob("enrichment.*.parquet")
    return kept.rename(folder / "lost.parquet")


@pytest.mark.slow
@pytest.mark.parametrize("written", [True, False])
def test_a_file_that_is_gone_clears_nothing_and_holds_the_run(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str, tmp_path: Path, *, written: bool
) -> None:
    if not written:  # then the reasons on the record alone say whose value it was
        vendor.profile.write_text(vendor.profile.read_text().replace(OUTPUT, "write:"))
    file = vendor.send(f"delta.de,800,{today}")
    planned("enrich", "acme", file)
    assert planned("run").code == 0
    before = portal.filled_values()
    lose_file(tmp_path)
    blocked = planned("run", "--json")
    assert (blocked.code, portal.filled_values()) == (4, before)
    guardrails = {row["name"]: row for row in blocked.document["guardrails"]}
    assert guardrails["missing_file"]["part"] == 1
    (note,) = [note for note in blocked.document["reading"]["notes"] if note.startswith("acme: ")]
    assert "its file is gone from the state, and 1 company stands on it in HubSpot" in note
    assert "icp-sync enrich acme FILE" in note
    planned("enrich", "acme", file)
    ended = planned("run", "--json")
    assert (ended.code, ended.document["changes"]["companies"]) == (0, 0)


@pytest.mark.slow
def test_whoever_means_it_takes_the_source_out_or_allows_it(
    planned: Command, portal: SandboxPortal, vendor: Vendor, today: str, tmp_path: Path
) -> None:
    planned("enrich", "acme", vendor.send(f"delta.de,800,{today}"))
    planned("run")
    lose_file(tmp_path)
    assert planned("run", "--allow", "missing_file").code == 0
    assert tier(portal, DELTA) != "tier_1"
    assert not portal.filled_values()[str(company_ids(portal)[DELTA])].get("icp_employees_by_vendor")


@pytest.mark.slow
def test_a_source_that_never_had_a_file_holds_nothing(planned: Command) -> None:
    ended = planned("run", "--json")
    assert ended.code == 0
    assert any(note.startswith("acme: no file was brought in yet") for note in ended.document["reading"]["notes"])
