"""`icp-sync compare`: another profile beside this one, on the same companies and deals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import OUTPUT_FILE, FilePath
from icp_sync.cli.options import CommonOptions, as_of_option, common_options, warn_of_early_as_of
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.profile_loading import load_profile
from icp_sync.cli.wiring import open_store_of_other_profile, open_store_offline
from icp_sync.files import write_private_file
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.runs.snapshot_scoring import open_offline


@click.command("compare")
@click.argument("other", metavar="OTHER", type=FilePath(path_type=Path, dir_okay=False))
@click.option(
    "--csv", "table", type=OUTPUT_FILE, metavar="FILE", envvar="ICP_SYNC_CSV",
    help="Write the companies that land in another tier or outcome, with both tiers, scores and reasons.",
)  # fmt: skip
@as_of_option
@common_options
def compare_command(*, common: CommonOptions, other: Path, table: Path | None, as_of: dt.datetime | None) -> int:
    """Hold the profile OTHER (the challenger) against the one --profile names (the champion).

    Says who moves between tiers, and of whom only one of the two calls tier 1, which won more: the deals where they
    part decide which profile picks better. Companies and deals are those last read; no call is made, no token needed.
    Without deals (icp-sync backtest reads them) the movement alone. Needs the extra: pip install 'icp-sync[evidence]'.

    \b
    Example: icp-sync compare draft.yaml --csv moved.csv
    """
    require_extra("evidence", "scipy")
    from icp_sync.runs.compare import compare_profiles
    from icp_sync.runs.compared_profiles import list_moved_companies, score_with_both_profiles

    store, loaded = open_store_offline(common)
    challenger = load_profile(other, "the argument OTHER")
    beside = open_store_of_other_profile(common, store, challenger)
    offline = open_offline(
        store, loaded, as_of=as_of.date() if as_of else None, command="compare", names_profile=common.names_profile
    )
    warn_of_early_as_of(offline.source.profile_run.session.day, offline.read_on)
    outcomes = loaded.profile.outcomes.deals
    sides = score_with_both_profiles(offline, challenger, beside)
    document = compare_profiles(offline, sides, outcomes or DealOutcomes(), store.deals.load() if outcomes else None)
    if table is not None:
        from icp_sync.views.comparison import movers_csv_rows

        write_private_file(table, [movers_csv_rows(list_moved_companies(sides)).write_csv().encode()])
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        from icp_sync.views.comparison import comparison_view

        print_view(comparison_view(document, str(table) if table else None))
    return 0
