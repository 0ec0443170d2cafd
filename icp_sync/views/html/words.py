"""Numbers, names and moments as the page says them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from icp_sync.plan.document.named_companies import Mover, NamedCompany

NO_TIER: Final = "No tier"
_OUTCOMES: Final = {
    "tiered": "In a tier", "insufficient_data": "Too little known", "not_icp": "Does not fit",
    "disqualified": "Disqualified",
}  # fmt: skip
_SHOWN_NAMES: Final = 3


def number(value: float) -> str:
    """`2,332`; a fraction keeps one digit, and the minus is a minus."""
    return (f"{value:,.1f}".removesuffix(".0")).replace("-", "−")


def signed(value: float) -> str:
    """`+41`, `−12`, `0`."""
    return f"+{number(value)}" if value > 0 else number(value)


def companies(count: int) -> str:
    """`1 company`, `2,332 companies`."""
    return f"{count:,} {'company' if count == 1 else 'companies'}"


def is_are(count: int) -> str:
    """The verb after a count."""
    return "is" if count == 1 else "are"


def percent(part: float, whole: float) -> str:
    """`41%`; `<1%` for a little, `0%` for none, `>99%` for nearly all, and a dash where there is no whole."""
    if not whole:
        return "–"
    share = part / whole
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def exact_percent(share: float) -> str:
    """A share (0-1) with one digit, as guardrails are compared; `<0.1%` for a little."""
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{share:.1%}".replace(".0%", "%")


def tier(name: str | None) -> str:
    """`Tier 1` for `tier_1`; `No tier` for none."""
    return NO_TIER if not name or name == "none" else name.replace("tier_", "Tier ")


def outcome(name: str) -> str:
    """An outcome as people say it."""
    return _OUTCOMES.get(name, name.replace("_", " "))


def plain_name(name: str) -> str:
    """A name of the profile language in plain words: `leaving_tier_1` is `leaving tier 1`."""
    return name.replace("_", " ")


def join_names(names: Iterable[str], shown: int = _SHOWN_NAMES) -> str:
    """`a, b and c`, and how many more there are."""
    items: Sequence[str] = list(names)
    if len(items) > shown:
        return f"{', '.join(items[:shown])} and {len(items) - shown} more"
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


def format_day(value: dt.date) -> str:
    """`27 Nov 2026`."""
    return f"{value.day} {value:%b %Y}"


def time_zone_or_utc(name: str) -> dt.tzinfo:
    """The portal's time zone; UTC where its name is none we know."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return dt.UTC


def format_moment(value: dt.datetime, time_zone: str) -> str:
    """`27 Nov 2026, 02:00` by the portal's clock; a moment without a zone is UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    local = aware.astimezone(time_zone_or_utc(time_zone))
    return f"{format_day(local)}, {local:%H:%M}"


def company(company: NamedCompany) -> str:
    """What a company is called where it may have no name: its domain, else its id."""
    return company.name.strip() or company.domain.strip() or f"company {company.id}"


def score_change(mover: Mover) -> str:
    """`66 → 86`; "new" or "out of scope" where there is no score on a side."""
    before = "new" if mover.score_before is None else number(mover.score_before)
    return f"{before} → {'out of scope' if mover.score_after is None else number(mover.score_after)}"
