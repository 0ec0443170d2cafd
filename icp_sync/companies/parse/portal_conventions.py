"""The portal's conventions for values: options, numeric properties, time zone, currencies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from icp_sync.companies.enumeration_options import NO_OPTIONS, EnumerationOptions
from icp_sync.companies.parse.numbers.currencies import Currencies
from icp_sync.companies.property_definitions import PropertyDefinition


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the values of one portal are parsed; the same for all companies.

    `numbers`: properties of HubSpot's type `number`, where `1.125` has a decimal point. `zone`: IANA name of the time
    zone in which a timestamp becomes a day. `currencies`: rates to convert amounts by; None compares them unconverted.
    """

    options: EnumerationOptions = NO_OPTIONS
    numbers: frozenset[str] = frozenset()
    zone: str = "UTC"
    currencies: Currencies | None = None

    @classmethod
    def from_definitions(cls, definitions: Collection[PropertyDefinition], zone: str) -> Self:
        """The conventions of a portal, from its property definitions and time zone."""
        numbers = frozenset(definition.name for definition in definitions if definition.type == "number")
        return cls(EnumerationOptions.from_definitions(definitions), numbers, zone)


NO_CONVENTIONS: Final = Conventions()
"""Without a portal: no options, no numeric properties, UTC, no conversion."""
