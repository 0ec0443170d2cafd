"""Options from the environment: several values, home directories, and only what a command has a use for."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

from icp_sync.cli import cli, main
from icp_sync.cli.option_types import OutputFile, OutputLocation
from tests.cli.conftest import PROFILES, Command
from tests.project.commands import command_of

SMALL = (PROFILES / "small.yaml").read_bytes()
OUTPUTS = [
    (name, param.opts[0])
    for name in sorted(cli.commands)
    for param in command_of(name).params
    if isinstance(param.type, OutputFile | OutputLocation)
]


def write_profile(folder: Path) -> Path:
    """The small profile, called as the profile is that every command goes by."""
    folder.mkdir()
    (folder / "icp.yaml").write_bytes(SMALL)
    return folder / "icp.yaml"


@pytest.mark.parametrize("separator", [",", "\n", " ,\n "])
def test_several_profiles_in_a_variable_part_at_commas_and_lines_only(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, separator: str
) -> None:
    text = (PROFILES / "small.yaml").read_text()
    paths = [tmp_path / "our profile: one.yaml", tmp_path / "two.yaml"]
    for path in paths:
        path.write_text(text)
    monkeypatch.setenv("ICP_SYNC_PROFILE", separator.join(map(str, paths)))
    ended = icp_sync("check", "--json")
    assert "cannot run together" in ended.document["error"]["message"]


@pytest.mark.parametrize("by", ["environment", "dotenv"])
def test_one_state_stands_in_a_variable_whatever_its_name(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.delenv("ICP_SYNC_STATE")
    if by == "environment":
        monkeypatch.setenv("ICP_SYNC_STATE", "our state: a, b")
    else:
        Path(".env").write_text('ICP_SYNC_STATE="our state: a, b"\n')
    icp_sync("plan")
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["our state: a, b"]


def test_a_list_with_blanks_and_colons_in_its_name_can_be_allowed_by_variable(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICP_SYNC_ALLOW", "changed, adopt-list:Tier 1: DACH\n")
    ended = icp_sync("plan")
    assert "--allow adopt-list:Tier 1: DACH: the profile keeps no list of that name" in ended.err


@pytest.mark.slow
@pytest.mark.parametrize("by", ["environment", "dotenv"])
def test_a_tilde_in_the_state_is_the_home_directory(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ICP_SYNC_STATE")
    if by == "environment":
        monkeypatch.setenv("ICP_SYNC_STATE", "~/icp state")
    else:
        (tmp_path / ".env").write_text("ICP_SYNC_STATE=~/icp state\n")
    assert icp_sync("run").code == 0
    assert (tmp_path / "home" / "icp state" / "ledger.db").exists()
    assert not (tmp_path / "~").exists()


def test_a_state_or_profile_of_somebody_else_is_no_misuse_of_the_option(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both say themselves what is wrong and what to do; the option's own check knew no remedy."""
    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    ended = icp_sync("history", "--state", str(tmp_path / "theirs"))
    assert (ended.code, "run icp-sync plan first" in ended.err) == (1, True)


def test_quiet_is_quiet_in_check(icp_sync: Command) -> None:
    ended = icp_sync("check", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize(
    ("command", "useless"),
    [
        ("schema", {"--profile", "--state", "--json", "--quiet"}),
        ("init", {"--profile", "--state"}),
        ("demo", {"--profile", "--state"}),
        ("sandbox", {"--profile", "--state"}),
    ],
)
def test_help_shows_no_option_the_command_has_no_use_for(icp_sync: Command, command: str, useless: set[str]) -> None:
    shown = icp_sync(command, "--help").out
    assert not [option for option in useless if f"{option} " in shown]
    assert useless <= {option for parameter in command_of(command).params for option in parameter.opts}


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--state", ""),
        ("check", "--profile", ""),
        ("plan", "--csv", ""),
        ("check", "--fleet", ""),
        ("score", ""),
        ("score", "it.csv", "--out", ""),
    ],
)
def test_an_empty_path_is_no_path(icp_sync: Command, words: tuple[str, ...]) -> None:
    """A variable that a script has not set would make the working directory the state."""
    ended = icp_sync(*words)
    assert (ended.code, "it is empty; name a path, or leave it out" in ended.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--out", "it.csv", "--csv", "./it.csv"),
        ("enrich", "acme", "vendor.csv", "--conflicts", "vendor.csv"),
        ("compare", "other.yaml", "--csv", "other.yaml"),
        ("score", "it.csv", "--out", "new.csv", "--report", "new.csv"),
        ("score", "it.csv", "--for-import", "new.csv", "--report", "new.csv"),
        ("score", "it.csv", "--profile", "icp.csv", "--out", "icp.csv", "--overwrite"),
    ],
)
def test_nothing_is_written_over_what_is_read_or_written(icp_sync: Command, words: tuple[str, ...]) -> None:
    ended = icp_sync(*words)
    assert (ended.code, "are one file" in ended.err) == (2, True)


@pytest.mark.parametrize(("command", "option"), OUTPUTS, ids=map(" ".join, OUTPUTS))
def test_no_command_writes_over_the_profile_it_goes_by_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, option: str
) -> None:
    """Nobody names the profile that is always there: a guard that goes by what is named let it be replaced."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ICP_SYNC_PROFILE", raising=False)
    profile = write_profile(Path("config"))
    arguments = ["x" for param in command_of(command).params if isinstance(param, click.Argument) and param.required]
    code, printed = main([command, *arguments, option, "config/../config/icp.yaml"]), capsys.readouterr().err
    assert (code, f"'{option}' and the profile are one file" in printed) == (2, True)
    assert profile.read_bytes() == SMALL


@pytest.mark.parametrize("named", ["config", "config/icp.yaml", "~/config", "linked.yaml", "other.yaml,config"])
def test_nothing_is_written_over_a_profile_however_it_is_named(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    profile = write_profile(tmp_path / "config")
    (tmp_path / "linked.yaml").symlink_to(profile)
    monkeypatch.setenv("ICP_SYNC_PROFILE", named)
    ended = icp_sync("shopping-list", "--csv", "config/icp.yaml")
    assert (ended.code, "'--csv' and the profile are one file, config/icp.yaml" in ended.err) == (2, True)
    assert profile.read_bytes() == SMALL


def test_the_day_is_that_of_the_portal_only_where_there_is_one(icp_sync: Command) -> None:
    shown = {command: " ".join(icp_sync(command, "--help").out.split()) for command in ("plan", "score", "check")}
    assert "[default: today in the portal's time zone]" in shown["plan"]
    assert "[default: today in UTC]" in shown["score"]
    assert "[default: today in UTC; against the portal, in its time zone]" in shown["check"]


def test_a_file_beside_the_profiles_of_a_folder_may_be_written(icp_sync: Command, tmp_path: Path) -> None:
    write_profile(tmp_path / "config")
    assert icp_sync("plan", "--profile", "config", "--csv", "config/plan.csv").code == 0


def test_a_file_name_that_is_no_utf_8_ends_in_a_document(icp_sync: Command) -> None:
    name = os.fsdecode(b"caf\xe9.yaml")
    for words in (("plan", name), ("check", "--profile", name)):
        ended = icp_sync(*words, "--json")
        assert (ended.code, "error" in ended.document) == (2, True)


def test_a_pipe_as_profile_may_be_read_twice(icp_sync: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "profile.fifo"
    os.mkfifo(pipe)
    text = (PROFILES / "small.yaml").read_bytes()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(pipe.write_bytes, text)
        assert icp_sync("check", "--portal", "--profile", pipe).code == 0
        writing.result()


def test_a_path_too_long_to_be_looked_at_is_no_fault_of_ours(icp_sync: Command) -> None:
    ended = icp_sync("check", "--profile", f"{'x' * 300}.yaml")
    assert (ended.code, "fault of its own" in ended.err) == (2, False)
