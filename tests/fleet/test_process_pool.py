"""A crew of processes: side by side, each with its own secrets, and nothing that becomes of one touches another."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from icp_sync.errors import RunInterrupted
from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import highest_exit_code
from icp_sync.fleet.portal_command import PortalCommand
from icp_sync.fleet.secret_references import SecretResolver
from tests.fleet.scripts import DONE, Office, script

WAIT = (
    "import signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(130))\n"
    "print('ready', file=sys.stderr, flush=True)\ntime.sleep(60)"
)
"""Ends as our commands do at Ctrl-C, without a document."""


def test_what_a_portal_prints_is_its_outcome_and_what_it_says_is_handed_on(tmp_path: Path) -> None:
    office = Office()
    ended = office.work(script("a", f"import sys\nprint('hello', file=sys.stderr)\n{DONE}", tmp_path))["a"]
    assert (ended.exit_code, ended.tiers, ended.changes, ended.portal_id) == (0, {"tier_1": 3}, 2, 7)
    assert office.lines == [("a", "hello")]


def failing(code: str) -> str:
    """A program that ends with this error in its document."""
    document = json.dumps({"error": {"code": code, "message": "m", "details": []}})
    return f"print({document!r}); raise SystemExit(1)"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 5, "its process was killed by SIGKILL"),
        ("raise SystemExit(1)", 5, "its process crashed with exit code 1"),
        ("print('{\"tiers\": {'); raise SystemExit(1)", 5, "its process crashed with exit code 1"),
        (failing("internal"), 5, "m"),
        (failing("lock_held"), 1, "m"),
    ],
    ids=["killed", "crashed", "half a document", "internal", "busy"],
)  # fmt: skip
def test_a_killed_or_crashed_process_counts_as_five_and_touches_no_other(
    text: str, code: int, message: str, tmp_path: Path
) -> None:
    ended = Office().work(script("a", text, tmp_path), script("b", DONE, tmp_path), script("c", DONE, tmp_path))
    assert [ended[name].exit_code for name in "abc"] == [code, 0, 0]
    assert ended["a"].error is not None
    assert ended["a"].error["message"].startswith(message)
    assert highest_exit_code(ended.values()) == code


def test_a_process_has_its_own_secrets_and_nothing_of_the_fleets(tmp_path: Path) -> None:
    office, show = Office(), f"import os, sys\nprint(sorted(os.environ.items()), file=sys.stderr)\n{DONE}"
    office.work(script("a", show, tmp_path), script("b", show, tmp_path))
    for name, environment in office.lines:
        assert f"'token-of-{name}'" in environment
        assert environment.count("token-of") == 1
        assert "ICP_SYNC_ALLOW" not in environment
        assert "('ICP_SYNC_SECRETS_DIR', '/dev/null')" in environment
    assert len(office.lines) == 2


@pytest.mark.parametrize("snapshots", ["s3://acme/state", None])
def test_a_portal_kept_in_an_object_store_has_the_machines_way_to_it(tmp_path: Path, snapshots: str | None) -> None:
    portal = Portal(name="a", token="env:T", profiles=("icp.yaml",), snapshots=snapshots)
    inherited = {"T": "token", "AWS_ROLE_ARN": "arn", "ICP_SYNC_SNAPSHOT_URL": "s3://another/state"}
    made = PortalCommand(portal, ("run",), tmp_path, tmp_path).environment(inherited, SecretResolver(inherited, None))
    assert (made.get("ICP_SYNC_SNAPSHOT_URL"), made.get("AWS_ROLE_ARN")) == (snapshots, "arn" if snapshots else None)


@pytest.mark.parametrize(
    ("metrics", "file"),
    [("acme.prom", "{folder}/acme.prom"), ("~/acme.prom", "{home}/acme.prom"), ("/m/a.prom", "/m/a.prom")],
)
def test_metrics_lie_where_the_fleet_file_says(
    metrics: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/icp")
    portal = Portal(name="a", token="env:T", profiles=("icp.yaml",), metrics=metrics)
    made = PortalCommand(portal, ("run",), tmp_path, tmp_path / "a").environment({}, SecretResolver({"T": "x"}, None))
    assert made["ICP_SYNC_METRICS"] == file.format(folder=tmp_path, home="/home/icp")


def test_what_a_process_says_of_its_variables_is_said_of_the_fleet_file(tmp_path: Path) -> None:
    error = {"code": "authentication", "message": "set HUBSPOT_ACCESS_TOKEN to it", "details": ["ICP_SYNC_KEEP"]}
    message = "ICP_SYNC_PORTAL_ID asks for 7, ICP_SYNC_FAILED_XY is none of ours"
    document = json.dumps({"error": error})
    text = f"import sys\nprint({message!r}, file=sys.stderr)\nprint({document!r}); raise SystemExit(1)"
    office = Office()
    outcome = office.work(script("a", text, tmp_path))["a"]
    assert outcome.error == error | {"message": "set env:T_A to it", "details": ["keep"]}
    assert office.lines == [("a", "portal_id asks for 7, ICP_SYNC_FAILED_XY is none of ours")]


def test_a_command_line_names_paths_and_no_secret(tmp_path: Path) -> None:
    portal = script("a", DONE, tmp_path).portal
    words = PortalCommand(portal, ("run", "--quiet"), tmp_path, tmp_path / "state" / "a").arguments()
    assert words[1:] == [
        "-P", "-m", "icp_sync", "run", "--quiet", "--json", "--state", str(tmp_path / "state" / "a"),
        "--profile", str(tmp_path / "icp.yaml"),
    ]  # fmt: skip


def test_a_secret_that_is_missing_fails_its_portal_alone(tmp_path: Path) -> None:
    ended = Office().work(script("d", DONE, tmp_path), script("b", DONE, tmp_path))
    assert (ended["d"].exit_code, ended["b"].exit_code) == (2, 0)
    assert ended["d"].error is not None
    assert ended["d"].error["code"] == "secret_missing"


def test_a_state_directory_that_cannot_be_made_fails_its_portal_alone(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "a").write_text("no folder", encoding="utf-8")
    ended = Office().work(script("a", DONE, tmp_path), script("b", DONE, tmp_path))
    assert (ended["a"].exit_code, ended["b"].exit_code) == (1, 0)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with no room for another folder."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "nr_inodes=1", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a tmpfs is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 (root's own umount)


def test_a_full_disk_fails_its_portal_alone_and_says_so(full_disk: Path, tmp_path: Path) -> None:
    full = replace(script("a", DONE, tmp_path), state=full_disk / "a")
    ended = Office().work(full, script("b", DONE, tmp_path))
    assert (ended["a"].exit_code, ended["b"].exit_code) == (1, 0)
    assert ended["a"].error is not None
    assert "(No space left on device); free some space there" in ended["a"].error["message"]


def test_a_document_longer_than_a_pipe_is_read_while_the_process_talks(tmp_path: Path) -> None:
    text = (
        "import json, sys\nprint(json.dumps({'tiers': {'tier_1': 3}, 'rejected': ['x' * 300_000]}), flush=True)\n"
        "print('y' * 300_000, file=sys.stderr)"
    )
    office = Office()
    assert office.work(script("a", text, tmp_path))["a"].tiers == {"tier_1": 3}
    assert [len(line) for _, line in office.lines] == [300_000]


@pytest.mark.slow
def test_forty_dead_tokens_among_five_hundred_portals_are_forty_rows(tmp_path: Path) -> None:
    texts = [failing("authentication") if number % 12 == 7 and number < 480 else DONE for number in range(500)]
    commands = [script(f"p{number:03}", text, tmp_path) for number, text in enumerate(texts)]
    office = Office(at_once=20, secrets={f"T_P{number:03}": "token" for number in range(500)})
    ended = office.work(*commands)
    dead = [name for name, outcome in ended.items() if outcome.error and outcome.error["code"] == "authentication"]
    assert sorted(dead) == [f"p{number:03}" for number in range(7, 480, 12)]
    assert sum(outcome.exit_code == 0 for outcome in ended.values()) == 460
    assert highest_exit_code(ended.values()) == 1


@pytest.mark.parametrize("at_once", [1, 2])
def test_no_more_work_side_by_side_than_asked(at_once: int, tmp_path: Path) -> None:
    """Each counts those at work when it begins, itself among them."""
    mark = (
        "import os, sys, time\nopen(f'../{os.getpid()}', 'w').close()\n"
        "print(sum(name.isdigit() for name in os.listdir('..')), file=sys.stderr)\n"
        f"time.sleep(0.05)\nos.remove(f'../{{os.getpid()}}')\n{DONE}"
    )
    office = Office(at_once)
    office.work(*(script(name, mark, tmp_path) for name in "abc"))
    assert max(int(line) for _, line in office.lines) <= at_once


def test_a_stop_reaches_each_process_once_and_starts_no_more(tmp_path: Path) -> None:
    office = Office(at_once=2)
    both_ready = threading.Semaphore(0)

    def hear(name: str, line: str) -> None:
        office.lines.append((name, line))
        both_ready.release()

    office.crew.on_line = hear

    def stop() -> None:
        for _ in range(2):
            both_ready.acquire(timeout=30)
        office.crew.stop(signal.SIGINT)

    stopper = threading.Thread(target=stop)
    stopper.start()
    ended = office.work(*(script(name, WAIT, tmp_path) for name in "abc"))
    stopper.join()
    assert sorted(office.lines) == [("a", "ready"), ("b", "ready")]
    assert ended["c"].exit_code == RunInterrupted.exit_code
    assert ended["c"].error is not None
    assert ended["c"].error["message"] == "not started, since the fleet was stopped"
