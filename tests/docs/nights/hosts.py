"""Bad nights of two hosts: one dies in the middle of its work, one runs another branch of the profile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Final
from unittest.mock import patch

from sqlalchemy import NullPool, create_engine, text

from tests.docs.nights.office import Office

UPDATE: Final = "POST /crm/objects/companies/batch/update"


def a_host_dies(office: Office) -> Iterator[tuple[str, str]]:
    """In its second batch; the ledger of both is in PostgreSQL."""
    ids = sorted(office.tiers())
    office.portal.edit_companies({company: {"numberofemployees": "80"} for company in ids[160:]})
    office.prompt = "cron-1 $"
    _killed_in_its_second_batch(office)
    office.transcript += [f"{office.prompt} icp-sync run --quiet", "Killed"]
    office.prompt = "cron-2 $"
    with patch.dict(os.environ, ICP_SYNC_STATE=str(office.folder / "cron-2")):
        assert office.types("run") == 1
        yield "two_hosts", office.taken()
        _two_minutes_later()
        office.inbox.requests.clear()
        assert office.types("run", shown=3) == 0
        assert {office.portal.company(company)["icp_fit_score"] for company in ids[160:]} == {"25"}
    yield "two_hosts_later", office.taken()


def two_branches(office: Office) -> Iterator[tuple[str, str]]:
    """Each host has a ledger of its own, and one of them a branch of the profile with other weights."""
    with patch.dict(os.environ, ICP_SYNC_STATE=str(office.folder / "cron-2")):
        office.edits_profile("weight: 35", "weight: 34")
        office.edits_profile("weight: 25", "weight: 26")
        assert office.runs() == 0
    office.edits_profile("weight: 34", "weight: 35")
    office.edits_profile("weight: 26", "weight: 25")
    office.sleeps()
    before = office.portal.state_digest()
    office.prompt = "cron-1 $"
    assert office.types("run") == 4
    assert office.portal.state_digest() == before
    yield "two_branches", office.taken()


def _killed_in_its_second_batch(office: Office) -> None:
    """A run in a process of its own, killed once HubSpot has taken a batch, before it hears so."""
    running: list[subprocess.Popen[bytes]] = []
    batches = 0

    def kill(_: int, route: str, phase: str) -> bool:
        nonlocal batches
        batches += (route, phase) == (UPDATE, "after")
        if batches == 2 and running[0].poll() is None:
            running[0].send_signal(signal.SIGKILL)
        return batches >= 2

    end = office.portal.add_call_hook(kill)
    with office.portal.lock:  # it comes to its first call once it can be killed
        running.append(subprocess.Popen([sys.executable, "-m", "icp_sync", "run", "--quiet"]))
    assert running[0].wait() == -signal.SIGKILL
    end()


def _two_minutes_later() -> None:
    """By the clock of the database, which nobody can set ahead: so the lease is."""
    url = os.environ["ICP_SYNC_STATE_URL"].replace("postgresql://", "postgresql+psycopg://")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE lease SET expires_at = clock_timestamp()"))
