"""Which of two profiles picks better, in a sentence for somebody without statistics, or why deals cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.evidence.difference_words import chance_clause, excludes_zero, points_range, printed_gap
from icp_sync.evidence.profile_comparison_document import Code, ComparisonVerdict, Decisive, PlacementRow
from icp_sync.evidence.win_rate_tests import WORTH_SEEING, deals_needed, fisher_p
from icp_sync.evidence.win_rates import FEWEST, Tally, enough_deals, rate_difference

_CONVINCING: Final = 0.05
_NO_DEALS: Final = "No deals are known yet, so nothing says which is better."


@dataclass(frozen=True, slots=True)
class ProfileNames:
    """The two profiles by name."""

    champion: str
    challenger: str

    @property
    def ours(self) -> str:
        """The champion, for somebody who knows it as the profile in use."""
        return f"your present profile ({self.champion})"

    @property
    def theirs(self) -> str:
        """The challenger, beside it."""
        return f"the other profile ({self.challenger})"


@dataclass(frozen=True, slots=True)
class ComparisonExtent:
    """Of both profiles together: `companies` in the scope of either, and those in another tier or outcome (`moved`)."""

    companies: int
    moved: int


def verdict_without_deals(only: tuple[int, int], names: ProfileNames, extent: ComparisonExtent) -> ComparisonVerdict:
    """What moves. `only`: companies that only the champion, and only the challenger, calls tier 1."""
    if not any(only):
        return _same_tier_1_verdict(extent)
    return _capitalised_verdict("no_deals", f"{_movement(only, names)} {_NO_DEALS}")


def comparison_verdict(
    decisive: Decisive, names: ProfileNames, extent: ComparisonExtent, design_effect: float
) -> ComparisonVerdict:
    """The answer. Twice convincing, as in a backtest: the interval leaves out zero, and Fisher's test agrees."""
    ours, theirs = decisive.only_champion, decisive.only_challenger
    if not (ours.companies and theirs.companies):
        one_sided = ours.companies or theirs.companies
        return (
            _tier_1_change_verdict(decisive, names, extent, design_effect)
            if one_sided
            else _same_tier_1_verdict(extent)
        )
    first, second = (_tally(row, design_effect) for row in (theirs, ours))
    more = deals_needed(first, second, design_effect)
    if decisive.difference is None or decisive.p is None:
        return _capitalised_verdict("too_few", _too_few(first, second, more, names), more)
    if not (excludes_zero(decisive.low, decisive.high) and decisive.p < _CONVINCING):
        return _capitalised_verdict("no_difference", _no_difference(decisive, names), more)
    code: Code = "challenger_better" if decisive.difference > 0 else "champion_better"
    return _capitalised_verdict(code, _winner_sentence(decisive, names), more)


def _same_tier_1_verdict(extent: ComparisonExtent) -> ComparisonVerdict:
    if not extent.moved:
        return _capitalised_verdict(
            "same_tier_1", "Both profiles put every company in the same tier: there is nothing to choose."
        )
    differ = "1 company differs" if extent.moved == 1 else f"{extent.moved:,} companies differ"
    sentence = f"Both profiles call the same companies tier 1; {differ} below it, where deals of tier 1 say nothing."
    return _capitalised_verdict("same_tier_1", sentence)


def _capitalised_verdict(code: Code, sentence: str, more: int | None = None) -> ComparisonVerdict:
    return ComparisonVerdict(code=code, sentence=sentence[0].upper() + sentence[1:], more_deals=more)


def _movement(only: tuple[int, int], names: ProfileNames) -> str:
    lost, gained = only
    if not lost:
        return f"{names.theirs} calls {gained:,} more {_company_noun(gained)} tier 1 and drops none."
    if not gained:
        return f"{names.theirs} drops {lost:,} {_company_noun(lost)} from tier 1 and adds none."
    return f"{names.theirs} adds {gained:,} {_company_noun(gained)} to tier 1 and drops {lost:,}."


def _tier_1_change_verdict(
    decisive: Decisive, names: ProfileNames, extent: ComparisonExtent, design_effect: float
) -> ComparisonVerdict:
    """What is added to tier 1, or taken out of it, beside what stays."""
    ours, theirs, both = decisive.only_champion, decisive.only_challenger, decisive.both
    alone, what = (theirs, "added") if theirs.companies else (ours, "dropped")
    movement = _movement((ours.companies, theirs.companies), names)
    everybody = both.companies + theirs.companies == extent.companies
    all_of = f" It calls all {extent.companies:,} companies tier 1, so tier 1 no longer tells anything."
    beside = _tier_1_change_phrase(alone, both, what, design_effect)
    return _capitalised_verdict("one_sided", f"{movement} {beside}{all_of if theirs.companies and everybody else ''}")


def _tier_1_change_phrase(alone: PlacementRow, both: PlacementRow, what: str, design_effect: float) -> str:
    """How often companies added or dropped bought, and whether those that both call tier 1 clearly did otherwise."""
    if not alone.decided:
        return "None of them has a won or lost deal yet, so nothing says how good they are."
    first, second = _tally(alone, design_effect), _tally(both, design_effect)
    stay = f", of those that both call tier 1 {_won_phrase(both)}" if both.decided else ""
    rates = f"Of the decided deals of those {what} {_won_phrase(alone)} were won{stay}"
    span = rate_difference(first, second) if enough_deals(first, second) else None
    if span is None:
        return f"{rates}: too few deals to say whether they win less."
    between = points_range(span.low, span.high)
    if not excludes_zero(span.low, span.high) or fisher_p(first, second) >= _CONVINCING:
        return f"{rates}: no clear difference ({between})."
    return f"{rates}: those {what} clearly win {'more' if span.value > 0 else 'less'} ({between})."


def _too_few(theirs: Tally, ours: Tally, more: int, names: ProfileNames) -> str:
    sides = (
        f"where only {names.theirs} says tier 1 {theirs.decided:,.0f} are decided, where only {names.ours} does "
        f"{ours.decided:,.0f}"
    )
    enough = min(theirs.decided, ours.decided) >= FEWEST
    need = f"it takes {FEWEST} won and {FEWEST} lost" if enough else f"it takes {FEWEST} each"
    known = more and theirs.decided and ours.decided and 0 < theirs.won + ours.won < theirs.decided + ours.decided
    gap = f"{100 * WORTH_SEEING:.0f} percentage points"
    to_show = f" A gap of {gap} takes about {more:,} more deals in all to show: do not wait for them." if known else ""
    return f"Too few deals to say which is better: {sides}; {need}.{to_show}"


def _winner_sentence(decisive: Decisive, names: ProfileNames) -> str:
    """Who picks better, first; then where only that one says tier 1, and where only the other does."""
    sides = [(names.theirs, decisive.only_challenger), (names.ours, decisive.only_champion)]
    if (decisive.difference or 0) < 0:
        sides.reverse()
    (better, more), (other, less) = sides
    least, most = sorted(100 * abs(bound or 0) for bound in (decisive.low, decisive.high))
    gap = f"{printed_gap(more.rate or 0, less.rate or 0)} percentage points, {least:.0f} to {most:.0f}"
    return (
        f"{better} picks better in these deals: of companies that it alone calls tier 1, {_share(more)} were won. Of "
        f"those that {other} alone calls tier 1, {_share(less)} were. The gap is {gap} allowing for chance."
    )


def _no_difference(decisive: Decisive, names: ProfileNames) -> str:
    low, high = decisive.low or 0, decisive.high or 0
    theirs, ours = decisive.only_challenger, decisive.only_champion
    chance = chance_clause(theirs.rate or 0, ours.rate or 0, low, high)
    but = ", but a second test says that chance may explain it" if excludes_zero(low, high) else ""
    return (
        f"Neither profile is clearly better: of companies that {names.theirs} alone calls tier 1, {_share(theirs)} "
        f"were won. Of those that {names.ours} alone calls tier 1, {_share(ours)} were; {chance}{but}."
    )


def _tally(row: PlacementRow, design_effect: float) -> Tally:
    return Tally(row.won, row.decided).divide_by_design_effect(design_effect)


def _share(row: PlacementRow) -> str:
    return f"{100 * (row.rate or 0):.0f} % of {row.decided:,} deals"


def _won_phrase(row: PlacementRow) -> str:
    counts = f"{row.won:,} of {row.decided:,}"
    return counts if row.rate is None else f"{counts} ({100 * row.rate:.0f} %)"


def _company_noun(count: int) -> str:
    return "company" if count == 1 else "companies"
