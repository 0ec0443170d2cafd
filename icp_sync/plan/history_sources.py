"""Who wrote a value: HubSpot's types of sources in four classes, and the sources that are icp_sync itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

SYSTEM: Final = "system"
PERSON: Final = "person"
AUTOMATION: Final = "automation"
APP: Final = "app"

MAX_NAME: Final = 60
"""Characters of the name of a workflow, an app or a file."""
_NOUNS: Final = MappingProxyType(
    {
        "AUTOMATION_PLATFORM": "workflow",
        "WORKFLOWS": "workflow",
        "IMPORT": "import",
        "SALESFORCE": "Salesforce sync",
        "INTEGRATION": "integration",
        "INTEGRATIONS_SYNC": "integration",
        "API": "integration",
    }
)
Source = tuple[str, str | None]
"""A source by HubSpot's type and id."""


@dataclass(frozen=True, slots=True)
class SourceClass:
    """Types of sources that are alike, by name and by how their names begin."""

    name: str
    types: tuple[str, ...]
    prefixes: tuple[str, ...] = ()

    def includes(self, source_type: pl.Expr) -> pl.Expr:
        """Whether the type is of this class."""
        begins = (source_type.str.starts_with(prefix) for prefix in self.prefixes)
        return pl.any_horizontal(source_type.is_in(list(self.types)), *begins)


CLASSES: Final = (
    # HubSpot's own doing: nobody chose the value.
    SourceClass(
        SYSTEM, ("RESTORE_OBJECTS", "RECYCLING_BIN", "CALCULATED", "INTERNAL_PROCESSING", "MIGRATION"), ("MERGE_",)
    ),
    SourceClass(
        PERSON,
        ("CRM_UI", "CRM_UI_BULK_ACTION", "EXTENSION", "PROPERTY_RESTORE", "ACTIVITY_LOG_REVERT"),
        ("MOBILE_",),
    ),
    # These name the user who started them, but each value was chosen by a rule or a file.
    SourceClass(
        AUTOMATION,
        (
            "AUTOMATION_PLATFORM", "WORKFLOWS", "IMPORT", "SALESFORCE", "DATA_ENRICHMENT", "COMPANY_INSIGHTS",
            "DATA_QUALITY",
        ),
    ),
    SourceClass(APP, ("INTEGRATION", "INTEGRATIONS_SYNC", "API")),
)  # fmt: skip
"""HubSpot has some hundred types and adds to them; which one a service key has is not documented."""


def source_class() -> pl.Expr:
    """The class of `source_type`; a type nobody knows is a person's where it names a user, else automation."""
    return _listed_class().fill_null(
        pl.when(pl.col("user_id").is_not_null()).then(pl.lit(PERSON)).otherwise(pl.lit(AUTOMATION))
    )


def describe_source(source_type: str, source_id: str | None, user_id: int | str | None, label: str | None) -> str:
    """Who wrote a value, for people to read: `user 12`, `the workflow Re-engage`, `the integration 3000033`."""
    known = pl.select(source_type=pl.lit(source_type), user_id=pl.lit(user_id))
    if known.select(source_class()).item() == PERSON:
        return "somebody" if user_id is None else f"user {user_id}"
    if source_type not in _NOUNS:
        return f"HubSpot ({source_type.lower().replace('_', ' ')})"
    name = (label or source_id or "").strip()[:MAX_NAME]
    return f"the {_NOUNS[source_type]} {name}".rstrip()


def is_own_source(ours: Collection[Source]) -> pl.Expr:
    """Whether (`source_type`, `source_id`) is one of `ours`."""
    return _source_key().is_in([_SEPARATOR.join((source_type, source_id or "")) for source_type, source_id in ours])


def without_repetitions(history: pl.DataFrame) -> pl.DataFrame:
    """A history frame without the versions by which HubSpot itself repeats what stood before.

    It does so when it restores a company: who set the value is still whoever set it before.
    """
    repeated = pl.col("value") == pl.col("value").shift(-1).over("id", "property")
    return history.filter(~((source_class() == SYSTEM) & repeated.fill_null(value=False)))


def find_own_sources(history: pl.DataFrame, stamp: str, profile: str) -> frozenset[Source]:
    """The sources that wrote the stamp of `profile` (`NAME@DIGEST`) into the property `stamp`, by a history frame.

    Never a person, an import or HubSpot itself: they may copy a stamp along, and are not us.
    """
    wrote = history.filter(
        pl.col("property") == stamp,
        pl.col("value").str.starts_with(f"{profile}@"),
        _listed_class().fill_null(APP) == APP,
    )
    return frozenset(wrote.select("source_type", "source_id").unique().rows())


_SEPARATOR: Final = "\n"


def _source_key() -> pl.Expr:
    return pl.concat_str("source_type", pl.col("source_id").fill_null(""), separator=_SEPARATOR)


def _listed_class() -> pl.Expr:
    """The class that lists the type; null for a type nobody knows."""
    source_type = pl.col("source_type")
    return pl.coalesce(pl.when(one.includes(source_type)).then(pl.lit(one.name)) for one in CLASSES)
