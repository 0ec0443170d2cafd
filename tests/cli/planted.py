"""Secrets planted in the settings of a command, and what may befall it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from icp_sync.sandbox import SandboxPortal
from tests.notify.server import Inbox
from tests.postgres import PASSWORD

TOKEN: Final = "pat-eu1-canary-of-the-token"
NOTIFY: Final = "canary-of-the-notify-url"
PING: Final = "canary-of-the-ping-url"
CANARIES: Final = (TOKEN, NOTIFY, PING, PASSWORD)


@dataclass(frozen=True, slots=True)
class Planted:
    """The portal, the service for messages and the switch for pings of an environment full of canaries.

    `stranger`: a server that speaks TLS and that nobody vouches for.
    """

    portal: SandboxPortal
    service: Inbox
    switch: Inbox
    stranger: Inbox
    state: Path
    stack: ExitStack

    def mount(self, *options: str) -> None:
        """Mount something over the state directory until the test ends; skips where that is not allowed."""
        command = ["mount", *options, str(self.state)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("mounting is not allowed here")
        # Lazily, since a ledger may still be open.
        self.stack.callback(subprocess.run, ["umount", "--lazy", str(self.state)], check=True)


Fail = Callable[[Planted, pytest.MonkeyPatch], None]


def nothing(_: Planted, __: pytest.MonkeyPatch) -> None:
    """All is well."""


def refused(planted: Planted, _: pytest.MonkeyPatch) -> None:
    planted.portal.tokens.clear()


def broken(planted: Planted, _: pytest.MonkeyPatch) -> None:
    planted.portal.faults.add("500", times=10_000)


def quoting(planted: Planted, _: pytest.MonkeyPatch) -> None:
    """It refuses a record, and says of which key."""
    for company in map(int, planted.portal.filled_values()):
        planted.portal.faults.reject_company(company, message=f"the key {TOKEN} may not write this record")


def moved(planted: Planted, _: pytest.MonkeyPatch) -> None:
    """The portal moves to another data centre once a run has begun to write."""
    planted.portal.faults.add("477", route="POST /crm/objects/companies/batch/update", times=10_000, seconds=3_600)


def unreachable(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_BASE_URL", "http://127.0.0.1:9")


def stranger(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody vouches for its certificate."""
    monkeypatch.setenv("HUBSPOT_BASE_URL", f"https://{planted.stranger.address}")
    monkeypatch.setenv("ICP_SYNC_PING", f"https://{planted.stranger.address}/{PING}")
    monkeypatch.setenv("ICP_SYNC_NOTIFY", f"jsons://{planted.stranger.address}/{NOTIFY}?retry=0&verify=no")


def no_state(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE", "/proc/nowhere")


def damaged(planted: Planted, _: pytest.MonkeyPatch) -> None:
    (planted.state / "ledger.db").write_bytes(b"rubbish" * 10_000)


def database_down(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"postgresql://icp:{PASSWORD}@127.0.0.1:9/ledger")


def bad_settings(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", f"'{TOKEN}'")
    monkeypatch.setenv("ICP_SYNC_PING", f"ftp://{PING}")


def bad_database(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"postgresql://icp:{PASSWORD}@[::bad/{PASSWORD}?sslmode={PASSWORD}")


def bad_addresses(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    planted.portal.tokens.clear()
    planted.switch.status = 500
    monkeypatch.setenv("ICP_SYNC_NOTIFY", f"nonsense://{NOTIFY} slack://{NOTIFY} json://127.0.0.1:9/{NOTIFY}?retry=0")


def disk_full(planted: Planted, _: pytest.MonkeyPatch) -> None:
    copy = shutil.copytree(planted.state, planted.state.with_name("copy"))
    pages = sum(-(-file.stat().st_size // 4096) for file in copy.rglob("*") if file.is_file())
    planted.mount("-t", "tmpfs", "-o", f"size={4 * pages + 64}k,mode=0700", "tmpfs")
    shutil.copytree(copy, planted.state, dirs_exist_ok=True)
    with (planted.state / "rubbish").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def read_only(planted: Planted, _: pytest.MonkeyPatch) -> None:
    planted.mount("--bind", str(planted.state))
    subprocess.run(["mount", "-o", "remount,ro,bind", str(planted.state)], check=True)  # noqa: S607 (root's own mount)


def crash(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        # Its words are kept, since they can only name code.
        raise AttributeError(f"{TOKEN} {NOTIFY} {os.environ['ICP_SYNC_PING']} {PING}")

    monkeypatch.setattr("icp_sync.runs.apply.batch.Batch.write", fail)
    monkeypatch.setattr("apprise.Apprise.notify", fail)
    monkeypatch.setattr("icp_sync.runs.notices.collect.collect_run_figures", fail)
