"""`icp-sync overrides`: what stands against the profile."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from icp_sync.cli.options import Common, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_known_store
from icp_sync.runs.exemptions import list_exemptions
from icp_sync.state.files import write_private
from icp_sync.views.exemptions import exemptions_csv, exemptions_document, exemptions_view


@click.command("overrides")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False),
    help="Write a table: one row for each thing that stands, with a link to its company.",
)  # fmt: skip
@common_options
def overrides_command(*, common: Common, table: Path | None) -> int:
    """List open overrides, held inputs and pins: company, what stands, what the profile said, who, and since when.

    Reads the ledger and the snapshot only; no token is needed.

    \b
    Example: icp-sync overrides --csv overrides.csv
    """
    store, _ = open_known_store(common)
    exemptions = list_exemptions(store, dt.datetime.now(dt.UTC))
    if table is not None:
        write_private(table, [exemptions_csv(exemptions).encode()])
    if common.as_json:
        print_document(exemptions_document(exemptions))
    else:
        print_view(exemptions_view(exemptions))
    return 0
