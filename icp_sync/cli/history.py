"""`icp-sync history`: the runs, or one company's timeline."""

from __future__ import annotations

import click

from icp_sync.cli.option_types import COMPANY, NUMBER_FROM_1
from icp_sync.cli.options import CommonOptions, common_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_store_by_profile_name
from icp_sync.runs.company_lookup import only_company_id
from icp_sync.runs.history import company_timeline, list_runs
from icp_sync.views.history import runs_document, runs_view, timeline_document, timeline_view

DEFAULT_LIMIT = 20


@click.command("history")
@click.option(
    "--limit", type=NUMBER_FROM_1, default=DEFAULT_LIMIT, show_default=True, metavar="N",
    envvar="ICP_SYNC_LIMIT",
    help="The newest N lines.",
)  # fmt: skip
@click.option(
    "--company", type=COMPANY, metavar="COMPANY", envvar="ICP_SYNC_COMPANY",
    help="What runs did to this company, by its id, domain or name.",
)  # fmt: skip
@common_options
def history_command(*, common: CommonOptions, limit: int, company: str | None) -> int:
    """List the runs, newest first, or one company's timeline: when, which run, which tier, and why.

    Reads the ledger only; no token is needed.

    \b
    Example: icp-sync history --company 4711
    """
    store = open_store_by_profile_name(common)
    if company is None:
        runs = list_runs(store, limit)
        document, view = runs_document(runs), runs_view(runs)
    else:
        rows = company_timeline(store, only_company_id(store, company), limit)
        document, view = timeline_document(rows), timeline_view(rows)
    if common.as_json:
        print_document(document)
    else:
        print_view(view)
    return 0
