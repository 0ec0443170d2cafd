"""What a token must be granted, by command, as docs/reference/commands.md says: no more, and for writers no less."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE, FULL_TOKEN
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import Command
from tests.marks import with_slow

READING = frozenset({"crm.objects.companies.read", "crm.lists.read"})
WRITING = READING | {"crm.objects.companies.write", "crm.schemas.companies.write", "crm.lists.write"}
NEEDED = sorted(WRITING - {"crm.schemas.companies.write"})


@pytest.mark.slow
@pytest.mark.parametrize("command", [("plan",), ("explain", "alpha.de"), ("check", "--portal"), ("doc", "--portal")])
def test_reading_commands_need_the_reading_scopes(
    icp_sync: Command, portal: SandboxPortal, command: tuple[str, ...]
) -> None:
    portal.tokens[FULL_TOKEN] = READING
    assert icp_sync(*command).code == 0


@pytest.mark.slow
def test_undo_and_release_need_no_more_than_run(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.tokens[FULL_TOKEN] = WRITING
    assert icp_sync("run").code == 0
    portal.edit_company(
        min(map(int, portal.filled_values())), {"hs_ideal_customer_profile": "tier_3"}, person_source(12)
    )
    assert icp_sync("run", "--json").document["overrides"]["open"] == 1
    assert icp_sync("release", "--all", "--yes").code == 0
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["causes"]) == (0, {"released": 1})
    portal.tokens[FULL_TOKEN] = WRITING - {"crm.schemas.companies.write"}
    ended = icp_sync("undo", "last", "--yes", "--json")
    assert (ended.code, ended.document["applied"]["companies"]) == (0, 1)


@pytest.mark.parametrize("scope", with_slow(NEEDED[:2], NEEDED[2:]))
def test_a_run_says_which_scope_it_lacks(icp_sync: Command, portal: SandboxPortal, scope: str) -> None:
    portal.tokens[FULL_TOKEN] = EVERY_SCOPE - {scope}
    ended = icp_sync("run", "--json")
    assert (ended.code > 0, ended.document["error"]["code"]) == (True, "missing_scope")
    assert scope in ended.document["error"]["message"] + "".join(ended.document["error"]["details"])


def test_a_run_and_doctor_take_the_other_scope_by_which_hubspot_lets_lists_be_written(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.tokens[FULL_TOKEN] = WRITING - {"crm.lists.write"} | {"cms.membership.access_groups.write"}
    assert (icp_sync("doctor").code, icp_sync("run").code) == (0, 0)
    assert portal.list_members("Small Tier 1")


@pytest.mark.slow
@pytest.mark.parametrize("command", [("history",), ("show", "last"), ("overrides",), ("release", "--all", "--yes")])
def test_commands_about_what_is_remembered_need_no_token(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    icp_sync("run")
    portal.edit_company(
        min(map(int, portal.filled_values())), {"hs_ideal_customer_profile": "tier_3"}, person_source(12)
    )
    icp_sync("run")
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    portal.calls.reset()
    assert (icp_sync(*command).code, portal.calls.total) == (0, 0)
