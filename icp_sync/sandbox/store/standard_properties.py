"""The properties every HubSpot portal is born with, as the sandbox defines them."""

from functools import cache

from icp_sync.catalogue.standard_properties import StandardProperty, standard_properties
from icp_sync.sandbox.store.object_types import COMPANIES, ObjectType
from icp_sync.sandbox.store.property_definition import Definition, PropertyOption

TARGET_ACCOUNTS = frozenset({"hs_ideal_customer_profile", "hs_is_target_account", "hs_target_account"})


@cache
def standard_definitions(object_type: ObjectType = COMPANIES) -> tuple[Definition, ...]:
    """Every property a portal has of such records; of companies, of one that has activated target accounts."""
    return tuple(map(_definition, standard_properties(object_type.name)))


def _definition(standard: StandardProperty) -> Definition:
    options = (PropertyOption(value, label, order) for order, (value, label) in enumerate(standard.options.items()))
    return Definition(
        name=standard.name,
        label=standard.label,
        type=standard.type,
        field_type=standard.field_type,
        group=standard.group,
        description=standard.description,
        options=tuple(options),
        hubspot_defined=True,
        calculated=standard.calculated,
        read_only=standard.read_only,
        external_options=standard.external_options,
    )
