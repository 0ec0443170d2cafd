"""A comparison for the terminal: which profile picks better, who moves, the deals that say so; movers as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl
import polars.selectors as cs
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.evidence.difference_words import excludes_zero
from icp_sync.evidence.document_types import Leak, TierRow
from icp_sync.evidence.profile_comparison_document import (
    Code,
    ComparedProfile,
    ComparisonDocument,
    Decisive,
    Example,
    PlacementRow,
)
from icp_sync.text_truncation import truncate
from icp_sync.views.backtest_words import join_with_and, sentence_without_leaks
from icp_sync.views.sanitise import sanitise
from icp_sync.views.text_escaping import strip_control_characters

_MAX_NAME: Final = 24
_COLUMNS: Final = ("tier_1", "tier_2", "tier_3", "not_icp", "insufficient_data", "disqualified", "outside")
_NEXT: Final[Mapping[Code, str]] = {
    "challenger_better": "was the other profile drafted from these deals (icp-sync discover)? If so, or if you do not "
    "know: try it on new deals first (docs/guides/try-two-profiles.md). If not: keep a copy of your present profile, "
    "and put the other in its place, with the name:, write: and lists: of yours. icp-sync plan then only shows what "
    "would change. Tell sales before the next run: it changes the tiers they see in HubSpot.",
    "champion_better": "keep your present profile.",
    "no_difference": "keep your present profile, and let sales go on as before; change only if the other's HubSpot "
    "fields are easier to keep filled.",
    "too_few": "read the companies below with sales, and ask which of them they would call first.",
    "one_sided": "decide with sales how many companies tier 1 should hold: those below are in question.",
    "same_tier_1": "keep your present profile.",
    "no_deals": "icp-sync backtest, which reads the deals; then this comparison again.",
}
"""Verdict → what a person does with it."""
_COUNTS: Final = ("companies", "decided", "won", "win rate", "likely range")


def comparison_view(document: ComparisonDocument, table: str | None = None) -> RenderableType:
    """The verdict, what to do next, who moves, each one's own backtest, and ten companies a side. `table`: a CSV."""
    return Group(
        sanitise(_headline(document), style="bold"),
        sanitise(f"What to do next: {_next_step(document)}"),
        Text(),
        Text(_movement(document)),
        _matrix(document),
        *_kept(document),
        *_deals(document),
        *_examples(document),
        Text(),
        *([sanitise(f"The companies that land in another tier or outcome are in {table}.")] if table else []),
        Text(_read_times_sentence(document), style="dim"),
    )


def _headline(document: ComparisonDocument) -> str:
    """The verdict; where criteria were left out it is about the rest of the profiles, and says so first."""
    return sentence_without_leaks(_outcome_leaks(document), document.verdict.sentence)


def _next_step(document: ComparisonDocument) -> str:
    """What a person does with it; criteria that know how deals ended go out of the profile before all else."""
    code = document.verdict.code
    if leaks := _outcome_leaks(document):
        leaky = join_with_and(dict.fromkeys(leak.criterion for leak in leaks))
        return f"take {leaky} out of the profile that asks for it, but leave the data in HubSpot. Then: {_NEXT[code]}"
    return _NEXT[code]


def _outcome_leaks(document: ComparisonDocument) -> list[Leak]:
    sides = (document.champion, document.challenger)
    return [leak for side in sides for leak in (side.deals.leaks if side.deals else ())]


def _movement(document: ComparisonDocument) -> str:
    share = f" ({100 * document.moved / document.companies:.0f} %)" if document.companies else ""
    return f"{document.moved:,} of {document.companies:,} companies{share} land in another tier or outcome:"


def _matrix(document: ComparisonDocument) -> Table:
    """From which tier (rows, the champion) to which (columns, the challenger); a dot where nobody is."""
    cells = {(cell.champion, cell.challenger): cell.companies for cell in document.matrix}
    columns = [name for name in _COLUMNS if any(cell.challenger == name for cell in document.matrix)]
    rows = [name for name in _COLUMNS if any(cell.champion == name for cell in document.matrix)]
    champion, challenger = (truncate(side.profile, _MAX_NAME) for side in (document.champion, document.challenger))
    table = _empty_table(f"{champion} ↓   {challenger} →", columns)
    for row in rows:
        table.add_row(row, *(f"{cells[row, name]:,}" if (row, name) in cells else "·" for name in columns))
    return table


def _kept(document: ComparisonDocument) -> Iterator[Text]:
    """Why a profile holds more than it would alone: an older profile tried again does not give its old tiers."""
    counts = [f"{side.kept:,} by {side.profile}" for side in (document.champion, document.challenger) if side.kept]
    if counts:
        yield sanitise(
            "Of these, in a tier only because HubSpot has them in it or above it now (below its enter, not below its "
            f"leave): {join_with_and(counts)}."
        )


def _deals(document: ComparisonDocument) -> Iterator[RenderableType]:
    if document.decisive is None:
        return
    yield Text()
    yield from _decisive_table(document, document.decisive)
    yield Text()
    yield from _backtest_table(document.champion, document.challenger)
    yield from _ranking(document)


def _decisive_table(document: ComparisonDocument, decisive: Decisive) -> Iterator[RenderableType]:
    table = _empty_table("called tier 1 by", _COUNTS)
    named = (
        ("both", decisive.both),
        (f"only your present profile ({document.champion.profile})", decisive.only_champion),
        (f"only the other ({document.challenger.profile})", decisive.only_challenger),
    )
    for name, row in named:
        table.add_row(sanitise(name), *_win_rate_cells(row))
    yield table


def _win_rate_cells(row: PlacementRow | TierRow) -> tuple[str, ...]:
    counts = (f"{row.companies:,}", f"{row.decided:,}", f"{row.won:,}")
    if row.rate is None or row.low is None or row.high is None:
        return (*counts, "", "too few" if row.decided else "")
    return (*counts, f"{100 * row.rate:.0f} %", f"{100 * row.low:.0f} – {100 * row.high:.0f}")


def _backtest_table(champion: ComparedProfile, challenger: ComparedProfile) -> Iterator[RenderableType]:
    """Both backtests, row by row."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("\ntier")
    for side in (champion, challenger):
        for heading, above in zip(_COUNTS, (truncate(side.profile, _MAX_NAME), "", "", "", ""), strict=True):
            table.add_column(Text(f"{strip_control_characters(above)}\n{heading}"), justify="right", no_wrap=True)
    sides = [side.deals.tiers if side.deals else () for side in (champion, challenger)]
    for ours, theirs in zip(*sides, strict=True):
        table.add_row(ours.tier, *_win_rate_cells(ours), *_win_rate_cells(theirs))
    yield table
    for whose, side in (("Your present profile", champion), ("The other profile", challenger)):
        if side.deals:
            yield sanitise(f"{whose} ({side.profile}) alone: {side.deals.verdict.sentence}")


def _ranking(document: ComparisonDocument) -> Iterator[Text]:
    paired = document.ranking
    if paired is None or paired.difference is None or paired.low is None or paired.high is None:
        return
    values = [side.deals.auc.value if side.deals else None for side in (document.champion, document.challenger)]
    before, after = (f"{100 * value:.0f}" if value is not None else "?" for value in values)
    clear = "" if excludes_zero(paired.low, paired.high) else ", so no clear difference"
    yield sanitise(
        f"Fit score: ranks won deals above lost ones {before} of 100 times by {document.champion.profile}, {after} by "
        f"{document.challenger.profile}, equal scores counted half (50 is a coin toss, 100 perfect). On the "
        f"{paired.deals:,} deals of both the difference is {100 * paired.low:+.1f} to {100 * paired.high:+.1f}{clear}."
    )


def _examples(document: ComparisonDocument) -> Iterator[RenderableType]:
    named = (
        (document.champion.profile, document.examples.only_champion),
        (document.challenger.profile, document.examples.only_challenger),
    )
    for name, examples in named:
        if examples:
            yield Text()
            yield sanitise(f"Tier 1 by {name} only, the best first:", style="bold")
            yield from (line for example in examples for line in _example(document, example))


def _example(document: ComparisonDocument, example: Example) -> Iterator[Text]:
    yield sanitise(f"  {example.name or example.domain or 'without a name'} ({example.id})")
    for side, verdict in ((document.champion, example.champion), (document.challenger, example.challenger)):
        yield sanitise(f"    {side.profile}: {verdict.reasons or 'outside its scope'}", style="dim")


def _read_times_sentence(document: ComparisonDocument) -> str:
    moment = "%Y-%m-%d %H:%M"
    deals = f", deals {document.deals_read_at:{moment}} UTC" if document.deals_read_at else ""
    return f"Companies were read {document.read_at:{moment}} UTC{deals}. Nothing was asked of HubSpot, nothing written."


def _empty_table(first: str, headings: tuple[str, ...] | list[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(sanitise(first))
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def movers_csv_rows(moved: pl.DataFrame) -> pl.DataFrame:
    """The rows with texts that a spreadsheet would run led by an apostrophe; an empty text for nothing."""
    return moved.with_columns(escape_formula(cs.string().fill_null("")))
