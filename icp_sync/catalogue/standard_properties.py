"""The properties every HubSpot portal is born with, from a JSON file for each kind of records; those deals write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

# Lifecycle stage and lead status move with deals (HubSpot sets the first by itself, when told to), `type` is changed
# from prospect to customer, and the rest are roll-ups of deals. Never `annualrevenue`: it is the company's own.
WRITTEN_BY_DEALS: Final = frozenset(
    {
        "closedate",
        "days_to_close",
        "first_deal_created_date",
        "hs_lead_status",
        "hs_num_open_deals",
        "hs_total_deal_value",
        "lifecyclestage",
        "num_associated_deals",
        "recent_deal_amount",
        "recent_deal_close_date",
        "total_revenue",
        "type",
    }
)
"""Company properties that HubSpot, or a rep, fills because a deal was opened, won or lost."""


@dataclass(frozen=True, slots=True)
class StandardProperty:
    """A property HubSpot ships; `type` and `field_type` are its words. `options`: value → label, in HubSpot's order.

    `external_options`: the values are other records (owners, companies), so there is no list of them.
    """

    name: str
    label: str
    type: str
    field_type: str
    group: str
    description: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    calculated: bool = False
    read_only: bool = False
    external_options: bool = False


@cache
def standard_properties(object_type: str = "companies") -> tuple[StandardProperty, ...]:
    """Every property of companies (in a portal that has activated target accounts), `deals` or `contacts`."""
    return tuple(_property(row) for row in _read_definitions(object_type)["properties"])


def standard_groups(object_type: str = "companies") -> dict[str, str]:
    """The label of each group by its name."""
    return dict(_read_definitions(object_type)["groups"])


@cache
def _read_definitions(object_type: str) -> dict[str, Any]:
    return orjson.loads(files(__package__).joinpath(f"{object_type}.json").read_bytes())  # type: ignore[no-any-return]


def _property(row: Mapping[str, Any]) -> StandardProperty:
    return StandardProperty(
        name=row["name"],
        label=row["label"],
        type=row["type"],
        field_type=row["fieldType"],
        group=row["group"],
        description=row.get("description", ""),
        options=row.get("options", {}),
        calculated=row.get("calculated", False),
        read_only=row.get("readOnly", False),
        external_options=row.get("externalOptions", False),
    )


def is_written_by_deals(name: str) -> bool:
    """Whether a company property knows of its deals, by the list or by its name."""
    return name in WRITTEN_BY_DEALS or "_deal_" in f"_{name}_" or "_deals_" in f"_{name}_"
