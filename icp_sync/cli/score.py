"""`icp-sync score FILE`: a list of companies judged by the profile, with no portal and no token."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from icp_sync.cli.named_profiles import load_profile
from icp_sync.cli.options import Common, Several, as_of_option, common_options, parse_column_map, without
from icp_sync.cli.output import print_bytes, print_document, print_note, print_view

if TYPE_CHECKING:
    from icp_sync.runs.score_file import FileScoring

STDOUT: Final = Path("-")


@click.command("score")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), envvar="ICP_SYNC_OUT",
    help="Where the result goes: a .csv, .tsv or .parquet file, or - for stdout.  [default: NAME.scored.EXT]",
)  # fmt: skip
@click.option(
    "--map", "mapping", cls=Several, multiple=True, metavar="COLUMN=PROPERTY", envvar="ICP_SYNC_MAP",
    help="Read a column as this property; with nothing behind the = leave it unread. Repeatable.",
)  # fmt: skip
@click.option(
    "--credits", "with_credits", is_flag=True, envvar="ICP_SYNC_CREDITS",
    help="Add a column for each criterion: its credit from 0 to 1, empty where it is unknown.",
)  # fmt: skip
@click.option("--overwrite", is_flag=True, envvar="ICP_SYNC_OVERWRITE", help="Replace a result that exists.")
@as_of_option
@without("state")
@common_options
def score_command(
    *,
    common: Common,
    source: Path,
    out: Path | None,
    mapping: tuple[str, ...],
    with_credits: bool,
    overwrite: bool,
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

    started = time.monotonic()
    scoring = _open(common, source, mapping, as_of, with_credits=with_credits)
    target = out or source.with_name(f"{source.stem}.scored{source.suffix}")
    if target != STDOUT:
        require_new(target, source, overwrite=overwrite)
    _announce(scoring, common)
    _write(scoring, target)
    _report(scoring, target, common, time.monotonic() - started)
    return 0


def _open(
    common: Common, source: Path, mapping: tuple[str, ...], as_of: dt.datetime | None, *, with_credits: bool
) -> FileScoring:
    from icp_sync.runs.file_columns import match_file
    from icp_sync.runs.score_file import FileScoring
    from icp_sync.tables.opening import open_table

    profile = load_profile(common.only_profile()).profile
    file = match_file(open_table(source), profile, parse_column_map(mapping))
    return FileScoring(file, (as_of or dt.datetime.now(dt.UTC)).date(), with_credits=with_credits)


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
        document = scored_file_document(scoring.tally, file.profile, file.columns, file.missing)
        print_document(
            {"out": str(target), "as_of": scoring.as_of.isoformat(), **document, "seconds": round(seconds, 2)}
        )
    elif target != STDOUT and not common.quiet:
        print_view(scored_file_view(scoring.tally, file.profile))
        print_note(f"written to {target}")
