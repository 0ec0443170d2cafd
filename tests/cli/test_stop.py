"""A safe stop: signals to a real process in the middle of writing, and a second run that finishes the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import polars as pl
import pytest

from icp_sync.sandbox import Address, SandboxPortal, serving
from tests.cli.conftest import PROFILES

COMPANIES = 3_000


@pytest.fixture
def portal() -> SandboxPortal:
    """Enough companies for thirty batches."""
    portal = SandboxPortal()
    names = {"name": [f"Firm {n}" for n in range(COMPANIES)], "country": ["DE"] * COMPANIES}
    portal.add_companies(pl.DataFrame(names))
    return portal


@pytest.fixture
def address(portal: SandboxPortal) -> Iterator[Address]:
    """The portal on loopback, each answer taking a little, so that a stop finds the run writing."""
    portal.latency = 0.02
    with serving(portal) as address:
        yield address


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 5), (signal.SIGINT, 130)])
def test_a_signal_while_writing_stops_after_the_calls_in_flight(
    portal: SandboxPortal, address: Address, tmp_path: Path, number: int, code: int
) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(portal, "POST /crm/objects/companies/batch/update")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    document = orjson.loads(out)
    written = portal.companies("icp_fit_outcome").drop_nulls("icp_fit_outcome").height
    assert process.returncode == code
    assert 0 < document["applied"]["companies"] == written < COMPANIES
    assert "Traceback" not in err.decode()


def test_the_next_run_writes_just_the_rest(portal: SandboxPortal, address: Address, tmp_path: Path) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(portal, "POST /crm/objects/companies/batch/update")
    process.send_signal(signal.SIGTERM)
    first = orjson.loads(process.communicate(timeout=60)[0])
    second = orjson.loads(_start(address, tmp_path, "run", "--json", "--quiet").communicate(timeout=60)[0])
    assert first["applied"]["companies"] + second["applied"]["companies"] == COMPANIES
    assert second["guardrails"][0]["held"] is False


def test_a_signal_before_the_first_write_writes_nothing(
    portal: SandboxPortal, address: Address, tmp_path: Path
) -> None:
    process = _start(address, tmp_path, "run", "--json", "--quiet")
    _wait_for(portal, "GET /crm/objects/companies")
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert orjson.loads(out)["error"]["code"] == "stopped"
    assert "POST /crm/objects/companies/batch/update" not in portal.calls.by_route


def _start(address: Address, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    settings = {
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"),
        "ICP_SYNC_STATE": str(folder / "state"),
    }
    command = [sys.executable, "-m", "icp_sync", *arguments]
    return subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
    )


def _wait_for(portal: SandboxPortal, route: str) -> None:
    """Until the portal has answered such a call; the portal's own log is the clock."""
    while not portal.calls.by_route[route]:
        os.sched_yield()
