"""The opened ledger: transactions, size and retention."""

from __future__ import annotations

import datetime as dt
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Table, delete, func, insert, select

from icp_sync.state.ledger import schema
from icp_sync.state.ledger.address import LedgerAddress
from icp_sync.state.ledger.database_engine import BUSY_TIMEOUT_S, WRITE, create_ledger_engine
from icp_sync.state.ledger.database_errors import translate_database_errors


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each in the order of the table's columns, as they are: column types do not look at them.

    A fifth of the time of SQLAlchemy's own way, which binds every value of every row by itself.
    """
    if not rows:
        return
    statement, by_name = _insert_statement(table, connection.dialect)
    names = table.columns.keys()
    connection.exec_driver_sql(statement, [dict(zip(names, row, strict=True)) for row in rows] if by_name else [*rows])


@cache
def _insert_statement(table: Table, dialect: Dialect) -> tuple[str, bool]:
    """The INSERT of a whole row, and whether its parameters have names."""
    compiled = insert(table).compile(dialect=dialect)
    return str(compiled), not compiled.positional


@dataclass(frozen=True, slots=True)
class LedgerSize:
    """`size` in bytes, the number of `runs`, and the start of the `oldest` run (None without one)."""

    size: int
    runs: int
    oldest: dt.datetime | None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Ledger:
    """A ledger; thread-safe. `name`: for messages. `path`: its SQLite file, None where several hosts may share it."""

    name: str
    path: Path | None
    _engine: Engine
    _turns: AbstractContextManager[object] = field(default_factory=nullcontext)

    @classmethod
    def connect(cls, address: LedgerAddress, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Ledger:
        """The database at `address`, whatever its schema; use `open_ledger`. Raises StateUnusable and ExtraMissing."""
        engine = create_ledger_engine(address, busy_timeout_s)
        # Threads of one process wait for each other here; waiting in SQLite is polling.
        ledger = cls(address.name, address.path, engine, threading.Lock() if address.path else nullcontext())
        weakref.finalize(ledger, engine.dispose)
        return ledger

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """A transaction that reads. Raises StateUnusable."""
        with translate_database_errors(self.name), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write_transaction(self) -> Iterator[Connection]:
        """A transaction that writes, committed durably when the block ends without an error. Raises StateUnusable."""
        with (
            self._turns,
            translate_database_errors(self.name),
            self._engine.connect() as connection,
            connection.execution_options(**{WRITE: True}).begin(),
        ):
            yield connection

    def size(self) -> LedgerSize:
        """How much it holds, and since when. Raises StateUnusable."""
        with self.read_transaction() as connection:
            runs, oldest = connection.execute(select(func.count(), func.min(schema.run.c.started_at))).one()
            if self.path is not None:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                return LedgerSize(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one(), runs, oldest)
            sizes = select(*(func.pg_total_relation_size(f'"{name}"') for name in schema.METADATA.tables))
            return LedgerSize(sum(connection.execute(sizes).one()), runs, oldest)

    def prune(self, before: dt.datetime) -> None:
        """Forget what runs that started before `before` wrote, and overrides and pins that ended before it.

        The rows of the runs stay, as do profile texts. Raises StateUnusable.
        """
        old = select(schema.run.c.id).where(schema.run.c.started_at < before)
        with self.write_transaction() as connection:
            for table in (schema.batch, schema.change, schema.list_change):
                connection.execute(delete(table).where(table.c.run.in_(old)))
            for table in (schema.override, schema.pin):
                connection.execute(delete(table).where(table.c.ended_at < before))
