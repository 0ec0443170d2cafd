"""`icp-sync overrides`: what stands against the profile."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from icp_sync.cli.option_types import OUTPUT_FILE
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.user_names_option import fetch_emails_or_warn, user_names_option
from icp_sync.cli.wiring import open_store_by_profile_name
from icp_sync.files import write_private_file
from icp_sync.portal.owners import user_emails
from icp_sync.runs.exemptions import list_exemptions
from icp_sync.views.exemptions import exemptions_csv, exemptions_document, exemptions_view


@click.command("overrides")
@click.option(
    "--csv", "table", type=OUTPUT_FILE, envvar="ICP_SYNC_CSV",
    help="Write a table: one row for each thing that stands, with a link to its company.",
)  # fmt: skip
@user_names_option("users")
@common_options
def overrides_command(*, common: CommonOptions, table: Path | None, names: bool) -> int:
    """List open overrides, held inputs and pins: company, what stands, what the profile said, who, and since when.

    Reads the ledger and the snapshot only; no token is needed, but for --names, without which users are numbers.

    \b
    Example: icp-sync overrides --csv overrides.csv
    """
    store = open_store_by_profile_name(common)
    exemptions = list_exemptions(store, dt.datetime.now(dt.UTC))
    if names:
        exemptions = exemptions.with_emails(fetch_emails_or_warn(common, "users", exemptions.user_ids, user_emails))
    if table is not None:
        write_private_file(table, [exemptions_csv(exemptions).encode()])
    if common.as_json:
        print_document(exemptions_document(exemptions))
    else:
        print_view(exemptions_view(exemptions))
    return 0
