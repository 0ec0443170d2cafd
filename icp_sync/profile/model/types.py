"""Constants and small types that several models share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

Identifier = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", description="A small letter, then small letters, digits and _.")
]


TierName = Literal["tier_1", "tier_2", "tier_3"]


Outcome = Literal["tiered", "disqualified", "not_icp", "insufficient_data"]


TIERS: Final[tuple[TierName, ...]] = ("tier_1", "tier_2", "tier_3")


OUTCOMES: Final[tuple[Outcome, ...]] = ("tiered", "disqualified", "not_icp", "insufficient_data")


Sentence = Annotated[str, Field(min_length=1, max_length=500)]


def _calendar_day(value: object) -> object:
    """Text such as 2027-02-01; pydantic alone would also take seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return value
    if isinstance(value, dt.date):
        return value
    raise ValueError("is no date; write one such as 2027-02-01")


Day = Annotated[
    dt.date,
    BeforeValidator(_calendar_day, json_schema_input_type=Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]),
    Field(strict=False),
]
