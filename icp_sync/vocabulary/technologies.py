"""Technologies as companies list them: one name for every spelling, and groups such as devops or crm."""

from __future__ import annotations

from functools import cache

from icp_sync.vocabulary.glossary import Glossary, glossary, listed, rows
from icp_sync.vocabulary.keys import key_of


@cache
def technologies() -> Glossary:
    """The shipped technologies; read once, by the first that asks."""
    names = rows("technologies.csv")
    return glossary(names, rows("technology_groups.csv"), _as_typed(names))


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
