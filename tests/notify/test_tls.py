"""Nothing switches TLS off: a certificate nobody vouches for takes neither message nor ping, whatever is set."""

from __future__ import annotations

import pytest

from icp_sync.notify.channels import Message, send_message
from icp_sync.notify.ping import Ping
from tests.notify.server import CERTIFICATE, inbox

OFF = {"PYTHONHTTPSVERIFY": "0", "CURL_CA_BUNDLE": "", "REQUESTS_CA_BUNDLE": "", "GIT_SSL_NO_VERIFY": "1"}


@pytest.fixture(params=[True, False], ids=["switches set", "nothing set"])
def _switches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        for name, value in OFF.items():
            monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_switches")
@pytest.mark.parametrize("query", ["", "&verify=no", "&verify=false&insecure=yes"])
def test_a_message_goes_to_no_stranger(query: str) -> None:
    with inbox(tls=True) as stranger:
        assert send_message([f"jsons://{stranger.address}/?retry=0{query}"], Message("title", "body")) == [1]
    assert stranger.requests == []


@pytest.mark.usefixtures("_switches")
def test_a_ping_goes_to_no_stranger() -> None:
    with inbox(tls=True) as stranger:
        assert not Ping(f"https://{stranger.address}/uuid").send_start()
    assert stranger.requests == []


def test_who_is_vouched_for_gets_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with inbox(tls=True) as trusted:
        assert Ping(f"https://{trusted.address}/uuid", trusted=CERTIFICATE).send_start()
        assert send_message([f"jsons://{trusted.address}/?verify=no"], Message("title", "body")) == []
    assert [method for method, _, _ in trusted.requests] == ["GET", "POST"]
