"""Constants and small types that several models share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.text_keys import text_key

Identifier = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", description="A small letter, then small letters, digits and _.")
]


TierName = Literal["tier_1", "tier_2", "tier_3"]


Outcome = Literal["tiered", "disqualified", "not_icp", "insufficient_data"]


Committee = Literal["complete", "partial", "none", "unknown"]


TIERS: Final[tuple[TierName, ...]] = ("tier_1", "tier_2", "tier_3")


OUTCOMES: Final[tuple[Outcome, ...]] = ("tiered", "disqualified", "not_icp", "insufficient_data")


COMMITTEES: Final[tuple[Committee, ...]] = ("complete", "partial", "none", "unknown")
"""All of the deciders and users have a contact; some have; nobody has; contacts were not read."""


Sentence = Annotated[str, Field(min_length=1, max_length=500)]


def _require_iso_day(value: object) -> object:
    """Text such as 2027-02-01; pydantic alone would also take seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return value
    if isinstance(value, dt.date):
        return value
    raise ValueError(f"{shorten(str(value), 40)!r} is no date; write one such as 2027-02-01")


Day = Annotated[
    dt.date,
    BeforeValidator(_require_iso_day, json_schema_input_type=Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]),
    Field(strict=False),
]


RECORD_ID: Final = "id"
NO_PROPERTY: Final = "id is the company's number in HubSpot and no property; write hs_object_id"


def _require_property(name: str) -> str:
    if name == RECORD_ID:
        raise ValueError(NO_PROPERTY)
    return name


PropertyName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,99}$", description="A HubSpot property's internal name."),
    AfterValidator(_require_property),
]


class ProfileModel(BaseModel):
    """What every part of a profile is: strict, frozen, with no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _numeral_as_text(value: object) -> object:
    """`is: 12` → the text "12"; a boolean is left for pydantic to refuse."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _require_letter_or_digit(text: str) -> str:
    """Refuses a text without a key: texts are compared by key, and punctuation alone has none."""
    if not text_key(text):
        raise ValueError("has no letter or digit, so nothing can be it; write a word")
    return text


Number = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[
    str,
    BeforeValidator(_numeral_as_text, json_schema_input_type=str | float),
    Field(min_length=1, max_length=1000),
    AfterValidator(_require_letter_or_digit),
]
Texts = Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=1000)]
OneOrMore = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list, json_schema_input_type=Text | Texts),
    Field(strict=False, min_length=1, max_length=1000),
]
Bounds = Annotated[tuple[Number | None, Number | None], Field(strict=False)]
MOST_COMPANIES: Final = 1_000_000_000
"""Above any portal; a number that no integer column holds would end a run, not the check."""
Days = Annotated[int, Field(ge=0, le=100_000)]


class Distance(ProfileModel):
    """A circle around a place."""

    of: Text = Field(description="A city, best with its country: San Francisco, US.")
    km: Annotated[Number, Field(gt=0, le=20_040, description="Kilometres by great circle; half the equator at most.")]
