"""Settings: environment before secrets files before `.env`; safe addresses only; the token never shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.errors import UsageError
from icp_sync.setting_values import DailyCalls
from icp_sync.settings import Settings, read_settings

TOKEN = "pat-eu1-0000-secret"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and a secrets directory of the test's own."""
    (tmp_path / "secrets").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICP_SYNC_SECRETS_DIR", str(tmp_path / "secrets"))
    return tmp_path


def token(settings: Settings) -> str | None:
    token_read = settings.hubspot_access_token
    return None if token_read is None else token_read.get_secret_value()


def test_without_anything_set_the_defaults_hold() -> None:
    settings = read_settings()
    assert (token(settings), settings.icp_sync_portal_id) == (None, None)
    assert (settings.hubspot_base_url, settings.hubspot_api_version) == ("https://api.hubapi.com", "v3")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"environment", "secrets", "dotenv"}, "environment"),
        ({"secrets", "dotenv"}, "secrets"),
        ({"dotenv"}, "dotenv"),
        ({"environment", "dotenv"}, "environment"),
    ],
)
def test_the_nearest_source_wins(here: Path, monkeypatch: pytest.MonkeyPatch, sources: set[str], expected: str) -> None:
    if "environment" in sources:
        monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "environment")
    if "secrets" in sources:
        (here / "secrets" / "hubspot_access_token").write_text("secrets\n")
    if "dotenv" in sources:
        (here / ".env").write_text("HUBSPOT_ACCESS_TOKEN=dotenv\nSOMETHING_ELSE=1\n")
    assert token(read_settings()) == expected


def test_an_empty_variable_is_not_set(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "")
    (here / ".env").write_text("HUBSPOT_ACCESS_TOKEN=dotenv\n")
    assert token(read_settings()) == "dotenv"


def test_an_empty_secrets_file_is_no_token(here: Path) -> None:
    (here / "secrets" / "hubspot_access_token").touch()
    assert token(read_settings()) is None


def test_a_secrets_directory_that_is_not_there_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_SECRETS_DIR", "/no/such/directory")
    assert token(read_settings()) is None


def test_a_line_end_pasted_with_the_token_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", f" {TOKEN}\r\n")
    assert token(read_settings()) == TOKEN


@pytest.mark.parametrize("bad", [f"{TOKEN}\nX-Header: 1", f"Bearer {TOKEN}", f"{TOKEN}é", f"{TOKEN}\x07"])
def test_a_token_no_header_can_carry_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", bad)
    with pytest.raises(UsageError, match="HUBSPOT_ACCESS_TOKEN: must be one word") as refusal:
        read_settings()
    assert TOKEN not in f"{refusal.value.message} {refusal.value.details} {refusal.value.__cause__!r}"


def test_the_token_shows_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    settings = read_settings()
    assert token(settings) == TOKEN
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_another_wrong_setting_does_not_give_the_token_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", "mine")
    with pytest.raises(UsageError, match="ICP_SYNC_PORTAL_ID") as refusal:
        read_settings()
    assert TOKEN not in f"{refusal.value.message} {refusal.value.details}"


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://api.hubapi.com", "https://api.hubapi.com"),
        ("https://api-eu1.hubapi.com/", "https://api-eu1.hubapi.com"),
        ("https://proxy.example.com:8443/hubspot", "https://proxy.example.com:8443/hubspot"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://LOCALHOST:8080", "http://LOCALHOST:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        (" http://127.0.0.1:8080\r\n", "http://127.0.0.1:8080"),
    ],
)
def test_https_and_loopback_are_safe(monkeypatch: pytest.MonkeyPatch, address: str, read: str) -> None:
    monkeypatch.setenv("HUBSPOT_BASE_URL", address)
    assert read_settings().hubspot_base_url == read


@pytest.mark.parametrize(
    "address",
    [
        "http://api.hubapi.com", "http://10.0.0.5:8080", "http://0.0.0.0:8080", "http://localhost.example.com",
        "http://localhost@example.com", "http://127.0.0.1.example.com", "ftp://localhost", "localhost:8080",
        "api.hubapi.com", "https://", "https:///path", "http://[::1", "https://user:pw@api.hubapi.com",
        "https://api.hubapi.com?x=1", "https://api.hubapi.com#x",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HUBSPOT_BASE_URL", address)
    with pytest.raises(UsageError, match="HUBSPOT_BASE_URL") as refusal:
        read_settings()
    assert refusal.value.exit_code == 2
    assert "user:pw" not in refusal.value.message


@pytest.mark.parametrize(
    ("name", "value"), [("HUBSPOT_API_VERSION", "v4"), ("ICP_SYNC_PORTAL_ID", "0"), ("ICP_SYNC_PORTAL_ID", "x")]
)
def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=f"a setting is wrong: {name}: "):
        read_settings()


@pytest.mark.parametrize(("value", "read"), [("4242", 4242), (" 7 ", 7)])
def test_the_portal_is_a_number(monkeypatch: pytest.MonkeyPatch, value: str, read: int) -> None:
    monkeypatch.setenv("ICP_SYNC_PORTAL_ID", value)
    assert read_settings().icp_sync_portal_id == read


@pytest.mark.parametrize("place", [".env", "secrets/hubspot_access_token"])
def test_a_file_that_is_not_text_is_said(here: Path, place: str) -> None:
    (here / place).write_bytes(b"HUBSPOT_ACCESS_TOKEN=\xff\xfe")
    with pytest.raises(UsageError, match=r"the settings cannot be read .+ are UTF-8 text"):
        read_settings()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("50000", DailyCalls(calls=50_000)),
        (" 1 ", DailyCalls(calls=1)),
        ("40%", DailyCalls(share=0.4)),
        ("12.5 %", DailyCalls(share=0.125)),
        ("100%", DailyCalls(share=1.0)),
        ("", None),
    ],
)
def test_the_ceiling_is_a_number_or_a_share(
    monkeypatch: pytest.MonkeyPatch, value: str, read: DailyCalls | None
) -> None:
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", value)
    assert read_settings().icp_sync_daily_calls == read


def test_the_ceiling_may_lie_among_the_secrets(here: Path) -> None:
    (here / "secrets" / "icp_sync_daily_calls").write_text("40%\n")
    assert read_settings().icp_sync_daily_calls == DailyCalls(share=0.4)


@pytest.mark.parametrize("bad", ["0", "-1", "1.5", "many", "0%", "100.1%", "%", "10%%", "1e3", "٣"])
def test_any_other_ceiling_is_refused(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("ICP_SYNC_DAILY_CALLS", bad)
    with pytest.raises(UsageError, match="ICP_SYNC_DAILY_CALLS: must be a number of calls"):
        read_settings()


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (f'"{TOKEN}"\n', "stands in quotes"),
        (f"'{TOKEN}'", "stands in quotes"),
        (f"\u201c{TOKEN}\u201d", "stands in quotes"),
        (f"HUBSPOT_ACCESS_TOKEN={TOKEN}\n", "holds a line NAME=value"),
        (f"export TOKEN = '{TOKEN}'\n", "holds a line NAME=value"),
        (f"\ufeff{TOKEN}\n", "holds a byte order mark"),
        (f"{TOKEN}\u200b", "holds a byte order mark or another character nobody sees"),
    ],
)
def test_what_was_put_around_a_token_in_a_secrets_file_is_said(here: Path, content: str, advice: str) -> None:
    (here / "secrets" / "hubspot_access_token").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=f"HUBSPOT_ACCESS_TOKEN: {advice}") as refusal:
        read_settings()
    assert TOKEN not in f"{refusal.value.message} {refusal.value.details}"


@pytest.mark.parametrize("version", ["v3", "2026-03", "2026-09"])
def test_three_versions_are_spoken(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    assert read_settings().hubspot_api_version == version


def test_a_line_of_dotenv_that_says_nothing_is_told_once(here: Path, caplog: pytest.LogCaptureFixture) -> None:
    (here / ".env").write_text("HUBSPOT_ACCESS_TOKEN=dotenv\n= strange\n")
    assert [token(read_settings()) for _ in range(2)] == ["dotenv", "dotenv"]
    (warning,) = caplog.messages
    assert warning == "icp-sync: line 2 of .env is not NAME=value and was left out; correct it or begin it with #"


def test_a_ledger_elsewhere_is_never_shown_and_what_is_kept_is_in_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_STATE_URL", "postgresql://u:hunter2@db.example.com/ledger")
    monkeypatch.setenv("ICP_SYNC_KEEP", "30d")
    settings = read_settings()
    assert "hunter2" not in repr(settings)
    assert (settings.icp_sync_keep, Settings.model_fields["icp_sync_keep"].default) == (
        dt.timedelta(days=30),
        dt.timedelta(days=400),
    )


@pytest.mark.parametrize("keep", ["0d", "400", "-1d", "a year", "123456d"])
def test_a_time_that_is_no_number_of_days_is_refused(monkeypatch: pytest.MonkeyPatch, keep: str) -> None:
    monkeypatch.setenv("ICP_SYNC_KEEP", keep)
    with pytest.raises(UsageError, match="ICP_SYNC_KEEP: must be a number of days such as 400d"):
        read_settings()
