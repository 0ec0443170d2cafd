"""A backtest for the terminal: the verdict first, then what it stands on."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import FEWEST_DEALS, KpiRow, Strata
from icp_sync.views import backtest_words as words
from icp_sync.views.backtest_next_step import next_step
from icp_sync.views.disqualifier_backtest_words import bought_anyway_sentences
from icp_sync.views.experiment import experiment_view
from icp_sync.views.owner_names import OWNER
from icp_sync.views.sanitise import sanitise
from icp_sync.views.strata_words import strata_sentence


def backtest_view(document: BacktestDocument) -> RenderableType:
    """The verdict, what it rests on, the table by tier, and what keeps it from being more."""
    return Group(
        sanitise(words.backtest_headline(document), style="bold"),
        *map(sanitise, words.verdict_caveats(document)),
        *map(sanitise, words.leak_sentences(document)),
        sanitise(next_step(document)),
        Text(),
        _tier_table(document),
        Text(words.LEGEND, style="dim"),
        Text(words.TIERS_MEANT, style="dim"),
        Text(),
        *map(sanitise, words.finding_sentences(document)),
        *map(sanitise, bought_anyway_sentences(document)),
        *_kpis(document.kpis),
        *(_strata(document.strata) if document.strata else []),
        *(experiment_view(document.experiment) if document.experiment else []),
        *_uncounted_deals(document),
    )


def _tier_table(document: BacktestDocument) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("tier", vertical="bottom")
    for heading in words.COLUMNS:
        table.add_column(heading.replace(" ", "\n"), justify="right", vertical="bottom", no_wrap=True)
    for row in document.tiers:
        table.add_row(row.tier, *words.tier_row_cells(row))
    return table


def _kpis(rows: tuple[KpiRow, ...]) -> Iterator[RenderableType]:
    """Each KPI by tier, where any is known."""
    known = [row for row in rows if row.known]
    if not known:
        return
    yield Text()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("KPI")
    table.add_column("tier")
    for heading in ("value", "known of"):
        table.add_column(heading, justify="right")
    for row in known:
        value = "too few" if row.value is None else f"{row.value:,.2f}"
        table.add_row(sanitise(row.kpi), row.tier, value, f"{row.known:,}")
    yield table


def _strata(strata: Strata) -> Iterator[RenderableType]:
    yield Text()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(strata.by)
    for heading in ("tier 1 won", "others won"):
        table.add_column(heading, justify="right")
    for row in strata.rows:
        sides = ((row.tier_1_won, row.tier_1_decided), (row.rest_won, row.rest_decided))
        table.add_row(sanitise(row.value), *(_won_of_decided(won, decided) for won, decided in sides))
    yield table
    yield sanitise(strata_sentence(strata))
    if strata.by == OWNER and any(row.value.isdecimal() for row in strata.rows):
        yield Text("--names shows owners by e-mail address.", style="dim")


def _won_of_decided(won: int, decided: int) -> str:
    share = f" ({100 * won / decided:.0f} %)" if decided >= FEWEST_DEALS else ""
    return f"{won:,} of {decided:,}{share}"


def _uncounted_deals(document: BacktestDocument) -> Iterator[Text]:
    yield Text()
    yield Text(words.counted_deals_sentence(document), style="dim")
    for count, reason in words.left_out_reasons(document):
        yield Text(f"  {count:,} {reason}", style="dim")
