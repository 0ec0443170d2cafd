"""Where a ledger is: a SQLite file in the state directory, or what ICP_SYNC_STATE_URL names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from icp_sync.errors import UsageError

FILE: Final = "ledger.db"
SETTING: Final = "ICP_SYNC_STATE_URL"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ENCRYPTED: Final = ("require", "verify-ca", "verify-full")
# `host` and `hostaddr` are missing on purpose: they would send the password elsewhere than the address says.
_PARAMETERS: Final = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "connect_timeout", "application_name"}
)


@dataclass(frozen=True, slots=True)
class LedgerAddress:
    """A ledger's address. `path`: its SQLite file, None for PostgreSQL. `name`: for messages, without credentials.

    `setting`: what it was named by.
    """

    url: URL
    path: Path | None
    name: str
    setting: str = SETTING


def sqlite_address(path: Path, setting: str = "--state") -> LedgerAddress:
    """The address of a ledger in the SQLite file `path`, by default that of a state directory."""
    return LedgerAddress(URL.create("sqlite", database=str(path)), path, str(path), setting)


def parse_ledger_address(text: str) -> LedgerAddress:
    """The address that `text` (ICP_SYNC_STATE_URL) names. Raises UsageError, which never repeats the text."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise UsageError(f"{SETTING} is no address; {_FORMS}") from None
    if url.drivername == "sqlite" and url.database not in {None, "", ":memory:"} and not (url.host or url.query):
        return sqlite_address(Path(str(url.database)), SETTING)
    if url.drivername != "postgresql":
        raise UsageError(f"{SETTING} names no database icp-sync knows; {_FORMS}")
    return _postgresql_address(url)


_FORMS: Final = "write postgresql://user:password@host:port/database or sqlite:///path, with special characters as %XX"


def _postgresql_address(url: URL) -> LedgerAddress:
    if not (url.host and url.database and url.username):
        raise UsageError(f"{SETTING} has to name a user, a host and a database; {_FORMS}")
    if unknown := sorted(url.query.keys() - _PARAMETERS):
        raise UsageError(
            f"{SETTING}: {', '.join(unknown)} cannot be set there; known are {', '.join(sorted(_PARAMETERS))}"
        )
    is_local = url.host in _LOOPBACK
    mode = url.query.get("sslmode", "prefer" if is_local else "require")
    if not is_local and mode not in _ENCRYPTED:
        raise UsageError(
            f"{SETTING}: sslmode must be {', '.join(_ENCRYPTED)}, since the password travels to another host"
        )
    return LedgerAddress(
        url.set(drivername="postgresql+psycopg").update_query_dict({"sslmode": mode}),
        None,
        f"in PostgreSQL at {url.host}:{url.port or 5432}/{url.database}",
    )
