"""The companies the drills run over: as many as asked for, the same every time, of every outcome the profile knows."""

from __future__ import annotations

import random
from typing import Final

import polars as pl

from icp_sync.sandbox import SandboxPortal

DAY: Final = 86_400
COUNTRIES: Final = ("Deutschland", "Germany", "Österreich", "Schweiz", "USA", "France", "Zembla", "")
INDUSTRIES: Final = ("COMPUTER_SOFTWARE", "MACHINERY", "BANKING", "")
TYPES: Final = ("PROSPECT",) * 12 + ("PARTNER",)
STATUSES: Final = ("",) * 12 + ("NEW", "UNQUALIFIED")


def company(draw: random.Random, number: int) -> dict[str, str]:
    """One company as somebody may have entered it; an empty text is no value."""
    return {
        "name": f"Company {number}",
        "domain": f"company{number}.example",
        "country": draw.choices(COUNTRIES, (8, 4, 2, 2, 4, 2, 1, 2))[0],
        "numberofemployees": draw.choice(["", str(draw.randrange(1, 80)), str(draw.randrange(40, 4_000))]),
        "industry": draw.choice(INDUSTRIES),
        "type": draw.choice(TYPES),
        "hs_lead_status": draw.choice(STATUSES),
    }


def populate(portal: SandboxPortal, count: int) -> None:
    """Companies with the ids 1, 2, …, last changed over the weeks before."""
    draw = random.Random(1)
    frame = pl.DataFrame([company(draw, number) for number in range(1, count + 1)])
    now = portal.now()
    moments = [now - draw.randrange(2 * DAY, 60 * DAY) * 1000 for _ in range(count)]
    ids = pl.Series("id", range(1, count + 1))
    portal.add_companies(frame.with_columns(ids, pl.Series("createdate", moments).alias("createdate")))
