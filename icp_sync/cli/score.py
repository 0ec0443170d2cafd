"""`icp-sync score SOURCE…`: lists of companies judged by the profile, with no portal and no token."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.option_types import LocationType, OutputFile, OutputLocation, RepeatableOption, SecretOption
from icp_sync.cli.options import CommonOptions, as_of_option, common_options, hide_options, parse_column_map
from icp_sync.cli.output import print_bytes, print_document, print_note, print_view
from icp_sync.cli.profile_loading import load_profile
from icp_sync.cli.ray_engine_option import EngineChoice, engine_options
from icp_sync.cli.report_page import report_option
from icp_sync.cli.score_selection import selection_options

if TYPE_CHECKING:
    from icp_sync.object_store.address import ObjectAddress
    from icp_sync.plan.document.report_document import ReportDocument
    from icp_sync.runs.file_columns import MatchedFile
    from icp_sync.runs.score_file_destinations import Target, WrittenResult
    from icp_sync.runs.score_selection import CompanySelection, Universe
    from icp_sync.tables.locations import Location

STDOUT: Final = Path("-")


@click.command("score")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=LocationType())
@click.option(
    "--out", type=OutputLocation(), envvar="ICP_SYNC_OUT",
    help="Where the result goes: a .csv, .tsv or .parquet file, or a folder for Parquet parts, here or in s3://, "
    "gs://, abfs://; or - for stdout.  [default: NAME.scored.EXT]",
)  # fmt: skip
@click.option(
    "--storage-option", "storage_options", cls=SecretOption, multiple=True, metavar="KEY=VALUE",
    envvar="ICP_SYNC_STORAGE_OPTION",
    help="What an object store is told beside the environment, such as aws_region=eu-central-1; never shown. "
    "Repeatable.",
)  # fmt: skip
@click.option(
    "--map", "mapping", cls=RepeatableOption, multiple=True, metavar="COLUMN=PROPERTY", envvar="ICP_SYNC_MAP",
    help="Read a column as this property; with nothing behind the = leave it unread. Repeatable.",
)  # fmt: skip
@click.option(
    "--credits", "with_credits", is_flag=True, envvar="ICP_SYNC_CREDITS",
    help="Add a column for each criterion: its credit from 0 to 1, empty where it is unknown.",
)  # fmt: skip
@selection_options
@click.option(
    "--for-import", "import_file", type=OutputFile(), envvar="ICP_SYNC_FOR_IMPORT", metavar="FILE.csv",
    help="Write the result as HubSpot's import of companies takes it, instead of --out.",
)  # fmt: skip
@engine_options
@click.option("--overwrite", is_flag=True, envvar="ICP_SYNC_OVERWRITE", help="Replace a result that exists.")
@report_option
@partial(as_of_option, default="today in UTC")
@hide_options("state")
@common_options
def score_command(
    *,
    common: CommonOptions,
    sources: tuple[Location, ...],
    out: Location | None,
    storage_options: tuple[str, ...],
    mapping: tuple[str, ...],
    with_credits: bool,
    selection: CompanySelection,
    import_file: Path | None,
    engine: EngineChoice,
    overwrite: bool,
    page: Path | None,
    as_of: dt.datetime | None,
) -> int:
    """Score CSV, TSV or Parquet files of companies: a bought list, an event's, HubSpot's export. Needs no portal.

    A SOURCE is a file, a folder of them, or a quoted pattern, here or in an object store (s3://, gs://, az://,
    abfs://; needs icp-sync[object-store]). Columns are found by property name or by HubSpot's label.
    The result is the rows as they are, and behind them icp_tier, icp_outcome, icp_score, icp_potential, icp_coverage
    and icp_reasons. Capacity, locks and tiers held already are left out: they depend on the portal.

    With --engine ray it is Ray that reads, scores and writes, on every machine of a cluster; the rows are the same, in
    the same order. Needs the extra: pip install 'icp-sync[ray]'.

    \b
    Example: icp-sync score leads.csv
    Example: icp-sync score leads.csv --map "Size=numberofemployees" --out scored.parquet
    Example: icp-sync score universe/ --not-in-portal --top 2000 --for-import new-accounts.csv
    Example: icp-sync score "s3://acme/universe/*.parquet" --out s3://acme/scored
    """
    _refuse_conflicting_outputs(out, import_file, as_json=common.as_json)
    from icp_sync.runs.score_file_destinations import require_separate_page
    from icp_sync.runs.score_selection import ExtraOutputs, open_files, open_wanted_universe

    started, now = time.monotonic(), dt.datetime.now(dt.UTC)
    sources, out = _with_storage_options(sources, out, storage_options)
    selection = selection.with_state_defaults(
        common.state, common.named_states, _read_snapshot_address() if selection.not_in_portal else None
    )
    loaded, mapped, day = load_profile(common.single_profile()), parse_column_map(mapping), (as_of or now).date()
    file = open_files(sources, loaded.profile, mapped, for_import=import_file is not None)
    target = _output_target(file, sources, out) if import_file is None else _import_target(file, import_file, mapped)
    target.require_new(overwrite=overwrite)
    if page is not None:
        require_separate_page(page, target)
    _print_file_notes(file, common)
    added = ExtraOutputs(credits=with_credits, page=page is not None)
    with engine.open_engine(quiet=common.quiet) as worker:
        universe = open_wanted_universe(file, selection, day, added, worker)
        written = target.write(universe)
    scoring = universe.scoring
    if page is not None and scoring.figures is not None:
        _write_page(page, scoring.figures.document(loaded, scoring.program, scoring.tally, sources[0].name, now))
    _print_result(universe, written, common, time.monotonic() - started)
    return 0


def _refuse_conflicting_outputs(out: Location | None, import_file: Path | None, *, as_json: bool) -> None:
    """Raises UsageError where two results are asked for in one place, or one in two forms."""
    if out == STDOUT and as_json:
        raise click.UsageError("--json and --out - both write to stdout; name a file with --out")
    if out is not None and import_file is not None:
        raise click.UsageError("--out and --for-import are two forms of one result; give one of them")


def _with_storage_options(
    sources: tuple[Location, ...], out: Location | None, options: tuple[str, ...]
) -> tuple[tuple[Location, ...], Location | None]:
    """The sources and the target, those in a store with the options for it. Raises UsageError where it needs more."""
    from icp_sync.object_store.options import parse_storage_options
    from icp_sync.tables.locations import with_storage_options

    parsed = parse_storage_options(options)
    locations = [with_storage_options(location, parsed) for location in (*sources, *([out] if out else []))]
    if any(not isinstance(location, Path) for location in locations):
        require_extra("object-store", "obstore")
    return tuple(locations[: len(sources)]), locations[-1] if out else None


def _read_snapshot_address() -> ObjectAddress | None:
    """Where in an object store the snapshots of this user's runs are; None for directories. Raises UsageError."""
    from icp_sync.settings import read_state_settings

    snapshots = read_state_settings().icp_sync_snapshot_url
    if snapshots is not None:
        require_extra("object-store", "obstore")
    return snapshots


def _write_page(page: Path, document: ReportDocument) -> None:
    from icp_sync.files import write_private_file
    from icp_sync.views.html.report_page import report_page

    write_private_file(page, [report_page(document, []).encode()])


def _print_file_notes(file: MatchedFile, common: CommonOptions) -> None:
    from icp_sync.views.score_summary import columns_lines, file_caveats

    if not common.quiet:
        print_note(f"{file.table.path}: {file.table.description}")
        for line in (*columns_lines(file.columns, file.missing, file.suggested), *file_caveats(file.profile)):
            print_note(line)


def _output_target(file: MatchedFile, sources: tuple[Location, ...], out: Location | None) -> Target:
    from icp_sync.runs.score_file_destinations import StreamTarget, default_target, output_target

    if out == STDOUT:
        # While Ray is at work, what others print does not reach stdout.
        return StreamTarget(STDOUT, file.table, partial(print_bytes, stdout=sys.stdout))
    return output_target(out, file) if out else default_target(sources, file)


def _import_target(file: MatchedFile, path: Path, mapped: Mapping[str, str]) -> Target:
    from icp_sync.runs.score_file_destinations import hubspot_import_target

    return hubspot_import_target(path, file, mapped)


def _print_result(universe: Universe, written: WrittenResult, common: CommonOptions, seconds: float) -> None:
    from icp_sync.views.score_summary import import_lines, left_out_lines, scored_file_document, scored_file_view

    scoring = universe.scoring
    file = scoring.file
    if common.as_json:
        origin = {"out": str(written.path), "as_of": scoring.program.context.as_of.isoformat()}
        document = scored_file_document(scoring.tally, file.profile, file.columns, file.missing, file.suggested)
        print_document(
            origin | document | written.document() | universe.left_out_counts() | {"seconds": round(seconds, 2)}
        )
    elif written.path != STDOUT and not common.quiet:
        print_view(scored_file_view(scoring.tally, file.profile))
        for line in left_out_lines(universe.left_out_counts()):
            print_note(line)
        print_note(written.sentence())
        if done := written.imported:
            best_only = universe.ranking is not None
            for line in import_lines(done.nameless, done.no_numbers, scoring.tally, best_only=best_only):
                print_note(line)
