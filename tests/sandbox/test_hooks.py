"""Being told of every call, and killing who makes one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import urllib3

from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.sandbox.faults.hooks import KillHook

from .conftest import Answer, Ask

LIST = "/crm/v3/objects/companies"
UPDATE = "POST /crm/objects/companies/batch/update"

CLIENT = """
import sys, json, urllib.request
url, token = sys.argv[1:]
input()
for number in range(1, 5):
    body = {"inputs": [{"id": "101", "properties": {"city": str(number)}}]}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    path = "/crm/v3/objects/companies"
    urllib.request.urlopen(urllib.request.Request(url + path, headers=headers)).read()
    request = urllib.request.Request(url + path + "/batch/update", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).read()
    print(number, flush=True)
"""
"""Lists, then writes, four times; says so after each."""


def edit(ask: Ask, city: str) -> Answer:
    return ask("PATCH", f"{LIST}/101", {"properties": {"city": city}})


def test_a_hook_is_told_number_route_and_phase(ask: Ask, portal: SandboxPortal) -> None:
    calls: list[tuple[int, str, str, str | None]] = []
    end = portal.add_call_hook(lambda *call: calls.append((*call, portal.company(101).get("city"))))
    edit(ask, "Ulm")
    ask("GET", LIST)
    end()
    ask("GET", LIST)
    patch, pages = "PATCH /crm/objects/companies/{companyId}", "GET /crm/objects/companies"
    assert calls == [
        (1, patch, "before", None),
        (1, patch, "after", "Ulm"),
        (2, pages, "before", "Ulm"),
        (2, pages, "after", "Ulm"),
    ]


def test_numbers_begin_again_with_a_reset(ask: Ask, portal: SandboxPortal) -> None:
    numbers: list[int] = []
    portal.add_call_hook(lambda number, *_: numbers.append(number))
    ask("GET", LIST)
    portal.calls.reset()
    ask("GET", LIST)
    assert numbers == [1, 1, 1, 1]


def test_a_hook_may_edit_the_portal_between_two_pages(ask: Ask, portal: SandboxPortal) -> None:
    def meddle(number: int, _: str, phase: str) -> None:
        if (number, phase) == (2, "before"):
            portal.archive(103)

    portal.add_call_hook(meddle)
    first = ask("GET", LIST, limit=2).body
    assert ask("GET", LIST, limit=2, after=first["paging"]["next"]["after"]).body["results"] == []


@pytest.mark.parametrize(("phase", "done"), [("before", False), ("after", True)])
def test_a_hook_that_says_true_breaks_the_connection(
    ask: Ask, portal: SandboxPortal, phase: str, *, done: bool
) -> None:
    end = portal.add_call_hook(lambda _, __, now: now == phase)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        edit(ask, "Ulm")
    end()
    assert ("city" in portal.company(101)) is done
    assert portal.calls.statuses == {0: 1}
    assert edit(ask, "Bonn").status == 200


@pytest.fixture
def client(portal: SandboxPortal) -> Iterator[subprocess.Popen[str]]:
    """A client in a process of its own, waiting for a line to begin."""
    with serve_in_thread(portal) as address:
        command = [sys.executable, "-c", CLIENT, address.url, address.token]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield process
            process.kill()


@pytest.mark.parametrize(
    ("order", "line", "city"),
    [
        pytest.param({"call": 4, "when": "before"}, "1\n", "1", id="fourth call, not done"),
        pytest.param({"call": 4, "when": "after"}, "1\n", "2", id="fourth call, done and not answered"),
        pytest.param({"call": 3, "when": "before", "route": UPDATE}, "1\n2\n", "2", id="third write, not done"),
        pytest.param({"call": 3, "when": "after", "route": UPDATE}, "1\n2\n", "3", id="third write, done"),
    ],
)
def test_a_client_is_killed_at_a_chosen_call(
    client: subprocess.Popen[str], ask: Ask, portal: SandboxPortal, order: dict[str, object], line: str, city: str
) -> None:
    assert ask("POST", "/sandbox/kill", {"pid": client.pid, **order}, kind="application/json").status == 204
    out, _ = client.communicate("\n")
    assert (client.returncode, out, portal.company(101)["city"]) == (-signal.SIGKILL, line, city)
    assert ask("GET", "/sandbox/kill").body[0]["struck"] == UPDATE
    ask("DELETE", "/sandbox/kill")
    assert ask("GET", "/sandbox/kill").body == []


def test_a_signal_a_client_may_outlive_leaves_its_call_answered(
    client: subprocess.Popen[str], portal: SandboxPortal
) -> None:
    portal.hooks.kills.append(KillHook(portal.calls, client.pid, 2, when="after", signal="INT"))
    client.communicate("\n")
    assert portal.calls.statuses == {200: portal.calls.total}
    assert portal.company(101)["city"] == "1"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"pid": 1}, "1 is no process to be killed"),
        ({"pid": -5}, "-5 is no process"),
        ({"pid": True}, "True is no process"),
        ({"pid": os.getpid()}, "is no process"),
        ({"call": 1}, "call 1 cannot be waited for: 1 have come"),
        ({"when": "during"}, "when is before or after"),
        ({"signal": "STOP"}, "signal one of KILL, TERM, INT"),
        ({"name": "icp-sync"}, "unexpected keyword argument 'name'"),
    ],
)
def test_what_cannot_be_killed_is_refused(ask: Ask, order: dict[str, object], reason: str) -> None:
    ask("GET", LIST)
    answer = ask("POST", "/sandbox/kill", {"pid": 2**22, "call": 2, **order}, kind="application/json")
    assert (answer.status, reason in answer.body["message"]) == (400, True)


def test_a_web_page_cannot_send_a_kill(ask: Ask, portal: SandboxPortal) -> None:
    assert ask("POST", "/sandbox/kill", {"pid": 2**22, "call": 2}, kind="text/plain").status == 400
    assert portal.hooks.kills == []


def test_a_process_that_is_gone_already_harms_nobody(ask: Ask, portal: SandboxPortal) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    portal.hooks.kills.append(KillHook(portal.calls, process.pid, 1))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        ask("GET", LIST)
    assert "was gone" in str(ask("GET", "/sandbox/kill").body[0]["struck"])
