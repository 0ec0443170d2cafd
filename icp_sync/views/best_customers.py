"""The best customers: for the terminal, and as a sheet to interview them with."""

from __future__ import annotations

from typing import Final

import polars as pl
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.companies.frame import ID
from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.evidence.best_customers import Customer, CustomerRank, CustomersDocument
from icp_sync.evidence.uncounted_deals import no_counted_deals_sentence
from icp_sync.views.backtest_words import amounts_left_out_sentence, percent
from icp_sync.views.sanitise import sanitise

QUESTIONS: Final = (
    "How did you find us, and where do you look for solutions like ours?",
    "How did you decide to buy, and who had a say?",
    "Why did you choose us?",
    "What do you get out of it, and why do you stay?",
)
"""What the guides have the best customers asked: how they came, how they bought, why us, what it is worth to them."""
_NEXT: Final = (
    "What to do next: ask them why they bought (--interviews FILE writes a sheet). What they share may be true of "
    "companies that did not buy too: icp-sync discover compares both."
)
_LEGEND: Final = (
    "Percentages: how many of the other customers it is ahead of. –: not known, and not counted in the average. The "
    "number of won deals is only shown: the average leaves it out."
)
_WORDS: Final = {"won_revenue": "won revenue", "latest_upsell": "latest upsell"}


def best_customers_view(document: CustomersDocument, names: pl.DataFrame) -> RenderableType:
    """A row a customer: how many others it is ahead of. `names`: id, name and domain, in the document's order."""
    if not document.top:
        return Text(_nobody(document))
    shown = f"The best {len(document.top):,} of {document.customers:,} companies that bought"
    return Group(
        Text(f"{shown}, in order of the last column.", style="bold"),
        *_mixed_currency_note(document),
        Text(),
        _table(document, names),
        Text(_LEGEND, style="dim"),
        Text(),
        Text(_NEXT),
    )


def _nobody(document: CustomersDocument) -> str:
    """Why there is nobody to rank: no deal counts, or none of those that do was won."""
    if sum(document.left_out.values()) == document.deals:
        return no_counted_deals_sentence(document.deals, document.left_out)
    return "No decided deal was won yet, so there are no customers to rank."


def interview_sheet(document: CustomersDocument, names: pl.DataFrame) -> bytes:
    """The sheet as CSV: whom to ask, why them, and the four questions; nothing in it runs as a formula."""
    why = [_rank_summary(customer) for customer in document.top]
    questions = (pl.lit("").alias(question) for question in QUESTIONS)
    sheet = names.select(
        pl.col(ID).alias("Record ID"),
        *(
            escape_formula(pl.col(name).fill_null("")).alias(title)
            for name, title in (("name", "Company name"), ("domain", "Company Domain Name"))
        ),
        pl.Series("Why we ask", why, dtype=pl.String),
        *questions,
        pl.lit("").alias("Asked by"),
        pl.lit("").alias("Asked on"),
    )
    return sheet.write_csv(include_bom=True).encode()


def _table(document: CustomersDocument, names: pl.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("", "company", "record id"):
        table.add_column(heading, justify="right" if not heading else "left")
    table.add_column("won deals", justify="right")
    for rank in document.top[0].ranks:
        table.add_column(_WORDS.get(rank.measure, rank.measure), justify="right", no_wrap=True)
    table.add_column("on average", justify="right")
    for place, (customer, name) in enumerate(zip(document.top, names["name"], strict=True), start=1):
        cells = (f"{customer.id}", f"{customer.won_deals:,}", *map(_cell, customer.ranks), _ahead(customer.standing))
        table.add_row(f"{place}", sanitise(name or "(no name)"), *cells)
    return table


def _mixed_currency_note(document: CustomersDocument) -> list[Text]:
    if not document.currencies:
        return []
    return [Text(amounts_left_out_sentence(document.currencies))]


def _cell(rank: CustomerRank) -> str:
    if rank.ahead_of is None:
        return "–"
    return f"{'none' if rank.value is None else _value(rank)} ({_ahead(rank.ahead_of)})"


def _ahead(share: float) -> str:
    """In whole percent; 100 % only where nobody is before it."""
    return percent(share if share == 1 else min(share, 0.99))


def _rank_phrase(rank: CustomerRank) -> str:
    return f"{_value(rank)}, {rank.rank:,} of {rank.known:,}"


def _value(rank: CustomerRank) -> str:
    return str(rank.value) if isinstance(rank.value, str) or rank.value is None else f"{rank.value:,.15g}"


def _rank_summary(customer: Customer) -> str:
    ranks = [f"{_WORDS.get(rank.measure, rank.measure)} {_rank_phrase(rank)}" for rank in customer.ranks if rank.rank]
    return "; ".join([f"{customer.won_deals:,} won deals", *ranks])
