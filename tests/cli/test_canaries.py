"""Four secrets are planted, and whatever fails, nothing a command prints, writes or sends to people holds one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE
from tests.cli.conftest import Command
from tests.cli.test_plan import hold
from tests.notify.server import Inbox, inbox

TOKEN: Final = "pat-eu1-canary-of-the-token"
NOTIFY: Final = "canary-of-the-notify-url"
PING: Final = "canary-of-the-ping-url"
PASSWORD: Final = "canary-of-the-password"
CANARIES: Final = (TOKEN, NOTIFY, PING, PASSWORD)
COMMANDS: Final = (
    ("doctor",),
    ("plan", "--out", "plan.jsonl", "--csv", "plan.csv"),
    ("apply", "plan.jsonl"),
    ("run", "--json"),
    ("backfill", "--yes", "--full"),
    ("retry-failed",),
    ("explain", "alpha.de"),
    ("check", "--portal"),
    ("run", "--no-such-option"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """The portal, the service for messages and the switch for pings of an environment full of canaries.

    `stranger`: a server that speaks TLS and that nobody vouches for.
    """

    portal: SandboxPortal
    service: Inbox
    switch: Inbox
    stranger: Inbox


@pytest.fixture
def planted(portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    portal.tokens[TOKEN] = EVERY_SCOPE
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with inbox() as service, inbox() as switch, inbox(tls=True) as stranger:
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://user:{NOTIFY}@{service.address}/{NOTIFY}?retry=0")
        monkeypatch.setenv("ICP_SYNC_PING", f"http://{switch.address}/{PING}")
        monkeypatch.setenv("ICP_SYNC_METRICS", str(tmp_path / "icp_sync.prom"))
        yield Planted(portal, service, switch, stranger)


@pytest.fixture
def icp_sync(icp_sync: Command, planted: Planted, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command with the canary for a token, by which the portal knows it."""
    assert TOKEN in planted.portal.tokens
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    return icp_sync


def _nothing(_: Planted, __: pytest.MonkeyPatch) -> None:
    """All is well."""


def _refused(planted: Planted, _: pytest.MonkeyPatch) -> None:
    planted.portal.tokens.clear()


def _broken(planted: Planted, _: pytest.MonkeyPatch) -> None:
    planted.portal.faults.add("500", times=10_000)


def _unreachable(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_BASE_URL", "http://127.0.0.1:9")


def _stranger(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody vouches for its certificate."""
    monkeypatch.setenv("HUBSPOT_BASE_URL", f"https://{planted.stranger.address}")
    monkeypatch.setenv("ICP_SYNC_PING", f"https://{planted.stranger.address}/{PING}")
    monkeypatch.setenv("ICP_SYNC_NOTIFY", f"jsons://{planted.stranger.address}/{NOTIFY}?retry=0&verify=no")


def _no_state(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE", "/proc/nowhere")


def _database_down(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"postgresql://icp:{PASSWORD}@127.0.0.1:9/ledger")


def _bad_settings(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", f"'{TOKEN}'")
    monkeypatch.setenv("ICP_SYNC_PING", f"ftp://{PING}")


def _bad_database(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", f"postgresql://icp:{PASSWORD}@[::bad/{PASSWORD}?sslmode={PASSWORD}")


def _bad_addresses(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    planted.portal.tokens.clear()
    planted.switch.status = 500
    monkeypatch.setenv("ICP_SYNC_NOTIFY", f"nonsense://{NOTIFY} slack://{NOTIFY} json://127.0.0.1:9/{NOTIFY}?retry=0")


def _crash(_: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(" ".join(CANARIES))

    monkeypatch.setattr("icp_sync.runs.apply.batch.Batch.write", fail)
    monkeypatch.setattr("apprise.Apprise.notify", fail)
    monkeypatch.setattr("icp_sync.notify.metrics.metrics_text", fail)


@pytest.mark.parametrize(
    "fail",
    [
        _nothing, _refused, _broken, _unreachable, _stranger, _no_state, _database_down, _bad_settings, _bad_database,
        _bad_addresses, _crash,
    ],
)  # fmt: skip
def test_no_command_tells_a_secret(
    icp_sync: Command, planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: object
) -> None:
    assert callable(fail)
    fail(planted, monkeypatch)
    ended = [icp_sync(*command) for command in COMMANDS]
    seen = [one.out + one.err for one in ended]
    seen += [file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file()]
    seen += [body.decode() for _, _, body in planted.service.requests]
    assert [canary for canary in CANARIES if any(canary in text for text in seen)] == []
    assert "Traceback" not in "".join(seen)
    assert planted.stranger.requests == []
    assert {one.code for one in ended} == {0, 2} if fail is _nothing else max(one.code for one in ended) > 0


def test_a_held_plan_a_message_and_the_ledger_hold_no_secret(
    icp_sync: Command, planted: Planted, tmp_path: Path
) -> None:
    hold(icp_sync, planted.portal)
    assert icp_sync("run").code == 4
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} >= {".jsonl", ".csv", ".db", ".prom", ".parquet"}
    assert planted.service.requests
    seen = [file.read_bytes() for file in files] + [body for _, _, body in planted.service.requests]
    assert [canary for canary in CANARIES if any(canary.encode() in text for text in seen)] == []


def test_what_is_kept_is_its_owners_alone_whatever_the_umask(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "var" / "lib" / "state"))
    before = os.umask(0)
    try:
        icp_sync("plan", "--out", "plan.jsonl", "--csv", "plan.csv")
        hold(icp_sync, portal)
        icp_sync("run")
    finally:
        os.umask(before)
    ours = [tmp_path / "plan.jsonl", tmp_path / "plan.csv", *(tmp_path / "var").rglob("*"), tmp_path / "var"]
    modes = {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in ours}
    assert modes == {name: 0o700 if (tmp_path / name).is_dir() else 0o600 for name in modes}
    assert (tmp_path / "icp_sync.prom").stat().st_mode & 0o777 == 0o644
