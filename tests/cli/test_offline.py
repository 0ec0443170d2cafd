"""The snapshot scored offline is what `plan` would show on the same companies, and asks nobody."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.errors import NothingToScore
from icp_sync.plan import plan_file
from icp_sync.plan.plan import Plan
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.runs.snapshot_scoring import OfflineSource, open_offline, plan_offline
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.history_sources import person_source
from icp_sync.state.home import StateHome
from tests.cli.conftest import COMPANIES as FIVE
from tests.cli.conftest import DAY, PROFILES, Command, company_ids

TIER = "hs_ideal_customer_profile"
MOMENT = "icp_fit_changed_at"
COMPANIES = 300


@pytest.fixture
def portal(request: pytest.FixtureRequest) -> SandboxPortal:
    """300 companies where nights are lived through, the five of the small profile elsewhere."""
    portal = SandboxPortal(searches=1_000)
    if "nights" in request.fixturenames:
        generate_companies(portal, COMPANIES)
    else:
        portal.add_companies(pl.DataFrame(FIVE))
    return portal


@pytest.fixture
def nights(icp_sync: Command, portal: SandboxPortal, saas_profile: Path) -> Command:
    """Two nights with a day between on which people set tiers and values vanish."""
    assert saas_profile.exists()
    assert icp_sync("run").code == 0
    portal.ahead += DAY
    ids = company_ids(portal)
    for company in ids[:5]:
        portal.edit_company(company, {TIER: "tier_1"}, person_source(7))
    for company in ids[5:40]:
        portal.edit_company(company, {"industry": "", "country": "Singapore"})
    assert icp_sync("run", "--allow", "changed", "--allow", "leaving_tiers").code in {0, 4}
    return icp_sync


def plan_now(icp_sync: Command, folder: Path) -> Plan:
    ended = icp_sync("plan", "--out", folder / "plan.jsonl")
    assert ended.code == 0, ended.err
    with (folder / "plan.jsonl").open("rb") as lines:
        return plan_file.parse_plan_file(lines)


def offline_plan(loaded: LoadedProfile, tmp_path: Path) -> Plan:
    (portal_id,) = StateHome(tmp_path / "state").open(1, loaded.profile.name).snapshot.portals()
    store = StateHome(tmp_path / "state").open(portal_id, loaded.profile.name)
    _, preview = plan_offline(open_offline(store, loaded))
    return preview.plan


def loaded_from(profile: Path) -> LoadedProfile:
    return parse_profile(profile.read_bytes(), str(profile))


def facts(plan: Plan) -> dict[int, object]:
    """What a plan does to each company, but for the moment of the run."""
    return {
        change.id: (change.cause, change.before, {name: text for name, text in change.after.items() if name != MOMENT})
        for change in plan.iter_changes()
    }


EDITS = (("", ""), ("weight: 20", "weight: 35"), ("enter: 80, leave: 75", "enter: 70, leave: 66, capacity: 40"))
"""Nothing, a weight, and thresholds with fewer places."""


@pytest.mark.long
@pytest.mark.slow
def test_offline_shows_what_plan_shows(
    nights: Command, saas_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = saas_profile.read_text().partition("\ntests:")[0]
    for was, now in EDITS:
        assert was in text
        saas_profile.write_text(text.replace(was, now, 1) if was else text)
        with monkeypatch.context() as tokenless:
            tokenless.delenv("HUBSPOT_ACCESS_TOKEN")
            offline = offline_plan(loaded_from(saas_profile), tmp_path)
        plan = plan_now(nights, tmp_path)
        assert facts(offline) == facts(plan)
        assert offline.population == plan.population
        assert offline.lists == plan.lists
        assert offline.guardrails == plan.guardrails


def offline_of(tmp_path: Path, text: str) -> OfflineSource:
    loaded = parse_profile(text.encode(), "small.yaml")
    (portal_id,) = StateHome(tmp_path / "state").open(1, "small").snapshot.portals() or {1}
    return open_offline(StateHome(tmp_path / "state").open(portal_id, "small"), loaded)


SMALL = (PROFILES / "small.yaml").read_text()


def test_with_no_reading_there_is_nothing_to_score(tmp_path: Path) -> None:
    with pytest.raises(NothingToScore, match="there is no snapshot yet; run icp-sync plan first"):
        offline_of(tmp_path, SMALL)


def test_a_plan_alone_is_a_reading(icp_sync: Command, tmp_path: Path) -> None:
    assert icp_sync("plan").code == 0
    _, preview = plan_offline(offline_of(tmp_path, SMALL))
    assert preview.plan.population.tiers == {"tier_1": 1, "tier_2": 2, "tier_3": 0}


def test_an_edit_is_said(written: Command, tmp_path: Path) -> None:
    assert written is not None
    assert offline_of(tmp_path, SMALL).edited is False
    assert offline_of(tmp_path, SMALL.replace("weight: 60", "weight: 61")).edited is True


def test_a_property_never_read_is_named(written: Command, tmp_path: Path) -> None:
    assert written is not None
    edited = SMALL.replace("property: numberofemployees", "property: annualrevenue")
    with pytest.raises(NothingToScore, match="the last reading lacks annualrevenue, which the profile reads now"):
        offline_of(tmp_path, edited)


def test_a_portal_that_is_not_remembered_is_read_again(written: Command, tmp_path: Path) -> None:
    assert written is not None
    (file,) = (tmp_path / "state").glob("portal.*.json")
    file.write_text("{")
    with pytest.raises(NothingToScore, match="said of itself is not remembered; run icp-sync plan once"):
        offline_of(tmp_path, SMALL)


@pytest.mark.slow
@pytest.mark.parametrize("command", [("report", "--out", "page.html"), ("shopping-list",), ("compare", "other.yaml")])
def test_an_edited_profile_by_which_more_lost_inputs_count_asks_nobody(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    # Of 40 employees and more the range tells as much as the number that is lost; of 100 it does not.
    profile, text = tmp_path / "icp.yaml", (PROFILES / "small.yaml").read_text()
    wide = text.replace("property: numberofemployees", "properties: [numberofemployees, hs_employee_range]")
    profile.write_text(wide.replace("{at_least: 100}", "{at_least: 40}"))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(profile))
    (company, *_) = company_ids(portal)
    portal.edit_company(company, {"numberofemployees": "150", "hs_employee_range": "51-200"})
    assert icp_sync("run").code == 0
    portal.ahead += DAY
    portal.edit_company(company, {"numberofemployees": ""})
    assert icp_sync("plan").code == 0
    (tmp_path / "other.yaml").write_text(wide.replace("name: small", "name: other"))
    if command[0] != "compare":
        profile.write_text(wide)
    portal.calls.reset()
    ended = icp_sync(*command)
    assert (ended.code, ended.err) == (0, ended.err), ended.err
    assert portal.calls.total == 0
