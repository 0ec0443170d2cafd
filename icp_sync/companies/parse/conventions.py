"""What a text cannot say of itself: whether it is an option or a number, whose day it means, what money is worth."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from icp_sync.companies.options import NO_OPTIONS, Options
from icp_sync.companies.parse.numbers.currencies import Currencies
from icp_sync.companies.properties import PropertyDefinition


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the values of one portal are read; the same for all companies.

    `numbers`: properties of HubSpot's type `number`, where `1.125` is no thousand. `zone`: IANA name of the time zone
    that tells a moment's day. `currencies`: to convert amounts by; None compares them as they stand.
    """

    options: Options = NO_OPTIONS
    numbers: frozenset[str] = frozenset()
    zone: str = "UTC"
    currencies: Currencies | None = None

    @classmethod
    def of(cls, definitions: Collection[PropertyDefinition], zone: str) -> Self:
        """What a portal's definitions and its time zone say."""
        numbers = frozenset(definition.name for definition in definitions if definition.type == "number")
        return cls(Options.of(definitions), numbers, zone)


NO_CONVENTIONS: Final = Conventions()
"""Where neither portal nor profile says anything: texts are read as they stand."""
