"""Engines: SQLite set to lose nothing that was committed, PostgreSQL set to work behind PgBouncer."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.pool import ConnectionPoolEntry

from icp_sync.errors import ExtraMissing, StateUnusable
from icp_sync.state.directory import translate_os_errors
from icp_sync.state.ledger.address import LedgerAddress

BUSY_TIMEOUT_S: Final = 10.0
WRITE: Final = "icp_sync_write"
"""Execution option of a connection whose transaction is going to write."""

# A host stopped inside a transaction would make others wait for its row lock; the database ends that transaction.
_IDLE_SHARE: Final = 0.25
# A host that vanished without a word is noticed within 20 s, well inside the lease.
_POSTGRESQL_ARGUMENTS: Final = {
    "prepare_threshold": None,  # PgBouncer hands each transaction to another server process
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
    "application_name": "icp-sync",
}


def create_ledger_engine(address: LedgerAddress, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine for `address`; a SQLite file is made, readable by its owner only, whatever the umask.

    `busy_timeout_s`: how long to wait for another program that has locked a SQLite file. Raises StateUnusable, and
    ExtraMissing where psycopg is not installed.
    """
    if address.path is None:
        return _postgresql_engine(address)
    with translate_os_errors(address.path.parent, address.setting, "the ledger's directory"):
        _create_private_file(address.path)
    engine = create_engine(address.url, hide_parameters=True, connect_args={"timeout": busy_timeout_s})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def limit_waits(connection: Connection, seconds: float) -> None:
    """Let a lease of so many seconds outlast what this transaction waits for; for it alone, in PostgreSQL.

    PgBouncer gives the next transaction another session.
    """
    milliseconds = str(int(seconds * _IDLE_SHARE * 1000))
    connection.execute(
        select(
            func.set_config("lock_timeout", milliseconds, True),
            func.set_config("idle_in_transaction_session_timeout", milliseconds, True),
        )
    )


def _postgresql_engine(address: LedgerAddress) -> Engine:
    arguments = {name: value for name, value in _POSTGRESQL_ARGUMENTS.items() if name not in address.url.query}
    try:
        return create_engine(
            address.url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments, use_native_hstore=False
        )
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"a ledger in PostgreSQL needs {error.name}, which is not installed; pip install 'icp-sync[postgres]'"
        ) from error


def _create_private_file(path: Path) -> None:
    """Make an empty file of mode 0600, or take from an existing one what others may do with it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        # Never opened and closed here: that would drop the locks SQLite holds on it elsewhere in this process.
        _restrict_to_owner(path)
    else:
        os.fchmod(descriptor, 0o600)
        os.close(descriptor)


def _restrict_to_owner(path: Path) -> None:
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise StateUnusable(f"the ledger {path} is no regular file; move it away")
    if stat.S_IMODE(mode) & 0o077:
        path.chmod(0o600)


def _configure_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where we say so, in _begin_sqlite
    # State directories may be NFS volumes, on which SQLite's write-ahead log does not work.
    # Emptying the rollback journal takes half the time of deleting it.
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: one that read first could not wait for another writer.
    is_write = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
