"""The tables of the ledger. A change here needs a migration (`migrations/versions`) and the next VERSION."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    false,
)

from icp_sync.state.ledger.column_types import PackedJson, PlainText, UtcTime

VERSION: Final = 2
METADATA: Final = MetaData()
# SQLite numbers rows by itself only in a column it calls INTEGER.
_ROW_ID: Final = BigInteger().with_variant(Integer, "sqlite")

# A name of our own, so that another program's alembic in the same database is never mistaken for it.
VERSION_TABLE: Final = "ledger_version"
version: Final = Table(VERSION_TABLE, METADATA, Column("version_num", String(32), primary_key=True))

run: Final = Table(
    "run",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("run_id", String(64), nullable=False),
    Column("portal_id", BigInteger, nullable=False),
    Column("profile", PlainText, nullable=False),
    Column("command", String(32), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("host", PlainText, nullable=False),
    Column("os_user", PlainText, nullable=False),
    Column("because", PlainText),
    Column("version", String(32), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("whole", String(80), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("fingerprint", String(80)),
    Column("plan_of", String(64)),
    Column("undoes", String(64)),
    *(
        Column(name, BigInteger, nullable=False)
        for name in ("read", "scored", "changes", "written", "already", "skipped", "rejected")
    ),
    Column("complete", Boolean, nullable=False),
    Column("of_some", Boolean, nullable=False, server_default=false()),
    Column("exit_code", Integer),
    Column("error", PlainText),
    *(Column(name, JSON, nullable=False) for name in ("guardrails", "allowed", "causes", "calls")),
    Column("seconds", Float, nullable=False),
    Column("epoch", BigInteger),
    UniqueConstraint("portal_id", "profile", "run_id"),
)

profile_text: Final = Table(
    "profile_text",
    METADATA,
    Column("whole", String(80), primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("name", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Index("profile_text_digest", "name", "digest"),
)

batch: Final = Table(
    "batch",
    METADATA,
    Column("run", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("body", PackedJson, nullable=False),
    PrimaryKeyConstraint("run", "number"),
)

change: Final = Table(
    "change",
    METADATA,
    Column("run", BigInteger, nullable=False),
    Column("company_id", BigInteger, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("cause", String(32), nullable=False),
    Column("result", String(16), nullable=False),
    Column("tier_before", PlainText),
    Column("tier_after", PlainText),
    Column("reason", PlainText),
    PrimaryKeyConstraint("run", "company_id"),
    Index("change_company", "company_id"),
    sqlite_with_rowid=False,
)

list_change: Final = Table(
    "list_change",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("run", BigInteger, nullable=False),
    Column("list", PlainText, nullable=False),
    Column("list_id", String(32)),
    Column("sent_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    Column("added", PackedJson, nullable=False),
    Column("removed", PackedJson, nullable=False),
    Column("failed", PlainText),
    Index("list_change_run", "run"),
)

override: Final = Table(
    "override",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("portal_id", BigInteger, nullable=False),
    Column("profile", PlainText, nullable=False),
    Column("company_id", BigInteger, nullable=False),
    Column("property", PlainText, nullable=False),
    Column("value", PlainText, nullable=False),
    Column("ours", PlainText),
    Column("kind", String(16), nullable=False),
    *(Column(name, PlainText) for name in ("source", "source_id", "source_label", "user_id")),
    Column("since", UtcTime, nullable=False),
    Column("found_by", String(64), nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", PlainText),
    Column("note", PlainText),
)
Index(
    "override_open",
    *(override.c[name] for name in ("portal_id", "profile", "company_id", "property")),
    unique=True,
    sqlite_where=override.c.ended_at.is_(None),
    postgresql_where=override.c.ended_at.is_(None),
)

pin: Final = Table(
    "pin",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("portal_id", BigInteger, nullable=False),
    Column("list_id", String(32), nullable=False),
    Column("company_id", BigInteger, nullable=False),
    Column("side", String(3), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", PlainText),
)
Index(
    "pin_open",
    *(pin.c[name] for name in ("portal_id", "list_id", "company_id")),
    unique=True,
    sqlite_where=pin.c.ended_at.is_(None),
    postgresql_where=pin.c.ended_at.is_(None),
)

document: Final = Table(
    "document",
    METADATA,
    Column("portal_id", BigInteger, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("body", JSON, nullable=False),
    Column("version", BigInteger, nullable=False),
    PrimaryKeyConstraint("portal_id", "name"),
)

notice: Final = Table(
    "notice",
    METADATA,
    Column("portal_id", BigInteger, nullable=False),
    Column("profile", PlainText, nullable=False),
    Column("topic", String(32), nullable=False),
    Column("state", PlainText, nullable=False),
    Column("fingerprint", PlainText, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("portal_id", "profile", "topic"),
)

lease: Final = Table(
    "lease",
    METADATA,
    Column("portal_id", BigInteger, nullable=False),
    Column("profile", PlainText, nullable=False),
    Column("holder", String(64), nullable=False),
    Column("host", PlainText, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("portal_id", "profile"),
)
