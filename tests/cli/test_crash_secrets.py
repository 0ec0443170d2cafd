"""Nothing about a crash holds a secret, wherever the setting stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.cli.crash_secrets import mask_secrets


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN", raising=False)


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        ("HUBSPOT_ACCESS_TOKEN", " s3cret-token ", ["s3cret-token"]),
        (
            "ICP_SYNC_NOTIFY",
            "slack://T0KEN-A/T0KEN-B/#general mailto://user:m4il@example.com?x=qu3ry",
            ["slack://T0KEN-A/T0KEN-B/#general", "T0KEN-A", "T0KEN-B", "m4il", "qu3ry"],
        ),
        ("ICP_SYNC_PING", "https://hc-ping.com/5f2c-uuid", ["https://hc-ping.com/5f2c-uuid", "5f2c-uuid"]),
        ("ICP_SYNC_STATE_URL", "postgresql://icp:p%40ssw0rd@db.example/icp", ["p%40ssw0rd", "p@ssw0rd"]),
    ],
)
@pytest.mark.parametrize("source", ["environment", "a secrets file", ".env"])
def test_each_secret_is_masked_whole_and_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, secrets: list[str], source: str
) -> None:
    if source == "environment":
        monkeypatch.setenv(name, value)
    elif source == ".env":
        (tmp_path / ".env").write_text(f"{name}='{value}'\n")
    else:
        (tmp_path / name.lower()).write_text(value)
        monkeypatch.setenv("ICP_SYNC_SECRETS_DIR", str(tmp_path))
    for secret in secrets:
        assert mask_secrets(f"no attribute {secret!r}, {secret}") == "no attribute '***', ***"


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_STORAGE_ACCOUNT_KEY"])
def test_credentials_of_an_object_store_are_masked(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "s3cret")
    monkeypatch.setenv("ICP_SYNC_STORAGE_OPTION", "aws_region=eu-central-1,aws_secret_access_key=t0psecret")
    assert mask_secrets("s3cret in eu-central-1, t0psecret") == "*** in eu-central-1, ***"


def test_a_setting_that_is_wrong_is_masked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "'quoted'")
    monkeypatch.setenv("ICP_SYNC_PING", "ftp://5f2c-uuid")
    assert mask_secrets("'quoted' ftp://5f2c-uuid") == "*** ***"


def test_what_looks_like_a_token_is_masked_and_a_path_of_a_ledger_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", "sqlite:///var/lib/state/ledger.db")
    assert mask_secrets("pat-eu1-12ab-34cd in state") == "*** in state"
