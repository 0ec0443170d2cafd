"""The properties every HubSpot portal is born with, read from `standard_properties.json`."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from icp_sync.sandbox.store.definitions import Definition, Option

TARGET_ACCOUNTS = frozenset({"hs_ideal_customer_profile", "hs_is_target_account", "hs_target_account"})


@cache
def _catalogue() -> dict[str, Any]:
    return orjson.loads(files(__package__).joinpath("standard_properties.json").read_bytes())  # type: ignore[no-any-return]


def standard_groups() -> dict[str, str]:
    """Name and label of the groups."""
    return dict(_catalogue()["groups"])


@cache
def standard_definitions() -> tuple[Definition, ...]:
    """Every property of a portal that has activated target accounts."""
    return tuple(_definition(row) for row in _catalogue()["properties"])


def _definition(row: dict[str, Any]) -> Definition:
    options = tuple(Option(value, label, order) for order, (value, label) in enumerate(row.get("options", {}).items()))
    return Definition(
        name=row["name"],
        label=row["label"],
        type=row["type"],
        field_type=row["fieldType"],
        group=row["group"],
        description=row.get("description", ""),
        options=options,
        hubspot_defined=True,
        calculated=row.get("calculated", False),
        read_only=row.get("readOnly", False),
        external_options=row.get("externalOptions", False),
    )
