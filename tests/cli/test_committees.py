"""Who is missing at an account: from contacts in HubSpot to lists and records, and no contact on the way out."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from icp_sync.profile.load import parse_profile
from icp_sync.sandbox import EVERY_SCOPE, PortalAddress, SandboxPortal
from icp_sync.sandbox.auth import FULL_TOKEN
from icp_sync.scoring.personas import CONTACTS, PERSONAS
from tests.cli.conftest import DAY, Command, company_ids
from tests.marks import with_slow
from tests.profile.example_people import BUYER, BY_ROLE, personas
from tests.unread import hide_records

LINKS: Final = "POST /crm/associations/{fromType}/{toType}/batch/read"
READ: Final = "POST /crm/objects/contacts/batch/read"
CANARY: Final = {
    "email": "zqcanary.mail@zqcanary.example",
    "firstname": "Zqcanaryfirst",
    "lastname": "Zqcanarylast",
    "jobtitle": "CTO of Zqcanarytitle",
}
PROFILE: Final[dict[str, Any]] = {
    "schema": 1,
    "profile": {"name": "people", "kind": "icp"},
    "criteria": [{"id": "country", "property": "country", "weight": 1, "match": {"region": "DE"}}],
    "tiers": [{"tier": "tier_1", "enter": 90}],
    "write": {"tier": "icp_tier", "outcome": "icp_outcome", "profile": "icp_profile"},
    "personas": personas(),
    "lists": [
        {"name": "Open", "kind": "static", "where": {"tier": ["tier_1"], "committee": ["none", "partial"]}},
        {"name": "Open too", "kind": "active", "where": {"committee": ["none", "partial"]}},
    ],
}


@pytest.fixture
def portal() -> SandboxPortal:
    """Four companies in tier 1 and one outside."""
    portal = SandboxPortal()
    names = ["Alpha", "Beta", "Gamma", "Delta", "Outside"]
    portal.add_companies(pl.DataFrame({"name": names, "country": ["DE", "DE", "DE", "DE", "US"]}))
    return portal


@pytest.fixture(autouse=True)
def profile(icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """After `icp_sync`, which names another profile."""
    assert callable(icp_sync)
    return use(tmp_path, monkeypatch)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch, **sections: Any) -> Path:
    """Make this the profile of every command; what a test reads anew must not be remembered from another."""
    file = folder / f"people-{len(sections)}-{len(list(folder.glob('people-*')))}.yaml"
    file.write_text(json.dumps({**PROFILE, **sections}))
    monkeypatch.setattr("icp_sync.cli.profile_loading.parse_profile", parse_profile)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(file))
    return file


def committees(portal: SandboxPortal) -> list[tuple[str | None, str | None]]:
    values = portal.filled_values(["icp_committee", "icp_committee_missing"])
    rows = [values[str(one)] for one in company_ids(portal)]
    return [(row.get("icp_committee"), row.get("icp_committee_missing")) for row in rows]


def contacts_read(portal: SandboxPortal) -> tuple[int, int]:
    return portal.calls.by_route.get(LINKS, 0), portal.calls.by_route.get(READ, 0)


def populate(portal: SandboxPortal) -> None:
    """Alpha has both, Beta a developer, Gamma somebody without title, Delta nobody; Outside has everybody."""
    alpha, beta, gamma, _, outside = company_ids(portal)
    portal.create_record("contacts", {"jobtitle": "CTO"}, [alpha, outside])
    portal.create_record("contacts", {"jobtitle": "Senior Developer"}, [alpha])
    portal.create_record("contacts", {"jobtitle": "Developer"}, [beta])
    portal.create_record("contacts", {"email": "who@example.com"}, [gamma])


MORE: Final = (
    ("plan", "--out", "plan.jsonl", "--csv", "plan.csv"), ("doctor",), ("report", "last", "--json"), ("show", "last"),
    ("doc",), ("check", "--portal"), ("undo", "last", "--yes"), ("run", "--allow", "undone"), ("history",),
)  # fmt: skip
COVERED: Final = [
    ("complete", None),
    ("partial", "CTO"),
    ("none", "CTO; developer"),
    ("none", "CTO; developer"),
    (None, None),
]


@pytest.mark.slow
@pytest.mark.parametrize("version", with_slow(["v3"], ["2026-03"]))
def test_a_night_writes_who_is_missing_and_puts_the_open_accounts_on_the_list(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    populate(portal)
    assert icp_sync("run").code == 0
    assert committees(portal) == COVERED
    assert contacts_read(portal) == (1, 1)
    assert portal.list_members("Open") == company_ids(portal)[1:4]
    assert portal.list_members("Open too") == company_ids(portal)[1:4]
    portal.calls.reset()
    portal.ahead += DAY
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["changes"]["companies"], contacts_read(portal)) == (0, 0, (0, 0))


def test_a_contact_of_ten_companies_counts_for_each_and_is_read_once(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.add_companies(pl.DataFrame({"name": [f"Group {row}" for row in range(10)], "country": ["DE"] * 10}))
    group = company_ids(portal)[5:]
    portal.create_record("contacts", {"jobtitle": "CTO"}, group)
    assert icp_sync("run").code == 0
    assert committees(portal)[:5] == [("none", "CTO; developer")] * 4 + [(None, None)]
    assert committees(portal)[5:] == [("partial", "developer")] * 10
    assert contacts_read(portal) == (1, 1)


@pytest.mark.slow
def test_a_new_contact_is_seen_the_next_night_and_a_new_title_within_a_week(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    populate(portal)
    icp_sync("run")
    beta, gamma = company_ids(portal)[1:3]
    portal.ahead += DAY
    portal.create_record("contacts", {"jobtitle": "VP Engineering"}, [beta])
    portal.edit_company(beta, {"city": "Ulm"})  # HubSpot does not date a company by its contacts; an edit shows it
    portal.edit_record("contacts", portal.objects["contacts"].records.ids[3], {"jobtitle": "CTO and SRE"})
    portal.calls.reset()
    assert icp_sync("run").code == 0
    assert contacts_read(portal) == (1, 1)
    assert committees(portal)[1:3] == [("complete", None), COVERED[2]]
    portal.ahead += 6 * DAY
    assert icp_sync("run").code == 0
    assert committees(portal)[2] == ("complete", None)
    assert portal.list_members("Open") == [company_ids(portal)[3]]
    assert gamma not in portal.list_members("Open")


@pytest.mark.slow
def test_an_account_that_leaves_the_tiers_has_no_committee_any_more(icp_sync: Command, portal: SandboxPortal) -> None:
    populate(portal)
    icp_sync("run")
    portal.ahead += DAY
    portal.edit_company(company_ids(portal)[1], {"country": "US"})
    assert icp_sync("run").code == 0
    assert committees(portal)[1] == (None, None)


@pytest.mark.slow
def test_a_merged_account_has_the_contacts_of_both(icp_sync: Command, portal: SandboxPortal) -> None:
    populate(portal)
    icp_sync("run")
    alpha, beta, gamma, *_ = company_ids(portal)
    portal.ahead += DAY
    portal.create_record("contacts", {"jobtitle": "CTO"}, [gamma])
    portal.merge(beta, gamma)
    assert icp_sync("run", "--allow", "list_shrink", "--allow", "read_at_least").code == 0
    assert (alpha, committees(portal)[1]) == (alpha, ("complete", None))


@pytest.mark.slow
@pytest.mark.parametrize("fault", with_slow(["scope"], ["gone", "unavailable"]))
def test_contacts_that_cannot_be_read_change_no_tier_and_no_committee(
    icp_sync: Command, portal: SandboxPortal, fault: str
) -> None:
    populate(portal)
    icp_sync("run")
    portal.ahead += 8 * DAY
    newcomer = portal.create_company({"name": "New", "country": "DE"})
    if fault == "scope":
        portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {"crm.objects.contacts.read"}
    elif fault == "gone":
        portal.objects["contacts"].schema.definitions.pop("jobtitle")
    else:
        portal.faults.add("502", rate=1.0, route=LINKS)
    ended = icp_sync("run", "--json")
    assert ended.code == 0
    assert committees(portal) == [*COVERED, ("unknown", None)]
    assert portal.company(newcomer)["icp_tier"] == "tier_1"
    (note,) = [note for note in ended.document["reading"]["notes"] if "contacts" in note]
    assert note.startswith("contacts were not read, so committees stay as they are: ")
    if fault != "unavailable":
        assert "`personas`" in note


def test_a_contact_that_hubspot_cannot_show_leaves_its_companies_as_known_and_due(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    populate(portal)
    icp_sync("run")
    newcomer = portal.create_company({"name": "New", "country": "DE"})
    alpha, beta = company_ids(portal)[:2]
    boss = portal.create_record("contacts", {"jobtitle": "CTO"}, [alpha, newcomer])
    portal.create_record("contacts", {"jobtitle": "CTO"}, [beta])
    hidden = {portal.objects["contacts"].records.ids[0], boss}
    hide_records(monkeypatch, hidden)
    portal.ahead += 8 * DAY
    ended = icp_sync("run", "--json")
    assert (ended.code, committees(portal)) == (
        0, [COVERED[0], ("complete", None), *COVERED[2:], ("unknown", None)],
    )  # fmt: skip
    note = "HubSpot could not show all contacts of 2 companies, whose committee stays as it is for now"
    assert note in ended.document["reading"]["notes"]
    hidden.clear()
    portal.ahead += DAY
    healed = icp_sync("run", "--json")
    assert committees(portal)[0::5] == [COVERED[0], ("partial", "developer")]
    assert not [note for note in healed.document["reading"]["notes"] if "contacts" in note]


def test_no_scope_is_needed_where_hubspots_own_counts_answer(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path, monkeypatch, personas=personas({**BUYER, "match": BY_ROLE}))
    portal.create_record("contacts", {"hs_buying_role": "DECISION_MAKER"}, company_ids(portal)[:2])
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {"crm.objects.contacts.read"}
    assert icp_sync("run").code == 0
    assert [text for text, _ in committees(portal)] == ["complete", "complete", "none", "none", None]
    assert contacts_read(portal) == (0, 0)
    assert "HubSpot's own counts" in icp_sync("doctor").out


@pytest.mark.slow
def test_doctor_names_the_scope_and_the_property_that_personas_need(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "contacts can be read, with 2 properties" in icp_sync("doctor").out
    misspelt = {**BUYER, "match": {"property": "jobtitel", "contains_any": ["cto"]}}
    use(tmp_path, monkeypatch, personas=personas(misspelt))
    assert "this portal shows no contact property jobtitel; name another in `personas`" in icp_sync("doctor").out
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {"crm.objects.contacts.read"}
    ended = icp_sync("doctor")
    assert ended.code > 0
    assert "which `personas` of the profile needs" in ended.out
    assert "crm.objects.contacts.read" in ended.out


@pytest.mark.slow
def test_calls_are_bounded_and_the_rest_waits_for_the_next_night(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path, monkeypatch, personas=personas(most_calls=2))
    alpha, beta, *_ = company_ids(portal)
    portal.add_records("contacts", pl.DataFrame({"jobtitle": ["CTO", "SRE"] * 60}), [[alpha]] * 60 + [[beta]] * 60)
    first = icp_sync("run", "--json")
    assert sum(contacts_read(portal)) == 2
    assert [text for text, _ in committees(portal)][:2] == ["complete", "unknown"]
    assert any("wait for the next night" in note for note in first.document["reading"]["notes"])
    portal.ahead += DAY
    assert icp_sync("run").code == 0
    assert [text for text, _ in committees(portal)] == ["complete", "complete", "none", "none", None]


@pytest.mark.slow
def test_a_thousand_accounts_cost_no_call_more_than_their_contacts_need(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.add_companies(pl.DataFrame({"name": [f"C{n}" for n in range(996)], "country": ["DE"] * 996}))
    ids = company_ids(portal)
    portal.add_records(
        "contacts", pl.DataFrame({"jobtitle": ["CTO"] * 400}), [[ids[5 + n % 900], ids[6 + n]] for n in range(400)]
    )
    assert icp_sync("plan").code == 0
    assert contacts_read(portal) == (1, 4)


def planted(portal: SandboxPortal) -> None:
    for company_id in company_ids(portal):
        portal.create_record("contacts", CANARY, [company_id])


@pytest.mark.slow
@pytest.mark.parametrize("case", with_slow(["briefly"], ["at length", "502", "scope"]))
def test_nothing_of_a_contact_is_in_any_byte_that_is_kept_sent_or_shown(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    caplog.set_level(logging.DEBUG)
    planted(portal)
    if case == "502":
        portal.faults.add("502", rate=0.3, seed=3)
    elif case == "scope":
        portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {"crm.objects.contacts.read"}
    shown = [icp_sync("run", "--report", "page.html", "--json"), icp_sync("explain", str(company_ids(portal)[0]))]
    shown += [icp_sync(*command) for command in ([] if case == "briefly" else MORE)]
    written = b"".join(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())
    everything = (written + ("".join(one.out + one.err for one in shown) + caplog.text).encode()).lower()
    assert [value for value in ("zqcanary", "jobtitle of") if value.encode() in everything] == []
    if case in {"briefly", "at length"}:
        assert committees(portal)[0] == ("partial", "developer")
        known = pl.read_parquet(next((tmp_path / "state").glob("committees.*.parquet")))
        assert (known[CONTACTS].to_list(), known[PERSONAS].to_list()) == ([1] * 4, [["buyer"]] * 4)


@pytest.mark.slow
def test_explain_says_who_is_missing(icp_sync: Command, portal: SandboxPortal) -> None:
    populate(portal)
    icp_sync("run")
    ids = company_ids(portal)
    assert "buying committee: partial; nobody is CTO (one contact looked at on " in icp_sync("explain", ids[1]).out
    assert "committee" not in icp_sync("explain", ids[4]).out
    (company,) = icp_sync("explain", ids[3], "--json").document["companies"]
    assert company["committee"]["missing"] == ["CTO", "developer"]
    assert company["committee"]["contacts"] == 0


@pytest.mark.slow
def test_the_report_counts_committees_by_tier(icp_sync: Command, portal: SandboxPortal) -> None:
    populate(portal)
    icp_sync("run")
    document = icp_sync("report", "--json").document["committees"]
    assert document["tiers"] == [
        {"tier": "tier_1", "committees": {"complete": 1, "partial": 1, "none": 2, "unknown": 0}}
    ]
    assert document["missing"] == [{"title": "CTO", "companies": 3}, {"title": "developer", "companies": 2}]


@pytest.mark.slow
def test_an_undo_takes_committees_back_like_every_other_output(icp_sync: Command, portal: SandboxPortal) -> None:
    populate(portal)
    icp_sync("run")
    portal.ahead += DAY
    beta = company_ids(portal)[1]
    portal.create_record("contacts", {"jobtitle": "CTO"}, [beta])
    portal.edit_company(beta, {"city": "Ulm"})
    icp_sync("run")
    assert committees(portal)[1] == ("complete", None)
    portal.ahead += 60
    assert icp_sync("undo", "last", "--yes").code == 0
    assert committees(portal)[1] == COVERED[1]


@pytest.mark.slow
def test_no_memory_is_kept_where_the_profile_writes_no_committee(
    icp_sync: Command, portal: SandboxPortal, address: PortalAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path, monkeypatch, personas=personas(write={}), lists=[])
    populate(portal)
    assert address.url
    assert icp_sync("run").code == 0
    assert contacts_read(portal) == (0, 0)
    assert not list((tmp_path / "state").glob("committees*"))
