"""Four secrets are planted, and whatever fails, nothing a command prints, writes or sends to people holds one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psycopg
import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import Command, Ended
from tests.cli.planted import (
    CANARIES,
    NOTIFY,
    PING,
    TOKEN,
    Fail,
    Planted,
    bad_addresses,
    bad_database,
    bad_settings,
    broken,
    crash,
    damaged,
    database_down,
    disk_full,
    moved,
    no_state,
    nothing,
    quoting,
    read_only,
    refused,
    stranger,
    unreachable,
)
from tests.cli.test_plan import hold
from tests.notify.server import inbox
from tests.postgres import PASSWORD, Server

COMMANDS: Final = (
    ("doctor",),
    ("plan", "--out", "plan.jsonl", "--csv", "plan.csv"),
    ("apply", "plan.jsonl"),
    ("undo", "last", "--yes"),
    ("history",),
    ("show", "last", "--csv", "last.csv"),
    ("report", "last", "--json"),
    ("overrides", "--names", "--csv", "overrides.csv"),
    ("release", "--all", "--yes"),
    ("run", "--json", "--allow", "undone"),
    ("backfill", "--yes", "--full"),
    ("retry-failed",),
    ("explain", "alpha.de"),
    ("check", "--portal"),
)
UPDATE: Final = "POST /crm/objects/companies/batch/update"
ASKING: Final = frozenset({"doctor", "plan", "apply", "undo", "run", "backfill", "retry-failed", "explain", "check"})
"""Commands that ask the portal."""
REMEMBERING: Final = frozenset({"history", "show", "report", "overrides", "release"})
SAVING: Final = frozenset({"doctor", "plan", "apply", "undo", "release", "run", "backfill", "retry-failed"})
"""Commands that save something in the state directory, or try whether they could."""


@pytest.fixture
def planted(portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    portal.tokens[TOKEN] = EVERY_SCOPE
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with inbox() as service, inbox() as switch, inbox(tls=True) as stranger, ExitStack() as stack:
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://user:{NOTIFY}@{service.address}/{NOTIFY}?retry=0")
        monkeypatch.setenv("ICP_SYNC_PING", f"http://{switch.address}/{PING}")
        monkeypatch.setenv("ICP_SYNC_METRICS", str(tmp_path / "icp_sync.prom"))
        yield Planted(portal, service, switch, stranger, tmp_path / "state", stack)


@pytest.fixture
def icp_sync(icp_sync: Command, planted: Planted, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command with the canary for a token, by which the portal knows it."""
    assert TOKEN in planted.portal.tokens
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    return icp_sync


@pytest.mark.long
@pytest.mark.parametrize(
    ("fail", "failing"),
    [
        (refused, ASKING),
        (crash, {"apply", "undo", "run", "backfill"}),
        *(
            pytest.param(fail, failing, marks=pytest.mark.slow)
            for fail, failing in (
                (nothing, set()),
                (broken, ASKING),
                (quoting, {"apply", "undo", "run", "retry-failed"}),
                (moved, {"apply", "run", "backfill"}),
                (unreachable, ASKING),
                (stranger, ASKING),
                (no_state, ASKING | REMEMBERING),
                (disk_full, SAVING),
                (read_only, SAVING),
                (damaged, ASKING | REMEMBERING),
                (database_down, ASKING | REMEMBERING),
                (bad_settings, ASKING),
                (bad_database, ASKING | REMEMBERING),
                (bad_addresses, ASKING),
            )
        ),
    ],
)
def test_no_command_tells_a_secret(
    icp_sync: Command,
    planted: Planted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fail: Fail,
    failing: Collection[str],
) -> None:
    _prepare(icp_sync, planted)
    fail(planted, monkeypatch)
    ended = {words[0]: icp_sync(*words) for words in COMMANDS}
    assert _failing(ended) == set(failing)
    assert _leaks(planted, tmp_path, ended) == []


@pytest.mark.slow
def test_a_database_lost_in_the_middle_tells_no_secret(
    icp_sync: Command, planted: Planted, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.database() as url:
        monkeypatch.setenv("ICP_SYNC_STATE_URL", url)
        _prepare(icp_sync, planted)
        planted.portal.add_call_hook(
            lambda _, route, phase: route == UPDATE and phase == "before" and _lose(server, url)
        )
        ended = {words[0]: icp_sync(*words) for words in COMMANDS}
        assert (ended["doctor"].code, ended["plan"].code, ended["apply"].code) == (0, 0, 5)
        assert _failing(ended) == (ASKING | REMEMBERING) - {"doctor", "plan"}
        assert _leaks(planted, tmp_path, ended) == []


@pytest.mark.slow
def test_a_database_that_refuses_the_password_tells_no_secret(
    icp_sync: Command, planted: Planted, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.database() as url:
        monkeypatch.setenv("ICP_SYNC_STATE_URL", url.replace(PASSWORD, f"{PASSWORD}-of-yesterday"))
        ended = {words[0]: icp_sync(*words) for words in COMMANDS}
    assert _failing(ended) == ASKING | REMEMBERING
    assert _leaks(planted, tmp_path, ended) == []


def _lose(server: Server, url: str) -> bool:
    """The database ends all its connections and takes no more; returns False, so that the portal's call goes on."""
    name = url.rpartition("/")[2]
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    return False


def _prepare(icp_sync: Command, planted: Planted) -> None:
    """A ledger with an override in it, and a company whose tier is to change."""
    alpha, beta = sorted(map(int, planted.portal.filled_values()))[:2]
    icp_sync("run")
    planted.portal.edit_company(alpha, {"hs_ideal_customer_profile": "tier_3"}, person_source(12))
    assert icp_sync("run").code == 0
    planted.portal.edit_company(beta, {"country": "Deutschland"}, person_source(12))


def _failing(ended: Mapping[str, Ended]) -> set[str]:
    return {name for name, one in ended.items() if one.code}


def _leaks(planted: Planted, folder: Path, ended: Mapping[str, Ended]) -> list[str]:
    """The secrets that stand in an output, a file or a message; no traceback may, and nothing reaches a stranger."""
    outputs = [one.out + one.err for one in ended.values()]
    assert "Traceback" not in "".join(outputs)
    assert planted.stranger.requests == []
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    seen = [*(text.encode() for text in outputs), *files, *(body for _, _, body in planted.service.requests)]
    return [canary for canary in CANARIES if any(canary.encode() in content for content in seen)]


def test_a_wrong_command_line_tells_no_secret(icp_sync: Command, planted: Planted, tmp_path: Path) -> None:
    ended = {"run": icp_sync("run", "--no-such-option")}
    assert (ended["run"].code, _leaks(planted, tmp_path, ended)) == (2, [])


@pytest.mark.slow
def test_a_held_plan_a_message_and_the_ledger_hold_no_secret(
    icp_sync: Command, planted: Planted, tmp_path: Path
) -> None:
    hold(icp_sync, planted.portal)
    assert icp_sync("run").code == 4
    assert icp_sync("report", "last", "--out", tmp_path / "page.html").code == 0
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} >= {".jsonl", ".csv", ".db", ".prom", ".parquet", ".json", ".html"}
    assert planted.service.requests
    seen = [file.read_bytes() for file in files] + [body for _, _, body in planted.service.requests]
    assert [canary for canary in CANARIES if any(canary.encode() in text for text in seen)] == []


@pytest.mark.slow
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
