"""Values of settings as people write them: a share of the day's calls, a number of days, an address."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_CALLS: Final = re.compile(r"[0-9]{1,12}")
_DAYS: Final = re.compile(r"([0-9]{1,5}) ?d")
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})? ?%")


@dataclass(frozen=True, slots=True)
class DailyCalls:
    """A daily limit: a number of calls, or a share (0–1) of the account's own limit."""

    calls: int | None = None
    share: float | None = None


def parse_daily_calls(value: object) -> object:
    """`50000` or `40%` as DailyCalls, None as it is. Raises ValueError."""
    if value is None:
        return None
    text = str(value).strip()
    if _CALLS.fullmatch(text) and int(text):
        return DailyCalls(calls=int(text))
    if _PERCENT.fullmatch(text) and 0 < float(text.removesuffix("%")) <= 100:
        return DailyCalls(share=float(text.removesuffix("%")) / 100)
    raise ValueError("must be a number of calls such as 50000, or a share of the account's day such as 40%")


def parse_days(value: object) -> object:
    """`400d` as a timedelta, a timedelta as it is. Raises ValueError."""
    if isinstance(value, dt.timedelta):
        return value
    if isinstance(value, str) and (match := _DAYS.fullmatch(value.strip())) and int(match[1]):
        return dt.timedelta(days=int(match[1]))
    raise ValueError("must be a number of days such as 400d")


def require_safe_address(value: str, parts: str) -> str:
    """The address without blanks around it, if what is sent there travels encrypted or stays on this machine.

    Raises ValueError.
    """
    value = value.strip()
    try:
        address = urlsplit(value)
        safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)
        whole = bool(safe and address.hostname and address.port != 0)
    except ValueError:  # whose words repeat a part of the address
        whole = False
    if not whole:
        raise ValueError("must be an https address, or http on loopback")
    if address.username or address.query or address.fragment:
        raise ValueError(parts)
    return value.rstrip("/")
