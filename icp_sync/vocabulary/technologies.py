"""Technologies as companies list them: one name for every spelling, and groups such as devops or crm."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from icp_sync.vocabulary.glossary import Glossary, glossary, listed, rows
from icp_sync.vocabulary.keys import key_of


@cache
def technologies() -> Glossary:
    """The shipped technologies; read once, by the first that asks."""
    names = rows("technologies.csv")
    shipped = glossary(names, rows("technology_groups.csv"), _as_typed(names))
    return replace(shipped, groups={**shipped.groups, **_products(shipped)})


@cache
def vendors() -> frozenset[str]:
    """The keys of the names under which makers sell many products: "HubSpot Forms" is a product of HubSpot."""
    return frozenset(key_of(row["vendor"]) for row in rows("vendors.csv")) - {"azure", "google cloud"}


def _products(shipped: Glossary) -> dict[str, frozenset[str]]:
    """The canonical key of each vendor → its own and its products', and the groups in which all of these count.

    A product covers no other of its vendor.
    """
    covered: dict[str, frozenset[str]] = {}
    for row in rows("vendors.csv"):
        vendor = shipped.canonical(key_of(row["vendor"]))
        products = frozenset(shipped.canonical(key_of(product)) for product in listed(row["products"]))
        covered[vendor] = products | {vendor}
        for group in map(key_of, listed(row["groups"])):
            covered[group] = covered.get(group, shipped.groups[group]) | products
    return covered


def _as_typed(names: list[dict[str, str]]) -> dict[str, str]:
    """`nodejs`, `node js` and `node_js` for `Node.js`, `stripe.com` for Stripe; only where no other has the name."""
    found: dict[str, set[str]] = {}
    for row in names:
        canonical = key_of(row["name"])
        for spelling in (row["name"], *listed(row["aliases"])):
            for key in _variants(key_of(spelling)):
                found.setdefault(key, set()).add(canonical)
    return {key: min(sharing) for key, sharing in found.items() if len(sharing) == 1}


def _variants(key: str) -> set[str]:
    joined = key.replace(" ", "")
    site = {f"{joined}.com"} if len(joined) > 3 and "." not in joined else set()
    if "." in key.strip("."):
        return {key.replace(".", ""), key.replace(".", " "), joined}
    return {joined} | site
