"""Many portals from one file: each by the ordinary command, each alone with what befalls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import NoReturn

import orjson
import pytest

from icp_sync.cli import main
from icp_sync.cli.fleet_processes import ProcessBackend, run_portals, stop_signals_to
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.ray_engine_option import EngineChoice
from icp_sync.errors import RunStopped, SecretMissing
from icp_sync.fleet.load import read_fleet
from icp_sync.fleet.outcome import PortalOutcome, error_outcome
from icp_sync.fleet.portal_command import PortalCommand
from icp_sync.fleet.process_pool import Start
from icp_sync.sandbox import SandboxPortal
from tests.cli.fleets import (
    DAILY_CALLS,
    SMALL,
    UPDATE,
    FleetFolder,
    by_name,
    calls_by_route,
    fleet_of,
    night_of_failures,
    outputs,
    pid_of,
    portals,
    run_alone,
)
from tests.notify.server import Inbox, inbox
from tests.postgres import Server


def every_file(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.long
@pytest.mark.slow
def test_a_night_of_a_fleet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One portal is well, one has a dead token, one has none: each row says its own, the highest code is the end."""
    made = portals(3, 50)
    with fleet_of(made, tmp_path) as fleet, inbox() as people:
        fleet.tokens["TOKEN_01"] = "pat-eu1-dead-token-00000000"
        del fleet.tokens["TOKEN_02"]
        for name, value in fleet.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://{people.address}/?retry=0")
        code = main(["fleet", "run", "--fleet", str(tmp_path / "fleet.yaml"), "--json"])
        captured = capsys.readouterr()
        document = json.loads(captured.out)
        rows = by_name(document)
        assert (code, document["exit_code"], document["notified"]) == (2, 2, True)
        assert [rows[name]["exit_code"] for name in ("p00", "p01", "p02")] == [0, 1, 2]
        assert (rows["p00"]["tiers"]["tier_1"], rows["p00"]["changes"], rows["p00"]["error"]) == (33, 50, None)
        assert (rows["p01"]["error"]["code"], rows["p02"]["error"]["code"]) == ("authentication", "secret_missing")
        assert {line.split(" ")[0] for line in captured.err.splitlines()} == {"[p00]", "[p01]"}
        assert b"canary" not in captured.out.encode() + captured.err.encode() + every_file(tmp_path)
        (message,) = [json.loads(body) for _, _, body in people.requests]
        assert message["title"] == "icp_sync failed: fleet.yaml".replace(".y", ".\u2060y")
        assert "2 of 3 portals not well: p01 (authentication), p02 (secret＿missing)" in message["message"].replace(
            "secret_missing", "secret＿missing"
        )
    # What is remembered needs neither token nor portal, which is gone.
    monkeypatch.delenv("TOKEN_00")
    assert main(["fleet", "status", "--fleet", str(tmp_path / "fleet.yaml"), "--json"]) == 0
    rows = by_name(json.loads(capsys.readouterr().out))
    assert (rows["p00"]["exit_code"], rows["p00"]["tiers"]["tier_1"], rows["p00"]["changes"]) == (0, 33, 50)
    assert rows["p00"]["last_run"] is not None
    assert [rows[name]["exit_code"] for name in ("p01", "p02")] == [None, None]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "--only", "acne"], "--only acne: fleet.yaml names no such portal; did you mean acme?"),
        (["run", "--only", "zz"], "--only zz: fleet.yaml names no such portal; it names acme, globex"),
        (["run", "--index", "2"], "--index 2: fleet.yaml has 2 portals, 0 to 1"),
        (["doctor", "--full"], "--full and --allow are for fleet plan and fleet run"),
        (["plan", "--because", "x"], "--because is for fleet run"),
        (["run", "--fleet", "none.yaml"], "the fleet file none.yaml cannot be read"),
        (["run", "--allow", "everything"], "'everything' cannot be allowed"),
    ],
)
def test_bad_usage_is_a_sentence_before_anything_starts(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = "".join(f"  - {{name: {name}, token: env:{name}, profiles: [icp.yaml]}}\n" for name in ("acme", "globex"))
    Path("fleet.yaml").write_text(f"portals:\n{lines}", encoding="utf-8")
    assert main(["fleet", *words]) == 2
    assert sentence in capsys.readouterr().err


@dataclass(frozen=True, slots=True)
class RecordingBackend(ProcessBackend):
    """Begins nothing, and keeps what was to begin."""

    begun: list[PortalCommand] = field(default_factory=list)

    @contextmanager
    def open_starter(self) -> Iterator[Start]:
        yield self._start

    def _start(self, command: PortalCommand) -> NoReturn:
        self.begun.append(command)
        raise SecretMissing("no more than this is looked at")


def test_paths_count_from_the_file_whatever_directory_the_processes_work_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal's process works in its state directory, on Ray on another machine."""
    monkeypatch.chdir(tmp_path)
    Path("fleet.yaml").write_text(
        "portals: [{name: a, token: env:A, profiles: [icp.yaml], state: here, metrics: a.prom}]\n", encoding="utf-8"
    )
    fleet, backend = read_fleet(Path("fleet.yaml")), RecordingBackend(1, EngineChoice("local", None))
    common = CommonOptions((), tmp_path / "state", as_json=False, quiet=True)
    run_portals(fleet, fleet.portals, ("run",), common, backend)
    (command,) = backend.begun
    assert (command.folder, command.state) == (tmp_path, tmp_path / "here")
    assert command.arguments()[-1] == str(tmp_path / "icp.yaml")


def test_of_two_entries_with_one_token_the_second_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs on one portal undo each other; nobody can tell by the references, which differ."""
    lines = "".join(f"  - {{name: {name}, token: env:{name.upper()}, profiles: [icp.yaml]}}\n" for name in "abc")
    (tmp_path / "fleet.yaml").write_text(f"portals:\n{lines}", encoding="utf-8")
    for name, token in {
        "A": "pat-eu1-canary-00000000",
        "B": "pat-eu1-other-00000000",
        "C": "pat-eu1-canary-00000000",
    }.items():
        monkeypatch.setenv(name, token)
    fleet, backend = read_fleet(tmp_path / "fleet.yaml"), RecordingBackend(1, EngineChoice("local", None))
    common = CommonOptions((), tmp_path / "state", as_json=False, quiet=True)
    outcomes, _ = run_portals(fleet, fleet.portals, ("run",), common, backend)
    assert [command.portal.name for command in backend.begun] == ["a", "b"]
    assert outcomes[2].error is not None
    assert outcomes[2].exit_code == 2
    assert (
        outcomes[2].error["message"].startswith("env:C is the same token as env:A of a, so both are about one portal")
    )


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """Who is told of a fleet in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "state"))
    with inbox() as there:
        monkeypatch.setenv("ICP_SYNC_NOTIFY", f"json://{there.address}/?retry=0")
        yield there


def test_a_fleet_file_that_is_not_good_is_told_of_once(people: Inbox) -> None:
    Path("fleet.yaml").write_text("portals: []\n", encoding="utf-8")
    assert [main(["fleet", "run"]), main(["fleet", "run"]), main(["fleet", "plan"])] == [2, 2, 2]
    ((_, _, body),) = people.requests
    assert "icp-sync check --fleet fleet.yaml" in json.loads(body)["message"]


@pytest.mark.parametrize(("number", "messages"), [(signal.SIGINT, 0), (signal.SIGTERM, 1), (signal.SIGHUP, 1)])
def test_whoever_presses_ctrl_c_is_told_nothing_and_of_any_other_stop_people_are(
    number: int, messages: int, people: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = error_outcome("a", 7, RunStopped("stopped before it began; nothing was written"))
    monkeypatch.setattr("icp_sync.cli.fleet.run_portals", lambda *_: ((stopped,), [number]))
    Path("fleet.yaml").write_text("portals: [{name: a, token: env:A, profiles: [icp.yaml]}]\n", encoding="utf-8")
    assert main(["fleet", "run"]) == RunStopped.exit_code
    assert len(people.requests) == messages


def test_a_portal_whose_folder_of_profiles_is_empty_hides_no_others_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("icp.yaml").write_bytes(SMALL.read_bytes())
    lines = [
        f"  - {{name: {name}, token: env:{name}, profiles: [{path}]}}"
        for name, path in (("a", "empty"), ("b", "icp.yaml"))
    ]
    Path("fleet.yaml").write_text("\n".join(["portals:", *lines, ""]), encoding="utf-8")
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "state"))
    assert main(["fleet", "status", "--json"]) == 2
    rows = by_name(json.loads(capsys.readouterr().out))
    assert rows["a"]["error"]["message"] == f"there is no profile (*.yaml) in the folder {tmp_path / 'empty'}"
    assert (rows["b"]["exit_code"], rows["b"]["error"]) == (None, None)


def test_check_names_what_a_fleet_lacks_with_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("schema: 1\n", encoding="utf-8")
    (tmp_path / "fleet.yaml").write_text(
        "defaults: {profiles: [none.yaml]}\nportals:\n  - {name: a, token: env:A}\n"
        "  - {name: b, token: secret:b, profiles: [bad.yaml]}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("A", "a-token")
    assert main(["check", "--fleet", "fleet.yaml", "--json"]) == 2
    document = orjson.loads(capsys.readouterr().out)
    places = [(finding["line"], finding["path"]) for finding in document["findings"]]
    assert (4, "portals[1].token") in places
    assert (3, "portals[0].profiles") in places
    assert any("profile is missing" in finding["message"] for finding in document["findings"])
    assert document["error"]["code"] == "fleet_invalid"


@pytest.mark.parametrize("option", [("--strict",), ("--portal",), ("--as-of", "2026-11-30"), ("--profile", "x.yaml")])
def test_check_refuses_beside_a_fleet_what_it_would_leave_out(
    capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    assert main(["check", "--fleet", "fleet.yaml", *option]) == 2
    assert f"leave out {option[0]}" in capsys.readouterr().err


def test_what_a_variable_says_for_profiles_is_no_business_of_a_fleet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICP_SYNC_STRICT", "1")
    assert main(["check", "--fleet", "fleet.yaml"]) == 2
    assert "leave out" not in capsys.readouterr().err


def test_a_profile_that_is_named_is_checked_whatever_the_variable_of_a_fleet_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("schema: 1\n", encoding="utf-8")
    monkeypatch.setenv("ICP_SYNC_FLEET", "fleet.yaml")
    assert main(["check", "--profile", "bad.yaml"]) == 2
    assert "bad.yaml has" in capsys.readouterr().err


def test_profiles_that_clash_are_found_before_the_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both write the same properties: each night one would undo the other's."""
    monkeypatch.chdir(tmp_path)
    text = SMALL.read_text(encoding="utf-8")
    Path("icp.yaml").write_text(text, encoding="utf-8")
    Path("other.yaml").write_text(text.replace("name: small,", "name: other,"), encoding="utf-8")
    Path("fleet.yaml").write_text(
        "portals:\n  - {name: a, token: env:A, profiles: [icp.yaml]}\n"
        "  - {name: b, token: env:B, profiles: [icp.yaml, other.yaml]}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("A", "a-token")
    monkeypatch.setenv("B", "b-token")
    assert main(["check", "--fleet", "fleet.yaml"]) == 2
    printed = capsys.readouterr().out
    assert "fleet.yaml:3: portals[1].profiles: " in printed
    assert "hs_ideal_customer_profile" in printed
    assert "portals[0]" not in printed


@pytest.mark.long
@pytest.mark.slow
def test_three_ways_to_fail_touch_no_other_portal(tmp_path: Path) -> None:
    """A dead token, a plan that is held, a worker killed while it writes: the others are right, with calls as alone."""
    made, (alone,) = portals(6, 120), portals(1, 120)
    with fleet_of(made, tmp_path, f", daily_calls: {DAILY_CALLS}") as fleet:
        night = night_of_failures(fleet, "--at-once", "3")
        rows = night.rows
        assert {name: row["exit_code"] for name, row in rows.items()} == {
            "p00": 0, "p01": 1, "p02": 4, "p03": 5, "p04": 0, "p05": 0,
        }  # fmt: skip
        assert (night.exit_code, night.document["exit_code"]) == (5, 5)
        assert rows["p02"]["held"]
        assert rows["p03"]["error"]["code"] == "child_died"
        assert "killed by SIGKILL" in rows["p03"]["error"]["message"]
        assert [rows[name]["tiers"]["tier_1"] for name in ("p00", "p04", "p05")] == [80, 80, 80]
        well = [made[number] for number in (0, 4, 5)]
        run_alone(alone, tmp_path / "alone")
        assert {outputs(portal) for portal in well} == {outputs(alone)}
        assert [calls_by_route(portal) for portal in well] == [calls_by_route(alone)] * 3
        assert b"canary" not in night.printed.encode() + every_file(tmp_path / "state")


def pause_at_the_first_write(portal: SandboxPortal, name: str) -> Event:
    """The portal's process is stopped where it begins to write; set once that is so."""
    paused = Event()

    def pause(_: int, route: str, phase: str) -> None:
        if route == UPDATE and phase == "before" and not paused.is_set():
            os.kill(pid_of(name), signal.SIGSTOP)
            paused.set()

    portal.add_call_hook(pause)
    return paused


def started(fleet: FleetFolder, *words: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        fleet.command(*words), env=fleet.environment, cwd=fleet.folder, stdout=pipe, stderr=pipe, text=True
    )


@pytest.mark.long
@pytest.mark.slow
def test_ctrl_c_reaches_every_portal_once_and_the_table_follows(tmp_path: Path) -> None:
    made = portals(3, 120)
    paused = [pause_at_the_first_write(portal, f"p0{number}") for number, portal in enumerate(made[:2])]
    with fleet_of(made, tmp_path) as fleet, started(fleet, "run", "--at-once", "2", "--quiet") as fleet_process:
        assert all(event.wait(240) for event in paused)
        for portal in made:
            portal.change_settings(latency=0.3)
        fleet_process.send_signal(signal.SIGINT)
        assert fleet_process.stderr is not None
        assert fleet_process.stderr.readline().startswith("stopping: every portal finishes its calls in flight")
        for name in ("p00", "p01"):
            os.kill(pid_of(name), signal.SIGCONT)
        out, err = fleet_process.communicate(timeout=240)
    assert fleet_process.returncode == 130
    assert err.count("] stopping: finishing the calls in flight") == 2
    assert "stopped at once" not in err
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["p00", "p01", "p02"]
    assert "not started, since the fleet was stopped" in out


def test_a_closed_terminal_stops_the_portals_processes_which_have_none() -> None:
    """They are in process groups of their own, so its SIGHUP reaches the fleet alone."""
    passed_on: list[int] = []

    class Recorder:
        def run_commands(self, _: object) -> Iterator[PortalOutcome]:
            yield from ()

        def stop(self, number: int) -> None:
            passed_on.append(number)

    with stop_signals_to(Recorder()) as came:
        os.kill(os.getpid(), signal.SIGHUP)
    assert (passed_on, came) == ([signal.SIGTERM], [signal.SIGHUP])


@pytest.mark.long
@pytest.mark.slow
def test_of_two_fleets_at_once_one_works_on_a_portal(tmp_path: Path, server: Server) -> None:
    """Two machines: each has its own state, and both the ledger, whose lease one of them holds."""
    made = portals(2, 200)
    there = tmp_path / "there"
    there.mkdir()
    paused = pause_at_the_first_write(made[0], "p00")
    with server.database() as url, fleet_of(made, tmp_path, ", ledger: env:LEDGER") as fleet:
        fleet.tokens["LEDGER"] = url
        for name in ("icp.yaml", "fleet.yaml"):
            (there / name).write_bytes((tmp_path / name).read_bytes())
        other = FleetFolder(there, made, fleet.tokens)
        with started(fleet, "run", "--at-once", "2", "--quiet") as fleet_process:
            assert paused.wait(240)
            document, second = other.document("run", "--only", "p00", "--quiet")
            here, beside = fleet.document("run", "--only", "p00", "--quiet")
            os.kill(pid_of("p00"), signal.SIGCONT)
            _, err = fleet_process.communicate(timeout=240)
        assert (fleet_process.returncode, err) == (0, "")
        for ended, outcome in ((second, document), (beside, here)):
            assert (ended.returncode, outcome["portals"][0]["error"]["code"]) == (1, "lock_held")
        status, _ = other.document("status")
        assert [row["exit_code"] for row in status["portals"]] == [0, 0]
