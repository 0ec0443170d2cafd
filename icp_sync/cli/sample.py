"""`icp-sync sample`: ask people who never saw the profile's verdicts, and compare."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import FilePath
from icp_sync.cli.options import CommonOptions, as_of_option, common_options, warn_of_early_as_of
from icp_sync.cli.output import print_document, print_view
from icp_sync.cli.wiring import open_store_offline
from icp_sync.runs.snapshot_scoring import open_offline

if TYPE_CHECKING:
    from icp_sync.evidence.blind_sample import SampleSizes
    from icp_sync.runs.snapshot_scoring import OfflineSource


@click.command("sample")
@click.argument("sheets", metavar="[FILE]...", nargs=-1, type=FilePath(path_type=Path))
@click.option(
    "--per-tier", type=click.IntRange(0, 10_000), default=10, show_default=True, metavar="N",
    envvar="ICP_SYNC_PER_TIER", help="So many companies of each tier, of those that are no fit, and of the undecided.",
)  # fmt: skip
@click.option(
    "--near", type=click.IntRange(0, 10_000), default=10, show_default=True, metavar="N", envvar="ICP_SYNC_NEAR",
    help="So many more within 5 points of each tier's line.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", envvar="ICP_SYNC_SEED",
    help="Draws the same companies again from the same reading.  [default: the day, such as 20261130]",
)  # fmt: skip
@click.option(
    "--out", type=FilePath(path_type=Path, dir_okay=False), metavar="FILE", envvar="ICP_SYNC_OUT",
    help="Write the sheet into this new .csv or .tsv file.",
)  # fmt: skip
@click.option(
    "--read", is_flag=True, envvar="ICP_SYNC_READ",
    help="Read filled sheets, named behind it, and compare them with the profile.",
)  # fmt: skip
@as_of_option
@common_options
def sample_command(
    *,
    common: CommonOptions,
    sheets: tuple[Path, ...],
    per_tier: int,
    near: int,
    seed: int | None,
    out: Path | None,
    read: bool,
    as_of: dt.datetime | None,
) -> int:
    """Write a blind sheet of companies for colleagues to judge; or read filled ones, and compare with the profile.

    The sheet has companies of every tier, near the lines and undecided, shuffled, with what is known of each but no
    tier, score or reason. Read back: agreement by tier and department, of people with each other, and each
    disagreement with the profile's reasons. Uses the last reading; makes no call, and no token is needed. Needs the
    extra: pip install 'icp-sync[evidence]'.

    \b
    Example: icp-sync sample --out sheet.csv
    Example: icp-sync sample --read anna.csv ben.csv
    """
    _check_usage(sheets, out, read=read)
    require_extra("evidence", "scipy")
    store, loaded = open_store_offline(common)
    day = as_of.date() if as_of else None
    offline = open_offline(store, loaded, as_of=day, command="sample", names_profile=common.names_profile)
    warn_of_early_as_of(offline.source.profile_run.session.day, offline.read_on)
    if out is None:
        _compare_sheets(common, offline, sheets)
    else:
        from icp_sync.evidence.blind_sample import SampleSizes

        _write_blind_sheet(common, offline, SampleSizes(per_tier, near), seed, out)
    return 0


def _check_usage(sheets: tuple[Path, ...], out: Path | None, *, read: bool) -> None:
    """Raises UsageError where it is not clear whether a sheet is to be written or read."""
    if read and out is not None:
        raise click.UsageError("--out writes a sheet and --read reads filled ones; give one of them")
    if read and not sheets:
        raise click.UsageError("--read: name the filled sheets behind it, such as icp-sync sample --read anna.csv")
    if sheets and not read:
        raise click.UsageError(f"to read {sheets[0]}, write --read before it")
    if not read and out is None:
        raise click.UsageError("name the sheet to write with --out FILE.csv, or filled ones with --read FILE…")


def _write_blind_sheet(
    common: CommonOptions, offline: OfflineSource, sizes: SampleSizes, seed: int | None, out: Path
) -> None:
    from icp_sync.runs.blind_sample import draw_offline_sample
    from icp_sync.tables.review_sheets import write_review_sheet
    from icp_sync.views.sample import drawn_sample_view
    from icp_sync.views.sample_sheet import sheet_rows

    number = int(f"{offline.source.program.context.as_of:%Y%m%d}") if seed is None else seed
    sample, companies = draw_offline_sample(offline, sizes, number)
    portal = (offline.portal.ui_domain, offline.source.profile_run.store.portal_id)
    write_review_sheet(out, sheet_rows(companies, offline.source.profile, offline.portal.definitions, portal))
    if common.as_json:
        print_document({"out": str(out), "seed": number, "companies": len(sample.ids), "drawn": sample.drawn})
    elif not common.quiet:
        print_view(drawn_sample_view(str(out), sample.drawn, number))


def _compare_sheets(common: CommonOptions, offline: OfflineSource, sheets: tuple[Path, ...]) -> None:
    from icp_sync.runs.blind_sample import compare_sheets_with_profile
    from icp_sync.tables.review_sheets import read_review_sheet
    from icp_sync.views.sample import sample_agreement_view

    portal_id = offline.source.profile_run.store.portal_id
    document = compare_sheets_with_profile(offline, [read_review_sheet(path, portal_id) for path in sheets])
    if common.as_json:
        print_document(document.model_dump(mode="json"))
    else:
        print_view(sample_agreement_view(document))
