"""Contacts read under faults and kills: the same committees or a clean stop, nothing half kept, no contact anywhere."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from icp_sync.profile.load import parse_profile
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.faults.hooks import KillHook
from tests.cli.conftest import DAY, Command
from tests.cli.test_committees import LINKS, PROFILE, READ

COMPANIES: Final = 1_200
CONTACTS: Final = 900
CANARY: Final = "zqcanary"


@pytest.fixture
def portal() -> SandboxPortal:
    """Accounts in tier 1, more than one call's worth of links; every contact is a canary, and a decision maker."""
    portal = SandboxPortal(searches=1_000)
    portal.add_companies(pl.DataFrame({"name": [f"C{row}" for row in range(COMPANIES)], "country": ["DE"] * COMPANIES}))
    people = {
        "email": [f"{CANARY}{row}@{CANARY}.example" for row in range(CONTACTS)],
        "firstname": [f"{CANARY}first{row}" for row in range(CONTACTS)],
        "jobtitle": [f"CTO of {CANARY}{row}" for row in range(CONTACTS)],
    }
    portal.add_records("contacts", pl.DataFrame(people), [[one] for one in portal.companies_frame()["id"][:CONTACTS]])
    return portal


@pytest.fixture(autouse=True)
def profile(icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `icp_sync`, which names another profile."""
    assert callable(icp_sync)
    file = tmp_path / "people.yaml"
    file.write_text(json.dumps(PROFILE), encoding="utf-8")
    monkeypatch.setattr("icp_sync.cli.profile_loading.parse_profile", parse_profile)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(file))


def committees(portal: SandboxPortal) -> dict[str, int]:
    values = portal.filled_values(["icp_committee"]).values()
    texts = pl.Series([row.get("icp_committee") or "" for row in values])
    return dict(texts.value_counts().sort("").iter_rows())


DONE: Final = {"none": COMPANIES - CONTACTS, "partial": CONTACTS}


def kept(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / "state").rglob("committees.*"))]


def bytes_of(folder: Path, *shown: str) -> bytes:
    """Every byte of every file of a test, and what was shown."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return b"".join(path.read_bytes() for path in files) + "".join(shown).encode()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_fifth_of_the_calls_failing_changes_no_committee(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    caplog.set_level(logging.DEBUG)
    portal.faults.add("mixed", rate=0.2, seed=seed)
    ended = icp_sync("run", "--report", "page.html", "--json")
    portal.faults.clear()
    if ended.code == 0 and not [note for note in ended.document["reading"]["notes"] if "contacts" in note]:
        assert committees(portal) == DONE
    else:
        portal.ahead += DAY
        assert icp_sync("run", "--json").code == 0
        assert committees(portal) == DONE
    assert CANARY.encode() not in bytes_of(tmp_path, ended.out, ended.err, caplog.text).lower()


@pytest.mark.slow
@pytest.mark.parametrize(("route", "call"), [(LINKS, 2), (READ, 1), (READ, 9)])
def test_killed_while_contacts_are_read_nothing_half_is_kept(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, route: str, call: int
) -> None:
    portal.latency = 0.1
    child = subprocess.Popen(
        [sys.executable, "-m", "icp_sync", "run"],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    hook = KillHook(portal.calls, child.pid, call, route=route)
    portal.hooks.kills.append(hook)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == -9
    assert hook.struck == route
    assert kept(tmp_path) == []
    assert CANARY.encode() not in bytes_of(tmp_path, out.decode()).lower()
    portal.hooks.clear()
    portal.latency = 0.0
    assert icp_sync("run").code == 0
    assert committees(portal) == DONE
    assert len(kept(tmp_path)) == 1
    assert CANARY.encode() not in bytes_of(tmp_path).lower()


@pytest.mark.slow
def test_killed_on_a_later_night_what_was_known_stays_whole(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    assert icp_sync("run").code == 0
    before = kept(tmp_path)
    portal.ahead += 8 * DAY
    portal.calls.reset()
    portal.latency = 0.1
    child = subprocess.Popen(
        [sys.executable, "-m", "icp_sync", "run"],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    portal.hooks.kills.append(KillHook(portal.calls, child.pid, 4, route=READ))
    assert child.wait(60) == -9
    assert kept(tmp_path) == before
    portal.hooks.clear()
    portal.latency = 0.0
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["changes"]["companies"]) == (0, 0)
    assert committees(portal) == DONE
