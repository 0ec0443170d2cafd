"""A safe stop: signals to a real process in the middle of writing, and a second run that finishes the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from icp_sync.cli.stop_signals import StopRequest, graceful_stop
from icp_sync.errors import RunStopped
from icp_sync.sandbox import PortalAddress, SandboxPortal, serve_in_thread
from tests.cli.conftest import PROFILES, crowd

COMPANIES = 3_000


@pytest.fixture
def portal() -> SandboxPortal:
    """Enough companies for thirty batches."""
    return crowd(COMPANIES)


@pytest.fixture
def address(portal: SandboxPortal) -> Iterator[PortalAddress]:
    """The portal on loopback, each answer taking a little, so that a stop finds the run writing."""
    portal.latency = 0.02
    with serve_in_thread(portal) as address:
        yield address


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 5),
        pytest.param(signal.SIGHUP, 5, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow),
    ],
)
def test_a_signal_while_writing_stops_after_the_calls_in_flight(
    portal: SandboxPortal, address: PortalAddress, tmp_path: Path, number: int, code: int
) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(process, portal, "POST /crm/objects/companies/batch/update")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    document = orjson.loads(out)
    written = _written(portal)
    assert process.returncode == code
    assert 0 < document["applied"]["companies"] == written < COMPANIES
    assert "Traceback" not in err.decode()


@pytest.mark.long
@pytest.mark.slow
def test_the_next_run_writes_just_the_rest(portal: SandboxPortal, address: PortalAddress, tmp_path: Path) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(process, portal, "POST /crm/objects/companies/batch/update")
    process.send_signal(signal.SIGTERM)
    first = orjson.loads(process.communicate(timeout=60)[0])
    second = orjson.loads(_start(address, tmp_path, "run", "--json", "--quiet").communicate(timeout=60)[0])
    assert first["applied"]["companies"] + second["applied"]["companies"] == COMPANIES
    assert second["guardrails"][0]["held"] is False


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 1), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "route", [pytest.param("GET /account-info/details", marks=pytest.mark.slow), "GET /crm/objects/companies"]
)
def test_a_signal_before_the_first_write_writes_nothing(
    portal: SandboxPortal, address: PortalAddress, tmp_path: Path, number: int, code: int, route: str
) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(process, portal, route)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert orjson.loads(out)["error"]["code"] == "stopped"
    assert "Traceback" not in err.decode()
    assert "POST /crm/objects/companies/batch/update" not in portal.calls.by_route


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 5), (signal.SIGINT, 130)])
def test_a_signal_while_lists_are_kept_leaves_the_rest_to_the_next_run(
    portal: SandboxPortal, address: PortalAddress, tmp_path: Path, number: int, code: int
) -> None:
    profile = tmp_path / "lists.yaml"
    lists = "".join(f"  - {{name: List {n}, kind: static, where: {{tier: [tier_2]}}}}\n" for n in range(10))
    profile.write_text((PROFILES / "small.yaml").read_text().replace("lists:\n", f"lists:\n{lists}"))
    process = _start(address, tmp_path, "run", "--json", "--quiet", "--profile", str(profile))
    _wait_for(process, portal, "POST /crm/lists")
    process.send_signal(number)
    first = orjson.loads(process.communicate(timeout=60)[0])
    second = orjson.loads(
        _start(address, tmp_path, "run", "--json", "--profile", str(profile)).communicate(timeout=60)[0]
    )
    assert process.returncode == code
    assert first["applied"]["companies"] == COMPANIES
    assert 0 < first["applied"]["lists"] < 12
    assert second["applied"]["companies"] == 0
    assert "error" not in second
    assert portal.calls.by_route["POST /crm/lists"] == 12


@pytest.mark.parametrize(
    "route",
    [pytest.param("GET /crm/objects/companies", marks=pytest.mark.slow), "POST /crm/objects/companies/batch/update"],
)
def test_a_second_ctrl_c_does_not_wait_for_the_calls_in_flight(
    portal: SandboxPortal, address: PortalAddress, tmp_path: Path, route: str
) -> None:
    portal.faults.add("slow", route=route, seconds=3_600)
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(process, portal, route)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert b"finishing the calls in flight" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert orjson.loads(out)["error"]["code"] == "stopped"
    assert b"stopped at once" in err


@pytest.mark.slow
def test_a_second_sigterm_is_as_patient_as_the_first(
    portal: SandboxPortal, address: PortalAddress, tmp_path: Path
) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(process, portal, "POST /crm/objects/companies/batch/update")
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 5
    assert 0 < orjson.loads(out)["applied"]["companies"] == _written(portal) < COMPANIES


def test_a_terminal_closed_while_writing_is_a_stop_that_is_remembered(
    portal: SandboxPortal, address: PortalAddress, tmp_path: Path
) -> None:
    """An SSH session that breaks off: nothing can be said any more, and the ledger knows all the same."""
    ours, theirs = os.openpty()
    process = _start(address, tmp_path, "run", "--quiet", output=theirs)
    os.close(theirs)
    _wait_for(process, portal, "POST /crm/objects/companies/batch/update")
    os.close(ours)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=60) == 5
    history = orjson.loads(_start(address, tmp_path, "history", "--json").communicate(timeout=60)[0])
    (run,) = history["runs"]
    assert (run["exit_code"], 0 < _written(portal) < COMPANIES) == (5, True)


def test_a_program_that_nohup_started_outlives_its_terminal() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with graceful_stop() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
        assert not stop.event.is_set()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_first_signal_decides_how_a_run_ends() -> None:
    stop = StopRequest()
    stop.handle_signal(signal.SIGINT, None)
    stop.handle_signal(signal.SIGTERM, None)
    assert (stop.interrupted, stop.event.is_set()) == (True, True)


@pytest.mark.parametrize(("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, RunStopped)])
def test_a_signal_is_an_answer_to_a_question(number: int, raised: type[BaseException]) -> None:
    stop = StopRequest()
    with stop.prompting(), pytest.raises(raised):
        stop.handle_signal(number, None)
    assert not stop.event.is_set()


def _start(
    address: PortalAddress, folder: Path, *arguments: str, output: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    settings = {
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"),
        "ICP_SYNC_STATE": str(folder / "state"),
    }
    command = [sys.executable, "-m", "icp_sync", *arguments]
    return subprocess.Popen(command, env={**os.environ, **settings}, stdout=output, stderr=output, cwd=folder)


def _written(portal: SandboxPortal) -> int:
    return portal.companies_frame("icp_fit_outcome").drop_nulls("icp_fit_outcome").height


def _wait_for(process: subprocess.Popen[bytes], portal: SandboxPortal, route: str) -> None:
    """Until the portal has been asked for that, by its own log; a process that ends before fails the test."""
    while not portal.calls.by_route[route]:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.01)
            raise AssertionError(process.communicate())
