"""Column types that read the same from SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any, Final

import orjson
from sqlalchemy import DateTime, Dialect, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

# Level 1 takes a third of the time of the default for a tenth more bytes, measured on batches of 100 companies.
_COMPRESSION: Final = 1


class DamagedValue(ValueError):
    """A stored value that no icp-sync has written."""


def clean_text(value: str | None) -> str | None:
    """Replace NUL, which PostgreSQL refuses, and lone surrogates."""
    if not value or value.isprintable():
        return value
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time in UTC; in SQLite ISO 8601 text of one width, so that texts sort like times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in SQLite, which has no times."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Convert to UTC; a time without a zone is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the ledger needs a time zone")
        utc = value.astimezone(dt.UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Return an aware time. Raises DamagedValue."""
        if value is None or dialect.name != "sqlite":
            return value.astimezone(dt.UTC) if value is not None else None
        try:
            return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
        except (TypeError, ValueError) as error:
            raise DamagedValue("a time") from error


class PlainText(TypeDecorator[str]):
    """Text as people wrote it in HubSpot, cleaned (`clean_text`)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        """Replace what a database cannot keep."""
        return clean_text(value)


class PackedJson(TypeDecorator[Any]):
    """A value as compressed JSON, for what is kept by the hundred thousand and rarely read."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> bytes | None:
        """Serialise and compress."""
        return None if value is None else zlib.compress(orjson.dumps(value), _COMPRESSION)

    def process_result_value(self, value: Any, _: Dialect) -> Any:
        """Decompress and parse. Raises DamagedValue."""
        try:
            return None if value is None else orjson.loads(zlib.decompress(value))
        except (TypeError, ValueError, zlib.error) as error:
            raise DamagedValue("a batch") from error
