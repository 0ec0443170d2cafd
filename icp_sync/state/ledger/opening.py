"""Opens a ledger: a new one is made at the latest schema version, an older one migrated, a newer one refused."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, insert, inspect, select

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.files import open_private_file
from icp_sync.state.directory import translate_os_errors
from icp_sync.state.ledger import schema
from icp_sync.state.ledger.address import LedgerAddress
from icp_sync.state.ledger.database_engine import BUSY_TIMEOUT_S
from icp_sync.state.ledger.database_errors import DAMAGED
from icp_sync.state.ledger.ledger import Ledger

# Any number that no other program is likely to take, for two hosts that meet a new or an older ledger at once.
_SCHEMA_LOCK: Final = 7_046_029_254_386_353


@dataclass(frozen=True, slots=True)
class Migrations:
    """A folder of alembic's scripts and the latest `version` in it; their revisions are the numbers 1, 2, 3 ..."""

    scripts: Path
    version: int


SHIPPED: Final = Migrations(Path(__file__).with_name("migrations"), schema.VERSION)


def open_ledger(
    address: LedgerAddress,
    lock: Callable[[], AbstractContextManager[None]] = nullcontext,
    migrations: Migrations = SHIPPED,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> Ledger:
    """Open the ledger at `address`, made when missing and migrated when older, a SQLite file after a copy beside it.

    `lock` keeps runs away while a SQLite ledger is migrated. `busy_timeout_s`: how long to wait for another program
    that has locked the file. Raises StateUnusable, also for a newer ledger, and LockHeld while a run is at work on an
    older one.
    """
    ledger = Ledger.connect(address, busy_timeout_s)
    _bring_up_to_date(ledger, lock, migrations)
    return ledger


def _bring_up_to_date(ledger: Ledger, lock: Callable[[], AbstractContextManager[None]], migrations: Migrations) -> None:
    with ledger.read_transaction() as connection:
        current = _schema_version(connection, ledger)
    if current == migrations.version:
        return
    if current is None:
        _create_schema(ledger)
    elif current > migrations.version:
        raise StateUnusable(
            f"the ledger {ledger.name} is of version {current}, this icp-sync knows {migrations.version}; install the "
            "newer icp-sync that wrote it"
        )
    elif ledger.path is None:
        _migrate(ledger, migrations)
    else:
        with lock():
            _back_up_file(ledger, ledger.path, current)
            _migrate(ledger, migrations)


def _schema_version(connection: Connection, ledger: Ledger) -> int | None:
    """The version of the ledger behind `connection`, None for an empty database. Raises StateUnusable for no number."""
    if not inspect(connection).has_table(schema.VERSION_TABLE):
        return None
    numbers = connection.execute(select(schema.version.c.version_num)).scalars().all()
    if not numbers:
        return None
    if len(numbers) > 1 or re.fullmatch("[1-9][0-9]{0,8}", str(numbers[0])) is None:
        raise StateUnusable(f"the ledger {ledger.name} {DAMAGED}")
    return int(numbers[0])


def _create_schema(ledger: Ledger) -> None:
    with ledger.write_transaction() as connection:
        _take_schema_lock(connection)
        if _schema_version(connection, ledger) is None:  # another process may have made it meanwhile
            schema.METADATA.create_all(connection)
            connection.execute(insert(schema.version).values(version_num=str(schema.VERSION)))


def _migrate(ledger: Ledger, migrations: Migrations) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations.scripts).replace("%", "%%"))
    with ledger.write_transaction() as connection:
        _take_schema_lock(connection)
        _require_no_lease(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, str(migrations.version))


def _take_schema_lock(connection: Connection) -> None:
    """One process at a time makes or migrates tables; SQLite's transaction is that lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))


def _require_no_lease(connection: Connection) -> None:
    """Raise LockHeld while a run of the older version is at work on another host."""
    if connection.dialect.name != "postgresql":
        return
    live = select(schema.lease.c.run_id, schema.lease.c.host).where(schema.lease.c.expires_at > func.clock_timestamp())
    if active := connection.execute(live.limit(1)).first():
        raise LockHeld(
            f"run {active.run_id} on {active.host} is at work, and this icp-sync has to change the ledger first; "
            "wait for it to end"
        )


def _back_up_file(ledger: Ledger, path: Path, version: int) -> None:
    """Copy a SQLite ledger to `ledger.db.vVERSION`, mode 0600."""
    copy = path.with_name(f"{path.name}.v{version}")
    with translate_os_errors(path.parent), open_private_file(copy, os.O_TRUNC):
        copy.chmod(0o600)
    with ledger.read_transaction() as connection, closing(sqlite3.connect(copy)) as target:
        source = connection.connection.driver_connection
        if isinstance(source, sqlite3.Connection):
            source.backup(target)
