"""Several portals behind one address, as HubSpot's are: the token of a call says which one it is for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from icp_sync import sandbox
from icp_sync.cli.sandbox import sandbox_command
from icp_sync.sandbox import SandboxPortal, serve_in_thread

Start = Callable[..., list[SandboxPortal]]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Portals as the command line makes them."""

    def made(*options: str) -> list[SandboxPortal]:
        served: list[SandboxPortal] = []
        monkeypatch.setattr(sandbox, "serve_forever", lambda portals, *_: served.extend(portals))
        assert CliRunner().invoke(sandbox_command, options, standalone_mode=False).exception is None
        return served

    return made


@pytest.fixture
def portals(start: Start) -> list[SandboxPortal]:
    """Three portals, with a fault in the second alone."""
    return start("--portals", "3", "--companies", "4", "--fault", "2:503=1")


def ask(url: str, token: str | None) -> tuple[int, Any]:
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})  # noqa: S310 - loopback
    try:
        with urlopen(request) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, None


def test_a_token_leads_to_its_portal_and_faults_stay_with_theirs(portals: list[SandboxPortal]) -> None:
    with serve_in_thread(*portals) as address:
        answers = [ask(f"{address.url}/account-info/v3/details", portal.token) for portal in portals]
        assert [status for status, _ in answers] == [200, 503, 200]
        assert [body["portalId"] for _, body in answers if body] == [portals[0].portal_id, portals[2].portal_id]
        assert ask(f"{address.url}/account-info/v3/details", "pat-eu1-revoked")[0] == 401
        calls = [ask(f"{address.url}/sandbox/calls", portal.token)[1]["total"] for portal in portals]
    assert calls == [1, 1, 1]
    assert len({portal.state_digest()["companies"]["digest"] for portal in portals}) == 3


@pytest.mark.parametrize("fault", ["4:503=1", "0:503=1"])
def test_a_fault_of_a_portal_there_is_not_is_refused(fault: str) -> None:
    options = ["--portals", "3", "--companies", "0", "--fault", fault]
    refused = CliRunner().invoke(sandbox_command, options, standalone_mode=False)
    assert "the portals are 1 to 3" in str(refused.exception)


def test_each_token_is_printed_under_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sandbox, "serve_forever", lambda _, __, ___, ready: ready("http://127.0.0.1:1"))
    shown = CliRunner().invoke(sandbox_command, ["--portals", "2", "--companies", "0"], standalone_mode=False).stdout
    names = [line.removeprefix("export ").partition("=")[0] for line in shown.splitlines()]
    assert names == ["HUBSPOT_BASE_URL", "PORTAL_1_TOKEN", "PORTAL_2_TOKEN"]


def test_each_start_is_a_new_portal_so_that_no_state_of_another_is_taken_for_its_own(start: Start) -> None:
    generated = [start("--companies", "4")[0].portal_id for _ in range(3)]
    several = [portal.portal_id for portal in start("--portals", "3", "--companies", "0")]
    assert len({*generated, *several}) == 6
    assert several == [several[0], several[0] + 1, several[0] + 2]


def test_a_portal_id_may_be_named_for_what_expects_it(start: Start) -> None:
    made = start("--portals", "2", "--companies", "0", "--first-portal-id", "500")
    assert [portal.portal_id for portal in made] == [500, 501]
