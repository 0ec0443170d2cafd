"""A drawn sample, and what people say of it, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.reviewed_sample_document import (
    DepartmentAgreement,
    Disagreement,
    Pair,
    SampleDocument,
    TierAgreement,
)
from icp_sync.plan.plurals import count_noun
from icp_sync.views.sanitise import sanitise

_WEAK: Final = 0.4
"""Up to it two people agree weakly, beyond what chance would bring; see `_in_words`."""
MAX_DISAGREEMENTS: Final = 20
"""Companies shown; `--json` has all."""
_COUNTS: Final = ("fit", "no fit", "unsure", "agree with profile", "likely range")


def drawn_sample_view(file: str, drawn: Mapping[str, int], seed: int) -> RenderableType:
    """What was written, and what to do with it. It is for the person who draws, not for those who judge."""
    groups = ", ".join(f"{count:,} {group.replace('_', ' ')}" for group, count in drawn.items())
    companies = count_noun(sum(drawn.values()), "company", "companies")
    return Group(
        Text(f"{file}: {companies}, shuffled, with no tier, score or reason.", style="bold"),
        Text(f"Drawn: {groups} (--seed {seed} draws the same again)."),
        Text("Give each reviewer a copy; then: icp-sync sample --read COPY…"),
    )


def sample_agreement_view(document: SampleDocument) -> RenderableType:
    """Agreement by tier and department, of people with each other, and where they contradict the profile."""
    return Group(
        Text(_headline(document), style="bold"),
        sanitise(f"What to do next: {next_step_after_review(document)}"),
        *_filled_sheet_lines(document),
        Text(),
        _agreement_table("tier", [(row.tier, row.companies, row) for row in document.tiers]),
        *_agreement_by_department(document.departments),
        Text(),
        *_ranking_and_pair_lines(document),
        *_disagreements(document.disagreements),
    )


def _headline(document: SampleDocument) -> str:
    whole = document.tiers[-1]
    if not whole.fit + whole.no_fit:
        return "No opinion on these sheets says fit or no fit, so there is nothing to compare."
    agreed = f"agree with the profile in {whole.agreed or 0:,} of {whole.counted:,} opinions"
    uncounted = _uncounted_phrase(whole)
    if whole.rate is None or whole.low is None or whole.high is None:
        return f"People {agreed}: too few for a rate{uncounted}."
    rate, pair = f"{100 * whole.rate:.0f} %", _pair_furthest_apart(document)
    share = f"{rate} (likely range {100 * whole.low:.0f} to {100 * whole.high:.0f})"
    doubt = f"{pair.first} and {pair.second} agree too little on what fit means to trust the {rate}" if pair else ""
    return f"{f'{doubt}: people' if doubt else 'People'} {agreed}, {share}{uncounted}."


def _pair_furthest_apart(document: SampleDocument) -> Pair | None:
    """The two reviewers that agree least, where that is little: they cannot judge a profile."""
    apart = [pair for pair in document.pairs if pair.kappa is not None and pair.kappa <= _WEAK]
    return min(apart, key=lambda pair: pair.kappa or 0, default=None)


def next_step_after_review(document: SampleDocument) -> str:
    """What a person does with it; reviewers who do not agree with each other cannot judge a profile."""
    whole = document.tiers[-1]
    if pair := _pair_furthest_apart(document):
        return (
            "let the reviewers settle what fit means, and judge again, before you touch the profile: none could please "
            f"both {pair.first} and {pair.second} (below)."
        )
    if not whole.counted:
        return "have people answer fit or no fit in more rows, then read the sheets again."
    if document.disagreements:
        return (
            "go through the companies below with those who judged them. Change the profile where its reason is wrong, "
            "and never to raise the rate; then let deals decide (icp-sync backtest)."
        )
    if whole.rate is None:
        return "have more people judge: these opinions are too few to say how often they agree."
    return "change nothing: people and profile agree, and deals are the next test (icp-sync backtest)."


def _uncounted_phrase(whole: TierAgreement) -> str:
    """Opinions that agree and disagree with nothing."""
    undecided = whole.fit + whole.no_fit - whole.counted
    parts = [f"{whole.unsure:,} unsure"] if whole.unsure else []
    parts += [f"{undecided:,} on companies the profile leaves undecided"] if undecided else []
    opinions = whole.fit + whole.no_fit + whole.unsure
    others = f"; the other {opinions - whole.counted:,} of {opinions:,} do not count: {' and '.join(parts)}"
    return others if parts else ""


def _filled_sheet_lines(document: SampleDocument) -> Iterator[Text]:
    for sheet in document.sheets:
        who = ", ".join(sheet.reviewers) or "nobody"
        yield sanitise(f"{sheet.file}: {sheet.filled:,} of {sheet.rows:,} filled in, by {who}", style="dim")
    if document.repeated:
        yield Text(f"{count_noun(document.repeated, 'opinion')} given twice alike, counted once.", style="dim")
    if document.gone:
        yield Text(
            f"{count_noun(document.gone, 'opinion')} on companies archived or out of scope since, left out.",
            style="dim",
        )


def _agreement_table(heading: str, rows: Sequence[tuple[str, int, TierAgreement | DepartmentAgreement]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(heading)
    for name in ("companies", *_COUNTS):
        table.add_column(name, justify="right", no_wrap=True)
    for name, companies, row in rows:
        table.add_row(sanitise(name), f"{companies:,}", *_agreement_row_cells(row))
    return table


def _agreement_row_cells(row: TierAgreement | DepartmentAgreement) -> tuple[str, ...]:
    span = "too few" if row.low is None or row.high is None else f"{100 * row.low:.0f} – {100 * row.high:.0f}"
    agreement = ("", "") if row.agreed is None else (_agreement_cell(row.agreed, row), span)
    return (f"{row.fit:,}", f"{row.no_fit:,}", f"{row.unsure:,}", *agreement)


def _agreement_cell(agreed: int, row: TierAgreement | DepartmentAgreement) -> str:
    share = "" if row.rate is None else f" ({100 * row.rate:.0f} %)"
    return f"{agreed:,} of {row.counted:,}{share}"


def _agreement_by_department(rows: Sequence[DepartmentAgreement]) -> Iterator[RenderableType]:
    if [row.department for row in rows] in ([], [""]):
        return
    yield Text()
    yield _agreement_table("department", [(_department_name(row), row.companies, row) for row in rows])


def _department_name(row: DepartmentAgreement) -> str:
    """With how many it is: where each is one person, departments differ as those persons do."""
    return f"{row.department or '(not given)'} ({count_noun(row.reviewers, 'person', 'people')})"


def _ranking_and_pair_lines(document: SampleDocument) -> Iterator[Text]:
    auc = document.auc
    if auc.value is not None and auc.low is not None and auc.high is not None:
        yield Text(
            "Fit score: of the companies on which opinions are not split, ranks those called fit above those called no "
            f"fit {100 * auc.value:.0f} of 100 times, equal scores counted half (likely range "
            f"{100 * auc.low:.0f} to {100 * auc.high:.0f}; 50 is a coin toss, 100 perfect)."
        )
    for pair in document.pairs:
        common = count_noun(pair.in_common, "company", "companies")
        alike = f"{pair.first} and {pair.second} agree on {pair.agreed:,} of {common} both judged"
        yield sanitise(f"{alike}{'' if pair.kappa is None else _kappa_phrase(pair, pair.kappa)}.")


def _kappa_phrase(pair: Pair, kappa: float) -> str:
    """How far beyond chance two people agree; kappa is the share of what chance leaves open."""
    chance = 0 if kappa == 1 else (pair.agreed - kappa * pair.in_common) / (1 - kappa)
    by_chance = f", where chance alone would bring about {chance:,.0f}" if kappa < 1 else ""
    settle = ", so settle first what fit means" if kappa <= _WEAK else ""
    return f"{by_chance}: {_in_words(kappa)}{settle} (kappa {kappa:.2f}; 0 is chance, 1 always alike)"


def _in_words(kappa: float) -> str:
    """Landis and Koch's words, fewer of them; people who do not agree with each other cannot judge a profile."""
    limits = ((0.2, "hardly better than chance"), (0.4, "weak"), (0.6, "moderate"), (0.8, "good"))
    return next((words for limit, words in limits if kappa <= limit), "very good")


def _disagreements(rows: Sequence[Disagreement]) -> Iterator[Text]:
    if not rows:
        return
    yield Text()
    yield Text(f"{count_noun(len(rows), 'company', 'companies')} of which somebody says the contrary:", style="bold")
    for row in rows[:MAX_DISAGREEMENTS]:
        votes = f"{row.against:,} against, {row.with_profile:,} with the profile"
        yield sanitise(f"{row.name or row.id} ({row.id}), {row.tier}, {row.score:.0f} points: {votes}")
        yield sanitise(f"  profile: {row.reasons}", style="dim")
        for opinion in row.opinions:
            why = f": {' '.join(opinion.why.split())}" if opinion.why else ""
            yield sanitise(f"  {opinion.reviewer}: {opinion.opinion.replace('_', ' ')}{why}")
    if len(rows) > MAX_DISAGREEMENTS:
        yield Text(f"and {len(rows) - MAX_DISAGREEMENTS:,} more; --json has all.")
