"""`icp-sync tune`: a page over the last reading, with no token and no call."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from icp_sync.cli import tune
from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command


def test_without_the_extra_the_line_that_installs_it_is_said(
    icp_sync: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda name: None if name in {"uvicorn", "jinja2"} else name)
    ended = icp_sync("tune")
    assert ended.code == 2
    assert "this needs uvicorn and jinja2, which are not installed; pip install 'icp-sync[tune]'" in ended.err


def test_with_nothing_read_there_is_nothing_to_tune(icp_sync: Command) -> None:
    ended = icp_sync("tune", "--no-browser")
    assert ended.code == 1
    assert "run icp-sync plan first" in ended.err


def test_a_file_that_is_there_is_not_saved_over(written: Command, tmp_path: Path) -> None:
    (tmp_path / "there.yaml").touch()
    ended = written("tune", "--out", tmp_path / "there.yaml")
    assert ended.code == 2
    assert "is there already, and is not written over" in ended.err


def test_a_port_that_is_taken_is_said(written: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = written("tune", "--no-browser", "--port", taken.getsockname()[1])
    assert ended.code == 1
    assert "cannot be opened (Address already in use); name another with --port" in ended.err


def test_a_day_before_the_reading_is_warned_of_once(written: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.web.server.WhatIfServer.serve_until_closed", lambda *_: None)
    ended = written("tune", "--no-browser", "--as-of", "2020-02-29")
    assert ended.code == 0
    assert ended.err.count("dates are judged by 2020-02-29, but the companies are as read on ") == 1
    assert "warning" not in written("tune", "--no-browser").err


def test_two_profiles_have_two_pages(written: Command, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch()
    assert written("tune", "--profile", tmp_path / "a.yaml", "--profile", tmp_path / "a.yaml").code == 2


@pytest.mark.long
@pytest.mark.slow
def test_the_page_is_served_until_ctrl_c_with_a_token_nobody_reads(
    written: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    assert written is not None
    canary = "not a token\tat all"  # reading it would be an error
    environment = {**os.environ, "HUBSPOT_ACCESS_TOKEN": canary, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "icp_sync", "tune", "--no-browser"]
    with subprocess.Popen(
        command, env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as page:
        assert page.stdout
        address = urlsplit(page.stdout.readline().strip())
        assert address.hostname == "127.0.0.1"
        with closing(HTTPConnection("127.0.0.1", address.port or 0, timeout=60)) as connection:
            connection.request("GET", address.path)
            entered = connection.getresponse()
            entered.read()
            cookie = entered.headers["set-cookie"].partition(";")[0]
            connection.request("GET", "/?criteria.country.weight=10", headers={"cookie": cookie})
            shown = connection.getresponse()
            assert shown.status == 200
            assert canary not in shown.read().decode()
        page.send_signal(signal.SIGINT)
        try:
            out, err = page.communicate(timeout=60)
        finally:
            page.kill()
    assert page.returncode == 0, err
    assert "Traceback" not in err
    assert canary not in out + err + "".join(
        file.read_text("utf-8", "replace") for file in (tmp_path / "state").glob("*.*")
    )
    assert portal.calls.total == 0


def test_without_a_browser_the_address_is_opened_by_hand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    tune._open_browser("http://127.0.0.1:1/open/0")
    assert "no browser could be opened; open the address above yourself" in capsys.readouterr().err
