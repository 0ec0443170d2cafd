"""`icp-sync show [RUN]`: one run as the ledger remembers it."""

from __future__ import annotations

from pathlib import Path

import click

from icp_sync.cli.option_types import COMPANY, OUTPUT_FILE, REFERENCE
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_store_by_profile_name
from icp_sync.files import write_private_file
from icp_sync.runs.company_lookup import only_company_id
from icp_sync.runs.history import show_run
from icp_sync.state.ledger.runs import LAST
from icp_sync.views.run_details import show_csv, show_document, show_view


@click.command("show")
@click.argument("run", metavar="[RUN]", default=LAST, type=REFERENCE)
@click.option(
    "--company", type=COMPANY, metavar="COMPANY", envvar="ICP_SYNC_COMPANY",
    help="Only what it did to this company, by its id, domain or name.",
)  # fmt: skip
@click.option(
    "--csv", "table", type=OUTPUT_FILE, envvar="ICP_SYNC_CSV",
    help="Write a table: one row for each value, before and after.",
)  # fmt: skip
@common_options
def show_command(*, common: CommonOptions, run: str, company: str | None, table: Path | None) -> int:
    """Show RUN (an id, or the beginning of one): numbers, causes, guardrails, who, what it wrote and left.

    Without RUN the last one is shown. Reads the ledger only; no token is needed.

    \b
    Example: icp-sync show --csv last.csv
    """
    store = open_store_by_profile_name(common)
    shown = show_run(store, run, only_company_id(store, company) if company else None)
    if table is not None:
        write_private_file(table, [show_csv(shown).encode()])
    if common.as_json:
        print_document(show_document(shown))
    else:
        print_view(show_view(shown))
    return 0
