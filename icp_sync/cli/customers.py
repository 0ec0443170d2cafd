"""`icp-sync customers`: the best customers, ranked, and a sheet to interview them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from icp_sync.cli.deal_loading import fresh_option, load_or_read_deals, require_deal_outcome_settings
from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import OutputFile
from icp_sync.cli.options import CommonOptions, as_of_option, common_options
from icp_sync.cli.output import print_document, print_note, print_view
from icp_sync.cli.wiring import open_store_offline
from icp_sync.errors import UsageError
from icp_sync.files import write_new_file
from icp_sync.runs.snapshot_scoring import open_offline


@click.command("customers")
@click.option(
    "--top", type=click.IntRange(1, 1_000), default=10, show_default=True, envvar="ICP_SYNC_TOP",
    help="So many customers.",
)  # fmt: skip
@click.option(
    "--interviews", type=OutputFile(), envvar="ICP_SYNC_INTERVIEWS",
    help="Write a sheet for interviewing them to this new CSV file.",
)  # fmt: skip
@fresh_option
@as_of_option
@common_options
def customers_command(
    *, common: CommonOptions, top: int, interviews: Path | None, fresh: bool, as_of: dt.datetime | None
) -> int:
    """Name the best customers by won revenue, latest upsell and the profile's KPIs, and say their rank by each.

    Ask them why they bought before you write down who fits: --interviews makes the sheet, with four questions. Deals
    are read where none are known of the last day, which needs the scope crm.objects.deals.read; nothing is written in
    HubSpot. Needs the extra: pip install 'icp-sync[evidence]'.

    \b
    Example: icp-sync customers --top 10 --interviews interviews.csv
    """
    require_extra("evidence", "scipy")
    if interviews is not None and os.path.lexists(interviews):
        raise UsageError(f"{interviews} is already there; name another path")
    store, loaded = open_store_offline(common)
    outcomes = require_deal_outcome_settings(loaded)
    offline = open_offline(
        store, loaded, as_of=as_of.date() if as_of else None, command="customers", names_profile=common.names_profile
    )
    from icp_sync.runs.best_customers import deal_properties_for_ranking, rank_customers
    from icp_sync.views.best_customers import best_customers_view, interview_sheet

    deals = load_or_read_deals(
        common, store, deal_properties_for_ranking(loaded.profile, outcomes), "customers", fresh=fresh
    )
    document, names = rank_customers(offline, deals, outcomes, top)
    if interviews is not None and document.top:
        write_new_file(interviews, interview_sheet(document, names))
        document = document.model_copy(update={"interviews": str(interviews)})
        if not common.quiet:
            print_note(f"wrote {interviews}")
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        print_view(best_customers_view(document, names))
    return 0
