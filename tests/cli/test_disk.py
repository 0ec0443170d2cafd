"""A state directory that cannot be written, or not any more: nothing is sent that was not announced, nothing is lost.

Root may write anywhere, so the command runs as an unprivileged user, and the disk that fills is a small tmpfs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from icp_sync.sandbox import PortalAddress, SandboxPortal
from icp_sync.state.ledger.written_changes import AnnouncedBatch
from tests.cli.conftest import PROFILES, crowd
from tests.marks import with_slow
from tests.read_ledger import recorded_runs

COMPANIES = 3_000
NOBODY = 65534
UPDATE = "POST /crm/objects/companies/batch/update"


@dataclass(frozen=True, slots=True)
class Unprivileged:
    """`icp-sync` as a user who may write nowhere but in `state`."""

    address: PortalAddress
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def __call__(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """The exit code and the document."""
        settings = {
            "HUBSPOT_BASE_URL": self.address.url,
            "HUBSPOT_ACCESS_TOKEN": self.address.token,
            "ICP_SYNC_PROFILE": str(self.folder / "small.yaml"),
            "ICP_SYNC_STATE": str(self.state),
            "HOME": str(self.folder),
        }
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        command = [*user, sys.executable, "-m", "icp_sync", *arguments, "--json", "--quiet"]
        ended = subprocess.run(
            command, cwd=self.folder, env={**os.environ, **settings}, check=False, capture_output=True
        )
        assert b"Traceback" not in ended.stderr
        return ended.returncode, orjson.loads(ended.stdout)

    def batches(self) -> tuple[AnnouncedBatch, ...]:
        """What the first run announced."""
        return recorded_runs(self.state)[0].batches


@pytest.fixture
def portal() -> SandboxPortal:
    """Enough companies for thirty batches."""
    return crowd(COMPANIES)


@pytest.fixture
def unprivileged(address: PortalAddress) -> Iterator[Unprivileged]:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("becoming another user needs root and setpriv")
    with tempfile.TemporaryDirectory(prefix="icp_sync-disk-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        shutil.copy(PROFILES / "small.yaml", folder)
        (folder / "state").mkdir()
        os.chown(folder / "state", NOBODY, NOBODY)
        probe = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", sys.executable, "-c", "import icp_sync"]
        if subprocess.run(probe, cwd=folder, check=False, capture_output=True).returncode != 0:
            pytest.skip("an unprivileged user cannot read this working tree")
        yield Unprivileged(address, folder)


@pytest.fixture
def small_disk(unprivileged: Unprivileged) -> Iterator[Unprivileged]:
    """The state directory is a disk of its own, with room for two or three batches' lines."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size=256k,mode=0700,uid={NOBODY}", "tmpfs", str(unprivileged.state)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a tmpfs is not allowed here")
    try:
        yield unprivileged
    finally:
        subprocess.run(["umount", str(unprivileged.state)], check=True)  # noqa: S607 (root's own umount)


def written(portal: SandboxPortal) -> int:
    if "icp_fit_outcome" not in portal.schema.definitions:
        return 0
    return portal.companies_frame("icp_fit_outcome").drop_nulls("icp_fit_outcome").height


@pytest.mark.parametrize("closed", with_slow(["the ledger"], ["the directory"]))
def test_a_state_that_may_only_be_read_is_said_before_the_first_write(
    unprivileged: Unprivileged, portal: SandboxPortal, closed: str
) -> None:
    if closed == "the ledger":
        (unprivileged.state / "ledger.db").touch(mode=0o400)
    else:
        os.chown(unprivileged.state, 0, 0)
        unprivileged.state.chmod(0o555)
    code, document = unprivileged("run")
    assert (code, document["error"]["code"], portal.calls.by_route.get(UPDATE, 0)) == (1, "state", 0)
    assert "writable for this user" in document["error"]["message"]
    assert str(unprivileged.state) in document["error"]["message"]
    assert "icp_fit_score" not in portal.schema.definitions


@pytest.mark.slow
def test_a_disk_that_is_full_already_is_said_before_the_first_write(
    small_disk: Unprivileged, portal: SandboxPortal
) -> None:
    _fill(small_disk)
    code, document = small_disk("run")
    assert (code, document["error"]["code"], portal.calls.by_route.get(UPDATE, 0)) == (1, "state", 0)
    assert "disk is full" in document["error"]["message"] or "No space left" in document["error"]["message"]


@pytest.mark.long
@pytest.mark.slow
def test_a_disk_that_fills_in_the_middle_stops_the_run_and_loses_nothing(
    small_disk: Unprivileged, portal: SandboxPortal
) -> None:
    code, document = small_disk("run")
    assert (code, document["error"]["code"]) == (5, "partly_applied")
    assert "disk is full; free some space there" in document["error"]["message"]
    assert 0 < document["applied"]["companies"] == written(portal) < COMPANIES
    batches = small_disk.batches()
    announced = [change.id for batch in batches for change in batch.changes]
    assert portal.calls.by_route[UPDATE] == len(batches)
    assert set(portal.companies_frame("icp_fit_outcome").drop_nulls("icp_fit_outcome")["id"]) == set(announced)
    _give_room(small_disk)
    code, document = small_disk("run")
    assert (code, document["applied"]["companies"]) == (0, COMPANIES - len(announced))
    assert written(portal) == COMPANIES


def _fill(disk: Unprivileged) -> None:
    """Leave room for the lock only, which takes none."""
    (disk.state / "lock").touch()
    os.chown(disk.state / "lock", NOBODY, NOBODY)
    with (disk.state / "rubbish").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def _give_room(disk: Unprivileged) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk.state)], check=True)  # noqa: S607 (root's own mount)
