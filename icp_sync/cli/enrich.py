"""`icp-sync enrich SOURCE FILE`: a vendor's values fill what HubSpot lacks."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from icp_sync.cli.option_types import FilePath, OutputFile
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_note, print_view
from icp_sync.cli.wiring import open_session, open_store_offline
from icp_sync.files import write_private_file
from icp_sync.portal.companies.property_history import read_history
from icp_sync.runs.enrich import enrich, find_source
from icp_sync.runs.portal_session import RunOptions
from icp_sync.runs.snapshot_scoring import open_offline
from icp_sync.tables.opening import open_table
from icp_sync.views.enrichment_result import conflicts_table, enrich_document, enrich_view


@click.command("enrich")
@click.argument("source", metavar="SOURCE")
@click.argument("table", metavar="FILE", type=FilePath(path_type=Path))
@click.option(
    "--conflicts", type=OutputFile(), envvar="ICP_SYNC_CONFLICTS",
    help="Write a CSV of the companies whose value in HubSpot answers another way than the vendor's.",
)  # fmt: skip
@common_options
def enrich_command(*, common: CommonOptions, source: str, table: Path, conflicts: Path | None) -> int:
    """Bring in a vendor's file (CSV, TSV, Parquet), whose values count where HubSpot has none.

    The profile says under `enrichment` how SOURCE is read. Rows find their companies by domain or record id among the
    companies as last read; what matched is kept beside the state, and every command that scores uses it from then on.
    A file replaces the one before it. Nothing is written in HubSpot; `icp-sync plan` shows what would be. Makes no
    call, but in the mode `prefer`: HubSpot says there when it last changed the values that both have.

    \b
    Example: icp-sync enrich acme_data acme-2026-09.csv --conflicts differing.csv
    """
    store, loaded = open_store_offline(common)
    find_source(loaded.profile, source)
    offline = open_offline(store, loaded, command="enrich", names_profile=common.names_profile)

    def fetch_history(ids: list[int], properties: list[str]) -> pl.DataFrame:
        with open_session(common, RunOptions("enrich"), several=False, verdicts=False) as (session, _):
            session.connect()
            session.require_portal(store.portal_id)
            session.progress.stage("histories", None)
            return read_history(session.connection, ids, properties)

    summary = enrich(offline, source, open_table(table), fetch_history)
    if conflicts is not None:
        write_private_file(conflicts, [conflicts_table(summary).encode()])
    if common.as_json:
        print_document(enrich_document(summary) | ({"conflicts_file": str(conflicts)} if conflicts else {}))
        return 0
    print_view(enrich_view(summary))
    if conflicts is not None and not common.quiet:
        print_note(f"conflicts are in {conflicts}")
    return 0
