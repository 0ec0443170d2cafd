"""Criteria, disqualifiers and scope: ids, properties read, nesting, regular expressions, partial credits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.property_reads import leaf_properties
from icp_sync.profile.semantic.partial_profile import Leaf, PartialProfile
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import did_you_mean

_MAX_DEPTH: Final = 5
_MAX_EXPRESSIONS: Final = 50


def ids_are_unique(draft: PartialProfile) -> Iterator[Finding]:
    """An id names one criterion, disqualifier or derived value."""
    first: dict[str, Path] = {}
    for section in ("criteria", "disqualifiers"):
        for path, name in draft.iter_ids(section):
            if first.setdefault(name, path) != path:
                where = f"{first[name][0]}[{first[name][1]}]"
                yield Finding(path, f"the id {shorten(name)!r} is taken by {where}; choose another")
    for name in draft.derived_formulas:
        if name in first:
            where = f"{first[name][0]}[{first[name][1]}]"
            yield Finding(("derive", name), f"the id {shorten(name)!r} is taken by {where}; derive under another name")


def required_ids_exist(draft: PartialProfile) -> Iterator[Finding]:
    """Every required id is a criterion's."""
    for path, name in draft.iter_texts("required"):
        yield from criterion_exists(draft, name, path)


def criterion_exists(draft: PartialProfile, name: str, path: Path) -> Iterator[Finding]:
    """`name` is a criterion's id."""
    if name not in draft.criterion_paths:
        advice = did_you_mean(name, draft.criterion_paths, "name the id of one")
        yield Finding(path, f"{shorten(name)!r} is no criterion; {advice}")


def nesting_is_bounded(draft: PartialProfile) -> Iterator[Finding]:
    """Compositions nest five deep at most."""
    for leaf in draft.leaves:
        if leaf.depth > _MAX_DEPTH:
            yield Finding(
                leaf.path, f"all, any and not nest {leaf.depth} deep; at most {_MAX_DEPTH}, split the question"
            )


def every_leaf_has_a_property(draft: PartialProfile) -> Iterator[Finding]:
    """Every leaf has a property to read."""
    for leaf in draft.leaves:
        if not leaf_properties(leaf.match, leaf.inherited, draft.location) and not _has_refused_property(draft, leaf):
            alone = leaf.path[0] in {"scope", "lists", "personas", "outcomes"}
            where = "inside the leaf" if alone else "beside match or inside the leaf"
            yield Finding(leaf.path, f"{leaf.match.operator} has no property to read; write property: {where}")


def _has_refused_property(draft: PartialProfile, leaf: Leaf) -> bool:
    places = (leaf.path, leaf.path[:2])
    return any((*place, key) in draft.refused for place in places for key in ("property", "properties"))


def regexes_compile(draft: PartialProfile) -> Iterator[Finding]:
    """Every regular expression compiles in Polars, where it will be used."""
    expressions: dict[str, Path] = {}
    for leaf in draft.leaves:
        if leaf.match.matches:
            expressions.setdefault(leaf.match.matches, (*leaf.path, "matches"))
    for n, (expression, path) in enumerate(expressions.items()):
        if n == _MAX_EXPRESSIONS:
            yield Finding(path, f"more than {_MAX_EXPRESSIONS} regular expressions; use contains_any or is instead")
            return
        if error := _regex_error(expression):
            yield Finding(path, error)


def _regex_error(expression: str) -> str | None:
    try:
        pl.Series([""], dtype=pl.String).str.contains(f"(?i){expression}")
    except pl.exceptions.ComputeError as error:
        if "size limit" in str(error):
            return "the regular expression is too large; write smaller repetitions"
        reason = re.search(r"^error: (.+)$", str(error), re.MULTILINE)
        return f"no regular expression: {reason[1] if reason else 'it does not compile'}; correct it"
    return None


def partial_credits_fall(draft: PartialProfile) -> Iterator[Finding]:
    """Partial credits fall in the order written, because the first hit counts."""
    for section_path, criterion in draft.iter_items("criteria"):
        partials = criterion.get("partial")
        best = 1.0
        for n, partial in enumerate(partials if isinstance(partials, list) else ()):
            credit = partial.get("credit") if isinstance(partial, dict) else None
            if not isinstance(credit, int | float):
                continue
            if credit > best:
                message = f"{credit} comes after a lower credit and the first hit counts; put the higher first"
                yield Finding((*section_path, "partial", n, "credit"), message, severity="warning")
            best = min(best, credit)
