"""What ICP_SYNC_STATE_URL may say; a refusal never repeats it, since it may hold a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.errors import UsageError
from icp_sync.state.ledger.address import parse_ledger_address


def test_a_file_is_named_by_its_path() -> None:
    address = parse_ledger_address("sqlite:////var/lib/icp/ledger.db")
    assert (address.path, address.name) == (Path("/var/lib/icp/ledger.db"), "/var/lib/icp/ledger.db")
    assert parse_ledger_address("sqlite:///ledger.db").path == Path("ledger.db")


def test_a_database_is_named_without_its_user_and_password() -> None:
    address = parse_ledger_address("postgresql://icp:s3cr%40t@db.example.com/ledger")
    assert (address.path, address.name) == (None, "in PostgreSQL at db.example.com:5432/ledger")
    assert "s3cr" not in repr(address)
    assert address.url.password == "s3cr@t"


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://u:p@db.example.com/l", "require"),
        ("postgresql://u:p@db.example.com/l?sslmode=verify-full", "verify-full"),
        ("postgresql://u:p@127.0.0.1:5433/l", "prefer"),
        ("postgresql://u:p@[::1]/l", "prefer"),
    ],
)
def test_another_host_is_spoken_to_under_tls_only(url: str, mode: str) -> None:
    assert parse_ledger_address(url).url.query["sslmode"] == mode


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ledger.db",
        "postgres//u:hunter2@h/d",
        "mysql://u:hunter2@h/d",
        "postgresql://u:hunter2@h:port/d",
        "postgresql://u:hunter2@h",
        "postgresql://:hunter2@h/d",
        "postgresql://u:hunter2@/d",
        "postgresql://u:hunter2@/d?host=elsewhere.example.com",
        "postgresql://u:hunter2@localhost/d?host=elsewhere.example.com",
        "postgresql://u:hunter2@localhost/d?hostaddr=192.0.2.1",
        "postgresql://u:hunter2@h/d?sslmode=disable",
        "postgresql://u:hunter2@h/d?sslmode=prefer",
        "postgresql://u:hunter2@h/d?sslmode=require&sslmode=disable",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://hunter2/ledger.db",
        "sqlite:///ledger.db?mode=ro&key=hunter2",
    ],
)
def test_any_other_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UsageError, match="ICP_SYNC_STATE_URL") as refused:
        parse_ledger_address(url)
    assert "hunter2" not in f"{refused.value!r} {refused.value.__cause__!r}"
