"""What if, on a real state: an edited profile judges the last reading as `plan` would by the edited file."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest

from icp_sync.profile import templates
from icp_sync.profile.edits.edit_types import Edits
from icp_sync.profile.edits.edited_profile import apply_edits
from icp_sync.profile.edits.text import edit_text
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.runs.snapshot_scoring import open_offline, plan_offline
from icp_sync.runs.whatif import SnapshotWhatIf
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.history_sources import person_source
from icp_sync.state.home import StateHome
from icp_sync.state.store import StateStore
from tests.cli.conftest import DAY, Command, company_ids
from tests.scoring.random_edits import random_edit

TIER = "hs_ideal_customer_profile"
COLUMNS = ("id", "score", "potential", "coverage", "outcome", "reached", "tier")
EDITS: tuple[Edits, ...] = (
    {},
    {("criteria", "stack", "weight"): 60},
    {("criteria", "employees", "match", "at_most"): 500, ("tiers", "tier_3", "enter"): 30},
    {("tiers", "tier_1", "enter"): 65, ("tiers", "tier_1", "leave"): 60, ("tiers", "tier_1", "capacity"): 3},
    {("criteria", "industry"): None, ("required",): ("place", "employees")},
)

EDITS_OF_A_TEMPLATE = 3


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal(searches=1_000)
    generate_companies(portal, 400)
    return portal


@pytest.fixture
def nights(icp_sync: Command, portal: SandboxPortal, saas_profile: Path) -> Command:
    """A night; a day on which people set and lock tiers and values vanish; and a second night that plans, or runs."""
    assert saas_profile.exists()
    return live_through(icp_sync, portal)


def live_through(icp_sync: Command, portal: SandboxPortal) -> Command:
    """A night, and a day on which people work in the portal."""
    assert icp_sync("run").code == 0
    portal.ahead += DAY
    ids = company_ids(portal)
    for company in ids[:12]:
        portal.edit_company(company, {TIER: "tier_1"}, person_source(7))
    for company in ids[12:120]:
        portal.edit_company(company, {"industry": "", "country": ""})
    return icp_sync


def store_of(tmp_path: Path, profile: str = "s2-saas") -> StateStore:
    (portal_id,) = StateHome(tmp_path / "state").open(1, profile).snapshot.portals()
    return StateHome(tmp_path / "state").open(portal_id, profile)


def check(whatif: SnapshotWhatIf, store: StateStore, loaded: LoadedProfile, edits: Edits) -> None:
    """Company by company: scores, tiers, what stands after a run, and the reasons."""
    edited = parse_profile(edit_text(loaded.text, edits, "icp.yaml"), "icp.yaml")
    scored, preview = plan_offline(open_offline(store, edited))
    trial = whatif.judge(apply_edits(loaded, edits))
    companies = trial.verdict.companies
    expected = scored.scores.frame

    assert companies.filter(pl.col("outcome").is_not_null()).select(COLUMNS).equals(expected.select(COLUMNS))
    stands = preview.diff.filter("in_scope", ~pl.col("quarantined")).select("id", stands="effective_tier")
    assert companies.join(stands, on="id", how="semi").select("id", "stands").equals(stands)
    reasons = dict(expected.select("id", "reasons").iter_rows())
    assert whatif.reasons(trial, expected["id"].to_list()) == reasons


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("second", ["plan", "run"])
def test_an_edit_is_judged_as_plan_would(nights: Command, saas_profile: Path, tmp_path: Path, second: str) -> None:
    assert nights(second, *(["--allow", "changed", "--allow", "leaving_tiers"] if second == "run" else [])).code in {
        0,
        4,
    }
    store, loaded = store_of(tmp_path), parse_profile(saas_profile.read_bytes(), "icp.yaml")
    whatif = SnapshotWhatIf(open_offline(store, loaded))
    for edits in EDITS:
        check(whatif, store, loaded, edits)
    random = Random(second)
    for _ in range(6):
        check(whatif, store, loaded, random_edit(loaded, random)[0])


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("template", templates.template_names())
def test_an_edit_of_any_template_is_judged_as_plan_would(
    icp_sync: Command, portal: SandboxPortal, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "icp.yaml"
    file.write_text(templates.template_text(template))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(file))
    assert live_through(icp_sync, portal)("plan").code in {0, 4}
    store, loaded = store_of(tmp_path, template), parse_profile(file.read_bytes(), "icp.yaml")
    whatif, random = SnapshotWhatIf(open_offline(store, loaded)), Random(template)

    for _ in range(EDITS_OF_A_TEMPLATE):
        check(whatif, store, loaded, random_edit(loaded, random)[0])
