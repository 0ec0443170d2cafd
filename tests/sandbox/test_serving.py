"""Serving in a thread, in the foreground, and the remote control."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from icp_sync.sandbox import SandboxPortal, serve_forever, serve_in_thread

from .conftest import Ask

FOREGROUND = """
from icp_sync.sandbox import SandboxPortal, serve_forever
serve_forever([SandboxPortal()], "127.0.0.1", 0, lambda url: print(url, flush=True))
print("ended")
"""


@pytest.fixture
def foreground() -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", FOREGROUND], stdout=subprocess.PIPE, text=True, cwd=root) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_foreground_portal_tells_its_url_and_ends_when_asked(
    foreground: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert foreground.stdout is not None
    url = foreground.stdout.readline().strip()
    with urllib3.PoolManager(retries=False) as pool:
        assert pool.request("GET", f"{url}/sandbox/calls").json()["total"] == 0
    os.kill(foreground.pid, number)
    assert foreground.stdout.read() == "ended\n"
    assert foreground.wait(10) == 0


def test_a_background_portal_leaves_no_thread_and_no_port() -> None:
    before = threading.active_count()
    with serve_in_thread(SandboxPortal()) as address:
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
    with pytest.raises(urllib3.exceptions.NewConnectionError), urllib3.PoolManager(retries=False) as pool:
        pool.request("GET", address.url)


def test_a_portal_is_never_opened_to_other_machines() -> None:
    with pytest.raises(ValueError, match=r"loopback address only, not on 0\.0\.0\.0"):
        serve_forever([SandboxPortal()], "0.0.0.0", 0, lambda _: None)  # noqa: S104 - that it is refused is the point


def test_the_control_counts_calls_but_not_itself(ask: Ask) -> None:
    ask("GET", "/crm/v3/objects/companies")
    counted = ask("GET", "/sandbox/calls", log="true").body
    assert (counted["total"], counted["statuses"]) == (1, {"200": 1})
    assert counted["spans"]["GET /crm/objects/companies"]["first"] == counted["log"][0][0]
    assert ask("POST", "/sandbox/calls/reset").status == 204
    assert ask("GET", "/sandbox/calls").body["total"] == 0


def test_the_control_switches_faults_and_edits_companies(ask: Ask, portal: SandboxPortal) -> None:
    assert ask("POST", "/sandbox/faults", {"kind": "503", "times": 1}).status == 204
    assert ask("GET", "/crm/v3/objects/companies").status == 503
    assert ask("POST", "/sandbox/faults", {"kind": "418"}).status == 400
    assert ask("DELETE", "/sandbox/faults").status == 204
    assert ask("POST", "/sandbox/companies/edit", {"id": 101, "properties": {"city": "Ulm"}}).status == 204
    assert portal.company(101)["city"] == "Ulm"


def test_account_details_tell_the_portal_from_another(ask: Ask) -> None:
    details = ask("GET", "/account-info/2026-03/details").body
    assert (details["portalId"], details["timeZone"], details["utcOffset"]) == (
        26112026,
        "Europe/Berlin",
        "+02:00",
    )
    usage = ask("GET", "/account-info/v3/api-usage/daily/private-apps").body["results"][0]
    assert (usage["currentUsage"], usage["usageLimit"], usage["resetsAt"]) == (
        2,
        1_000_000,
        "2026-09-21T22:00:00Z",
    )
