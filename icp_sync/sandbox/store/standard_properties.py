"""The properties every HubSpot portal is born with, read from a JSON file a kind of records."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from icp_sync.sandbox.store.definitions import Definition, Option
from icp_sync.sandbox.store.object_type import COMPANIES, ObjectType

TARGET_ACCOUNTS = frozenset({"hs_ideal_customer_profile", "hs_is_target_account", "hs_target_account"})


@cache
def _catalogue(object_type: ObjectType) -> dict[str, Any]:
    return orjson.loads(files(__package__).joinpath(f"{object_type.name}.json").read_bytes())  # type: ignore[no-any-return]


def standard_groups(object_type: ObjectType = COMPANIES) -> dict[str, str]:
    """Name and label of the groups."""
    return dict(_catalogue(object_type)["groups"])


@cache
def standard_definitions(object_type: ObjectType = COMPANIES) -> tuple[Definition, ...]:
    """Every property a portal has of such records; of companies, of one that has activated target accounts."""
    return tuple(_definition(row) for row in _catalogue(object_type)["properties"])


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
