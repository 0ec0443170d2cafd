"""What was discovered, for the terminal: the answer first, then each trait, the model and the draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.discover_document import DiscoverDocument, Draft, FoundTrait
from icp_sync.views.backtest_words import not_there_yet
from icp_sync.views.sanitise import sanitise

_SHOWN: Final = 20
_NAMED: Final = 5


def discover_view(document: DiscoverDocument) -> RenderableType:
    """The answer, the traits that stand out, and what the draft would be."""
    return Group(
        Text(document.sentence, style="bold"),
        *_caution(document),
        *_leaks(document),
        *_traits(document),
        *_model(document),
        *(_draft(document.draft) if document.draft else []),
        Text(),
        Text(_basis(document), style="dim"),
    )


def _caution(document: DiscoverDocument) -> Iterator[Text]:
    if document.contrast == "customers":
        yield Text("This describes the companies you listed, and proves nothing: somebody chose them.")
    if document.judged == "written":
        yield Text("Only deals that opened once icp_sync had written a score count; the present profile ranks by it.")
    elif document.past is not None:
        yield Text(f"Compared as companies were when their deals opened; {not_there_yet(document.past)}")


def _leaks(document: DiscoverDocument) -> Iterator[Text]:
    for leak in document.leaks:
        properties = ", ".join(leak.properties)
        if leak.kind == "reads_deals":
            yield sanitise(f"Left out: {properties}, which deals write.")
        else:
            won, lost = (100 * (share or 0) for share in (leak.known_won, leak.known_lost))
            if document.contrast == "customers":
                of = f"of {won:.0f} % of the listed and {lost:.0f} % of the others"
                yield sanitise(f"Left out: whether {properties} is known ({of}); what it says is compared.")
            else:
                yield sanitise(f"Left out: {properties}, known of {won:.0f} % of the won and {lost:.0f} % of the lost.")


def _traits(document: DiscoverDocument) -> Iterator[RenderableType]:
    if document.found:
        yield Text()
        yield _table(document)
        yield from _more(document)


def _table(document: DiscoverDocument) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("trait")
    won = "listed" if document.contrast == "customers" else "won"
    for heading in (f"{won} with", f"{won} without", "lift", "%-points, 95 %", "p"):
        table.add_column(heading, justify="right", no_wrap=True)
    for trait in [trait for trait in document.found if trait.distinct][:_SHOWN]:
        table.add_row(*_cells(trait))
    return table


def _cells(trait: FoundTrait) -> tuple[Text | str, ...]:
    return (
        sanitise(trait.trait),
        _of(trait.won_with, trait.decided_with),
        _of(trait.won_without, trait.decided_without),
        "" if trait.lift is None else f"{trait.lift:.1f}×",
        f"{100 * trait.low:+.0f} to {100 * trait.high:+.0f}",
        "< 0.001" if trait.p_adjusted < 0.001 else f"{trait.p_adjusted:.3f}",
    )


def _of(won: int, decided: int) -> str:
    return f"{won:,} of {decided:,} ({100 * won / decided:.0f} %)"


def _more(document: DiscoverDocument) -> Iterator[Text]:
    shown = min(_SHOWN, sum(trait.distinct for trait in document.found))
    if others := [trait.trait for trait in document.found if not trait.distinct]:
        yield Text()
        named = "; ".join(others[:_NAMED]) + ("; …" if len(others) > _NAMED else "")
        yield sanitise(f"{len(others):,} more say the same in other words: {named}. --json has all of them.")
    elif shown < len(document.found):
        yield Text(f"and {len(document.found) - shown:,} more: --json has all of them")


def _model(document: DiscoverDocument) -> Iterator[Text]:
    if document.model is not None:
        won, lost = ("listed", "another") if document.contrast == "customers" else ("won", "a lost")
        yield Text()
        yield Text(
            f"Tested on companies they were not drawn from: of a {won} and {lost} company, these traits put the {won} "
            f"one first in {100 * document.model.auc:.0f} of 100 cases, the present profile in "
            f"{100 * document.model.profile_auc:.0f} (50 is a coin toss)."
        )
        if document.model.auc <= document.model.profile_auc:
            yield Text("The present profile ranks no worse: keep it until more deals say otherwise.")


def _draft(draft: Draft) -> Iterator[RenderableType]:
    yield Text()
    yield Text(f"Draft {draft.name} ({draft.kind}):", style="bold")
    for criterion in draft.criteria:
        yield sanitise(f"  {criterion.weight:3.0f}  {criterion.words}")
    tiers = "; ".join(
        f"{tier.tier} from {tier.enter:g}: {tier.companies:,} companies ({100 * tier.share:.0f} %)"
        for tier in draft.tiers
    )
    yield Text(f"  {tiers}")
    if draft.file is None:
        yield Text("Write it to a file with --out draft.yaml; nothing uses it by itself.")


def _basis(document: DiscoverDocument) -> str:
    won, lost = f"{document.won:,}", f"{document.lost:,}"
    if document.contrast == "customers":
        sample = ", a sample of them" if document.others_sampled else ""
        return f"{won} listed companies against {lost} others in scope{sample}.{_read(document)}"
    decided = f"by their first deal decided {document.since} to {document.as_of}"
    return f"{won} won and {lost} lost companies, {decided}.{_read(document)}"


def _read(document: DiscoverDocument) -> str:
    """By how much they were compared, where that was more than the profile reads."""
    more = document.properties_read
    return "" if more is None else f" Compared by {more:,} properties of the portal, beside what the profile reads."
