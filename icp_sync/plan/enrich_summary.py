"""What came of a vendor's file: its rows, its values property by property, and what they move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(slots=True)
class RowCounts:
    """The rows of a file by what became of them; `older`: replaced by a later row of the same company.

    `blank`: rows with nothing in them, beside the others; `shared`: keys that several of our companies have.
    """

    rows: int = 0
    blank: int = 0
    without_key: int = 0
    free_mail: int = 0
    unmatched: int = 0
    undated: int = 0
    older: int = 0
    matched: int = 0
    shared: int = 0


@dataclass(frozen=True, slots=True)
class PropertyCounts:
    """A property's values in the file, of matched companies.

    `filled`: count where HubSpot has none that can be read; `preferred`: count before HubSpot's older value;
    `agreeing`: HubSpot's value answers every question alike; `conflicting`: it answers another way (those preferred
    are among them); `expired`: too old to fill; `behind`: another source fills first. `unreadable`: texts nobody can
    read, and formulas.
    """

    filled: int = 0
    preferred: int = 0
    agreeing: int = 0
    conflicting: int = 0
    expired: int = 0
    behind: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class EnrichSummary:
    """What came of a file. `dates`: the first and last day of its rows; `companies`: of the last reading.

    `tiers`: tier → companies before and after, by the profile as it is on disk.
    """

    profile: str
    portal_id: int
    source: str
    file: str
    format: str
    rows: RowCounts
    companies: int
    matched: int
    dates: tuple[dt.date, dt.date] | None
    properties: Mapping[str, PropertyCounts]
    tiers: Mapping[str, tuple[int, int]]
    conflicts: pl.DataFrame = field(repr=False)
