"""Product names without edition, version, label and bracket (design: "Sets")."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

import polars as pl

from icp_sync.companies.parse.name_splitting import SEPARATOR
from icp_sync.companies.parse.usage_words import UNSURE, is_not_in_use, is_unsure, without_unsure_words
from icp_sync.vocabulary.text_keys import split_bracket, text_key, text_key_expr

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
"""Words behind a product's name that mean an edition of it and not another product."""
_VERSION: Final = re.compile(
    r"(?<=[\w)+#.])[\s_-]+(?:v|ver|version|release|r)?\.?\s*\d+(?:\.(?:\d+|x))*\+?$", re.IGNORECASE
)
_LABEL: Final = re.compile(r"^[^:/]{2,40}:(?!//)\s*(.+)$")
_MIN_JOINED_LENGTH: Final = 6
"""Letters from which two words written as one are a name: "Sales Force", and not "go daddy"."""


def with_expansions(texts: pl.Series, known: Collection[str], expand: Callable[[str], Iterable[str]]) -> pl.Series:
    """The texts, names separated by `;`, each name replaced by those that `expand` gives for it.

    Only distinct names whose keys are not in `known`, and those with a question mark or comma, are expanded.
    """
    name = pl.col("name")
    named = texts.to_frame("name").select(name.drop_nulls().unique().str.split(SEPARATOR).explode().unique())
    keyed = named.drop_nulls().with_columns(text_key_expr(name).alias("key"))
    unknown = [name for name, spelled in keyed.iter_rows() if spelled not in known or "?" in name or "," in name]
    more = {name: SEPARATOR.join(names) for name in unknown if (names := [*expand(name)]) != [name]}
    if not more:
        return texts
    replaced = pl.element().replace(list(more), list(more.values()))
    rewritten = pl.col("text").str.split(SEPARATOR).list.eval(replaced).list.join(SEPARATOR)
    return texts.to_frame("text").select(rewritten.alias(texts.name)).to_series()


def possible_products(name: str, known: Mapping[str, str], vendors: Collection[str]) -> Iterator[str]:
    """Yields the name and the products it may mean: the name without label, bracket, version and edition.

    Of a name with commas, such as one beside others at `;`, also its parts, where any of them is known. The name alone
    where a word says that the product is not in use, such as "Salesforce (former)"; unsure keys alone where it is
    perhaps in use, such as "Salesforce (trial)".
    """
    if is_not_in_use(name):
        yield name
    elif is_unsure(name):
        bare = without_unsure_words(name)
        keys = [text_key(product) for one in (name, bare) for product in (one, *_products_meant(one, known, vendors))]
        yield from dict.fromkeys(f"{UNSURE}{known.get(key, key)}" for key in keys if key)
    else:
        yield name
        yield from _products_meant(name, known, vendors)
        parts = name.split(",")
        if len(parts) > 1 and any(text_key(part) in known for part in parts):
            yield from (product for part in parts for product in possible_products(part, known, vendors))


def _products_meant(name: str, known: Collection[str], vendors: Collection[str]) -> Iterator[str]:
    for spelling in dict.fromkeys(_shorter_spellings(name.strip())):
        if spelling != name.strip():
            yield spelling
        if text_key(spelling) not in known:
            yield from _known_names_within(text_key(spelling), known, vendors)


def _shorter_spellings(name: str) -> Iterator[str]:
    """Yields the name, without its label, before and within its bracket, each also without its version."""
    yield name
    if label_match := _LABEL.match(name):
        yield from _shorter_spellings(label_match[1])
    yield from (part for side in split_bracket(name) for part in _shorter_spellings(side))
    if (bare := _VERSION.sub("", name)) != name and bare:
        yield bare


def _known_names_within(name: str, known: Collection[str], vendors: Collection[str]) -> Iterator[str]:
    """Yields the longest known name a key begins with, if the rest is an edition or the name is a vendor's."""
    words = name.split()
    joined = "".join(words)
    if len(words) > 1 and len(joined) >= _MIN_JOINED_LENGTH and joined in known:
        yield joined
        return
    for count in range(len(words) - 1, 0, -1):
        head, rest = " ".join(words[:count]), words[count:]
        if head in known and (count > 1 or head in vendors or EDITIONS.issuperset(rest)):
            yield head
            return
        if count == 1 and head in vendors:
            yield head
