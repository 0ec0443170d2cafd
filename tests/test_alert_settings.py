"""Settings of messages, ping and metrics: read apart, safe addresses only, secrets never shown."""

from __future__ import annotations

import pytest

from icp_sync.errors import UsageError
from icp_sync.settings import read_alert_settings


@pytest.mark.parametrize(
    ("name", "bad", "says"),
    [
        ("ICP_SYNC_PING", "http://switch.example/SECRET", "must be an https address, or http on loopback"),
        ("ICP_SYNC_PING", "https://[SECRET", "must be an https address, or http on loopback"),
        ("ICP_SYNC_PING", "https://switch.example:SECRET/x", "must be an https address, or http on loopback"),
        ("ICP_SYNC_PING", "https://user:SECRET@switch.example", "must end in its path"),
        ("ICP_SYNC_PING", "https://switch.example/x?key=SECRET", "must end in its path"),
        ("ICP_SYNC_METRICS", "/var/lib/SECRET.txt", "must name a file that ends in .prom"),
    ],
)
def test_a_bad_address_for_alerts_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, bad: str, says: str
) -> None:
    monkeypatch.setenv(name, bad)
    with pytest.raises(UsageError, match=f"{name}: {says}") as refusal:
        read_alert_settings()
    assert "SECRET" not in f"{refusal.value.message} {refusal.value.details}"


def test_alerts_are_read_although_another_setting_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", "mine")
    monkeypatch.setenv("ICP_SYNC_NOTIFY", " json://a/SECRET\n json://b ")
    monkeypatch.setenv("ICP_SYNC_PING", "https://switch.example/SECRET/\n")
    settings = read_alert_settings()
    assert settings.notify_urls == ("json://a/SECRET", "json://b")
    assert settings.icp_sync_ping is not None
    assert settings.icp_sync_ping.get_secret_value() == "https://switch.example/SECRET"
    assert "SECRET" not in f"{settings!r} {settings.model_dump()}"
