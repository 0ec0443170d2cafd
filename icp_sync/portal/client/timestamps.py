"""HubSpot's timestamps: ISO 8601 with or without milliseconds, and in older parts of its API epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_MAX_DIGITS: Final = 16
"""More digits lie far beyond the year 9999, and Python refuses to read thousands of them."""
_YEAR_1: Final = -62_135_596_800_000
_YEAR_10000: Final = 253_402_300_800_000
"""Between the two, in epoch milliseconds, lies what a `datetime` can hold."""


def epoch_ms_or_none(value: object) -> int | None:
    """Return the epoch milliseconds of an ISO 8601 text (UTC where it names no zone), or of such a number.

    None for what is neither, and for a moment outside the years 1 to 9999.
    """
    epoch_ms = _read_epoch_ms(str(value))
    return epoch_ms if epoch_ms is not None and _YEAR_1 <= epoch_ms < _YEAR_10000 else None


def parse_timestamp(value: object) -> datetime | None:
    """Return HubSpot's timestamp as an aware time in UTC; None for what is none."""
    epoch_ms = epoch_ms_or_none(value)
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)


def timestamp_text(value: object) -> str | None:
    """Return HubSpot's timestamp in the one form it usually has: `2026-11-30T08:15:00.000Z`."""
    moment = parse_timestamp(value)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def _read_epoch_ms(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < _MAX_DIGITS else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
