"""Panel 2: how many companies each tier holds, who came and went, and how it went over the last runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from icp_sync.plan.document.profile_figures import TierLine
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.profile.model.types import TIERS, TierName
from icp_sync.views.html import words
from icp_sync.views.html.history_chart import RunTiers, history_chart
from icp_sync.views.html.panels.panel import Panel, PanelFigure
from icp_sync.views.html.panels.tier_movement import count_tier_movement, unwritten_words

MAX_NIGHTS: Final = 30
_STANDINGS: Final = (*TIERS, "none")


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier: `companies` as wanted, `share` of those in scope; None where there was nothing before to compare."""

    tier: str
    companies: int
    share: str
    came: int | None
    left: int | None
    net: int | None
    places: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Where the companies of one tier go: `cells` are tier after and companies."""

    before: str
    cells: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the history: a moment, companies by tier, whether the profile was another than before."""

    at: str
    tiers: tuple[int, ...]
    edited: bool


@dataclass(frozen=True, slots=True)
class TiersPanel(Panel):
    """`names` are the tiers of the history's columns; `figure` None until there are two runs.

    `counted`: when a tier holds so many as its row says.
    """

    counted: str
    rows: tuple[TierRow, ...]
    standings: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    names: tuple[TierName, ...]
    nights: tuple[RunRow, ...]
    figure: PanelFigure | None


def build(document: ReportDocument, earlier: Sequence[ReportDocument]) -> TiersPanel:
    """The tiers of a document, and those of the runs before it, oldest first."""
    runs = [run for run in (*earlier, document) if _tiers_after_run(run)][-MAX_NIGHTS:]
    names = tuple(tier for tier in TIERS if _is_used(document, tier))
    nights = list(_run_tiers(runs, document.account.time_zone))
    return TiersPanel(
        finding=_finding_sentence(document),
        empty=not names,
        counted=_counted(document),
        rows=tuple(_row(document, tier) for tier in names),
        standings=_STANDINGS,
        matrix=tuple(_matrix(document)),
        names=names,
        nights=tuple(_run_row(night, run, names) for night, run in zip(nights, runs, strict=True)),
        figure=_tier_history_figure(nights) if len(nights) > 1 else None,
    )


def _counted(document: ReportDocument) -> str:
    """What stands above the companies of a tier: nobody is in it now while nothing was written."""
    if document.file is not None:
        return "Companies"
    if unwritten_words(document):
        return "As planned"
    return "Now" if document.state == "written" else "After a run"


def _is_used(document: ReportDocument, tier: TierName) -> bool:
    """Whether the profile has a tier, or companies are in it or were."""
    lined = any(line.tier == tier for line in document.tier_lines)
    return lined or bool(document.tiers.get(tier) or document.live_tiers.get(tier))


def _finding_sentence(document: ReportDocument) -> str:
    tiered, scored = sum(document.tiers.values()), document.companies.scored
    if not document.tiers or not scored:
        return "No company is in a tier, since none was in scope."
    share = words.percent(tiered, scored)
    size = f"{words.companies(tiered)} of {scored:,} in scope {words.is_are(tiered)} in a tier ({share})"
    moved = sum(move.companies for move in document.matrix if move.before != move.after)
    if not document.matrix:
        return f"{size}."
    movers = "no company" if not moved else words.companies(moved)
    if unwritten := unwritten_words(document):
        return f"{size} by the plan; {movers} were to change tier, and {unwritten}."
    if document.state == "written":
        return f"{size}; {movers} changed tier with this run."
    return f"{size}; {movers} would change tier."


def _row(document: ReportDocument, tier: TierName) -> TierRow:
    now = document.tiers.get(tier, 0)
    moved = count_tier_movement(document, tier) if document.matrix else None
    line = next((line for line in document.tier_lines if line.tier == tier), None)
    return TierRow(
        tier,
        now,
        words.percent(now, document.companies.scored),
        moved.came if moved else None,
        moved.left if moved else None,
        moved.net if moved else None,
        _capacity_text(line, in_file=document.file is not None),
    )


def _capacity_text(line: TierLine | None, *, in_file: bool) -> str:
    """How full a tier is, in words; its places are the portal's, and a file takes none."""
    if line is None:
        return "–"
    if line.capacity is None:
        return "no limit"
    places = f"{line.capacity:,}" if line.per is None else f"{line.capacity:,} for each {line.per}"
    if in_file:
        return f"{places}; only a run can tell who has a place"
    used = f"{line.companies:,} of {places}" if line.per is None else places
    return used + (f", {line.full:,} found none" if line.full else "")


def _matrix(document: ReportDocument) -> Iterator[MatrixRow]:
    counts: dict[tuple[str, str], int] = {(move.before, move.after): move.companies for move in document.matrix}
    for before in _STANDINGS if counts else ():
        yield MatrixRow(before, tuple((after, counts.get((before, after), 0)) for after in _STANDINGS))


def _tiers_after_run(run: ReportDocument) -> dict[str, int]:
    """Companies by tier after a run: on the records, or as wanted where the profile writes no tier."""
    return dict(run.written_tiers or run.tiers)  # type: ignore[arg-type]


def _run_tiers(runs: Sequence[ReportDocument], time_zone: str) -> Iterator[RunTiers]:
    for before, run in zip([None, *runs], runs, strict=False):
        local = run.at.astimezone(words.time_zone_or_utc(time_zone))
        edited = before is not None and before.profile.digest != run.profile.digest
        yield RunTiers(f"{local:%Y-%m-%dT%H:%M:%S}", _tiers_after_run(run), edited)


def _run_row(night: RunTiers, run: ReportDocument, names: Sequence[str]) -> RunRow:
    at = words.format_moment(run.at, run.account.time_zone)
    return RunRow(at, tuple(night.tiers.get(name, 0) for name in names), night.edited)


def _tier_history_figure(nights: Sequence[RunTiers]) -> PanelFigure:
    first, last, name = nights[0].tiers.get("tier_1", 0), nights[-1].tiers.get("tier_1", 0), "tier-history"
    edits = sum(night.edited for night in nights)
    change = "stayed at" if first == last else f"went from {first:,} to"
    caption = f"Over the last {len(nights)} runs tier 1 {change} {last:,} companies; "
    caption += (
        f"the profile changed {'once' if edits == 1 else f'{edits} times'} (▼)."
        if edits
        else "the profile stayed the same."
    )
    return PanelFigure(name, caption, *history_chart(nights, name))
