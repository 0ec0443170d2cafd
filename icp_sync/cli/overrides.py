"""`icp-sync overrides`: what stands against the profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path

import click

from icp_sync.cli.option_types import OUTPUT_FILE
from icp_sync.cli.options import Common, common_options
from icp_sync.cli.output import print_document, print_view, warn
from icp_sync.cli.signals import graceful_stop
from icp_sync.cli.wiring import open_connection, open_known_store
from icp_sync.errors import IcpSyncError, Interrupted, Stopped
from icp_sync.files import write_private
from icp_sync.portal.owners import SCOPE, emails
from icp_sync.runs.exemptions import list_exemptions
from icp_sync.settings import read_settings
from icp_sync.views.exemptions import exemptions_csv, exemptions_document, exemptions_view


@click.command("overrides")
@click.option(
    "--csv", "table", type=OUTPUT_FILE, envvar="ICP_SYNC_CSV",
    help="Write a table: one row for each thing that stands, with a link to its company.",
)  # fmt: skip
@click.option(
    "--names", is_flag=True, envvar="ICP_SYNC_NAMES",
    help="Show users by their e-mail addresses, as HubSpot tells them now to a token with the scope "
    "crm.objects.owners.read.",
)  # fmt: skip
@common_options
def overrides_command(*, common: Common, table: Path | None, names: bool) -> int:
    """List open overrides, held inputs and pins: company, what stands, what the profile said, who, and since when.

    Reads the ledger and the snapshot only; no token is needed, but for --names, without which users are numbers.

    \b
    Example: icp-sync overrides --csv overrides.csv
    """
    store, _ = open_known_store(common)
    exemptions = list_exemptions(store, dt.datetime.now(dt.UTC))
    if names:
        exemptions = exemptions.with_emails(_emails(common, exemptions.user_ids))
    if table is not None:
        write_private(table, [exemptions_csv(exemptions).encode()])
    if common.as_json:
        print_document(exemptions_document(exemptions))
    else:
        print_view(exemptions_view(exemptions))
    return 0


def _emails(common: Common, user_ids: Collection[int]) -> Mapping[int, str]:
    """User id → e-mail address; a warning where HubSpot names nobody, since the list is of use without them."""
    if not user_ids:
        return {}
    try:
        with graceful_stop(as_json=common.as_json) as stop, open_connection(read_settings(), stop) as connection:
            emails_by_user = emails(connection, user_ids)
    except (Interrupted, Stopped):
        raise
    except IcpSyncError as error:
        warn(f"users are shown by their ids: {error.message}")
        return {}
    if not emails_by_user:
        warn(f"users are shown by their ids: HubSpot names none of them, or the token lacks the scope {SCOPE}")
    return emails_by_user
