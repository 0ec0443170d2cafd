"""`overrides --names` shows users by their e-mail addresses where HubSpot tells them, and never fails without."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE, FULL_TOKEN
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import Command
from tests.marks import with_slow

ANNA = 7_000_101
ADDRESS = "anna.becker@example.com"
OWNERS = "GET /crm/owners"


@pytest.fixture
def overridden(icp_sync: Command, portal: SandboxPortal) -> Command:
    """A tier that Anna set stands."""
    icp_sync("run")
    portal.edit_company(
        min(map(int, portal.filled_values())), {"hs_ideal_customer_profile": "tier_3"}, person_source(ANNA)
    )
    assert icp_sync("run").code == 0
    portal.calls.reset()
    return icp_sync


@pytest.mark.slow
def test_users_are_named_by_their_address_where_that_is_asked_for(
    overridden: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    (override,) = overridden("overrides", "--names", "--json").document["overrides"]
    assert (override["user_id"], override["email"]) == (str(ANNA), ADDRESS)
    assert portal.calls.by_route == {OWNERS: 1}
    overridden("overrides", "--names", "--csv", tmp_path / "standing.csv")
    assert f",{ADDRESS}," in (tmp_path / "standing.csv").read_text()
    kept = [file.read_bytes() for file in (tmp_path / "state").rglob("*") if file.is_file()]
    assert not any(ADDRESS.encode() in content for content in kept)


@pytest.mark.slow
def test_without_being_asked_no_call_is_made(overridden: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    (override,) = overridden("overrides", "--json").document["overrides"]
    assert (override["user_id"], "email" in override, portal.calls.total) == (str(ANNA), False, 0)
    overridden("overrides", "--csv", tmp_path / "standing.csv")
    assert f",user {ANNA}," in (tmp_path / "standing.csv").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("missing", with_slow(["the scope"], ["the token", "the portal"]))
def test_where_hubspot_names_nobody_users_are_numbers(
    overridden: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    if missing == "the token":
        monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    elif missing == "the scope":
        portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {"crm.objects.owners.read"}
    else:
        monkeypatch.setenv("HUBSPOT_BASE_URL", "http://127.0.0.1:9")
    ended = overridden("overrides", "--names", "--json")
    (override,) = ended.document["overrides"]
    assert (ended.code, override["user_id"], "email" in override) == (0, str(ANNA), False)
    assert ended.err.startswith("icp-sync: warning: users are shown by their ids: ")


def test_nobody_to_name_takes_no_call(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("run")
    portal.calls.reset()
    assert icp_sync("overrides", "--names", "--json").document["overrides"] == []
    assert portal.calls.total == 0
