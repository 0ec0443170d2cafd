"""`icp-sync score FILE`: a list of companies judged by the profile, with no portal and no token."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from icp_sync.cli.named_profiles import load_profile
from icp_sync.cli.option_types import RepeatableOption
from icp_sync.cli.options import Common, as_of_option, common_options, hide_options, parse_column_map
from icp_sync.cli.output import print_bytes, print_document, print_note, print_view
from icp_sync.cli.report_page import report_option

if TYPE_CHECKING:
    from icp_sync.plan.document.document import ReportDocument
    from icp_sync.profile.model.profile import Profile
    from icp_sync.runs.score_file import FileScoring

STDOUT: Final = Path("-")


@click.command("score")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), envvar="ICP_SYNC_OUT",
    help="Where the result goes: a .csv, .tsv or .parquet file, or - for stdout.  [default: NAME.scored.EXT]",
)  # fmt: skip
@click.option(
    "--map", "mapping", cls=RepeatableOption, multiple=True, metavar="COLUMN=PROPERTY", envvar="ICP_SYNC_MAP",
    help="Read a column as this property; with nothing behind the = leave it unread. Repeatable.",
)  # fmt: skip
@click.option(
    "--credits", "with_credits", is_flag=True, envvar="ICP_SYNC_CREDITS",
    help="Add a column for each criterion: its credit from 0 to 1, empty where it is unknown.",
)  # fmt: skip
@click.option("--overwrite", is_flag=True, envvar="ICP_SYNC_OVERWRITE", help="Replace a result that exists.")
@report_option
@as_of_option
@hide_options("state")
@common_options
def score_command(
    *,
    common: Common,
    source: Path,
    out: Path | None,
    mapping: tuple[str, ...],
    with_credits: bool,
    overwrite: bool,
    page: Path | None,
    as_of: dt.datetime | None,
) -> int:
    """Score a CSV, TSV or Parquet file of companies: a bought list, an event's, HubSpot's export. Needs no portal.

    Columns are found by property name or by HubSpot's label. The result is the file as it is, and behind it icp_tier,
    icp_outcome, icp_score, icp_potential, icp_coverage and icp_reasons. Capacity, locks and tiers held already are
    left out: they depend on the portal.

    \b
    Example: icp-sync score leads.csv
    Example: icp-sync score leads.csv --map "Size=numberofemployees" --out scored.parquet
    """
    if out == STDOUT and common.as_json:
        raise click.UsageError("--json and --out - both write to stdout; name a file with --out")
    from icp_sync.tables.writing import require_new

    started, now = time.monotonic(), dt.datetime.now(dt.UTC)
    loaded, mapped, day = load_profile(common.only_profile()), parse_column_map(mapping), (as_of or now).date()
    scoring = _open(loaded.profile, source, mapped, day, with_credits=with_credits, with_page=page is not None)
    target = out or source.with_name(f"{source.stem}.scored{source.suffix}")
    if target != STDOUT:
        require_new(target, source, overwrite=overwrite)
    _announce(scoring, common)
    _write(scoring, target)
    if page is not None and scoring.figures is not None:
        _write_page(page, scoring.figures.document(loaded, scoring.program, scoring.tally, source.name, now))
    _report(scoring, target, common, time.monotonic() - started)
    return 0


def _open(
    profile: Profile, source: Path, mapped: Mapping[str, str], day: dt.date, *, with_credits: bool, with_page: bool
) -> FileScoring:
    from icp_sync.runs.file_columns import match_file
    from icp_sync.runs.file_report_document import FileFigures
    from icp_sync.runs.score_file import FileScoring
    from icp_sync.tables.opening import open_table

    file = match_file(open_table(source), profile, mapped)
    figures = FileFigures(file.table.headers) if with_page else None
    return FileScoring(file, day, with_credits=with_credits, figures=figures)


def _write_page(page: Path, document: ReportDocument) -> None:
    from icp_sync.files import write_private
    from icp_sync.views.html.page import report_page

    write_private(page, [report_page(document, []).encode()])


def _announce(scoring: FileScoring, common: Common) -> None:
    from icp_sync.views.scored_file import columns_lines, notes_on_file

    if not common.quiet:
        file = scoring.file
        print_note(f"{file.table.path}: {file.table.description}")
        for line in (*columns_lines(file.columns, file.missing), *notes_on_file(file.profile)):
            print_note(line)


def _write(scoring: FileScoring, target: Path) -> None:
    from icp_sync.tables.writing import text_chunks, write_table

    table = scoring.file.table
    if target == STDOUT:
        print_bytes(text_chunks(scoring.headers, scoring.batches(), table))
    else:
        write_table(target, scoring.headers, scoring.batches(), table)


def _report(scoring: FileScoring, target: Path, common: Common, seconds: float) -> None:
    from icp_sync.views.scored_file import scored_file_document, scored_file_view

    file = scoring.file
    if common.as_json:
        origin = {"out": str(target), "as_of": scoring.program.context.as_of.isoformat()}
        document = scored_file_document(scoring.tally, file.profile, file.columns, file.missing)
        print_document(origin | document | {"seconds": round(seconds, 2)})
    elif target != STDOUT and not common.quiet:
        print_view(scored_file_view(scoring.tally, file.profile))
        print_note(f"written to {target}")
