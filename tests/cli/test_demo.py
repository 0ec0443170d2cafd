"""`demo` needs no portal, no token, and no way out of this machine."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from icp_sync.cli import main


def test_a_proxy_of_the_machine_is_not_asked_for_the_portal_in_a_box(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    assert main(["demo", "--companies", "60", "--json", "--quiet"]) == 0
    assert orjson.loads(capsys.readouterr().out)["second"]["changes"]["companies"] == 0


def test_it_ends_by_naming_a_report_of_its_first_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--companies", "60", "--quiet"]) == 0
    named = re.search(r"for your browser:\s+(\S+)$", capsys.readouterr().out.strip())
    assert named is not None
    page = Path(named[1])
    assert "the first tiers of this portal" in page.read_text(encoding="utf-8")
    assert (page.stat().st_mode & 0o777, page.parent.stat().st_mode & 0o777) == (0o600, 0o700)
