"""The boundary: what no command expected ends in one sentence, an honest exit code, and a file that tells no value."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from icp_sync.cli.crash_handler import crash_report
from icp_sync.sandbox import PortalAddress, SandboxPortal
from tests.cli.conftest import PROFILES, Command
from tests.drills.process import Nest, nest, order
from tests.marks import with_slow

SECRET = "value of a company"
UNKNOWN_USER = 54321
FULL, DISCARD = Path("/dev/full"), Path(os.devnull)


def _raise(*_arguments: object, **_named: object) -> None:
    raise ValueError(SECRET)


def _process(
    address: PortalAddress, folder: Path, command: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """`icp-sync COMMAND` through a shell, which opens and closes its streams."""
    return _shell(address, folder, f"{sys.executable} -m icp_sync {command}", **environment)


def _shell(address: PortalAddress, folder: Path, script: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A script in which `icp-sync` finds the portal, the small profile and a state directory of its own."""
    settings = {
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"),
        "ICP_SYNC_STATE": str(folder / "state"),
    }
    whole = {name: value for name, value in {**os.environ, **settings, **environment}.items() if value}
    return subprocess.run(["/bin/sh", "-c", script], env=whole, cwd=folder, capture_output=True, check=False)


@dataclass(frozen=True, slots=True)
class Forked:
    """`icp-sync` in a process forked from one that has imported everything, with files behind its streams."""

    nest: Nest
    address: PortalAddress
    folder: Path

    def __call__(self, command: str, out: Path | None = DISCARD, err: Path | None = DISCARD, encoding: str = "") -> int:
        """The exit code; None closes a stream."""
        outcome = order(self.address, PROFILES / "small.yaml", self.folder / "state", command.split(), (out, err))
        outcome["environment"] |= {"PYTHONIOENCODING": encoding} if encoding else {}
        return self.nest.command(outcome)


@pytest.fixture(scope="module")
def hatchery() -> Iterator[Nest]:
    with nest() as open_nest:
        yield open_nest


@pytest.fixture
def forked(hatchery: Nest, address: PortalAddress, tmp_path: Path) -> Forked:
    return Forked(hatchery, address, tmp_path)


def test_a_crash_before_the_first_write_ends_in_1_with_a_document_and_a_file(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.runs.plan_inputs.build_plan", _raise)
    ended = icp_sync("run", "--json", "--quiet")
    [file] = (tmp_path / "state").glob("crash-*.txt")
    assert (ended.code, ended.document["error"]["code"]) == (1, "internal")
    assert ended.document["error"]["details"] == [{"crash_file": str(file)}]
    assert ended.err.count("\n") == 1
    assert str(file) in ended.err
    assert "Traceback" not in ended.err
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_crash_after_the_first_write_ends_in_5(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.cli.run.finish_run", _raise)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (5, "internal")
    assert "run again to finish the rest" in ended.err


def test_a_crash_that_comes_before_the_state_is_opened_is_told_in_the_named_directory(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.cli.check.findings_view", _raise)
    assert icp_sync("check").code == 1
    assert list((tmp_path / "state").glob("crash-*.txt"))


def test_a_crash_without_a_named_directory_is_told_in_the_users_own(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ICP_SYNC_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("icp_sync.cli.check.findings_view", _raise)
    assert icp_sync("check").code == 1
    assert list((tmp_path / "home" / "icp_sync").glob("crash-*.txt"))


def test_a_directory_named_in_a_file_of_settings_counts_too(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ICP_SYNC_STATE")
    (tmp_path / ".env").write_text(f"ICP_SYNC_STATE={tmp_path / 'named'}\n")
    monkeypatch.setattr("icp_sync.cli.check.findings_view", _raise)
    assert icp_sync("check").code == 1
    assert list((tmp_path / "named").glob("crash-*.txt"))


def test_the_crash_file_tells_place_and_versions_and_neither_token_nor_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "s3cret")
    try:
        _raise()
    except ValueError as failure:
        report = crash_report(failure, ["run", "--profile", "s3cret", "--state", "pat-eu1-12ab-34cd"])
    assert "test_crash_handler.py" in report
    assert "polars" in report
    assert "command: icp-sync run --profile *** --state ***" in report
    assert not any(text in report for text in ("s3cret", "pat-eu1-12ab", f"ValueError: {SECRET}"))


@pytest.mark.slow
def test_a_full_disk_behind_stdout_is_said_after_everything_was_written(
    address: PortalAddress, portal: SandboxPortal, tmp_path: Path
) -> None:
    ended = _process(address, tmp_path, "run --json --quiet >/dev/full")
    assert ended.returncode == 5
    assert b"the output could not be written (No space left on device); the run itself went on" in ended.stderr
    assert portal.companies_frame("icp_fit_outcome").drop_nulls("icp_fit_outcome").height == 5


@pytest.mark.slow
@pytest.mark.parametrize(("command", "code"), [("run", 5), ("run --json", 5), ("vocabulary technologies", 1)])
def test_a_reader_that_went_away_is_said_and_the_end_of_the_run_is_told(
    address: PortalAddress, tmp_path: Path, command: str, code: int
) -> None:
    """Rich ends a process whose pipe is closed with exit 1, and neither a ping nor the metrics would come."""
    metrics = tmp_path / "icp.prom"
    script = f"{{ {sys.executable} -m icp_sync {command}; echo rc $? >&2; }} | true"
    ended = _shell(address, tmp_path, script, ICP_SYNC_METRICS=str(metrics))
    assert b"the output could not be written (Broken pipe)" in ended.stderr
    assert ended.stderr.rstrip().endswith(f"rc {code}".encode())
    assert metrics.exists() == command.startswith("run")


@pytest.mark.parametrize(
    "command",
    with_slow(
        ["--help", "--version", "plan --help", "doctor", "init --list"], ["check", "explain alpha.de", "doc", "schema"]
    ),
)
def test_a_full_disk_behind_stdout_ends_in_1_where_nothing_was_written(
    forked: Forked, tmp_path: Path, command: str
) -> None:
    assert forked(command, FULL, tmp_path / "err") == 1
    assert (tmp_path / "err").read_text().splitlines()[-1].startswith("icp-sync: the output could not be written")


@pytest.mark.parametrize(("out", "err"), [(None, DISCARD), (DISCARD, None), (None, None)])
@pytest.mark.parametrize("command", with_slow(["doctor"], ["run", "explain alpha.de --json", "check"]))
def test_closed_streams_change_no_exit_code(forked: Forked, command: str, out: Path | None, err: Path | None) -> None:
    assert forked(command, out, err) == 0


@pytest.mark.slow
def test_a_shell_may_close_the_streams(address: PortalAddress, tmp_path: Path) -> None:
    """As above, of an interpreter that starts without them."""
    assert _process(address, tmp_path, "run >&- 2>&-").returncode == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("nosuch", 2),
        *(pytest.param(*row, marks=pytest.mark.slow) for row in (("plan", 0), ("plan --profile nowhere", 2))),
    ],
)
def test_a_full_disk_behind_stderr_changes_no_exit_code(forked: Forked, command: str, code: int) -> None:
    assert forked(command, DISCARD, FULL) == code


@pytest.mark.parametrize("encoding", with_slow(["ascii"], ["latin-1", "utf-8"]))
def test_no_encoding_of_the_terminal_is_an_error(forked: Forked, tmp_path: Path, encoding: str) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    assert (forked("explain beta.at", out, err, encoding), err.read_text(encoding)) == (0, "")
    assert "Beta" in out.read_text(encoding)
    assert forked("explain beta.at --json", out, err, encoding) == 0
    assert "Österreich" in str(orjson.loads(out.read_bytes()))


@pytest.mark.slow
def test_the_environment_may_name_the_encoding(address: PortalAddress, tmp_path: Path) -> None:
    """As above, of an interpreter that starts with it."""
    ended = _process(address, tmp_path, "explain beta.at", PYTHONIOENCODING="ascii")
    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False)


@pytest.mark.long
@pytest.mark.slow
def test_without_a_home_the_remedy_is_named(address: PortalAddress) -> None:
    """As on OpenShift: a user id the machine does not know, no HOME and no --state."""
    if os.getuid() != 0:
        pytest.skip("only root may become a user whom the machine does not know")
    settings = {"HUBSPOT_BASE_URL": address.url, "HUBSPOT_ACCESS_TOKEN": address.token, "PATH": os.environ["PATH"]}
    settings |= {"ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = ["setpriv", f"--reuid={UNKNOWN_USER}", f"--regid={UNKNOWN_USER}", "--clear-groups", sys.executable]
    if subprocess.run([*command, "-c", ""], env=settings, cwd="/", check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets no other user run its Python")
    command += ["-m", "icp_sync", "plan", "--json"]
    ended = subprocess.run(command, env=settings, cwd="/", capture_output=True, check=False)
    assert (ended.returncode, b"--state or ICP_SYNC_STATE" in ended.stderr) == (1, True)
    assert orjson.loads(ended.stdout)["error"]["code"] == "state"
    tilde = subprocess.run([*command, "--state", "~/state"], env=settings, cwd="/", capture_output=True, check=False)
    assert (tilde.returncode, b"Traceback" in tilde.stderr) == (2, False)
    assert orjson.loads(tilde.stdout)["error"]["code"] == "usage"
