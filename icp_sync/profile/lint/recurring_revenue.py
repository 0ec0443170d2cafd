"""Recurring revenue a year and a month that contradict each other, in words and in rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Literal

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.bands import interval
from icp_sync.profile.model.profile import Profile

Kind = Literal["ARR", "MRR"]

_AMOUNT: Final = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,15}(?:[.,]\d{1,9}){0,4}) ?(?P<unit>k|thousand|m|mn|mio|million|bn|b|billion)?"
    r" ?(?:in |of )?(?P<kind>arr|mrr)\b",
    re.IGNORECASE,
)
_UNITS: Final = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}
_MONTHS: Final = 12
_FURTHEST: Final = 2
_MOST_AMOUNTS: Final = 200  # each is held against every other


@dataclass(frozen=True, slots=True)
class Yearly:
    """An amount or a range of it a year, as written as ARR or MRR at a place."""

    kind: Kind
    low: float
    high: float
    path: Path
    written: str


def contradictory_amounts(profile: Profile) -> Iterator[Finding]:
    """Twelve times the month is the year, give or take a factor of two."""
    found = list(islice(chain(_asked(profile), _said(profile)), _MOST_AMOUNTS))
    years = [one for one in found if one.kind == "ARR"]
    for month in (one for one in found if one.kind == "MRR"):
        for year in years:
            if month.high * _FURTHEST < year.low or month.low > year.high * _FURTHEST:
                message = f"{month.written} is not {year.written}: twelve months make a year; correct one of them"
                yield Finding(month.path, message)
                break


def _said(profile: Profile) -> Iterator[Yearly]:
    for path, text in _texts(profile):
        for found in _AMOUNT.finditer(text):
            kind: Kind = "ARR" if found["kind"].upper() == "ARR" else "MRR"
            amount = _amount(found["number"], found["unit"] or "") * (_MONTHS if kind == "MRR" else 1)
            yield Yearly(kind, amount, amount, path, found[0].strip())


def _texts(profile: Profile) -> Iterator[tuple[Path, str]]:
    yield ("profile", "title"), profile.profile.title or ""
    for n, criterion in enumerate(profile.criteria):
        yield ("criteria", n, "label"), criterion.label or ""
        yield ("criteria", n, "evidence"), criterion.evidence or ""


def _asked(profile: Profile) -> Iterator[Yearly]:
    """The ranges of criteria that read a property called after ARR or MRR."""
    for n, criterion in enumerate(profile.criteria):
        for leaf in criterion.match.leaves():
            named = "_".join(leaf.reads or criterion.reads).split("_")
            kind: Kind | None = "MRR" if "mrr" in named else "ARR" if "arr" in named else None
            if kind and (found := interval(leaf)):
                low, high = (end * (_MONTHS if kind == "MRR" else 1) for end in found)
                yield Yearly(kind, low, high, ("criteria", n, "match"), f"the {kind} of {criterion.id}")


def _amount(number: str, unit: str) -> float:
    """`1,200` and `1.200` are twelve hundred, `1.5` and `1,5` one and a half."""
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number)
    plain = re.sub(r"[.,]", "", number) if grouped else number.replace(",", ".")
    whole, _, fraction = plain.partition(".")
    return float(f"{whole}.{fraction.replace('.', '') or 0}") * _UNITS.get(unit[:1].lower(), 1)
