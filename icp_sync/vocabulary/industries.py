"""HubSpot's industries: their 147 values, labels and German names, and groups such as software or healthcare.

HubSpot's values are LinkedIn's first industry codes. `industry_labels.csv` maps the labels of LinkedIn's second list,
of GICS and of the enrichment vendors, which companies arrive with, to them; `industry_translations.csv` the names of
values and groups in five languages, in the singular, the plural and the other gender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from icp_sync.vocabulary.aliases_and_groups import (
    CanonicalNames,
    build_canonical_names,
    read_shipped_csv,
    split_members,
)
from icp_sync.vocabulary.text_keys import split_bracket, text_key

_VALUE_OF_GROUP: Final = {
    "software": "computer software",
    "it services": "information technology and services",
    "nonprofit": "non profit organization management",
}
"""A group's canonical key → the value it means on a company: "Software" is computer software."""
TRANSLATED: Final = ("german", "french", "spanish", "italian", "dutch")
"""The languages of `industry_translations.csv`, a column each."""
COMMA_OR_SLASH: Final = re.compile(r"\s*[,/／]\s*")
"""What lists names, and stands within some of them."""
_MAKERS: Final = (" manufacturing", " manufacturers")


@cache
def industries() -> CanonicalNames:
    """The shipped industries; read once, on first use."""
    return build_canonical_names(
        read_shipped_csv("industries.csv"), read_shipped_csv("industry_groups.csv"), _translations() | _value_by_label()
    )


@cache
def company_aliases() -> Mapping[str, str]:
    """Key of every spelling → canonical key, for companies' values: a value rather than a group of its name."""
    return {spelling: _VALUE_OF_GROUP.get(name, name) for spelling, name in industries().aliases.items()}


def implied_industries(name: str) -> Iterator[str]:
    """Yields the industries a company's text implies beside its own.

    Of "Software (SaaS)" both sides; of any manufacturer manufacturing, also where the tables have it in another group
    ("Fabricated Metal Products Manufacturing").
    """
    known, text = company_aliases(), text_key(name)
    if text not in known:
        yield from (side for side in split_bracket(name) if text_key(side) in known)
    if text.endswith(_MAKERS) and known.get(text) not in industries().groups["manufacturing"]:
        yield "manufacturing"


def punctuated_key(text: str) -> str:
    """The key of a text in which commas and slashes count."""
    return "/".join(text_key(part) for part in COMMA_OR_SLASH.split(text))


@cache
def punctuated_industries() -> frozenset[str]:
    """The `punctuated_key` of every spelling with a comma or slash, such as "Leisure, Travel & Tourism"."""
    tables = ("industries.csv", "industry_groups.csv", "industry_labels.csv", "industry_translations.csv")
    cells = (cell for table in tables for row in read_shipped_csv(table) for cell in row.values())
    spellings = (spelling for cell in cells for spelling in split_members(cell))
    return frozenset(punctuated_key(spelling) for spelling in spellings if COMMA_OR_SLASH.search(spelling))


def covered_industry_keys(name: str, known: CanonicalNames) -> frozenset[str]:
    """The canonical keys an industry's name covers.

    Written as HubSpot stores it (`FINANCIAL_SERVICES`), a name is that one value; written any other way,
    a group of the name goes first ("Financial services" are banks and insurers too).
    """
    return frozenset({known.canonical_key(text_key(name))}) if name in _stored_values() else known.members(name)


def is_industry_property(property_name: str) -> bool:
    """Whether a property of this name holds an industry: `industry`, and any with that word ("primary_industry")."""
    return "industry" in property_name.split("_")


def _translations() -> dict[str, str]:
    """The key of a name in another language → that of the value or group it means."""
    return {
        text_key(word): text_key(row["name"])
        for row in read_shipped_csv("industry_translations.csv")
        for language in TRANSLATED
        for word in split_members(row[language])
    }


def _value_by_label() -> dict[str, str]:
    return {
        text_key(label): text_key(row["name"])
        for row in read_shipped_csv("industry_labels.csv")
        for label in split_members(row["labels"])
    }


@cache
def hubspot_values() -> Mapping[str, str]:
    """Canonical key → the value HubSpot stores for that industry."""
    return {text_key(name): name for name in sorted(_stored_values())}


@cache
def _stored_values() -> frozenset[str]:
    return frozenset(row["name"] for row in read_shipped_csv("industries.csv"))
