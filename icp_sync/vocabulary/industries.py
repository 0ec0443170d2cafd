"""HubSpot's industries: their 147 values, labels and German names, and groups such as software or healthcare."""

from __future__ import annotations

from functools import cache

from icp_sync.vocabulary.glossary import Glossary, glossary, rows
from icp_sync.vocabulary.keys import key_of


@cache
def industries() -> Glossary:
    """The shipped industries; read once, by the first that asks."""
    return glossary(rows("industries.csv"), rows("industry_groups.csv"), {})


def members(name: str, known: Glossary) -> frozenset[str]:
    """The canonical keys an industry's name stands for.

    Written as HubSpot stores it (`FINANCIAL_SERVICES`), a name is that one value; written any other way,
    a group of the name goes first ("Financial services" are banks and insurers too).
    """
    return frozenset({known.canonical(key_of(name))}) if name in _values() else known.members(name)


@cache
def _values() -> frozenset[str]:
    return frozenset(row["name"] for row in rows("industries.csv"))
