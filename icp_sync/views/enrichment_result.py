"""What came of a vendor's file: in words, as JSON, and its conflicts as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import polars as pl
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.plan.enrich_summary import EnrichSummary
from icp_sync.plan.plurals import count_noun
from icp_sync.views.sanitise import sanitise
from icp_sync.views.score_summary import blank_rows_words
from icp_sync.views.tier_counts import tiers_view

_ALWAYS: Final = ("filled", "agreeing", "conflicting")
"""The columns of the table that stand even where all of it is 0."""
_UNUSED_ROWS: Final = {
    "unmatched": "of companies that HubSpot does not have",
    "without_key": "without a key",
    "free_mail": "of a mail provider, which is nobody's domain",
    "undated": "without a date that can be read, or of a day to come",
    "older": "repeated or older than another of the same company",
}


def enrich_document(summary: EnrichSummary) -> dict[str, Any]:
    """The `--json` document of `enrich`."""
    first, last = summary.dates or (None, None)
    return {
        "profile": summary.profile,
        "portal_id": summary.portal_id,
        "source": summary.source,
        "file": summary.file,
        "rows": asdict(summary.rows),
        "oldest": first and first.isoformat(),
        "newest": last and last.isoformat(),
        "companies": {
            "all": summary.companies,
            "matched": summary.matched,
            "unmatched": summary.companies - summary.matched,
        },
        "properties": {name: asdict(counts) for name, counts in summary.properties.items()},
        "tiers": {tier: {"before": before, "after": after} for tier, (before, after) in summary.tiers.items()},
    }


def enrich_view(summary: EnrichSummary) -> RenderableType:
    """What came of a file, for a terminal."""
    return Group(
        Text(_headline(summary), style="bold"),
        *(Text(line) for line in _row_sentences(summary)),
        Text(),
        _properties(summary),
        Text(),
        tiers_view(
            {tier: before for tier, (before, _) in summary.tiers.items()},
            {tier: after for tier, (_, after) in summary.tiers.items()},
        ),
        sanitise("nothing is written yet; icp-sync plan shows what a run would change"),
    )


def conflicts_table(summary: EnrichSummary) -> str:
    """The companies whose value in HubSpot answers another way than the vendor's, as CSV safe for spreadsheets."""
    texts = ("name", "domain", "hubspot", "vendor")
    return summary.conflicts.with_columns(escape_formula(pl.col(name)).alias(name) for name in texts).write_csv()


def _headline(summary: EnrichSummary) -> str:
    companies = count_noun(summary.companies, "company", "companies")
    return f"{summary.source}: {summary.file} has {summary.matched:,} of {companies} as last read"


def _row_sentences(summary: EnrichSummary) -> Iterator[str]:
    counts = asdict(summary.rows)
    unused = [f"{counts[name]:,} {words}" for name, words in _UNUSED_ROWS.items() if counts[name]]
    yield f"{count_noun(summary.rows.rows, 'row')} ({summary.format})" + (f": {', '.join(unused)}" if unused else "")
    if summary.rows.blank:
        yield f"not counted: {blank_rows_words(summary.rows.blank)}"
    if summary.rows.shared:
        shared = count_noun(summary.rows.shared, "row is", "rows are")
        yield f"{shared} of a domain that several companies have; each of them gets its values"
    if summary.dates:
        first, last = summary.dates
        yield f"of {first:%Y-%m-%d}" + (f" to {last:%Y-%m-%d}" if last != first else "")


def _properties(summary: EnrichSummary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    counts = {name: asdict(each) for name, each in summary.properties.items()}
    names = next(iter(counts.values()))
    shown = [name for name in names if name in _ALWAYS or any(each[name] for each in counts.values())]
    table.add_column("")
    for name in shown:
        table.add_column(name, justify="right")
    for name, each in counts.items():
        table.add_row(sanitise(name), *(f"{each[column]:,}" for column in shown))
    return table
