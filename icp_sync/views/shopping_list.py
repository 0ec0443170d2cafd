"""The shopping list for a terminal: which missing values pay, in which order to buy, and what is free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.plan.plurals import count_noun
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.purchase_simulation import FEWEST_KNOWN
from icp_sync.scoring.shopping_list import GroupValue, ShoppingList
from icp_sync.views.glosses import GLOSSES
from icp_sync.views.history import MOMENT
from icp_sync.views.sanitise import sanitise

SHOPPING_LIST: Final = "icp-sync shopping-list"
UNREADABLE: Final = f"{SHOPPING_LIST} --unreadable"
"""The command that lists the values nobody can read, company by company."""

_LEGEND: Final = (
    f"missing: {GLOSSES['missing']}; +1: and one more property, named below",
    f"tier: {GLOSSES['would lift up to']}",
    f"expected: {GLOSSES['likely lifted']} (– = fewer than {FEWEST_KNOWN} others)",
    f"settles: {GLOSSES['settles']}",
    "unreadable: a text stands there already and nobody can read it",
    "Companies that are in a tier already are not counted here.",
)


@dataclass(frozen=True, slots=True)
class ShoppingBasis:
    """What a shopping list was drawn from, and for.

    `companies`: in scope; `read_at`: the moment they were read, UTC; `edited`: whether the profile was edited since its
    last run, None = not known; `tiers`: those that a company lifted comes into.
    """

    companies: int
    read_at: dt.datetime
    edited: bool | None
    tiers: Sequence[str]


@dataclass(frozen=True, slots=True)
class RaisedByGroup:
    """Companies in a tier that a group's properties alone would lift into a higher one, at best: tier → how many."""

    properties: tuple[str, ...]
    tiers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SavedTable:
    """A table of companies that was written: its rows, and how many at its end have no domain."""

    file: str
    rows: int
    without_domain: int


def shopping_view(
    shopping: ShoppingList,
    profile: Profile,
    reading: ShoppingBasis,
    raises: Sequence[RaisedByGroup] = (),
    saved: SavedTable | None = None,
) -> RenderableType:
    """Undecided companies, a row for each group with what it would bring, the order to buy in, and what is free.

    `raises`: what would lift companies that are in a tier already, the most first.
    """
    groups = [value for value in shopping.groups if value.missing]
    if not groups:
        body: list[RenderableType] = [Text("Nothing needs to be bought: no missing value keeps a company undecided.")]
    else:
        legend = (Text(line, style="dim") for line in _LEGEND)
        body = [
            "",
            _table(groups, reading.tiers),
            *legend,
            "",
            *map(sanitise, _purchase_sequence_lines(shopping, profile)),
        ]
    free = [Text(_free_fixes_sentence(groups))] if any(value.unreadable for value in groups) else []
    last = _saved_file_sentence(saved) if saved else _next_command(groups)
    lines = [*body, *_raised_lines(raises), *free, *([sanitise(last)] if last else [])]
    return Group(Text(_headline(shopping, reading)), *lines)


def _headline(shopping: ShoppingList, reading: ShoppingBasis) -> str:
    edited = "; the profile was edited since its last run" if reading.edited else ""
    companies = count_noun(reading.companies, "company", "companies")
    return (
        f"Too little is known to decide {shopping.undecided:,} of {companies}. "
        f"As read from HubSpot at {reading.read_at:{MOMENT}} UTC{edited}."
    )


def _table(groups: Sequence[GroupValue], tiers: Sequence[str]) -> Table:
    # As wide as a terminal of 80 columns, so names are short here: the order below has them whole.
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("to buy")
    for title in ("missing", *(tier.replace("_", " ") for tier in tiers), "expected", "settles", "unreadable"):
        table.add_column(title, justify="right")
    for value in groups:
        lifts = [f"{value.lifts.get(tier, 0):,}" for tier in tiers]
        rest = (_expected_text(value.expected), f"{value.settles:,}", f"{value.unreadable:,}")
        table.add_row(sanitise(shorten_group(value.properties)), f"{value.missing:,}", *lifts, *rest)
    return table


def shorten_group(properties: Sequence[str]) -> str:
    """The first property of a group, and how many more there are."""
    more = len(properties) - 1
    return properties[0] + (f" +{more}" if more else "")


def _expected_text(expected: float | None) -> str:
    return "–" if expected is None else _round_count(expected)


def _round_count(companies: float) -> str:
    return "<1" if 0 < companies < 1 else f"{companies:,.0f}"


def _purchase_sequence_lines(shopping: ShoppingList, profile: Profile) -> Iterator[str]:
    labels = {criterion.id: criterion.title for criterion in profile.criteria}
    answers = {value.properties: "; ".join(labels[name] for name in value.criteria) for value in shopping.groups}
    steps = [
        f"{', '.join(step.properties)} ({answers[step.properties]}): about {_round_count(step.expected)} into a tier, "
        f"{step.still_undecided:,} still undecided"
        for step in shopping.order
    ]
    if not steps:
        unknown = any(value.lifts and value.expected is None for value in shopping.groups)
        few = f"There is no order to buy in: of none of these are {FEWEST_KNOWN} companies known."
        yield few if unknown else "No single purchase is expected to decide any of them."
    elif len(steps) == 1:
        yield f"Bought: {steps[0]}"
    else:
        yield (
            "The table counts each purchase alone. In this order each counts on those before it, so a company that "
            "lacks two values comes in with the second:"
        )
        yield from (f"  {number}. {step}" for number, step in enumerate(steps, 1))


def _raised_lines(raises: Sequence[RaisedByGroup]) -> Iterator[Text]:
    """Whom a value would lift from one tier into a higher one, and the command that lists them."""
    if not raises:
        return
    yield Text("In a tier already, and one purchase alone would lift them into a higher one, if all of it fits:")
    for group in raises:
        tiers = ", ".join(f"{count:,} into {tier.replace('_', ' ')}" for tier, count in group.tiers.items())
        yield sanitise(f"  {shorten_group(group.properties)}: {tiers}")
    yield Text(f"Which: {SHOPPING_LIST} --tiered --csv tiered.csv")


def _free_fixes_sentence(groups: Sequence[GroupValue]) -> str:
    unreadable = (value for value in groups if value.unreadable)
    each = ", ".join(f"{value.unreadable:,} in {shorten_group(value.properties)}" for value in unreadable)
    return f"Correct in HubSpot first, that is free: values that cannot be read, {each}. Which: {UNREADABLE}"


def _saved_file_sentence(saved: SavedTable) -> str:
    last = f"; {saved.without_domain:,} without a domain last" if saved.without_domain else ""
    return f"{saved.file}: {count_noun(saved.rows, 'row')}, best potential first{last}."


def _next_command(groups: Sequence[GroupValue]) -> str:
    """The command that names the companies of the best group; "" where none lifts any."""
    best = next((value for value in groups if value.lifts), None)
    name = best.properties[0] if best else ""
    return f"Which companies: {SHOPPING_LIST} --property {name} --csv {name}.csv" if best else ""
