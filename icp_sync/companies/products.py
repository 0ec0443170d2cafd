"""Products as people write them: an edition, a version or a bracket makes no other product (design: "Sets")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

import polars as pl

from icp_sync.companies.separators import PARTS
from icp_sync.vocabulary.keys import key, key_of

EDITIONS: Final = frozenset(
    {
        "advanced", "api", "basic", "business", "center", "centre", "classic", "client", "cloud", "community",
        "core", "crm", "data", "db", "desktop", "developer", "dc", "edition", "enterprise", "essentials", "express",
        "free", "hosted", "hosting", "hybrid", "integration", "lite", "live", "lts", "mobile", "on", "online",
        "onprem", "plan", "platform", "plus", "plugin", "premise", "premises", "premium", "pro", "professional",
        "saas", "sdk", "self", "server", "service", "services", "software", "solution", "standard", "starter",
        "suite", "system", "team", "teams", "tool", "tracking", "ultimate", "unlimited", "version", "web",
    }
)  # fmt: skip
"""Words behind a product's name that say which of its editions it is, and not that it is another product."""
_VERSION: Final = re.compile(
    r"(?<=[\w)+#.])[\s_-]+(?:v|ver|version|release|r)?\.?\s*\d+(?:\.(?:\d+|x))*\+?$", re.IGNORECASE
)
_BRACKET: Final = re.compile(r"^(.+?)\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_LABEL: Final = re.compile(r"^[^:/]{2,40}:\s+(.+)$")
_JOINED_FROM: Final = 6
"""Letters from which two words written as one are a name: "Sales Force", and not "go daddy"."""


def with_products(texts: pl.Series, known: Collection[str], vendors: Collection[str]) -> pl.Series:
    """The texts, names parted by `;`, with the product behind each name that no table knows set beside it.

    `known`: the keys of technologies; `vendors`: the keys of makers, whose name before other words is theirs. Only the
    distinct unknown names are looked at.
    """
    names = texts.drop_nulls().unique().str.split(PARTS).explode().drop_nulls().unique()
    unknown = names.filter(~names.to_frame("name").select(key(pl.col("name")).is_in(list(known))).to_series())
    beside = {name: PARTS.join([name, *found]) for name in unknown if (found := [*products(name, known, vendors)])}
    if not beside:
        return texts
    replaced = pl.element().replace(list(beside), list(beside.values()))
    rewritten = pl.col("text").str.split(PARTS).list.eval(replaced).list.join(PARTS)
    return texts.to_frame("text").select(rewritten.alias(texts.name)).to_series()


def products(name: str, known: Collection[str], vendors: Collection[str]) -> Iterator[str]:
    """The products a name may stand for beside itself: without label, bracket, version and edition."""
    for spelling in dict.fromkeys(_spellings(name.strip())):
        if spelling != name.strip():
            yield spelling
        if key_of(spelling) not in known:
            yield from _known_within(key_of(spelling), known, vendors)


def _spellings(name: str) -> Iterator[str]:
    """The name as it stands, without its label, without and within its bracket, each also without its version."""
    yield name
    if labelled := _LABEL.match(name):
        yield from _spellings(labelled[1])
    if bracketed := _BRACKET.match(name):
        yield from (part for side in bracketed.groups() for part in _spellings(side.strip()))
    if (bare := _VERSION.sub("", name)) != name and bare:
        yield bare


def _known_within(name: str, known: Collection[str], vendors: Collection[str]) -> Iterator[str]:
    """The longest known name that a key begins with, where the rest only says which edition or part of it it is."""
    words = name.split()
    joined = "".join(words)
    if len(words) > 1 and len(joined) >= _JOINED_FROM and joined in known:
        yield joined
        return
    for count in range(len(words) - 1, 0, -1):
        head, rest = " ".join(words[:count]), words[count:]
        if head in known and (count > 1 or head in vendors or EDITIONS.issuperset(rest)):
            yield head
            return
        if count == 1 and head in vendors:
            yield head
