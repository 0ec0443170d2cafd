"""Which of two profiles picks better, in a sentence for somebody without statistics, or why deals cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.evidence.profile_comparison_document import Code, ComparisonVerdict, Decisive, PlacementRow
from icp_sync.evidence.rate_tests import deals_needed
from icp_sync.evidence.rates import FEWEST, Tally

_CONVINCING: Final = 0.05
_NO_DEALS: Final = "No deals have been read from HubSpot yet; icp-sync backtest reads them, then compare again."


@dataclass(frozen=True, slots=True)
class Names:
    """The two profiles by name."""

    champion: str
    challenger: str


def verdict_without_deals(only: tuple[int, int], names: Names) -> ComparisonVerdict:
    """What moves. `only`: companies that only the champion, and only the challenger, calls tier 1."""
    if not any(only):
        return _same(names)
    return _verdict("no_deals", f"{_movement(only, names)} {_NO_DEALS}")


def comparison_verdict(decisive: Decisive, names: Names, design_effect: float) -> ComparisonVerdict:
    """The answer. Twice convincing, as in a backtest: the interval leaves out zero, and Fisher's test agrees."""
    ours, theirs = decisive.only_champion, decisive.only_challenger
    if not (ours.companies and theirs.companies):
        return _one_sided(decisive, names) if ours.companies or theirs.companies else _same(names)
    first, second = (Tally(row.won, row.decided).divided(design_effect) for row in (theirs, ours))
    more = deals_needed(first, second)
    if decisive.difference is None or decisive.p is None:
        return _verdict("too_few", _too_few(first, second, more, names), more)
    if not _is_clear(decisive):
        return _verdict("no_difference", _no_difference(decisive, names), more)
    code: Code = "challenger_better" if decisive.difference > 0 else "champion_better"
    better = names.challenger if decisive.difference > 0 else names.champion
    return _verdict(code, f"{better} picks better: {_rates(decisive, names)}.", more)


def _same(names: Names) -> ComparisonVerdict:
    sentence = (
        f"{names.champion} and {names.challenger} call the same companies tier 1; they differ below it only, so deals "
        "of tier 1 cannot choose between them."
    )
    return _verdict("same_tier_1", sentence)


def _verdict(code: Code, sentence: str, more: int | None = None) -> ComparisonVerdict:
    return ComparisonVerdict(code=code, sentence=sentence, more_deals=more)


def _movement(only: tuple[int, int], names: Names) -> str:
    lost, gained = only
    if not lost:
        return f"{names.challenger} calls {gained:,} more {_companies(gained)} tier 1 and drops none."
    if not gained:
        return f"{names.challenger} drops {lost:,} {_companies(lost)} from tier 1 and adds none."
    return f"{names.challenger} adds {gained:,} {_companies(gained)} to tier 1 and drops {lost:,}."


def _one_sided(decisive: Decisive, names: Names) -> ComparisonVerdict:
    """To add to tier 1, or to narrow it, is neither better nor worse: the part is set beside what both have."""
    ours, theirs, both = decisive.only_champion, decisive.only_challenger, decisive.both
    movement = _movement((ours.companies, theirs.companies), names)
    alone = theirs if theirs.companies else ours
    beside = f", and {_won(both)} where both say tier 1" if both.decided else ""
    deals = (
        f"Of their decided deals {_won(alone)} were won{beside}."
        if alone.decided
        else "None of them has a decided deal yet."
    )
    choice = "It is a wider or a narrower tier 1, not a better or worse choice: which you want is yours to say."
    return _verdict("one_sided", f"{movement} {deals} {choice}")


def _too_few(theirs: Tally, ours: Tally, more: int, names: Names) -> str:
    sides = (
        f"{theirs.decided:,.0f} decided where only {names.challenger} says tier 1, "
        f"{ours.decided:,.0f} where only {names.champion} does"
    )
    enough = min(theirs.decided, ours.decided) >= FEWEST
    need = f"{FEWEST} must be won and {FEWEST} lost" if enough else f"each side needs {FEWEST}"
    surely = f" To be sure of a difference of 10 percentage points takes about {more:,} more." if more else ""
    return f"Too few deals to say which is better: {sides}; {need}.{surely}"


def _rates(decisive: Decisive, names: Names) -> str:
    theirs, ours = decisive.only_challenger, decisive.only_champion
    span = sorted((100 * abs(decisive.low or 0), 100 * abs(decisive.high or 0)))
    points = f", a difference of {span[0]:.0f} to {span[1]:.0f} percentage points" if _is_clear(decisive) else ""
    return (
        f"of companies that only {names.challenger} calls tier 1, {_share(theirs)} were won, "
        f"against {_share(ours)} of those that only {names.champion} does{points}"
    )


def _no_difference(decisive: Decisive, names: Names) -> str:
    smallest = 100 * (decisive.detectable_difference or 0)
    shown = f"Had one won {smallest:.0f} percentage points more often, it would very likely show."
    return f"No difference beyond chance: {_rates(decisive, names)}. {shown} Smaller ones may exist."


def _is_clear(decisive: Decisive) -> bool:
    """Whether the interval leaves out zero and the test agrees."""
    leaves_out_zero = (decisive.low or 0) > 0 or (decisive.high or 0) < 0
    return leaves_out_zero and decisive.p is not None and decisive.p < _CONVINCING


def _share(row: PlacementRow) -> str:
    return f"{100 * (row.rate or 0):.0f} % of {row.decided:,} deals"


def _won(row: PlacementRow) -> str:
    counts = f"{row.won:,} of {row.decided:,}"
    return counts if row.rate is None else f"{counts} ({100 * row.rate:.0f} %)"


def _companies(count: int) -> str:
    return "company" if count == 1 else "companies"
