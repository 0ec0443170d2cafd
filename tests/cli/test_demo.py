"""`demo` needs no portal, no token, and no way out of this machine."""

from __future__ import annotations

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
