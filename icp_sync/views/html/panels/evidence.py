"""Panel 14: whether the profile finds the companies that buy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import ALL, ExperimentFigures, MarketRow, TierRow
from icp_sync.profile.model.types import TIERS
from icp_sync.views import backtest_words
from icp_sync.views.backtest_next_step import next_step
from icp_sync.views.disqualifier_backtest_words import bought_anyway_sentences
from icp_sync.views.experiment import COLUMNS, arm_cells, experiment_basis
from icp_sync.views.html import words
from icp_sync.views.html.gain_chart import gain_chart
from icp_sync.views.html.panels.panel import Panel, PanelFigure
from icp_sync.views.strata_words import strata_sentence


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A tier or outcome: `kind` names its colour, `cells` are as `COLUMNS` of the words of a backtest names them."""

    kind: str
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExperimentTable:
    """What came of an experiment; `rows` are an arm's name and its cells under `columns`, `basis` what is counted."""

    answer: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidencePanel(Panel):
    """`columns` head the table by tier; `kpis` are a name and a value a tier; `by` is None without strata."""

    next_step: str
    caveats: tuple[str, ...]
    columns: tuple[str, ...]
    tiers_meant: str
    rows: tuple[GroupRow, ...]
    findings: tuple[str, ...]
    figure: PanelFigure | None
    gain: tuple[tuple[str, str, str], ...]
    market: tuple[tuple[str, MarketRow], ...]
    kpis: tuple[tuple[str, str, str, int], ...]
    by: str | None
    strata: tuple[tuple[str, int, int, int, int], ...]
    strata_sentence: str
    experiment: ExperimentTable | None
    counted: str
    left_out: tuple[tuple[int, str], ...]


def build(backtest: BacktestDocument | None = None) -> Panel:
    """What is known of won and lost deals: nothing, until deals are read."""
    if backtest is None:
        return Panel(
            "Not measured yet on this page: icp-sync backtest holds won and lost deals against the tiers.", empty=True
        )
    strata = backtest.strata
    return EvidencePanel(
        finding=backtest_words.backtest_headline(backtest),
        next_step=next_step(backtest),
        caveats=tuple(_caveats(backtest)),
        columns=backtest_words.COLUMNS,
        tiers_meant=backtest_words.TIERS_MEANT,
        rows=tuple(_row(row) for row in backtest.tiers),
        findings=tuple(_findings(backtest)),
        figure=_gain_chart_figure(backtest),
        gain=tuple(
            (_share(point.companies), _share(point.wins), backtest_words.percent(point.revenue) or "–")
            for point in backtest.gain
        ),
        market=tuple((_group_title(row.tier), row) for row in backtest.market),
        kpis=tuple((row.kpi, _group_title(row.tier), _value(row.value), row.known) for row in backtest.kpis),
        by=strata.by if strata else None,
        strata=tuple(
            (row.value, row.tier_1_decided, row.tier_1_won, row.rest_decided, row.rest_won) for row in strata.rows
        )
        if strata
        else (),
        strata_sentence=strata_sentence(strata) if strata else "",
        experiment=_experiment_table(backtest.experiment) if backtest.experiment else None,
        counted=backtest_words.counted_deals_sentence(backtest),
        left_out=tuple(backtest_words.left_out_reasons(backtest)),
    )


def _experiment_table(figures: ExperimentFigures) -> ExperimentTable:
    return ExperimentTable(
        figures.sentence,
        COLUMNS,
        tuple((row.arm, arm_cells(row)) for row in figures.arms),
        tuple(experiment_basis(figures)),
    )


def _caveats(backtest: BacktestDocument) -> Iterator[str]:
    yield from backtest_words.verdict_caveats(backtest)
    yield from backtest_words.leak_sentences(backtest)


def _findings(backtest: BacktestDocument) -> Iterator[str]:
    yield from backtest_words.finding_sentences(backtest)
    yield from bought_anyway_sentences(backtest)


def _row(row: TierRow) -> GroupRow:
    return GroupRow("" if row.tier == ALL else row.tier, _group_title(row.tier), backtest_words.tier_row_cells(row))


def _group_title(group: str) -> str:
    if group == ALL:
        return "All"
    return words.tier(group) if group in TIERS else words.outcome(group)


def _gain_chart_figure(backtest: BacktestDocument) -> PanelFigure | None:
    if not backtest.gain:
        return None
    best = next(point for point in backtest.gain if point.companies >= 0.2)
    caption = (
        f"The best {_share(best.companies)} of the decided deals by fit score hold {_share(best.wins)} of the wins; "
        "the dashed line is what chance would give."
    )
    return PanelFigure("gain-curve", caption, *gain_chart(backtest.gain, "gain-curve"))


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _value(value: float | None) -> str:
    return "too few" if value is None else words.number(value)
