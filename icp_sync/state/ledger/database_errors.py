"""Faults of a database as one sentence each; what a driver says may hold a password, so it is never repeated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from icp_sync.errors import StateUnusable
from icp_sync.state.ledger.column_types import DamagedValue

LOCKED: Final = "is locked by another program; wait until it ends, then run again"
READ_ONLY: Final = "cannot be opened for writing; make it and its directory writable for this user, or name another"
FULL: Final = "cannot be written, its disk is full; free some space there"
FAILING: Final = "cannot be read or written, its disk is full or fails; look at that disk"
DAMAGED: Final = (
    "is damaged; put a backup in its place or move it away (overrides, pins and history are then lost, "
    "lists are found again by folder and name)"
)
UNREACHABLE: Final = "cannot be reached; see that the database is up and that this host may connect to it"
LOGIN_REFUSED: Final = "refuses the user or its password; correct ICP_SYNC_STATE_URL"
NO_DATABASE: Final = "does not exist; make the database, or correct ICP_SYNC_STATE_URL"
NO_TLS: Final = (
    "offers no TLS connection icp-sync accepts; switch TLS on there, or correct sslmode in ICP_SYNC_STATE_URL"
)
NO_GRANT: Final = "may not be written by that user; grant it CREATE on the schema and all rights on its tables"
TOO_MANY: Final = "has no connection left; raise its max_connections, or run later"

# Primary result codes of SQLite, https://sqlite.org/rescode.html.
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: FAILING,
}
# SQLSTATE codes, or their first characters, https://www.postgresql.org/docs/current/errcodes-appendix.html.
_SQLSTATES: Final = (
    (("08", "57P"), UNREACHABLE),
    (("28",), LOGIN_REFUSED),
    (("3D",), NO_DATABASE),
    (("42501", "25006"), NO_GRANT),
    (("53300",), TOO_MANY),
    (("53", "58030"), FULL),
    (("55P03", "57014", "40"), LOCKED),
)
# A refused connection has no SQLSTATE, only libpq's English.
_CONNECTING: Final = (
    (("password", "authentication", "pg_hba.conf", "role"), LOGIN_REFUSED),
    (("database",), NO_DATABASE),
    (("SSL", "certificate"), NO_TLS),
    (("too many", "connection slots"), TOO_MANY),
)


@contextmanager
def translate_database_errors(name: str) -> Iterator[None]:
    """Turn every fault of the database inside the block into StateUnusable; `name` is the ledger's in the message."""
    try:
        yield
    except IntegrityError:  # our own rules are broken: a bug, which has to be seen as one
        raise
    except DamagedValue:
        raise StateUnusable(f"the ledger {name} {DAMAGED}") from None
    except PoolTimeout:
        raise StateUnusable(f"the ledger {name} {LOCKED}") from None
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StateUnusable(f"the ledger {name} {_describe_fault(cause)}") from None


def _describe_fault(cause: BaseException | None) -> str:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        return _SQLITE.get(code & 0xFF, DAMAGED)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        text = str(cause).partition("FATAL:")[2] or str(cause)
        return next((words for signs, words in _CONNECTING if any(sign in text for sign in signs)), UNREACHABLE)
    return next((words for codes, words in _SQLSTATES if state.startswith(codes)), DAMAGED)
