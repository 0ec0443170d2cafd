"""Timestamps as stored (epoch milliseconds) and as shown (ISO 8601, UTC)."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import polars as pl

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400_000


@lru_cache(maxsize=65_536)
def format_iso(milliseconds: int) -> str:
    """ISO 8601 as Java prints an instant: milliseconds only when there are any."""
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    precision = "milliseconds" if milliseconds % 1000 else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def format_iso_column(milliseconds: pl.Series) -> pl.Series:
    """`format_iso` for a column of milliseconds; null stays null."""
    text = pl.from_epoch(milliseconds, time_unit="ms").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
    return text.str.replace(".000Z", "Z", literal=True)


def parse_milliseconds(text: str) -> int | None:
    """Milliseconds of an ISO 8601 moment or a text of epoch milliseconds; None when it is neither."""
    if text.lstrip("-").isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(milliseconds=1)


def parse_day(text: str) -> str | None:
    """`YYYY-MM-DD` of such a text or of midnight UTC in milliseconds; None when it is neither."""
    if text.lstrip("-").isdecimal():
        milliseconds = int(text)
        return format_iso(milliseconds)[:10] if milliseconds % DAY == 0 else None
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else None
    except ValueError:
        return None
