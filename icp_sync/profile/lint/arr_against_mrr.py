"""ARR and MRR amounts of one profile that contradict each other, in its texts and in its matches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Literal

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.bands import match_interval
from icp_sync.profile.model.profile import Profile

Kind = Literal["ARR", "MRR"]

_AMOUNT: Final = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,15}(?:[.,]\d{1,9}){0,4}) ?(?P<unit>k|thousand|m|mn|mio|million|bn|b|billion)?"
    r" ?(?:in |of )?(?P<kind>arr|mrr)\b",
    re.IGNORECASE,
)
_UNITS: Final = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}
_MONTHS: Final = 12
_MAX_RATIO: Final = 2
_MAX_AMOUNTS: Final = 200  # each is compared with every other


@dataclass(frozen=True, slots=True)
class YearlyAmount:
    """A range of amounts a year, written as ARR or MRR at a path; `written` quotes it."""

    kind: Kind
    low: float
    high: float
    path: Path
    written: str


def contradictory_amounts(profile: Profile) -> Iterator[Finding]:
    """Twelve times the month is the year, give or take a factor of two."""
    amounts = list(islice(chain(_criteria_ranges(profile), _written_amounts(profile)), _MAX_AMOUNTS))
    years = [amount for amount in amounts if amount.kind == "ARR"]
    for month in (amount for amount in amounts if amount.kind == "MRR"):
        for year in years:
            if month.high * _MAX_RATIO < year.low or month.low > year.high * _MAX_RATIO:
                message = f"{month.written} is not {year.written}: twelve months make a year; correct one of them"
                yield Finding(month.path, message)
                break


def _written_amounts(profile: Profile) -> Iterator[YearlyAmount]:
    for path, text in _texts_with_paths(profile):
        for amount_match in _AMOUNT.finditer(text):
            kind: Kind = "ARR" if amount_match["kind"].upper() == "ARR" else "MRR"
            amount = _parse_amount(amount_match["number"], amount_match["unit"] or "") * (
                _MONTHS if kind == "MRR" else 1
            )
            yield YearlyAmount(kind, amount, amount, path, amount_match[0].strip())


def _texts_with_paths(profile: Profile) -> Iterator[tuple[Path, str]]:
    yield ("profile", "title"), profile.profile.title or ""
    for n, criterion in enumerate(profile.criteria):
        yield ("criteria", n, "label"), criterion.label or ""
        yield ("criteria", n, "evidence"), criterion.evidence or ""


def _criteria_ranges(profile: Profile) -> Iterator[YearlyAmount]:
    """Yields the ranges of criteria that read a property with `arr` or `mrr` in its name."""
    for n, criterion in enumerate(profile.criteria):
        for leaf in criterion.match.leaves():
            words = "_".join(leaf.own_properties or criterion.own_properties).split("_")
            kind: Kind | None = "MRR" if "mrr" in words else "ARR" if "arr" in words else None
            if kind and (bounds := match_interval(leaf)):
                low, high = (end * (_MONTHS if kind == "MRR" else 1) for end in bounds)
                yield YearlyAmount(kind, low, high, ("criteria", n, "match"), f"the {kind} of {criterion.id}")


def _parse_amount(number: str, unit: str) -> float:
    """The amount of a number as written: `1,200` and `1.200` are 1200, `1.5` and `1,5` are 1.5."""
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number)
    plain = re.sub(r"[.,]", "", number) if grouped else number.replace(",", ".")
    whole, _, fraction = plain.partition(".")
    return float(f"{whole}.{fraction.replace('.', '') or 0}") * _UNITS.get(unit[:1].lower(), 1)
