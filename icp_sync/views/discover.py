"""What was discovered, for the terminal: the answer first, then each trait, the model and the draft."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.difference_words import excludes_zero, points_range
from icp_sync.evidence.discover_document import Contrast, DiscoverDocument, Draft, FoundTrait
from icp_sync.evidence.document_types import BoundedDifference, Leak
from icp_sync.views.backtest_words import young_history_sentence
from icp_sync.views.sanitise import sanitise

_SHOWN: Final = 20
_NAMED: Final = 5
_ASK_COLLEAGUES: Final = "let colleagues judge companies without seeing the tiers: icp-sync sample --out sheet.csv."
_ASK_CUSTOMERS: Final = "ask these customers why they bought: icp-sync customers --interviews interviews.csv."


def discover_view(document: DiscoverDocument) -> RenderableType:
    """The answer, the traits that stand out, and what the draft would be."""
    return Group(
        Text(document.sentence, style="bold"),
        *_caution_lines(document),
        *_leaks(document),
        Text(f"What to do next: {_next_step(document)}"),
        *_traits(document),
        *_model(document),
        *(_draft(document.draft, document) if document.draft else []),
        Text(),
        Text(_basis(document), style="dim"),
    )


def _caution_lines(document: DiscoverDocument) -> Iterator[Text]:
    if document.contrast == "customers":
        yield Text("This describes the companies you listed, and proves nothing: somebody chose them.")
    if document.judged == "written":
        yield Text("Only deals that opened once icp_sync had written a score count; the present profile ranks by it.")
    elif document.past is not None:
        yield Text(f"Compared as companies were when their deals opened; {young_history_sentence(document.past)}")


def _leaks(document: DiscoverDocument) -> Iterator[Text]:
    for leak in document.leaks:
        properties = ", ".join(leak.properties)
        if leak.kind == "reads_deals":
            yield sanitise(f"Left out: {properties}, which deals write.")
        else:
            yield sanitise(_filled_unevenly(document.contrast, properties, leak))


def _filled_unevenly(contrast: Contrast, properties: str, leak: Leak) -> str:
    """What is left out of properties that are known of the one side above all, and what that means."""
    first, second = (f"{100 * (share or 0):.0f} %" for share in (leak.known_won, leak.known_lost))
    if contrast == "customers":
        of = f"of {first} of the listed and {second} of the others"
        return f"Left out: whether {properties} is known ({of}); what it says is compared."
    known = f"known of {first} of the won and {second} of the lost"
    return f"Left out: {properties}, {known}, most likely since selling fills it in."


def _traits(document: DiscoverDocument) -> Iterator[RenderableType]:
    if document.found:
        yield Text()
        yield _table(document)
        won = "listed" if document.contrast == "customers" else "won"
        last = f"Last column: how many more or fewer are {won} in 100 companies, allowing for chance."
        yield Text(f"A row counts companies whose trait is known. {last}", style="dim")
        yield from _unlisted_traits(document)


def _table(document: DiscoverDocument) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("trait")
    won = "listed" if document.contrast == "customers" else "won"
    for heading in (f"{won} with it", f"{won} without it", "times as often", "per 100 companies"):
        table.add_column(heading, justify="right", no_wrap=True)
    for trait in [trait for trait in document.found if trait.distinct][:_SHOWN]:
        table.add_row(*_cells(trait))
    return table


def _cells(trait: FoundTrait) -> tuple[Text | str, ...]:
    return (
        sanitise(trait.trait),
        _won_of_decided(trait.won_with, trait.decided_with),
        _won_of_decided(trait.won_without, trait.decided_without),
        "" if trait.lift is None else f"{trait.lift:.1f}×",
        points_range(trait.low, trait.high).replace(" points", ""),
    )


def _won_of_decided(won: int, decided: int) -> str:
    return f"{won:,} of {decided:,} ({100 * won / decided:.0f} %)"


def _unlisted_traits(document: DiscoverDocument) -> Iterator[Text]:
    shown = min(_SHOWN, sum(trait.distinct for trait in document.found))
    if others := [trait.trait for trait in document.found if not trait.distinct]:
        yield Text()
        named = "; ".join(others[:_NAMED]) + ("; …" if len(others) > _NAMED else "")
        yield sanitise(f"{_weaker_traits_phrase(document.found, len(others))}: {named}. --json has all of them.")
    elif shown < len(document.found):
        yield Text(f"and {len(document.found) - shown:,} more: --json has all of them")


def _weaker_traits_phrase(traits: tuple[FoundTrait, ...], count: int) -> str:
    """Traits that say little beside the distinct ones of their property; some may mark the other side."""
    distinct = {(trait.property, trait.difference > 0) for trait in traits if trait.distinct}
    opposed = any((trait.property, trait.difference < 0) in distinct for trait in traits if not trait.distinct)
    more = "1 more of the same fields adds" if count == 1 else f"{count:,} more of the same fields add"
    return f"{more} little to these{', and some mark the other side' if opposed and count > 1 else ''}"


def _model(document: DiscoverDocument) -> Iterator[Text]:
    model = document.model
    if model is None:
        return
    won, lost = ("listed", "other") if document.contrast == "customers" else ("won", "lost")
    yield Text()
    yield Text(
        f"Drawn from one part of these companies and tested on another, traits rank {won} companies above {lost} ones "
        f"{100 * model.auc:.0f} of 100 times, your present profile {100 * model.profile_auc:.0f}, equal scores counted "
        f"half (50 is a coin toss, 100 perfect). {_ranking_gain_sentence(model.gain)}"
    )
    if document.contrast == "won_lost":
        yield Text("A trait goes with winning; it need not be why.")


def _ranking_gain_sentence(gain: BoundedDifference) -> str:
    """How much better the traits rank, and whether that is clear."""
    low, high = gain.low or 0, gain.high or 0
    clear = "" if excludes_zero(low, high) else ", so it is not clear which ranks better"
    return f"Allowing for chance, that is {points_range(low, high).replace(' points', '')}{clear}."


def _next_step(document: DiscoverDocument) -> str:
    """What a person does with it."""
    listed = document.contrast == "customers"
    if not document.candidates and document.properties_read is None:
        return "icp-sync discover --all-properties, which looks at all that HubSpot has on these companies."
    if not document.found:
        return _ASK_CUSTOMERS if listed else _ASK_COLLEAGUES
    if document.draft is None:
        return "go through these traits with sales: do they rule a company out (disqualifiers)?"
    file = document.draft.file or "draft.yaml"
    write = f"read {file}" if document.draft.file else "write the draft (--out draft.yaml)"
    if listed:
        return f"{write}, and hold it against deals, which it was not drawn from: icp-sync compare {shlex.quote(file)}."
    if document.model is not None and not (document.model.gain.low or 0) > 0:
        return "keep your present profile, and run icp-sync discover again in 3 months: no draft is clearly better."
    return (
        f"{write}, and try it on new deals beside your present profile (docs/guides/try-two-profiles.md). Do not steer "
        "sales by it before: these deals picked the traits, so each looks stronger in the table than in new ones."
    )


def _draft(draft: Draft, document: DiscoverDocument) -> Iterator[RenderableType]:
    yield Text()
    yield Text(f"Draft {draft.name} ({draft.kind}):", style="bold")
    for criterion in draft.criteria:
        yield sanitise(f"  {criterion.weight:3.0f}  {criterion.words}")
    yield from _undrafted_traits(document)
    yield Text(f"  {'; '.join(_tier_phrases(draft))}")
    if draft.file is None:
        yield Text("Write it to a file with --out draft.yaml; nothing uses it by itself.")


def _tier_phrases(draft: Draft) -> Iterator[str]:
    """The size of each tier; a company is in one of them alone."""
    below = ""
    for tier in draft.tiers:
        size = f"{tier.companies:,} companies ({100 * tier.share:.0f} %)"
        yield f"{tier.tier} from {tier.enter:g}{below} points: {size}"
        below = f" to under {tier.enter:g}"


def _undrafted_traits(document: DiscoverDocument) -> Iterator[Text]:
    """The traits above that the draft does not ask for, and why."""
    won = "are listed" if document.contrast == "customers" else "were won"
    left = [trait for trait in document.found if trait.distinct and trait.criterion is None]
    dropped = [
        f"{trait.trait} ({'adds nothing to the others' if trait.difference > 0 else f'fewer with it {won}'})"
        for trait in left
    ]
    wins_less = document.contrast == "won_lost" and any(trait.difference < 0 for trait in left)
    if dropped:
        ask = " Ask sales why before you rule such companies out." if wins_less else ""
        yield sanitise(f"  Not in it: {'; '.join(dropped)}.{ask}")


def _basis(document: DiscoverDocument) -> str:
    won, lost = f"{document.won:,}", f"{document.lost:,}"
    if document.contrast == "customers":
        sample = ", a sample of them" if document.others_sampled else ""
        return f"{won} listed companies against {lost} others in scope{sample}.{_extra_properties_note(document)}"
    decided = f"by their first deal decided {document.since} to {document.as_of}"
    return f"{won} won and {lost} lost companies, {decided}.{_extra_properties_note(document)}"


def _extra_properties_note(document: DiscoverDocument) -> str:
    """By how much they were compared, where that was more than the profile reads."""
    more = document.properties_read
    if more is None:
        return ""
    return f" Compared by {more:,} properties of the HubSpot account, beside what the profile reads."
