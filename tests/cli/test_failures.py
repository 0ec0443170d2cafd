"""Bad input and bad luck: one clear sentence, the right exit code, the token nowhere, no call too early."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from icp_sync.cli import main
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.sandbox.auth import EVERY_SCOPE
from tests.cli.conftest import PROFILES, Command, Ended

SECRET = "pat-eu1-very-secret-0000"


def test_a_bad_profile_ends_before_any_call(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text((PROFILES / "small.yaml").read_text().replace("weight: 60", "wieght: 60"))
    ended = icp_sync("run", "--profile", bad, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "profile_invalid")
    assert any("did you mean weight" in detail for detail in ended.document["error"]["details"])
    assert portal.calls.total == 0


def test_no_profile_at_all_says_how_to_make_one(icp_sync: Command, tmp_path: Path) -> None:
    ended = icp_sync("run", "--profile", tmp_path / "none.yaml")
    assert ended.code == 2
    assert "icp-sync init" in ended.err


def test_no_token(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "authentication")


def test_a_wrong_token_is_named_nowhere(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", SECRET)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "authentication")
    assert SECRET not in ended.out + ended.err
    assert len(ended.err.splitlines()) < 10


def test_a_missing_scope_is_named(icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    portal.tokens[SECRET] = EVERY_SCOPE - {"crm.objects.companies.write"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", SECRET)
    ended = icp_sync("run", "--json")
    assert "crm.objects.companies.write" in ended.document["error"]["message"]
    assert SECRET not in ended.out + ended.err


@pytest.mark.slow
def test_a_token_that_may_not_make_properties_gets_the_list_to_make_by_hand(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.tokens[SECRET] = EVERY_SCOPE - {"crm.schemas.companies.write"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", SECRET)
    ended = icp_sync("run", "--json")
    assert ended.code == 1
    assert any(detail.startswith("icp_fit_score:") for detail in ended.document["error"]["details"])


def test_another_portal_than_asked_for_is_refused(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", "42")
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "wrong_portal")


def test_a_bad_setting_is_named_without_its_value(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_BASE_URL", "http://evil.example/path")
    ended = icp_sync("run", "--json")
    assert ended.code == 2
    assert "HUBSPOT_BASE_URL" in ended.document["error"]["message"]
    assert "evil.example" not in ended.out + ended.err


def test_a_property_the_portal_lacks_comes_with_near_names(icp_sync: Command, tmp_path: Path) -> None:
    typo = tmp_path / "typo.yaml"
    text = (PROFILES / "small.yaml").read_text()
    typo.write_text(text[: text.index("tests:")].replace("numberofemployees, w", "numberofemployes, w"))
    ended = icp_sync("run", "--profile", typo, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "preflight")
    assert "did you mean numberofemployees" in ended.document["error"]["details"][0]


def test_a_portal_without_target_accounts_names_the_custom_property(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve_in_thread(SandboxPortal(target_accounts=False)) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", address.token)
        code = main(["plan", "--json", "--profile", str(PROFILES / "small.yaml"), "--state", str(tmp_path)])
    document = json.loads(capsys.readouterr().out)
    assert code == 1
    assert any("icp_tier" in detail for detail in document["error"]["details"])


def test_our_name_in_another_group_is_refused_naming_both(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.add_property("icp_fit_score", "number")
    ended = icp_sync("run", "--json")
    assert ended.code == 1
    assert any("companyinformation" in detail and "icp_sync" in detail for detail in ended.document["error"]["details"])


@pytest.mark.slow
def test_a_list_of_somebody_else_is_refused_until_adopted(icp_sync: Command, portal: SandboxPortal) -> None:
    _make_list(portal, "Small Tier 1")
    refused = icp_sync("run", "--json")
    assert refused.code == 1
    assert "adopt-list:Small Tier 1" in refused.document["error"]["details"][0]
    assert not [route for route in portal.calls.by_route if "update" in route]
    assert icp_sync("run", "--allow", "adopt-list:Small Tier 1").code == 0
    assert icp_sync("plan", "--exit-code").code == 0


@pytest.mark.parametrize(
    "arguments", [["--json", "nonsense"], ["run", "--json", "--nope"], ["run", "--json", "--allow", "x"]]
)
def test_usage_errors_have_a_document_too(icp_sync: Command, arguments: list[str]) -> None:
    ended = icp_sync(*arguments)
    assert ended.code == 2
    assert _error(ended)["code"] == "usage"


def test_a_second_run_on_the_same_state_ends_at_once(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    from icp_sync.state.directory import StateDirectory

    with StateDirectory.open(tmp_path / "state").lock():
        ended = icp_sync("run", "--json")
    assert (ended.code, _error(ended)["code"]) == (1, "lock_held")
    assert portal.calls.total == 1


def _error(ended: Ended) -> dict[str, object]:
    error: dict[str, object] = ended.document["error"]
    return error


def _make_list(portal: SandboxPortal, name: str) -> None:
    portal.lists.create({"name": name, "objectTypeId": "0-2", "processingType": "MANUAL"}, portal.now())


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_profile_whose_own_tests_fail_never_reaches_the_portal(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, command: str
) -> None:
    moved = tmp_path / "moved.yaml"
    moved.write_text((PROFILES / "small.yaml").read_text().replace("score: 100", "score: 99"))
    ended = icp_sync(command, "--profile", moved, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "profile_invalid")
    assert "a large German company" in ended.document["error"]["details"][0]
    assert portal.calls.total == 0


def test_a_list_to_adopt_is_one_the_profile_keeps(icp_sync: Command) -> None:
    assert icp_sync("plan", "--allow", "adopt-list:Nope").code == 2
