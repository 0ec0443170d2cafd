"""Technologies as companies list them: one name for every spelling, and groups such as devops or crm."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from icp_sync.vocabulary.aliases_and_groups import (
    CanonicalNames,
    build_canonical_names,
    read_shipped_csv,
    split_members,
)
from icp_sync.vocabulary.text_keys import text_key


@cache
def technologies() -> CanonicalNames:
    """The shipped technologies; read once, on first use."""
    names = read_shipped_csv("technologies.csv")
    shipped = build_canonical_names(names, read_shipped_csv("technology_groups.csv"), _typed_spellings(names))
    return replace(shipped, groups={**shipped.groups, **_keys_by_vendor(shipped)})


@cache
def vendor_name_prefixes() -> frozenset[str]:
    """The keys of vendors whose name begins their products' names: "HubSpot Forms" is a product of HubSpot."""
    return frozenset(text_key(row["vendor"]) for row in read_shipped_csv("vendors.csv")) - {"azure", "google cloud"}


def _keys_by_vendor(shipped: CanonicalNames) -> dict[str, frozenset[str]]:
    """The canonical key of each vendor → its own and its products', and the groups in which all of these count.

    A product covers no other of its vendor.
    """
    covered: dict[str, frozenset[str]] = {}
    for row in read_shipped_csv("vendors.csv"):
        vendor = shipped.canonical_key(text_key(row["vendor"]))
        products = frozenset(shipped.canonical_key(text_key(product)) for product in split_members(row["products"]))
        covered[vendor] = products | {vendor}
        for group in map(text_key, split_members(row["groups"])):
            covered[group] = covered.get(group, shipped.groups[group]) | products
    return covered


def _typed_spellings(names: list[dict[str, str]]) -> dict[str, str]:
    """`nodejs`, `node js` and `node_js` for `Node.js`, `stripe.com` for Stripe; only where no other has the name."""
    canonicals_of: dict[str, set[str]] = {}
    for row in names:
        canonical = text_key(row["name"])
        for spelling in (row["name"], *split_members(row["aliases"])):
            for key in _spelling_variants(text_key(spelling)):
                canonicals_of.setdefault(key, set()).add(canonical)
    return {key: min(sharing) for key, sharing in canonicals_of.items() if len(sharing) == 1}


def _spelling_variants(key: str) -> set[str]:
    joined = key.replace(" ", "")
    site = {f"{joined}.com"} if len(joined) > 3 and "." not in joined else set()
    if "." in key.strip("."):
        return {key.replace(".", ""), key.replace(".", " "), joined}
    return {joined} | site
